namespace MeshNode.Actors;

/// <summary>
/// Decides on which thread mailboxes run. An implementation runs each runnable exactly once per hand-over, at any later
/// time or at once; the kernel sees to it that one mailbox is handed over again only after its run has begun.
/// </summary>
public abstract class MessageDispatcher
{
    private readonly int _throughput = 64;

    protected MessageDispatcher(string id)
    {
        ArgumentException.ThrowIfNullOrEmpty(id);
        Id = id;
    }

    public string Id { get; }

    /// <summary>
    /// User messages that an actor handles in one run before others get their turn; at least 1. The thread pool's dispatcher
    /// grants a second share always, and more while they take less than 50 us together.
    /// </summary>
    public int Throughput
    {
        get => _throughput;
        init => _throughput = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(value), "Throughput is at least 1.");
    }

    /// <summary>Runs an action on the dispatcher's thread.</summary>
    public void Schedule(Action run)
    {
        ArgumentNullException.ThrowIfNull(run);
        ExecuteTask(new ActionRunnable(run));
    }

    internal void Execute(IRunnable run) => ExecuteTask(run);

    /// <summary>For a mailbox that has had its turn and has more to do: behind what waits.</summary>
    internal virtual void ExecuteAgain(IRunnable run) => ExecuteTask(run);

    /// <summary>Whether an actor that has handled <see cref="Throughput"/> messages may handle as many again at once.</summary>
    /// <param name="since">The dispatcher's own, for the time of one run; 0 at first.</param>
    internal virtual bool GrantsMore(ref long since) => false;

    /// <summary>An actor that ran here has stopped.</summary>
    internal virtual void Detach()
    {
    }

    /// <summary>Takes the runnable over; called by any thread. Throws when it can no longer run anything.</summary>
    protected abstract void ExecuteTask(IRunnable run);
}
