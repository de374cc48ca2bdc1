namespace MeshNode.Mesh.Links;

/// <summary>Why a peer closes a link. Extensible: a number that is not known is shown as it is.</summary>
public enum GoodbyeReason : byte
{
    Unspecified = 0,

    /// <summary>The process ends.</summary>
    Shutdown = 1,

    /// <summary>A newer link to the same peer took over.</summary>
    Replaced = 2,

    /// <summary>Nothing was heard for too long.</summary>
    Timeout = 3,

    /// <summary>What was received broke the protocol.</summary>
    ProtocolError = 4,

    /// <summary>Admission was withdrawn, or a limit was exceeded again and again.</summary>
    PolicyViolation = 5,

    /// <summary>A person asked for it.</summary>
    UserRequest = 6,
}
