namespace MeshNode.Rtc.Sctp;

/// <summary>Who or what ended an association before its graceful end.</summary>
public enum SctpErrorKind
{
    /// <summary>The application here called Abort.</summary>
    LocalAbort,

    /// <summary>The far side sent ABORT.</summary>
    PeerAborted,

    /// <summary>The far side broke the protocol; it was told so in an ABORT.</summary>
    ProtocolViolation,

    /// <summary>The far side did not answer Association.Max.Retrans (or Max.Init.Retransmits) times.</summary>
    TooManyRetransmissions,

    /// <summary>The far side began a new association over this one (RFC 9260 §5.2.4, action A).</summary>
    PeerRestarted,

    /// <summary>A local resource limit was reached.</summary>
    ResourceExhausted,
}

/// <summary>Why an association ended.</summary>
/// <param name="Kind">Who or what ended it.</param>
/// <param name="Cause">Cause code of RFC 9260 §3.3.10 that was sent or received; 0 when there was none.</param>
/// <param name="Message">For people and logs; may hold text that the far side chose.</param>
public sealed record SctpError(SctpErrorKind Kind, ushort Cause, string Message);
