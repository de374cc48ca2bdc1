using MeshNode.Actors;
using MeshNode.Persistence.Journal;

namespace MeshNode.Persistence;

/// <summary>
/// One incarnation's events on their way to the batcher. Owns the sequence numbers, and sees to it that one submission at a
/// time is under way. Touched by the actor's run.
/// </summary>
internal sealed class EventWriter(PersistenceExtension persistence, object owner, IActorRef self)
{
    private PendingWrite? _first; // what is not submitted yet, in order
    private PendingWrite? _last;
    private PendingWrite? _lastSubmitted; // its answer ends the submission; null when none is under way
    private int _unhandled;
    private int _stashing;

    /// <summary>Given to the last event, whether it is stored by now or not.</summary>
    public long SequenceNr { get; set; }

    /// <summary>No handler is waited for.</summary>
    public bool IsIdle => _unhandled == 0;

    /// <summary>A handler is waited for before which no command may be handled.</summary>
    public bool IsPersisting => _stashing > 0;

    /// <summary>Numbers and serializes events that are stored all or not at all.</summary>
    public void Add(string persistenceId, Fence? fence, PendingWrite write)
    {
        var first = SequenceNr + 1;
        SequenceNr += write.Events.Count;
        write.FirstSequenceNr = first;
        try
        {
            var now = persistence.System.Scheduler.Now.UtcTicks;
            var events = new StoredEvent[write.Events.Count];
            for (var index = 0; index < events.Length; index++)
            {
                events[index] = persistence.Codec.Encode(persistenceId, first + index, write.Events[index], now);
                write.Size += events[index].Payload.Length;
            }

            write.Write = new AtomicWrite(persistenceId, events, fence);
        }
        catch (Exception e)
        {
            write.Refuse(WriteOutcome.Rejected, e);
        }

        Append(write);
    }

    /// <summary>Something without events, whose handler runs in its turn.</summary>
    public void Append(PendingWrite write)
    {
        _unhandled++;
        _stashing += write.IsStashing ? 1 : 0;
        if (_last is null)
        {
            _first = write;
        }
        else
        {
            _last.Next = write;
        }

        _last = write;
    }

    public PendingWrite New(IReadOnlyList<object> events, Func<Delegate, object, Task?> invoke, Delegate handler, bool isStashing, bool isAsync, IActorRef? sender) =>
        new(owner, self, sender) { Events = events, Invoke = invoke, Handler = handler, IsStashing = isStashing, IsAsync = isAsync };

    /// <summary>Hands on what waits, unless the last submission is still under way.</summary>
    public void Submit()
    {
        if (_lastSubmitted is not null || _first is not { } first)
        {
            return;
        }

        var last = first;
        var hasEvents = first.Write is not null;
        for (var count = 1; count < persistence.Settings.MaxMessageBatchSize && last.Next is { } next; count++)
        {
            last = next;
            hasEvents |= next.Write is not null;
        }

        _first = last.Next;
        _last = _first is null ? null : _last;
        last.Next = null;
        _lastSubmitted = last;
        if (hasEvents)
        {
            persistence.Batcher.Submit(first);
        }
        else
        {
            TellBack(first);
        }
    }

    /// <summary>A write was told back; again is harmless.</summary>
    public void Answered(PendingWrite write)
    {
        if (ReferenceEquals(write, _lastSubmitted))
        {
            _lastSubmitted = null;
        }
    }

    /// <summary>All its handlers have run, or never will.</summary>
    public void Done(PendingWrite write)
    {
        _unhandled--;
        _stashing -= write.IsStashing ? 1 : 0;
    }

    private static void TellBack(PendingWrite first)
    {
        for (var write = first; write is not null;)
        {
            var next = write.Next;
            write.Self.Tell(write, write.Sender);
            write = next;
        }
    }
}
