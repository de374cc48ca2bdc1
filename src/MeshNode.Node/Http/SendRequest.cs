namespace MeshNode.Node.Http;

/// <param name="To">A peer's id.</param>
/// <param name="Text">What to send.</param>
/// <param name="TimeoutMs">How long to wait for the acknowledgement, 1 to 600,000; 10,000 when absent.</param>
internal sealed record SendRequest(string? To, string? Text, int? TimeoutMs);
