namespace MeshNode.Rtc.Sctp;

/// <summary>
/// A message from the moment it is accepted until its last fragment is acknowledged or given up. Fragments are cut from its one
/// buffer when they are written into a packet. Instances and buffers are pooled per thread.
/// </summary>
internal sealed class OutgoingMessage
{
    private const int PoolLimit = 131072; // what a full channel's buffer of 128-byte messages takes

    [ThreadStatic]
    private static PooledStack<OutgoingMessage>? _pool;

    public byte[] Buffer { get; private set; } = [];

    public int Length { get; private set; }

    public OutgoingStream Stream { get; private set; } = null!; // as long as it is rented

    public StreamId StreamId => Stream.Id;

    public uint Ppid { get; private set; }

    public SendOptions Options { get; private set; }

    /// <summary>When the message is given up (RFC 3758, timed reliability); ticks.</summary>
    public long ExpiresAt { get; private set; }

    /// <summary>Message identifier (RFC 8260 §2.1); given when the first fragment leaves.</summary>
    public uint Mid { get; set; }

    /// <summary>What DATA has instead: the MID's low bits, and 0 for unordered messages.</summary>
    public Ssn Ssn => Options.IsUnordered ? default : new Ssn((ushort)Mid);

    /// <summary>Fragment sequence number of the fragment that leaves next.</summary>
    public uint NextFsn { get; set; }

    /// <summary>Bytes that have a TSN.</summary>
    public int FragmentedLength { get; set; }

    /// <summary>Fragments that have a TSN and no cumulative acknowledgement.</summary>
    public int OutstandingFragments { get; set; }

    /// <summary>Given up: nothing of it is sent any more.</summary>
    public bool IsAbandoned { get; set; }

    /// <summary>Next in the stream's queue.</summary>
    public OutgoingMessage? Next { get; set; }

    public bool IsFullyFragmented => FragmentedLength == Length;

    public static OutgoingMessage Rent(MonotonicTime now, OutgoingStream stream, uint ppid, ReadOnlySpan<byte> payload, in SendOptions options)
    {
        var pool = _pool ??= new PooledStack<OutgoingMessage>(PoolLimit);
        var message = pool.TryPop(out var pooled) ? pooled : new OutgoingMessage();
        message.Buffer = BufferPool.Rent(payload.Length);
        payload.CopyTo(message.Buffer);
        message.Length = payload.Length;
        message.Stream = stream;
        message.Ppid = ppid;
        message.Options = options;
        message.ExpiresAt = options.Lifetime is { } lifetime ? (now + lifetime).Ticks : long.MaxValue;
        message.Mid = 0;
        message.NextFsn = 0;
        message.FragmentedLength = 0;
        message.OutstandingFragments = 0;
        message.IsAbandoned = false;
        message.Next = null;
        return message;
    }

    /// <summary>Gives up the instances that this thread did not need since the last call.</summary>
    public static void TrimPool() => _pool?.Trim();

    /// <summary>Gives the message back once no queue holds it.</summary>
    public void Return()
    {
        BufferPool.Return(Buffer);
        Buffer = [];
        Next = null;
        Stream = null!;
        (_pool ??= new PooledStack<OutgoingMessage>(PoolLimit)).TryPush(this);
    }
}
