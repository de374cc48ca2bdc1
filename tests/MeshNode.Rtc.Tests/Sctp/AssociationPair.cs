using System.Buffers.Binary;
using MeshNode.Rtc.Sctp;
using MeshNode.Rtc.Sctp.Chunks;

namespace MeshNode.Rtc.Tests.Sctp;

/// <summary>Two associations whose packets a test carries by hand.</summary>
internal sealed class AssociationPair
{
    private readonly byte[] _buffer = new byte[16384];

    public AssociationPair(ulong seed, SctpConfiguration? configuration = null, SctpConfiguration? configurationOfB = null)
    {
        configuration ??= new SctpConfiguration();
        A = new SctpAssociation(configuration, new SeededRandomSource(seed ^ 11), new SeededRandomSource(seed ^ 12));
        B = new SctpAssociation(configurationOfB ?? configuration, new SeededRandomSource(seed ^ 13), new SeededRandomSource(seed ^ 14));
    }

    public SctpAssociation A { get; }

    public SctpAssociation B { get; }

    public MonotonicTime Now { get; set; } = MonotonicTime.FromMilliseconds(1000);

    /// <summary>Sees every packet that is carried; true when A sent it.</summary>
    public Action<bool, byte[]>? Tap { get; set; }

    /// <summary>First chunks of packets that came to A.</summary>
    public List<byte[]> Chunks { get; } = [];

    public VerificationTag TagOfA { get; private set; }

    public uint InitialTsnOfA { get; private set; }

    public uint NextTsnOfB { get; private set; }

    /// <summary>Carries one packet from A to B; false when A has none.</summary>
    public bool AToB()
    {
        if (!A.TryTransmit(Now, _buffer, out var length))
        {
            return false;
        }

        var packet = _buffer.AsSpan(0, length);
        if ((ChunkType)packet[12] is ChunkType.Init or ChunkType.InitAck)
        {
            TagOfA = new VerificationTag(BinaryPrimitives.ReadUInt32BigEndian(packet[16..]));
            InitialTsnOfA = BinaryPrimitives.ReadUInt32BigEndian(packet[28..]);
        }

        Tap?.Invoke(true, packet.ToArray());
        B.HandlePacket(Now, packet);
        return true;
    }

    public bool BToA()
    {
        if (!B.TryTransmit(Now, _buffer, out var length))
        {
            return false;
        }

        var packet = _buffer.AsSpan(0, length);
        if ((ChunkType)packet[12] is ChunkType.Init or ChunkType.InitAck)
        {
            NextTsnOfB = BinaryPrimitives.ReadUInt32BigEndian(packet[28..]);
        }

        var reader = new ChunkReader(packet[CommonHeader.Length..]);
        while (reader.TryRead(out var type, out var chunk))
        {
            Chunks.Add(chunk.ToArray());
            if (type is ChunkType.Data or ChunkType.IData)
            {
                NextTsnOfB = BinaryPrimitives.ReadUInt32BigEndian(chunk[4..]) + 1;
            }
        }

        Tap?.Invoke(false, packet.ToArray());
        A.HandlePacket(Now, packet);
        return true;
    }

    public void Exchange()
    {
        while (AToB() | BToA())
        {
        }
    }

    /// <summary>Until the delayed SACKs have left and nothing is outstanding.</summary>
    public void Quiesce()
    {
        Exchange();
        Now += TimeSpan.FromMilliseconds(100);
        A.HandleTimeout(Now);
        B.HandleTimeout(Now);
        Exchange();
    }

    /// <summary>Brings A into a state.</summary>
    public void Reach(SctpState state)
    {
        if (state == SctpState.Closed)
        {
            return;
        }

        A.Associate(Now);
        if (state == SctpState.CookieWait)
        {
            A.TryTransmit(Now, _buffer, out var length);
            TagOfA = new VerificationTag(BinaryPrimitives.ReadUInt32BigEndian(_buffer.AsSpan(16)));
            InitialTsnOfA = BinaryPrimitives.ReadUInt32BigEndian(_buffer.AsSpan(28, length - 28));
            return;
        }

        AToB();
        BToA();
        if (state == SctpState.CookieEchoed)
        {
            return;
        }

        Exchange();
        Send(A, 3, 5000);
        Send(B, 3, 5000);
        Exchange();
        if (state is SctpState.ShutdownSent or SctpState.ShutdownReceived or SctpState.ShutdownAckSent)
        {
            Quiesce();
        }
        else
        {
            Send(A, 4, 3000); // waits or is in flight
            Send(B, 4, 3000);
        }

        switch (state)
        {
            case SctpState.ShutdownPending:
                A.Shutdown(Now);
                break;
            case SctpState.ShutdownSent:
                A.Shutdown(Now);
                break;
            case SctpState.ShutdownReceived:
                B.Shutdown(Now);
                Send(A, 3, 5000);
                BToA();
                break;
            case SctpState.ShutdownAckSent:
                B.Shutdown(Now);
                BToA();
                break;
            default:
                break;
        }
    }

    /// <summary>What an owner does after a packet: lets it send, reads events, and sometimes lets time pass.</summary>
    public void Settle(byte[] scratch, SeededRandomSource random)
    {
        for (var i = 0; i < 64 && A.TryTransmit(Now, scratch, out _); i++)
        {
        }

        while (A.TryReadEvent(out var e))
        {
            if (e.Kind == SctpEventKind.Message)
            {
                A.ReleaseWindow(e.Length);
                BufferPool.Return(e.Buffer!);
            }
        }

        if (random.NextInt32(5) == 0)
        {
            Now += TimeSpan.FromMilliseconds(random.NextInt32(3000));
            A.HandleTimeout(Now);
        }
    }

    private void Send(SctpAssociation from, int count, int size)
    {
        for (var i = 0; i < count; i++)
        {
            var options = new SendOptions(IsUnordered: i % 2 == 1, MaxRetransmissions: i == 2 ? (ushort)0 : null);
            from.TrySend(Now, new StreamId((ushort)i), 53, new byte[size], options);
        }
    }
}
