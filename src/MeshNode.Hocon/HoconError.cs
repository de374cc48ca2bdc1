namespace MeshNode.Hocon;

/// <summary>Why a text is not HOCON, as a value: what was expected and what stood there, and where.</summary>
public sealed record HoconError(HoconPosition Position, string Message)
{
    /// <summary>One line: <c>file:line:column: expected …, found …</c>.</summary>
    public override string ToString() => $"{Position}: {Message}";
}
