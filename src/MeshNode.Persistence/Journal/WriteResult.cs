namespace MeshNode.Persistence.Journal;

/// <param name="Reason">For people; null when written.</param>
public readonly record struct WriteResult(WriteOutcome Outcome, string? Reason = null)
{
    public static WriteResult Written => default;
}
