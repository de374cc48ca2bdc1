namespace MeshNode.Actors.TestKit;

/// <summary>Lets so many threads go on together.</summary>
public sealed class TestBarrier
{
    private readonly int _count;
    private readonly TimeSpan _defaultTimeout;
    private Barrier _barrier;

    internal TestBarrier(int count, TimeSpan defaultTimeout)
    {
        _count = count;
        _defaultTimeout = defaultTimeout;
        _barrier = new Barrier(count);
    }

    public void Await() => Await(_defaultTimeout);

    /// <exception cref="TimeoutException">The others did not come in time.</exception>
    public void Await(TimeSpan timeout)
    {
        if (!_barrier.SignalAndWait(timeout))
        {
            throw new TimeoutException($"{_barrier.ParticipantsRemaining} of {_count} did not come within {timeout}.");
        }
    }

    public void Reset() => _barrier = new Barrier(_count);
}
