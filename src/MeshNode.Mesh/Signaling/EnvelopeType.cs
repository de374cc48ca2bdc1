namespace MeshNode.Mesh.Signaling;

/// <summary>What an envelope's payload is. A relay does not see it.</summary>
public enum EnvelopeType : byte
{
    Offer = 1,
    Answer = 2,
    Candidate = 3,
    Acknowledge = 4,
    Bye = 5,
    Unsupported = 6,
    Message = 7,
}
