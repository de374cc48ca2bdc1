namespace MeshNode.Node.Http;

/// <summary>An error as RFC 9457 writes it; <c>type</c> is the stable name that programs look at.</summary>
internal sealed record Problem(string Type, string Title, int Status, string Detail)
{
    public const string MediaType = "application/problem+json";
}
