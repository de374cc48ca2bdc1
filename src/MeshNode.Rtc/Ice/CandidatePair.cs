namespace MeshNode.Rtc.Ice;

/// <summary>A local and a remote candidate and what is known of the path between them. Owned by one <see cref="CheckList"/>.</summary>
internal sealed class CandidatePair(IceGeneration generation, IceCandidate local, RemoteCandidate remote, TransportPath path)
{
    /// <summary>Whose credentials its checks carry.</summary>
    public IceGeneration Generation { get; } = generation;

    public IceCandidate Local { get; } = local;

    public RemoteCandidate Remote { get; } = remote;

    /// <summary>From the base of the local candidate, with its interface's scope where the remote address is link-local.</summary>
    public TransportPath Path { get; } = path;

    public ulong Priority { get; set; }

    public CandidatePairState State { get; set; } = CandidatePairState.Frozen;

    /// <summary>The check that is being sent or retransmitted; earlier ones are cancelled but may still be answered.</summary>
    public CheckTransaction? Current { get; set; }

    /// <summary>It stands in the triggered-check queue.</summary>
    public bool IsTriggered { get; set; }

    public MonotonicTime? TriggeredAt { get; set; }

    /// <summary>Controlling: its checks carry USE-CANDIDATE, from the first that does until the role changes.</summary>
    public bool WantsNomination { get; set; }

    /// <summary>Controlled: a check with USE-CANDIDATE came before ours succeeded (RFC 8445 §7.3.1.5).</summary>
    public bool NominateOnSuccess { get; set; }

    public bool IsNominated { get; set; }

    /// <summary>When it was last shown to work both ways.</summary>
    public MonotonicTime? LastResponse { get; set; }

    /// <summary>The peer-reflexive candidate that the far side saw us as, when it is not <see cref="Local"/>.</summary>
    public IceCandidate? Reflexive { get; set; }

    /// <summary>No server or relay stands between: nothing better is worth waiting for.</summary>
    public bool IsDirect => IsDirectType(Local.Type) && IsDirectType(Remote.Candidate.Type);

    /// <summary>RFC 8445 §6.1.2.6: the combination of both foundations.</summary>
    public bool HasSameFoundation(CandidatePair other) =>
        Local.Foundation == other.Local.Foundation && Remote.Candidate.Foundation == other.Remote.Candidate.Foundation;

    /// <summary>RFC 8445 §7.2.5.3.1: a mapped address that is not the local candidate's makes a peer-reflexive one.</summary>
    public void LearnMappedAddress(TransportAddress mapped)
    {
        if (mapped == RemoteCandidateSet.WithoutScope(Local.Address) || Reflexive?.Address == mapped)
        {
            return;
        }

        Reflexive = new IceCandidate
        {
            Foundation = IcePriority.Foundation(IceCandidateType.PeerReflexive, Local.Address),
            Priority = IcePriority.WithType(Local.Priority, IceCandidateType.PeerReflexive),
            Address = mapped,
            Type = IceCandidateType.PeerReflexive,
            RelatedAddress = Local.Address,
        };
    }

    public override string ToString() => $"{Path} {State}{(IsNominated ? " nominated" : "")}";

    private static bool IsDirectType(IceCandidateType type) => type is IceCandidateType.Host or IceCandidateType.PeerReflexive;
}
