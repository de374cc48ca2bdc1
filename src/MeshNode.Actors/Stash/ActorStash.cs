namespace MeshNode.Actors;

/// <summary>Touched by the actor's run.</summary>
/// <param name="capacity">Messages; -1 for any number.</param>
internal sealed class ActorStash(ActorCell cell, int capacity) : IStash
{
    private readonly LinkedList<Envelope> _messages = new();
    private bool _hasCurrent;

    public int Capacity => capacity;

    public int Count => _messages.Count;

    public bool IsEmpty => _messages.Count == 0;

    public bool IsFull => capacity >= 0 && _messages.Count >= capacity;

    public bool NonEmpty => !IsEmpty;

    public void Stash()
    {
        var envelope = cell.CurrentEnvelope();
        if (_hasCurrent)
        {
            throw new IllegalActorStateException($"Can't stash the same message {envelope.Message} more than once");
        }

        if (IsFull)
        {
            throw new StashOverflowException($"Couldn't stash message {envelope.Message.GetType()} from {envelope.Sender}: the stash of {cell.Self} holds {capacity}");
        }

        _messages.AddLast(envelope);
        _hasCurrent = true;
    }

    /// <summary>What comes next is another message, though it may be the same object again.</summary>
    public void MessageHandled() => _hasCurrent = false;

    public void Unstash()
    {
        if (_messages.First is { } first)
        {
            _messages.RemoveFirst();
            cell.PutBack(first.Value);
        }
    }

    public void UnstashAll() => UnstashAll(static _ => true);

    public void UnstashAll(Func<Envelope, bool> predicate)
    {
        ArgumentNullException.ThrowIfNull(predicate);
        for (var node = _messages.Last; node is not null;)
        {
            var previous = node.Previous;
            if (predicate(node.Value))
            {
                _messages.Remove(node);
                cell.PutBack(node.Value);
            }

            node = previous;
        }
    }

    public IEnumerable<Envelope> ClearStash()
    {
        Envelope[] messages = [.. _messages];
        _messages.Clear();
        return messages;
    }

    public void Prepend(IEnumerable<Envelope> envelopes)
    {
        ArgumentNullException.ThrowIfNull(envelopes);
        foreach (var envelope in envelopes.Reverse())
        {
            _messages.AddFirst(envelope);
        }
    }
}
