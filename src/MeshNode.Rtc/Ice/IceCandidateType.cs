namespace MeshNode.Rtc.Ice;

/// <summary>How the candidate's address was learnt, RFC 8445 §4.</summary>
public enum IceCandidateType
{
    Host,
    ServerReflexive,
    PeerReflexive,
    Relayed,
}
