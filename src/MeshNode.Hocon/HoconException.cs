namespace MeshNode.Hocon;

/// <summary>
/// Thrown only by the members that load configuration for a program, whose author has nothing else to do with a broken
/// file than to stop. <see cref="HoconDocument"/> gives the same error as a value.
/// </summary>
public sealed class HoconException(HoconError error) : Exception(error.ToString())
{
    public HoconError Error { get; } = error;
}
