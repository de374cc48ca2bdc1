namespace MeshNode.Node.Http;

/// <summary>Whether a request may go on, or why not.</summary>
internal enum RequestVerdict
{
    Allowed,

    /// <summary>Its Host is not this server: a name that was made to point here (DNS rebinding), or a missing configuration.</summary>
    ForeignHost,

    /// <summary>A page of another origin sent it.</summary>
    ForeignOrigin,

    /// <summary>No bearer token.</summary>
    TokenMissing,

    /// <summary>Another token than the node's.</summary>
    TokenWrong,
}
