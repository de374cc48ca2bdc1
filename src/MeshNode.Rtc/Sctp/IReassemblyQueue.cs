namespace MeshNode.Rtc.Sctp;

/// <summary>Makes messages of received fragments and delivers them in order.</summary>
internal interface IReassemblyQueue
{
    /// <summary>Set when the far side broke the protocol; the association ends.</summary>
    string? Violation { get; }

    /// <summary>Until its deferred reset is done, nothing ordered beyond this TSN is delivered ahead of its turn.</summary>
    void SetResetBarrier(Tsn? senderLastTsn);

    /// <summary>The stream's next message has number 0 (RFC 6525 §5.2.2, step E2).</summary>
    void ResetStream(StreamId streamId);

    void ResetAllStreams();

    /// <summary>Gives back what bursts needed, if nothing waits.</summary>
    void Trim();

    /// <summary>Gives all memory back; nothing may be added afterwards.</summary>
    void Clear();

    /// <summary>Bytes that wait here by a recount, without those that the application could read; for tests.</summary>
    bool TryRecount(out int bytes);
}
