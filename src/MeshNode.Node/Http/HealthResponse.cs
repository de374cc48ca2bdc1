namespace MeshNode.Node.Http;

internal sealed record HealthResponse(string Status);
