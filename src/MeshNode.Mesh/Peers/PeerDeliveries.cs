using MeshNode.Actors;
using MeshNode.Rtc;

namespace MeshNode.Mesh.Peers;

/// <summary>
/// Messages of the <c>reliable</c> channel whose acknowledgement by the far application is awaited.
/// Touched only by the peer's mailbox.
/// </summary>
internal sealed class PeerDeliveries
{
    private readonly Dictionary<ulong, Pending> _pending = [];
    private ulong _lastSequence;

    public int Count => _pending.Count;

    /// <summary>Registers a message and returns the sequence that its frame carries.</summary>
    public ulong Add(IActorRef replyTo, MonotonicTime now)
    {
        _pending.Add(++_lastSequence, new(replyTo, now));
        return _lastSequence;
    }

    /// <summary>Answers whoever sent the message; nothing happens when that was done before.</summary>
    public bool Complete(ulong sequence, MonotonicTime now, string? failure, string path)
    {
        if (!_pending.Remove(sequence, out var pending))
        {
            return false;
        }

        pending.ReplyTo.Tell(new DeliveryResult(failure is null, failure, path, now - pending.Since));
        return true;
    }

    /// <summary>Fails those that are not in <paramref name="kept"/>; their sequences are returned.</summary>
    public ulong[] FailOthers(IReadOnlySet<ulong> kept, MonotonicTime now, string reason, string path)
    {
        var failed = _pending.Keys.Where(sequence => !kept.Contains(sequence)).ToArray();
        foreach (var sequence in failed)
        {
            Complete(sequence, now, reason, path);
        }

        return failed;
    }

    public void FailAll(MonotonicTime now, string reason, string path)
    {
        foreach (var sequence in _pending.Keys.ToArray())
        {
            Complete(sequence, now, reason, path);
        }
    }

    private readonly record struct Pending(IActorRef ReplyTo, MonotonicTime Since);
}
