using System.Buffers.Binary;
using MeshNode.Rtc.Sctp;

namespace MeshNode.Rtc.Tests.Sctp.Congestion;

/// <summary>One association over a <see cref="BottleneckNetwork"/>: <see cref="A"/> sends bulk and now and then a control message.</summary>
internal sealed class BottleneckFlow
{
    public const int FileMessage = 16384; // bytes, as the mesh's `file` channel
    private const int ControlMessage = 64;

    private static readonly StreamId Control = new(0);
    private static readonly StreamId File = new(3);
    private static readonly byte[] Payload = new byte[FileMessage];

    public BottleneckFlow(ulong seed, SctpConfiguration configuration)
    {
        A = new SctpAssociation(configuration, new SeededRandomSource(seed ^ 1), new SeededRandomSource(seed ^ 2));
        B = new SctpAssociation(configuration, new SeededRandomSource(seed ^ 3), new SeededRandomSource(seed ^ 4));
    }

    public SctpAssociation A { get; }

    public SctpAssociation B { get; }

    /// <summary>When it begins; null until then.</summary>
    public MonotonicTime StartAt { get; init; }

    /// <summary>How often a control message is sent; null for never.</summary>
    public TimeSpan? ControlEvery { get; init; }

    /// <summary>Bytes of bulk to send; then it is quiet.</summary>
    public long BulkBytes { get; init; } = long.MaxValue;

    /// <summary>Bytes of bulk that wait in the association.</summary>
    public long SendAhead { get; init; } = 256 * 1024;

    public bool IsStarted { get; set; }

    public bool IsConnected { get; private set; }

    /// <summary>Bytes of bulk that arrived.</summary>
    public long Delivered { get; private set; }

    public long Offered { get; private set; }

    /// <summary>One-way times of control messages, in ticks.</summary>
    public List<long> ControlDelays { get; } = [];

    public MonotonicTime? NextControl { get; private set; }

    /// <summary>Keeps the send queue filled, and sends a control message when it is time for one.</summary>
    public void Offer(MonotonicTime now)
    {
        if (!IsConnected)
        {
            return;
        }

        while (Offered < BulkBytes && A.OutgoingStream(File).BufferedAmount < SendAhead)
        {
            var size = (int)Math.Min(FileMessage, BulkBytes - Offered);
            Assert.True(A.TrySend(now, File, 53, Payload.AsSpan(0, size), default));
            Offered += size;
        }

        if (ControlEvery is { } interval && (NextControl ??= now + interval) <= now)
        {
            NextControl = now + interval;
            Span<byte> control = stackalloc byte[ControlMessage];
            control.Clear();
            BinaryPrimitives.WriteInt64BigEndian(control, now.Ticks);
            Assert.True(A.TrySend(now, Control, 53, control, default));
        }
    }

    public bool ReadEvents(MonotonicTime now)
    {
        var any = false;
        while (A.TryReadEvent(out var e))
        {
            any = true;
            IsConnected |= e.Kind == SctpEventKind.Connected;
            Assert.True(e.Kind != SctpEventKind.Closed, $"the association ended: {e.Error}");
        }

        while (B.TryReadEvent(out var e))
        {
            any = true;
            if (e.Kind != SctpEventKind.Message)
            {
                continue;
            }

            if (e.StreamId == Control)
            {
                ControlDelays.Add(now.Ticks - BinaryPrimitives.ReadInt64BigEndian(e.Buffer));
            }
            else
            {
                Delivered += e.Length;
            }

            B.ReleaseWindow(e.Length);
            BufferPool.Return(e.Buffer!);
        }

        return any;
    }
}
