using MeshNode.Rtc.Stun;

namespace MeshNode.Rtc.Ice;

/// <summary>One Binding request that we sent, until its answer or its end.</summary>
internal sealed class CheckTransaction
{
    public StunTransactionId Id { get; private set; }

    public CandidatePair Pair { get; private set; } = null!; // set by Reset, before anybody sees it

    /// <summary>The role that the request claims; a retransmission is the same message.</summary>
    public IceRole Role { get; private set; }

    /// <summary>The one that went with that role: an old role with a new tie-breaker would win conflicts it must lose.</summary>
    public ulong TieBreaker { get; private set; }

    public bool UseCandidate { get; private set; }

    /// <summary>RFC 7675 §5.1: sent once, and its silence fails no pair.</summary>
    public bool IsConsent { get; private set; }

    public MonotonicTime SentAt { get; set; }

    public int Transmissions { get; set; }

    public TimeSpan Rto { get; set; }

    /// <summary>When to retransmit or, after the last time, to give up.</summary>
    public MonotonicTime Deadline { get; set; }

    /// <summary>
    /// RFC 8445 §7.3.1.4: "the agent will not retransmit the Binding requests ... will not treat the lack of response
    /// to be a failure, but will wait the duration of the transaction timeout for a response."
    /// </summary>
    public bool IsCancelled { get; set; }

    /// <summary>Makes it another request.</summary>
    public void Reset(StunTransactionId id, CandidatePair pair, IceRole role, ulong tieBreaker, bool useCandidate, bool isConsent)
    {
        (Id, Pair, Role, TieBreaker, UseCandidate, IsConsent) = (id, pair, role, tieBreaker, useCandidate, isConsent);
        IsCancelled = false;
    }
}
