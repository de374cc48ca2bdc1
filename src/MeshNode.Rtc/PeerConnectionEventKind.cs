namespace MeshNode.Rtc;

public enum PeerConnectionEventKind
{
    /// <summary><see cref="PeerConnectionEvent.State"/> is the new state; Error says why when it is Failed, or Closed by the peer's abort.</summary>
    ConnectionStateChanged,

    /// <summary>A local candidate that no description carries yet: trickle it.</summary>
    IceCandidateGathered,

    /// <summary>An ICE restart took new local credentials; the demultiplexer knows already.</summary>
    LocalCredentialsChanged,

    /// <summary>An integrity-valid connectivity check was seen on Path.</summary>
    PathAuthenticated,

    /// <summary>Data travels along Path from now on.</summary>
    SelectedPathChanged,

    /// <summary>The far side opened Channel in-band; it is open.</summary>
    DataChannelAnnounced,

    /// <summary>A channel created here may be used.</summary>
    ChannelOpened,

    /// <summary>The far side closes Channel.</summary>
    ChannelClosing,

    /// <summary>Channel is closed.</summary>
    ChannelClosed,

    /// <summary>Data and MessageKind are a message on Channel; Data is valid until the next TryReadEvent.</summary>
    Message,

    /// <summary>Channel's BufferedAmount fell to its threshold.</summary>
    BufferedAmountLow,
}
