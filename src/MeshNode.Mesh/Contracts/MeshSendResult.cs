namespace MeshNode.Mesh;

/// <summary>What became of a message.</summary>
/// <param name="Delivered">The far application acknowledged it.</param>
/// <param name="Reason">Null when delivered; otherwise one sentence that says why not.</param>
/// <param name="Path">The way it went (<c>direct</c> or <c>relayed</c>); null when it went nowhere.</param>
/// <param name="Took">From the call to the acknowledgement or the failure.</param>
public sealed record MeshSendResult(bool Delivered, string? Reason, string? Path, TimeSpan Took);
