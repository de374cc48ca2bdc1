namespace MeshNode.Hocon;

/// <param name="Name">What errors call it: the file's path.</param>
/// <param name="Text">HOCON, with or without the outermost braces.</param>
public sealed record HoconText(string Name, string Text);
