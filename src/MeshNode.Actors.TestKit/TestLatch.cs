namespace MeshNode.Actors.TestKit;

/// <summary>Opens when it has been counted down; for actors and the test that waits for them.</summary>
public sealed class TestLatch
{
    private readonly CountdownEvent _count;
    private readonly TimeSpan _defaultTimeout;

    public TestLatch(int count = 1)
        : this(count, TimeSpan.FromSeconds(15))
    {
    }

    public TestLatch(int count, TimeSpan defaultTimeout)
    {
        _count = new CountdownEvent(count);
        _defaultTimeout = defaultTimeout;
    }

    public bool IsOpen => _count.IsSet;

    /// <summary>Further calls on an open latch do nothing.</summary>
    public void CountDown()
    {
        lock (_count)
        {
            if (!_count.IsSet)
            {
                _count.Signal();
            }
        }
    }

    public void Open()
    {
        lock (_count)
        {
            while (!_count.IsSet)
            {
                _count.Signal();
            }
        }
    }

    public void Reset()
    {
        lock (_count)
        {
            _count.Reset();
        }
    }

    public void Ready() => Ready(_defaultTimeout);

    /// <exception cref="TimeoutException">It did not open in time.</exception>
    public void Ready(TimeSpan timeout)
    {
        if (!_count.Wait(timeout))
        {
            throw new TimeoutException($"The latch was not open after {timeout}: {_count.CurrentCount} left.");
        }
    }
}
