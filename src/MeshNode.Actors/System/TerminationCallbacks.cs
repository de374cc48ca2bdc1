namespace MeshNode.Actors;

/// <summary>What is to be done once all actors have stopped. Any thread.</summary>
internal sealed class TerminationCallbacks
{
    private readonly Lock _lock = new();
    private Stack<Action>? _callbacks = new(); // null once they have run

    public void Add(Action callback)
    {
        ArgumentNullException.ThrowIfNull(callback);
        lock (_lock)
        {
            (_callbacks ?? throw new InvalidOperationException("The actor system has terminated.")).Push(callback);
        }
    }

    /// <summary>Runs them, the last added first; one that fails does not keep the others from running.</summary>
    public void Run(ILoggingAdapter log)
    {
        Stack<Action>? callbacks;
        lock (_lock)
        {
            (callbacks, _callbacks) = (_callbacks, null);
        }

        foreach (var callback in callbacks ?? [])
        {
            try
            {
                callback();
            }
            catch (Exception e)
            {
                log.Error(e, "A callback of RegisterOnTermination failed");
            }
        }
    }
}
