namespace MeshNode.Actors;

/// <summary>
/// One actor's messages and its turn to run: the part that all kinds of mailbox share. Everything that senders and the
/// run must agree on is one 64-bit word: flags, and above them the number of messages that senders have claimed a place
/// for (their <em>position</em>).
/// <para>
/// <see cref="Scheduled"/> is the lock: who sets it owns the cell until it is cleared, so an actor never runs on two
/// threads. A sender claims its place and sets it by one compare-and-swap. The run clears it by one that succeeds only if
/// the word is still the one that it looked at, with as many messages claimed as it has taken: a message claimed in
/// between makes it fail, and the run goes on. So neither side needs a fence and a second look, and no wake-up is lost.
/// </para>
/// <para>
/// A claimed place may be empty for a moment, until its sender has written it. A run that meets one spins, then lets
/// others run first; it stays scheduled, because that sender saw <see cref="Scheduled"/> and will not look again.
/// </para>
/// <para>
/// System messages go before user messages, also while suspended. Their sender pushes first, then sets
/// <see cref="SystemPending"/>; the run clears that before it takes them, so it cannot go idle on what it has not seen.
/// After <see cref="Closed"/> no place is claimed: what had been claimed is drained to the last to dead letters.
/// </para>
/// </summary>
internal abstract class Mailbox(ActorCell cell, MessageDispatcher dispatcher) : IRunnable, IThreadPoolWorkItem
{
    protected const long Scheduled = 1;
    protected const long SystemPending = 2;
    protected const long Suspended = 4;
    protected const long Closed = 8;

    /// <summary>A ring is being replaced, see <see cref="RingMailbox"/>: no place is claimed meanwhile.</summary>
    protected const long Changing = 16;

    /// <summary>The actor may stand in the event stream.</summary>
    protected const long Subscribed = 32;

    /// <summary>One position: what is above the flags.</summary>
    protected const long One = 64;

    private const int PositionShift = 6;

    /// <summary>How often a run looks for a message that is being written, before it lets other threads go first.</summary>
    private const int SpinsForWriter = 30;

    /// <summary>Messages that a run must have handled at a stretch for its senders to be given a moment when it catches up.</summary>
    private const int BusyMessages = 16;

    /// <summary>Iterations of <see cref="Thread.SpinWait"/>: about a quarter of a microsecond.</summary>
    private const int BusyPause = 10;

    private Stack<Envelope>? _front; // what was unstashed; touched by the owner of the run
    private long _word;
    private long _head; // position of the next message to take; touched by the owner of the run
    private int _suspensions; // touched by the owner of the run
    private bool _interrupted; // the run must look at more than the next message; touched by the owner of the run

    public ActorCell Cell { get; } = cell;

    public MessageDispatcher Dispatcher { get; } = dispatcher;

    public bool IsClosed => (Volatile.Read(ref _word) & Closed) != 0;

    /// <summary>The actor may stand in the event stream and has to leave it when it stops.</summary>
    public bool IsSubscribed => (Volatile.Read(ref _word) & Subscribed) != 0;

    /// <summary>Messages that wait, without what was unstashed; a hint while others send.</summary>
    public long NumberOfMessages => Math.Max(0, Position(Volatile.Read(ref _word)) - Volatile.Read(ref _head));

    protected ref long Word => ref _word;

    /// <summary>Has it run, if only to create the actor.</summary>
    public void Start()
    {
        if ((Interlocked.Or(ref _word, Scheduled) & Scheduled) == 0)
        {
            HandOver(again: false);
        }
    }

    /// <summary>Puts a message in, or into dead letters when the mailbox takes no more. Any thread.</summary>
    public abstract void Post(object message, IActorRef? sender);

    public void PostSystem(SystemMessage message)
    {
        if (!Cell.SystemMessages.TryPush(message))
        {
            AnswerForTheDead(message);
        }
        else if ((Interlocked.Or(ref _word, SystemPending | Scheduled) & Scheduled) == 0)
        {
            HandOver(again: false);
        }
    }

    public void MarkSubscribed() => Interlocked.Or(ref _word, Subscribed);

    public void Execute() => Run();

    public void Run()
    {
        var previous = ActorCell.Current;
        ActorCell.Current = Cell;
        bool hasMore;
        try
        {
            hasMore = RunUntilIdleOrSpent();
        }
        catch
        {
            Interlocked.And(ref _word, ~Scheduled);
            throw;
        }
        finally
        {
            ActorCell.Current = previous;
        }

        if (hasMore)
        {
            HandOver(again: true);
        }
    }

    /// <summary>User messages wait until as many <see cref="Resume"/> calls; for the owner of the run.</summary>
    public void Suspend()
    {
        _interrupted = true;
        if (_suspensions++ == 0)
        {
            Interlocked.Or(ref _word, Suspended);
        }
    }

    public void Resume()
    {
        if (_suspensions > 0 && --_suspensions == 0)
        {
            Interlocked.And(ref _word, ~Suspended);
        }
    }

    /// <summary>Takes nothing more: user messages become dead letters, watches are answered. For the owner of the run.</summary>
    public void Close()
    {
        _interrupted = true;
        _suspensions = 0;
        Interlocked.Or(ref _word, Closed);
        Interlocked.And(ref _word, ~Suspended);
        for (var message = Cell.SystemMessages.Close(); message is not null;)
        {
            var next = message.Next;
            message.Next = null;
            AnswerForTheDead(message);
            message = next;
        }
    }

    /// <summary>Puts a message before all others, to be the next that the actor receives. For the owner of the run.</summary>
    public void PushFront(in Envelope envelope)
    {
        _interrupted = true;
        (_front ??= new Stack<Envelope>()).Push(envelope);
    }

    protected static long Position(long word) => word >> PositionShift;

    /// <summary>
    /// Takes the message at <paramref name="head"/>, a place that has been claimed, and moves on by one. False when its
    /// sender has not finished writing it, or when the place holds none; then it moves on too. For the owner of the run.
    /// </summary>
    protected abstract bool TryTake(ref long head, out object? message, out IActorRef? sender);

    /// <summary>Everything that the word counts has been taken, and the run is about to end. For the owner of the run.</summary>
    protected virtual void CaughtUp(long word)
    {
    }

    /// <summary>How far the consumer has come, or a little less.</summary>
    protected long PublishedHead => Volatile.Read(ref _head);

    protected void PublishHead(long head) => Volatile.Write(ref _head, head);

    protected void SendToDeadLetters(object message, IActorRef? sender) =>
        Cell.SystemImpl.PublishDeadLetter(new Envelope(message, sender!), Cell.Self);

    /// <summary>For who has set <see cref="Scheduled"/>, or keeps it.</summary>
    /// <param name="again">The mailbox has had its turn and goes behind the others.</param>
    protected void HandOver(bool again)
    {
        try
        {
            if (again)
            {
                Dispatcher.ExecuteAgain(this);
            }
            else
            {
                Dispatcher.Execute(this);
            }
        }
        catch (Exception e)
        {
            Interlocked.And(ref _word, ~Scheduled);
            Cell.SystemImpl.EventStream.Publish(
                new Event.Error(e, Cell.Self.ToString()!, typeof(Mailbox), $"Dispatcher {Dispatcher.Id} refused to run the actor"));
        }
    }

    /// <summary>True when the mailbox is still scheduled, because its turn is over or a message is being written.</summary>
    private bool RunUntilIdleOrSpent()
    {
        Cell.EnsureCreated();
        var left = Dispatcher.Throughput;
        var spentAt = 0L;
        while (true)
        {
            var word = Volatile.Read(ref _word);
            if ((word & SystemPending) != 0)
            {
                Interlocked.And(ref _word, ~SystemPending);
                ProcessSystemMessages();
                continue;
            }

            if ((word & Closed) != 0 && !TryDrain())
            {
                return true;
            }

            if ((word & (Suspended | Closed)) != 0 || (_head == Position(word) && _front is not { Count: > 0 }))
            {
                if (_head == Position(word))
                {
                    CaughtUp(word);
                }

                if (Interlocked.CompareExchange(ref _word, word & ~Scheduled, word) == word)
                {
                    if ((word & Closed) != 0)
                    {
                        Dispatcher.Detach();
                    }

                    return false;
                }

                continue;
            }

            if (left <= 0)
            {
                if (!Dispatcher.GrantsMore(ref spentAt))
                {
                    return true;
                }

                left = Dispatcher.Throughput;
            }

            if (!ProcessUserMessages(ref left))
            {
                return true;
            }

            if (Cell.SystemMessages.HasMessages)
            {
                ProcessSystemMessages();
            }
        }
    }

    /// <summary>Handles messages until there are no more, the turn is over or something else comes first.</summary>
    /// <returns>False when the next message is being written and does not become ready.</returns>
    private bool ProcessUserMessages(ref int left)
    {
        var isReady = true;
        var head = _head;
        var end = head;
        var quiet = left - BusyMessages;
        _interrupted = false;
        try
        {
            while (left > 0 && (isReady = TryTakeNext(ref head, ref end, left <= quiet, out var message, out var sender)) && message is not null)
            {
                left--;
                Cell.Invoke(message, sender);
                if (_interrupted || Cell.SystemMessages.HasMessages)
                {
                    break;
                }
            }
        }
        catch (Exception e)
        {
            Cell.HandleReceiveFailure(e);
        }
        finally
        {
            PublishHead(head);
        }

        Cell.EndReceiving();
        return isReady;
    }

    private void ProcessSystemMessages()
    {
        while (!IsClosed && Cell.SystemMessages.TakeAll() is { } message)
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
                    Cell.SystemInvoke(current);
                }
            }
        }
    }

    /// <summary>The next message, or null at the end; false when the next one's sender does not finish writing it.</summary>
    /// <param name="head">Position of the next message to take.</param>
    /// <param name="end">How far senders had come when last looked at; looked at anew when that is reached.</param>
    /// <param name="isBusy">See <see cref="TryFindMore"/>.</param>
    private bool TryTakeNext(ref long head, ref long end, bool isBusy, out object? message, out IActorRef? sender)
    {
        if (_front is { Count: > 0 } front)
        {
            (message, sender) = front.Pop();
            return true;
        }

        var spin = default(SpinWait);
        while (true)
        {
            if (head == end && !TryFindMore(head, ref end, isBusy))
            {
                (message, sender) = (null, null);
                return true;
            }

            var before = head;
            if (TryTake(ref head, out message, out sender))
            {
                return true;
            }

            if (head == before)
            {
                if (spin.Count >= SpinsForWriter)
                {
                    return false;
                }

                spin.SpinOnce(sleep1Threshold: -1);
            }
        }
    }

    /// <summary>Looks how far senders have come.</summary>
    /// <param name="isBusy">
    /// The run has handled many messages and caught up. Its senders are likely at it on another core: each look takes the
    /// word's line of memory from them, and going idle makes them wake the actor. So it gives them a moment first.
    /// </param>
    private bool TryFindMore(long head, ref long end, bool isBusy)
    {
        if (isBusy)
        {
            Thread.SpinWait(BusyPause);
        }

        end = Position(Volatile.Read(ref _word));
        return head != end;
    }

    /// <summary>False when the next message is being written and does not become ready.</summary>
    private bool TryDrain()
    {
        var end = _head;
        bool isReady;
        while ((isReady = TryTakeNext(ref _head, ref end, isBusy: false, out var message, out var sender)) && message is not null)
        {
            SendToDeadLetters(message, sender);
        }

        return isReady;
    }

    private static void AnswerForTheDead(SystemMessage message)
    {
        if (message is WatchMessage watch)
        {
            watch.Watcher.SendSystemMessage(new DeathWatchNotification(watch.Watchee, existenceConfirmed: true));
        }
    }
}
