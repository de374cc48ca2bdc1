using MeshNode.Rtc.Sctp.Chunks;

namespace MeshNode.Rtc.Sctp;

/// <summary>
/// An interleaved message in the making: the fragments from the first without a gap in one buffer, the others in a heap by their
/// numbers. Instances and buffers are pooled per thread.
/// </summary>
internal sealed class IncomingMessage
{
    /// <summary>Charged for every message in the making besides its fragments.</summary>
    public const int Overhead = 256;

    private const int PoolLimit = 256;
    private const int FirstBuffer = 16384;

    [ThreadStatic]
    private static PooledStack<IncomingMessage>? _pool;

    private readonly PriorityQueue<(byte[] Buffer, int Length), uint> _waiting = new();
    private int _waitingBytes;
    private uint _nextFsn;
    private uint? _endFsn;

    private IncomingMessage()
    {
    }

    public MessageKey Key { get; private set; }

    public uint Ppid { get; private set; }

    public byte[]? Buffer { get; private set; }

    public int Length { get; private set; }

    /// <summary>Bytes that it takes of the receive window.</summary>
    public int Charged { get; set; }

    /// <summary>Every fragment is there; an ordered message may still wait for its turn.</summary>
    public bool IsWhole { get; private set; }

    /// <summary>Neighbours among the stream's messages that wait.</summary>
    public IncomingMessage? Previous { get; set; }

    public IncomingMessage? Next { get; set; }

    public static IncomingMessage Rent(MessageKey key)
    {
        var pool = _pool ??= new PooledStack<IncomingMessage>(PoolLimit);
        var message = pool.TryPop(out var pooled) ? pooled : new IncomingMessage();
        message.Key = key;
        return message;
    }

    /// <summary>Gives up the instances that this thread did not need since the last call.</summary>
    public static void TrimPool() => _pool?.Trim();

    /// <summary>Gives the message back, and its buffer unless that was taken.</summary>
    public void Return()
    {
        if (Buffer is { } buffer)
        {
            BufferPool.Return(buffer);
        }

        while (_waiting.TryDequeue(out var fragment, out _))
        {
            BufferPool.Return(fragment.Buffer);
        }

        (Buffer, Length, Charged, Ppid, IsWhole, Previous, Next) = (null, 0, 0, 0, false, null, null);
        (_waitingBytes, _nextFsn, _endFsn) = (0, 0, null);
        (_pool ??= new PooledStack<IncomingMessage>(PoolLimit)).TryPush(this);
    }

    /// <summary>The whole message, whose buffer is the caller's from now on.</summary>
    public byte[] TakeBuffer()
    {
        var buffer = Buffer!;
        Buffer = null;
        return buffer;
    }

    /// <summary>Copies a fragment in; returns what was wrong with it.</summary>
    /// <param name="chunk">Of this message.</param>
    /// <param name="maxMessageSize">Bytes that a message may have.</param>
    /// <param name="isCrowded">Many messages are in the making: this one gets no large buffer in advance.</param>
    public string? TryAdd(in IDataChunk chunk, int maxMessageSize, bool isCrowded)
    {
        if (Length + _waitingBytes + chunk.Payload.Length > maxMessageSize)
        {
            return "a message exceeds max-message-size";
        }

        if (chunk.Fsn < _nextFsn || chunk.Fsn >= maxMessageSize || (_endFsn is { } end && (chunk.IsEnd || chunk.Fsn > end)))
        {
            return "a fragment has an impossible number";
        }

        if (chunk.IsEnd)
        {
            _endFsn = chunk.Fsn;
        }

        if (chunk.IsBeginning)
        {
            Ppid = chunk.Ppid;
        }

        if (chunk.Fsn != _nextFsn)
        {
            var copy = BufferPool.Rent(chunk.Payload.Length);
            chunk.Payload.CopyTo(copy);
            _waiting.Enqueue((copy, chunk.Payload.Length), chunk.Fsn);
            _waitingBytes += chunk.Payload.Length;
            return null;
        }

        Append(chunk.Payload, maxMessageSize, isCrowded);
        while (_nextFsn - 1 != _endFsn && _waiting.TryPeek(out var fragment, out var fsn) && fsn <= _nextFsn)
        {
            if (fsn < _nextFsn)
            {
                return "a fragment came twice";
            }

            _waiting.Dequeue();
            _waitingBytes -= fragment.Length;
            Append(fragment.Buffer.AsSpan(0, fragment.Length), maxMessageSize, isCrowded);
            BufferPool.Return(fragment.Buffer);
        }

        var hasEnded = _nextFsn - 1 == _endFsn;
        IsWhole = hasEnded && _waiting.Count == 0;
        return hasEnded && !IsWhole ? "a fragment lies behind the end of its message" : null;
    }

    private void Append(ReadOnlySpan<byte> payload, int maxMessageSize, bool isCrowded)
    {
        var length = Length + payload.Length;
        if (length > (Buffer?.Length ?? 0))
        {
            var isLast = _nextFsn == _endFsn;
            var wanted = isLast ? length : isCrowded ? length * 2L : Math.Max(FirstBuffer, length * 4L);
            var bigger = BufferPool.Rent((int)Math.Min(Math.Max(length, maxMessageSize), wanted));
            if (Buffer is { } old)
            {
                old.AsSpan(0, Length).CopyTo(bigger);
                BufferPool.Return(old);
            }

            Buffer = bigger;
        }

        payload.CopyTo(Buffer.AsSpan(Length));
        Length = length;
        _nextFsn++;
    }
}
