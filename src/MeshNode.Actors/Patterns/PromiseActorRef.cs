namespace MeshNode.Actors;

/// <summary>A reference that takes one message, for whoever waits for it outside the tree.</summary>
internal abstract class PromiseActorRef(ActorSystemImpl system) : InternalActorRef
{
    private ActorPath? _path;
    private ScheduledWork? _timeout;

    public override ActorPath Path => _path ??= system.Root.Path.Child("temp", 0).Child($"$p{system.NextUid()}", 0);

    public override ActorSystemImpl System => system;

    public override bool IsTerminated => IsCompleted;

    protected abstract bool IsCompleted { get; }

    public override void Tell(object message, IActorRef? sender)
    {
        ArgumentNullException.ThrowIfNull(message);
        if (!TryTake(message))
        {
            system.PublishDeadLetter(new Envelope(message, sender!), this);
        }

        _timeout?.Cancel();
    }

    public override void SendSystemMessage(SystemMessage message)
    {
        switch (message)
        {
            case DeathWatchNotification notification:
                Tell(new Terminated(notification.Actor, notification.ExistenceConfirmed, addressTerminated: false), notification.Actor);
                break;
            case WatchMessage watch:
                watch.Watcher.SendSystemMessage(new DeathWatchNotification(this, existenceConfirmed: true));
                break;
        }
    }

    /// <summary>Fails the wait when no message came by then.</summary>
    public void ExpireAfter(TimeSpan timeout)
    {
        if (timeout != Timeout.InfiniteTimeSpan)
        {
            var work = new ExpiryWork(this);
            system.SchedulerImpl.Insert(work, timeout, TimeSpan.Zero);
            _timeout = work;
            if (IsCompleted)
            {
                work.Cancel();
            }
        }
    }

    /// <summary>False when the one message has come already.</summary>
    protected abstract bool TryTake(object message);

    protected abstract void Expire();

    private sealed class ExpiryWork(PromiseActorRef promise) : ScheduledWork
    {
        public override void Run() => promise.Expire();
    }
}
