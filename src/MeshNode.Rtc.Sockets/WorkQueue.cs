using System.Collections.Concurrent;

namespace MeshNode.Rtc.Sockets;

/// <summary>
/// Work for one consumer from any thread, in order. Says when the consumer must be woken: only when it sleeps or is about to,
/// and once however much comes.
/// </summary>
internal sealed class WorkQueue
{
    private readonly ConcurrentQueue<Action> _queue = new();
    private int _isSleeping;

    public bool IsEmpty => _queue.IsEmpty;

    /// <returns>True when the caller must wake the consumer.</returns>
    public bool Enqueue(Action work)
    {
        _queue.Enqueue(work);
        return NeedsWake();
    }

    /// <returns>True when the caller must wake the consumer so that it looks at something else that has changed.</returns>
    public bool NeedsWake()
    {
        // The queue's write must be visible before the flag is read, as the consumer's flag is before it reads the queue:
        // one of the two sees the other.
        Interlocked.MemoryBarrier();
        return Volatile.Read(ref _isSleeping) != 0 && Interlocked.Exchange(ref _isSleeping, 0) != 0;
    }

    public bool TryDequeue(out Action work) => _queue.TryDequeue(out work!);

    /// <summary>Consumer: from now on producers wake.</summary>
    /// <returns>False when there is work already.</returns>
    public bool TryBeginSleep()
    {
        Interlocked.Exchange(ref _isSleeping, 1);
        if (_queue.IsEmpty)
        {
            return true;
        }

        EndSleep();
        return false;
    }

    /// <summary>Consumer: awake; producers need not wake.</summary>
    public void EndSleep() => Volatile.Write(ref _isSleeping, 0);
}
