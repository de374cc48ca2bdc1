namespace MeshNode.Rtc.Sctp;

/// <summary>Where <see cref="StreamScheduler"/> keeps a stream.</summary>
internal enum StreamPlace : byte
{
    /// <summary>Nowhere: it has nothing to send, or may not.</summary>
    None,
    FirstClass,
    Weighted,

    /// <summary>Until a message that has begun is finished.</summary>
    Held,
}
