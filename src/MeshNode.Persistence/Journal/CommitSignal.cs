namespace MeshNode.Persistence.Journal;

/// <summary>Wakes who waits for something to be committed. Any thread.</summary>
internal sealed class CommitSignal
{
    private TaskCompletionSource _next = New();

    /// <summary>Ends with the next <see cref="Pulse"/>: take it before looking, wait for it after finding nothing.</summary>
    public Task Next => Volatile.Read(ref _next).Task;

    /// <summary>Queries that wait by it; guarded by <see cref="CommitSignals"/>.</summary>
    public int Users { get; set; }

    public void Pulse() => Interlocked.Exchange(ref _next, New()).TrySetResult();

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
