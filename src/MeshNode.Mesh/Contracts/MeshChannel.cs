namespace MeshNode.Mesh;

/// <param name="Label">control, reliable, unreliable, file, or what a foreign peer called it.</param>
/// <param name="State">connecting, open, closing or closed.</param>
/// <param name="BufferedBytes">Bytes accepted and not yet acknowledged by the far transport, queue included.</param>
public sealed record MeshChannel(string Label, string State, long BufferedBytes);
