using MeshNode.Actors;
using MeshNode.Persistence.Journal;

namespace MeshNode.Persistence;

/// <summary>
/// The stash that a persistent actor's code uses, beside the internal one. What it gives back goes before what waits
/// internally: it came earlier. Touched by the actor's run.
/// </summary>
internal sealed class UserStash(ActorCell cell, MessageStash @internal) : IStash
{
    private readonly MessageStash _messages = new();
    private bool _isCurrentStashed;

    /// <summary>Messages that it takes; -1 for any number.</summary>
    public int Capacity { get; set; } = -1;

    public int Count => _messages.Count;

    public bool IsEmpty => Count == 0;

    public bool NonEmpty => !IsEmpty;

    public bool IsFull => Capacity >= 0 && Count >= Capacity;

    /// <summary>A message begins to be handled.</summary>
    public void Begin() => _isCurrentStashed = false;

    public void Stash()
    {
        var envelope = cell.CurrentEnvelope();
        if (envelope.Message is PersistenceMessage)
        {
            throw new IllegalActorStateException("Can't stash while an event is handled: its command was handled before.");
        }

        if (_isCurrentStashed)
        {
            throw new IllegalActorStateException($"Can't stash the same message {envelope.Message} more than once");
        }

        if (IsFull)
        {
            throw new StashOverflowException($"The stash of {cell.Self} has no room for more than {Capacity} messages.");
        }

        _isCurrentStashed = true;
        _messages.Append(envelope);
    }

    public void Unstash()
    {
        if (_messages.TryTake(out var envelope))
        {
            @internal.Prepend([envelope]);
        }
    }

    public void UnstashAll() => @internal.Prepend(_messages.TakeAll());

    public void UnstashAll(Func<Envelope, bool> predicate)
    {
        ArgumentNullException.ThrowIfNull(predicate);
        @internal.Prepend(_messages.Take(predicate));
    }

    public IEnumerable<Envelope> ClearStash() => _messages.TakeAll();

    public void Prepend(IEnumerable<Envelope> envelopes)
    {
        ArgumentNullException.ThrowIfNull(envelopes);
        _messages.Prepend(envelopes);
    }
}
