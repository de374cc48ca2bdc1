namespace MeshNode.Node.Http;

/// <summary>Endpoint metadata: for whom it is. Absent means control.</summary>
internal sealed record Audience(AudienceKind Kind)
{
    /// <summary>Static files and health.</summary>
    public static readonly Audience Public = new(AudienceKind.Public);

    /// <summary>The WebSocket.</summary>
    public static readonly Audience Mesh = new(AudienceKind.Mesh);
}
