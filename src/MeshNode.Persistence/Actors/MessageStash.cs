using MeshNode.Actors;

namespace MeshNode.Persistence;

/// <summary>Messages put aside, oldest first. Touched by the actor's run; empty costs nothing.</summary>
internal sealed class MessageStash
{
    private LinkedList<Envelope>? _messages;

    public int Count => _messages?.Count ?? 0;

    public void Append(in Envelope envelope) => (_messages ??= new()).AddLast(envelope);

    /// <summary>Puts them before all others, in their order.</summary>
    public void Prepend(IEnumerable<Envelope> envelopes)
    {
        LinkedListNode<Envelope>? last = null;
        foreach (var envelope in envelopes)
        {
            var messages = _messages ??= new();
            last = last is null ? messages.AddFirst(envelope) : messages.AddAfter(last, envelope);
        }
    }

    public bool TryTake(out Envelope envelope)
    {
        if (_messages?.First is not { } first)
        {
            envelope = default;
            return false;
        }

        envelope = first.Value;
        _messages.RemoveFirst();
        return true;
    }

    public Envelope[] TakeAll()
    {
        Envelope[] messages = _messages is null ? [] : [.. _messages];
        _messages?.Clear();
        return messages;
    }

    /// <summary>Takes those that fit, oldest first.</summary>
    public Envelope[] Take(Func<Envelope, bool> predicate)
    {
        Envelope[] messages = _messages is null ? [] : [.. _messages.Where(predicate)];
        foreach (var message in messages)
        {
            _messages!.Remove(message);
        }

        return messages;
    }
}
