namespace MeshNode.Actors;

/// <summary>Whom a cell watches and who watches it. Touched by the cell's run.</summary>
internal sealed class DeathWatch(ActorCell cell)
{
    private readonly Dictionary<InternalActorRef, object?> _watching = []; // with the message to deliver, null for Terminated
    private readonly HashSet<InternalActorRef> _watchedBy = [];
    private readonly Dictionary<InternalActorRef, object?> _queued = []; // noticed; the message is in the mailbox

    public void Watch(InternalActorRef subject, object? message)
    {
        if (ReferenceEquals(subject, cell.Self))
        {
            return;
        }

        if (_watching.TryGetValue(subject, out var before))
        {
            if (!Equals(before, message))
            {
                throw new InvalidOperationException(
                    $"{cell.Self} already watches {subject} with {before ?? "Terminated"}: unwatch it before watching it with {message ?? "Terminated"}.");
            }

            return;
        }

        _watching.Add(subject, message);
        subject.SendSystemMessage(new WatchMessage(subject, cell.Self));
    }

    public void Unwatch(InternalActorRef subject)
    {
        if (_watching.Remove(subject))
        {
            subject.SendSystemMessage(new UnwatchMessage(cell.Self));
        }

        _queued.Remove(subject);
    }

    public void AddWatcher(InternalActorRef watcher)
    {
        if (!ReferenceEquals(watcher, cell.Self))
        {
            _watchedBy.Add(watcher);
        }
    }

    public void RemoveWatcher(InternalActorRef watcher) => _watchedBy.Remove(watcher);

    /// <summary>Puts the notice into the mailbox, behind what the subject had sent.</summary>
    public void SubjectStopped(DeathWatchNotification notification)
    {
        var subject = notification.Actor;
        if (_watching.Remove(subject, out var message) && !cell.IsTerminating)
        {
            _queued[subject] = message;
            cell.Self.Tell(new Terminated(subject, notification.ExistenceConfirmed, addressTerminated: false), subject);
        }
    }

    /// <summary>False when the watch was ended while the notice waited; otherwise what to deliver.</summary>
    public bool TryTake(Terminated terminated, out object message)
    {
        if (terminated.ActorRef is InternalActorRef subject && _queued.Remove(subject, out var custom))
        {
            message = custom ?? terminated;
            return true;
        }

        message = terminated;
        return false;
    }

    /// <summary>A stashed notice goes back into the mailbox.</summary>
    public void PutBack(Terminated terminated) => _queued[(InternalActorRef)terminated.ActorRef] = null;

    public void UnwatchAll()
    {
        foreach (var subject in _watching.Keys)
        {
            subject.SendSystemMessage(new UnwatchMessage(cell.Self));
        }

        _watching.Clear();
        _queued.Clear();
    }

    /// <summary>The cell has stopped: everyone but the parent, which hears of it anyway, is told.</summary>
    public void NotifyWatchers(InternalActorRef parent)
    {
        foreach (var watcher in _watchedBy)
        {
            if (!ReferenceEquals(watcher, parent))
            {
                watcher.SendSystemMessage(new DeathWatchNotification(cell.Self, existenceConfirmed: true));
            }
        }

        _watchedBy.Clear();
    }
}
