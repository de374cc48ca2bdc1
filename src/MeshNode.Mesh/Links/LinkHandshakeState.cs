namespace MeshNode.Mesh.Links;

/// <summary>Where a handshake is, by what it waits for.</summary>
public enum LinkHandshakeState
{
    AwaitingHello,
    AwaitingProof,

    /// <summary>We welcomed the other side and wait for its welcome.</summary>
    AwaitingWelcome,

    /// <summary>Both sides welcomed each other.</summary>
    Up,

    /// <summary>Over; see <see cref="LinkHandshake.Failure"/>. Send what is left to read, then close.</summary>
    Failed,
}
