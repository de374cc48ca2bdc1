namespace MeshNode.Mesh.Peers;

/// <summary>The states of a peer (SPEC §1.6).</summary>
public enum PeerState
{
    /// <summary>Known, and nobody has asked for a connection yet.</summary>
    New,

    /// <summary>A first connection is being negotiated.</summary>
    Connecting,

    /// <summary>The channels are open and both sides have proved their keys on <c>control</c>.</summary>
    Connected,

    /// <summary>ICE has lost its path; it may come back by itself.</summary>
    Disconnected,

    /// <summary>Being brought back: by an ICE restart or by a new connection.</summary>
    Reconnecting,

    /// <summary>Given up after the last attempt, or refused by the far side.</summary>
    Failed,

    /// <summary>Closed by either side, with a reason.</summary>
    Closed,
}

/// <summary>What moves a peer from one <see cref="PeerState"/> to another; the cause that is logged with the transition.</summary>
public enum PeerTrigger
{
    /// <summary>Somebody here wants the peer connected.</summary>
    ConnectRequested,

    /// <summary>An offer of a new connection came from the peer.</summary>
    OfferReceived,

    /// <summary>Channels open and hello proved on <c>control</c>.</summary>
    LinkEstablished,

    /// <summary>No ICE response for a while.</summary>
    PathLost,

    /// <summary>ICE works again on the same connection.</summary>
    PathRestored,

    /// <summary>The connection is gone: DTLS or SCTP ended, ICE failed, or the attempt timed out.</summary>
    ConnectionLost,

    /// <summary>An ICE restart or a new connection begins.</summary>
    RetryStarted,

    /// <summary>No attempts are left.</summary>
    AttemptsExhausted,

    /// <summary>The far side did not admit us, or proved another identity.</summary>
    Refused,

    /// <summary>This side closes.</summary>
    CloseRequested,

    /// <summary>The far side said goodbye.</summary>
    GoodbyeReceived,
}
