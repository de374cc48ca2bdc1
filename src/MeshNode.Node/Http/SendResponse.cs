namespace MeshNode.Node.Http;

/// <param name="Delivered">The far application acknowledged.</param>
/// <param name="Reason">Why not; null when delivered.</param>
/// <param name="Path"><c>direct</c> or <c>relayed</c>; null when it went nowhere.</param>
/// <param name="TookMs">Milliseconds until the acknowledgement or the failure.</param>
internal sealed record SendResponse(bool Delivered, string? Reason, string? Path, double TookMs);
