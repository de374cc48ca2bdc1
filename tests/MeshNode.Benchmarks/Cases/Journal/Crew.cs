namespace MeshNode.Benchmarks.Cases.Journal;

/// <summary>Tells when all accounts have recovered, and when all have persisted what they were asked to. Called by the accounts.</summary>
internal sealed class Crew(int size)
{
    private readonly TaskCompletionSource _recovered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _finished = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _recovering = size;
    private int _working = size;
    private long _events;

    public Task AllRecovered => _recovered.Task;

    public Task AllFinished => _finished.Task;

    /// <summary>That were recovered.</summary>
    public long Events => Interlocked.Read(ref _events);

    public void Recovered(long events)
    {
        Interlocked.Add(ref _events, events);
        if (Interlocked.Decrement(ref _recovering) == 0)
        {
            _recovered.SetResult();
        }
    }

    public void Finished()
    {
        if (Interlocked.Decrement(ref _working) == 0)
        {
            _finished.SetResult();
        }
    }

    public void Fail(Exception cause)
    {
        _recovered.TrySetException(cause);
        _finished.TrySetException(cause);
    }
}
