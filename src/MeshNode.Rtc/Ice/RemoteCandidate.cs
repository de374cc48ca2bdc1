namespace MeshNode.Rtc.Ice;

/// <summary>A remote candidate whose knowledge can improve: one learnt from a check may be signalled later.</summary>
internal sealed class RemoteCandidate(IceCandidate candidate)
{
    public IceCandidate Candidate { get; set; } = candidate;

    /// <summary>Without a scope: it is the local interface that gives one.</summary>
    public TransportAddress Address => Candidate.Address;
}
