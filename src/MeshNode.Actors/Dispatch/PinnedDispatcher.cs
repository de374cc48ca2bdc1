namespace MeshNode.Actors;

/// <summary>One actor's own thread: begins with the first thing to run and sleeps while there is nothing.</summary>
internal sealed class PinnedDispatcher(string id) : MessageDispatcher(id)
{
    private readonly object _lock = new();
    private readonly Queue<IRunnable> _ready = new();
    private Thread? _thread; // null before the first thing to run, and once the actor has ended
    private bool _ended;

    internal override void Detach()
    {
        lock (_lock)
        {
            _ended = true;
            Monitor.Pulse(_lock);
        }
    }

    protected override void ExecuteTask(IRunnable run)
    {
        lock (_lock)
        {
            _ready.Enqueue(run);
            Monitor.Pulse(_lock);
            if (_thread is null)
            {
                _thread = new Thread(RunReady) { IsBackground = true, Name = Id };
                _thread.Start();
            }
        }
    }

    private void RunReady()
    {
        while (TryTake(out var run))
        {
            run.Run();
        }
    }

    private bool TryTake(out IRunnable run)
    {
        lock (_lock)
        {
            while (!_ready.TryDequeue(out run!))
            {
                if (_ended)
                {
                    _thread = null; // what comes after the end begins a thread once more
                    return false;
                }

                Monitor.Wait(_lock);
            }

            return true;
        }
    }
}
