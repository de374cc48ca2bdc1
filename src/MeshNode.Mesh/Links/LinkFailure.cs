namespace MeshNode.Mesh.Links;

/// <summary>Why a handshake failed.</summary>
public enum LinkFailure
{
    None,

    /// <summary>A frame that cannot be read, or that does not belong here.</summary>
    ProtocolError,

    /// <summary>The other side has our own id.</summary>
    SelfLink,

    /// <summary>The other side is not whom we wanted.</summary>
    UnexpectedPeer,

    /// <summary>The key bundle is not signed by its root key, or the proof not by the bundle.</summary>
    BadProof,

    /// <summary>Our admission policy does not let the other side in.</summary>
    NotAdmitted,

    /// <summary>The other side refused us; <see cref="LinkHandshake.FailureText"/> says what it said.</summary>
    Refused,

    /// <summary>It took too long.</summary>
    Timeout,
}
