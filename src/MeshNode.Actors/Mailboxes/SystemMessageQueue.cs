namespace MeshNode.Actors;

/// <summary>
/// What the kernel has told a cell: a stack that many push on and the owner of the run takes as a whole and turns round.
/// Lies in the cell, not in the mailbox, so that asking it after every message does not touch the line that senders write.
/// </summary>
internal struct SystemMessageQueue
{
    private sealed class EndOfQueue : SystemMessage;

    private static readonly SystemMessage NoMore = new EndOfQueue();

    private SystemMessage? _newest;

    /// <summary>Whether there is something to take.</summary>
    public readonly bool HasMessages
    {
        get
        {
            var newest = Volatile.Read(in _newest);
            return newest is not null && !ReferenceEquals(newest, NoMore);
        }
    }

    /// <summary>False when the queue has been closed: the message was not taken.</summary>
    public bool TryPush(SystemMessage message)
    {
        while (true)
        {
            var newest = Volatile.Read(ref _newest);
            if (ReferenceEquals(newest, NoMore))
            {
                message.Next = null;
                return false;
            }

            message.Next = newest;
            if (ReferenceEquals(Interlocked.CompareExchange(ref _newest, message, newest), newest))
            {
                return true;
            }
        }
    }

    /// <summary>All that have come, linked oldest first; null for none.</summary>
    public SystemMessage? TakeAll() => HasMessages ? Reverse(Interlocked.Exchange(ref _newest, null)) : null;

    /// <summary>As <see cref="TakeAll"/>, and takes nothing from here on.</summary>
    public SystemMessage? Close()
    {
        var taken = Interlocked.Exchange(ref _newest, NoMore);
        return ReferenceEquals(taken, NoMore) ? null : Reverse(taken);
    }

    private static SystemMessage? Reverse(SystemMessage? newest)
    {
        SystemMessage? oldestFirst = null;
        while (newest is not null)
        {
            var older = newest.Next;
            newest.Next = oldestFirst;
            oldestFirst = newest;
            newest = older;
        }

        return oldestFirst;
    }
}
