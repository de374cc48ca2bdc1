namespace MeshNode.Actors;

/// <summary>No message came for the time given to <c>SetReceiveTimeout</c>.</summary>
public sealed class ReceiveTimeout : IPossiblyHarmful, IDeadLetterSuppression
{
    private ReceiveTimeout()
    {
    }

    public static ReceiveTimeout Instance { get; } = new();

    public override string ToString() => "<ReceiveTimeout>";
}
