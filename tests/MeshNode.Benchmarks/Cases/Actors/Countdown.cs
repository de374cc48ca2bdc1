namespace MeshNode.Benchmarks.Cases.Actors;

/// <summary>Ends when it was signalled so many times, by any threads.</summary>
internal sealed class Countdown(int count)
{
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _left = count;

    public Task Ended => _ended.Task;

    public void Signal()
    {
        if (Interlocked.Decrement(ref _left) == 0)
        {
            _ended.SetResult();
        }
    }
}
