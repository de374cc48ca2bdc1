using MeshNode.Rtc.DataChannels;

namespace MeshNode.Mesh.Peers;

/// <summary>Bounds of one channel's queue, in bytes (SPEC §1.5).</summary>
public sealed record ChannelQueueOptions
{
    /// <summary>Above this buffered amount messages wait here instead of in the transport.</summary>
    public long HighWaterMark { get; init; } = 16L << 20;

    /// <summary>Sending resumes when the buffered amount falls to this.</summary>
    public long LowWaterMark { get; init; } = 1L << 20;

    /// <summary>Bytes that may wait; a message that does not fit is refused at once.</summary>
    public long Capacity { get; init; } = 16L << 20;
}

/// <summary>What became of a message that was handed to a channel.</summary>
public enum ChannelSendOutcome
{
    /// <summary>In the transport's send buffer.</summary>
    Sent,

    /// <summary>Waiting, in order, until the channel opens or drains.</summary>
    Queued,

    /// <summary>The queue's byte bound is reached; nothing was kept.</summary>
    Refused,

    /// <summary>Larger than the far side receives; nothing was kept.</summary>
    TooLarge,
}

/// <summary>
/// Messages of one channel that wait until it opens, or until its buffered amount has fallen under the low-water mark.
/// Touched only by the peer's mailbox.
/// </summary>
public sealed class ChannelQueue(ChannelQueueOptions options)
{
    private readonly Queue<byte[]> _waiting = [];

    /// <summary>Bytes that wait here, besides what the transport has buffered.</summary>
    public long QueuedBytes { get; private set; }

    /// <summary>True from the moment the high-water mark was passed until the low-water mark is reached.</summary>
    public bool Backpressured { get; private set; }

    /// <summary>Sends now if the channel can take it, otherwise queues it or refuses it.</summary>
    /// <param name="message">One whole frame; kept by reference when it is queued.</param>
    /// <param name="channel">The open channel, or null while there is none.</param>
    public ChannelSendOutcome Send(byte[] message, IChannelPort? channel)
    {
        if (channel is not null && _waiting.Count == 0)
        {
            switch (TrySend(message, channel))
            {
                case DataChannelSendResult.Sent:
                    return ChannelSendOutcome.Sent;
                case DataChannelSendResult.TooLarge:
                    return ChannelSendOutcome.TooLarge;
            }
        }

        if (QueuedBytes + message.Length > options.Capacity)
        {
            return ChannelSendOutcome.Refused;
        }

        _waiting.Enqueue(message);
        QueuedBytes += message.Length;
        return ChannelSendOutcome.Queued;
    }

    /// <summary>Moves what waits into the channel as far as it takes it; returns how many messages went.</summary>
    /// <param name="channel">The open channel.</param>
    /// <param name="tooLarge">Told of each message that was queued before the far side's limit was known and exceeds it.</param>
    public int Flush(IChannelPort channel, Action<byte[]> tooLarge)
    {
        var sent = 0;
        while (_waiting.TryPeek(out var message))
        {
            switch (TrySend(message, channel))
            {
                case DataChannelSendResult.Sent:
                    sent++;
                    break;
                case DataChannelSendResult.TooLarge:
                    tooLarge(message);
                    break;
                default:
                    return sent;
            }

            _waiting.Dequeue();
            QueuedBytes -= message.Length;
        }

        return sent;
    }

    /// <summary>Drops what waits and is not wanted any more; the rest keeps its order.</summary>
    public void Keep(Func<byte[], bool> isWanted)
    {
        for (var left = _waiting.Count; left > 0; left--)
        {
            var message = _waiting.Dequeue();
            if (isWanted(message))
            {
                _waiting.Enqueue(message);
            }
            else
            {
                QueuedBytes -= message.Length;
            }
        }
    }

    public void Clear()
    {
        _waiting.Clear();
        QueuedBytes = 0;
        Backpressured = false;
    }

    private DataChannelSendResult TrySend(byte[] message, IChannelPort channel)
    {
        var buffered = channel.BufferedAmount;
        Backpressured = Backpressured ? buffered > options.LowWaterMark : buffered + message.Length > options.HighWaterMark;
        return Backpressured ? DataChannelSendResult.BufferFull : channel.Send(message);
    }
}

/// <summary>An open data channel, as far as a queue needs it.</summary>
public interface IChannelPort
{
    /// <summary>Bytes accepted by the transport and not yet acknowledged or sent.</summary>
    long BufferedAmount { get; }

    /// <summary>Only <see cref="DataChannelSendResult.Sent"/> means that the transport has taken the message.</summary>
    DataChannelSendResult Send(ReadOnlySpan<byte> message);
}
