namespace MeshNode.Actors.TestKit;

/// <summary>Runs actors on the thread pool and knows when none of them has anything left to do.</summary>
public sealed class TestDispatcher(string id) : MessageDispatcher(id)
{
    private readonly Lock _lock = new();
    private readonly ManualResetEventSlim _idle = new(initialState: true);
    private int _outstanding;

    /// <summary>Waits until no actor of this dispatcher runs or is about to.</summary>
    /// <returns>False when that took longer than the time.</returns>
    public bool Settle(TimeSpan timeout) => _idle.Wait(timeout);

    internal void Begin()
    {
        lock (_lock)
        {
            if (_outstanding++ == 0)
            {
                _idle.Reset();
            }
        }
    }

    internal void Finished()
    {
        lock (_lock)
        {
            if (--_outstanding == 0)
            {
                _idle.Set();
            }
        }
    }

    protected override void ExecuteTask(IRunnable run)
    {
        Begin();
        ThreadPool.UnsafeQueueUserWorkItem(
            static state =>
            {
                try
                {
                    state.Run.Run();
                }
                finally
                {
                    state.Dispatcher.Finished();
                }
            },
            (Dispatcher: this, Run: run),
            preferLocal: false);
    }
}
