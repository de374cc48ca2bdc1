namespace MeshNode.Actors;

/// <summary>
/// One actor's messages and its turn to run. <see cref="Scheduled"/> is the lock: who sets it owns the cell until it
/// clears it, so an actor never runs on two threads. System messages go before user messages, also while suspended.
/// </summary>
internal sealed class Mailbox(ActorCell cell, MessageDispatcher dispatcher) : IRunnable, IThreadPoolWorkItem
{
    private const int Scheduled = 1;
    private const int Closed = 2;
    private const int Suspended = 4;
    private const int Subscribed = 8;

    private sealed class EndOfQueue : SystemMessage;

    private static readonly SystemMessage NoMore = new EndOfQueue();

    private MpscQueue _queue;
    private SystemMessage? _newestSystem; // stack; turned round when taken
    private Stack<Envelope>? _front; // what was unstashed; touched by the owner of the run
    private int _status;
    private int _suspensions; // touched by the owner of the run

    public MessageDispatcher Dispatcher { get; } = dispatcher;

    public bool IsClosed => (Volatile.Read(ref _status) & Closed) != 0;

    /// <summary>The actor may stand in the event stream and has to leave it when it stops.</summary>
    public bool IsSubscribed => (Volatile.Read(ref _status) & Subscribed) != 0;

    public void Post(in Envelope envelope)
    {
        if (IsClosed)
        {
            cell.SystemImpl.PublishDeadLetter(envelope, cell.Self);
            return;
        }

        _queue.Enqueue(envelope);

        // The fence in Enqueue orders this read after the message; Run clears Scheduled before it looks again.
        if ((Volatile.Read(ref _status) & (Scheduled | Suspended)) == 0)
        {
            TrySchedule();
        }
    }

    public void PostSystem(SystemMessage message)
    {
        while (true)
        {
            var newest = Volatile.Read(ref _newestSystem);
            if (ReferenceEquals(newest, NoMore))
            {
                message.Next = null;
                AnswerForTheDead(message);
                return;
            }

            message.Next = newest;
            if (ReferenceEquals(Interlocked.CompareExchange(ref _newestSystem, message, newest), newest))
            {
                TrySchedule();
                return;
            }
        }
    }

    public void TrySchedule()
    {
        if ((Interlocked.Or(ref _status, Scheduled) & Scheduled) != 0)
        {
            return;
        }

        try
        {
            Dispatcher.Execute(this);
        }
        catch (Exception e)
        {
            Interlocked.And(ref _status, ~Scheduled);
            cell.SystemImpl.EventStream.Publish(
                new Event.Error(e, cell.Self.ToString()!, typeof(Mailbox), $"Dispatcher {Dispatcher.Id} refused to run the actor"));
        }
    }

    public void MarkSubscribed() => Interlocked.Or(ref _status, Subscribed);

    public void Execute() => Run();

    public void Run()
    {
        var previous = ActorCell.Current;
        ActorCell.Current = cell;
        bool goesOn;
        try
        {
            ProcessSystemMessages();
            ProcessUserMessages();
            if (IsClosed)
            {
                SendRestToDeadLetters();
            }
        }
        finally
        {
            goesOn = _front is { Count: > 0 } && _suspensions == 0;
            ActorCell.Current = previous;
            Interlocked.And(ref _status, ~Scheduled);
        }

        if (goesOn || HasWork())
        {
            TrySchedule();
        }
    }

    /// <summary>User messages wait until as many <see cref="Resume"/> calls; for the owner of the run.</summary>
    public void Suspend()
    {
        if (_suspensions++ == 0)
        {
            Interlocked.Or(ref _status, Suspended);
        }
    }

    public void Resume()
    {
        if (_suspensions > 0 && --_suspensions == 0)
        {
            Interlocked.And(ref _status, ~Suspended);
        }
    }

    /// <summary>Takes nothing more: user messages become dead letters, watches are answered. For the owner of the run.</summary>
    public void Close()
    {
        _suspensions = 0;
        Interlocked.Or(ref _status, Closed);
        Interlocked.And(ref _status, ~Suspended);
        for (var message = TakeSystemMessages(NoMore); message is not null;)
        {
            var next = message.Next;
            message.Next = null;
            AnswerForTheDead(message);
            message = next;
        }
    }

    /// <summary>Puts a message before all others, to be the next that the actor receives.</summary>
    public void PushFront(in Envelope envelope) => (_front ??= new Stack<Envelope>()).Push(envelope);

    private bool HasWork()
    {
        var status = Volatile.Read(ref _status);
        var newest = Volatile.Read(ref _newestSystem);
        return (newest is not null && !ReferenceEquals(newest, NoMore)) || ((status & Suspended) == 0 && _queue.CanDequeue());
    }

    private void ProcessUserMessages()
    {
        for (var left = Dispatcher.Throughput; left > 0; left--)
        {
            if ((Volatile.Read(ref _status) & (Suspended | Closed)) != 0 || !TryDequeue(out var envelope))
            {
                return;
            }

            cell.Invoke(envelope);
            if (Volatile.Read(ref _newestSystem) is not null)
            {
                ProcessSystemMessages();
            }
        }
    }

    private void ProcessSystemMessages()
    {
        cell.EnsureCreated();
        while (!IsClosed && TakeSystemMessages(null) is { } message)
        {
            for (SystemMessage? current = message, next; current is not null; current = next)
            {
                next = current.Next;
                current.Next = null;
                if (IsClosed)
                {
                    AnswerForTheDead(current);
                }
                else
                {
                    cell.SystemInvoke(current);
                }
            }
        }
    }

    /// <summary>All that have come, oldest first, leaving <paramref name="replacement"/>.</summary>
    private SystemMessage? TakeSystemMessages(SystemMessage? replacement)
    {
        if (replacement is null && Volatile.Read(ref _newestSystem) is null)
        {
            return null;
        }

        var taken = Interlocked.Exchange(ref _newestSystem, replacement);
        SystemMessage? oldestFirst = null;
        while (taken is not null && !ReferenceEquals(taken, NoMore))
        {
            var older = taken.Next;
            taken.Next = oldestFirst;
            oldestFirst = taken;
            taken = older;
        }

        return oldestFirst;
    }

    private bool TryDequeue(out Envelope envelope) =>
        (_front is not null && _front.TryPop(out envelope)) || _queue.TryDequeue(out envelope);

    private void SendRestToDeadLetters()
    {
        while (TryDequeue(out var envelope))
        {
            cell.SystemImpl.PublishDeadLetter(envelope, cell.Self);
        }
    }

    private static void AnswerForTheDead(SystemMessage message)
    {
        if (message is WatchMessage watch)
        {
            watch.Watcher.SendSystemMessage(new DeathWatchNotification(watch.Watchee, existenceConfirmed: true));
        }
    }
}
