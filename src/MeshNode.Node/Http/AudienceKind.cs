namespace MeshNode.Node.Http;

/// <summary>Which rule of <see cref="RequestGuard"/> an endpoint is under.</summary>
internal enum AudienceKind
{
    Control,
    Mesh,
    Public,
}
