using MeshNode.Actors;

namespace MeshNode.Persistence.Journal;

/// <summary>
/// One call of <c>Persist</c>, <c>PersistAll</c> or <c>Defer</c> on its way: the actor's request, then the batcher's answer. The actor
/// fills it in, then the batcher owns it until it tells it back.
/// </summary>
internal sealed class PendingWrite(object owner, IActorRef self, IActorRef? sender) : PersistenceMessage
{
    /// <summary>The incarnation that asked: a later one ignores it.</summary>
    public object Owner { get; } = owner;

    public IActorRef Self { get; } = self;

    /// <summary>Whose command it was; the sender again when the handler runs.</summary>
    public IActorRef? Sender { get; } = sender;

    /// <summary>No command is handled before its handler has run.</summary>
    public required bool IsStashing { get; init; }

    /// <summary>The handler gives a task, and nothing else is handled until it has ended.</summary>
    public required bool IsAsync { get; init; }

    /// <summary>Calls <see cref="Handler"/>; gives a task where the handler is asynchronous.</summary>
    public required Func<Delegate, object, Task?> Invoke { get; init; }

    public required Delegate Handler { get; init; }

    /// <summary>What the handler is called with, one after the other.</summary>
    public required IReadOnlyList<object> Events { get; init; }

    /// <summary>What is to be stored; null for nothing: it was deferred, or it failed before.</summary>
    public AtomicWrite? Write { get; set; }

    /// <summary>Of the payloads, in bytes.</summary>
    public int Size { get; set; }

    /// <summary>Of the first event; the others follow. 0 where nothing is stored.</summary>
    public long FirstSequenceNr { get; set; }

    /// <summary>The actor's next one in the same submission.</summary>
    public PendingWrite? Next { get; set; }

    /// <summary>How many of <see cref="Events"/> have been handled.</summary>
    public int Handled { get; set; }

    public WriteOutcome Outcome { get; set; }

    /// <summary>Why it was not written; null when it was.</summary>
    public Exception? Cause { get; set; }

    public bool IsWritten => Cause is null;

    public void Refuse(WriteOutcome outcome, Exception cause) => (Outcome, Cause) = (outcome, cause);
}
