using System.Buffers.Binary;
using MeshNode.Rtc.DataChannels;
using MeshNode.Rtc.Sctp;
using MeshNode.Rtc.Sctp.Chunks;

namespace MeshNode.Rtc.Tests.Attacks;

/// <summary>
/// A victim's transport with an association that is up, and a far side that writes its chunks by hand: those of RFC 9260, or
/// I-DATA in place of DATA. Zero checksums are not announced.
/// </summary>
internal sealed class HostilePeer
{
    private readonly byte[] _packet = new byte[2048];
    private readonly byte[] _scratch = new byte[65536];
    private readonly bool _isInterleaving;
    private VerificationTag _tag; // of the victim

    public HostilePeer(DataChannelTransportConfiguration? configuration = null, bool isInterleaving = false)
    {
        _isInterleaving = isInterleaving;
        configuration ??= new DataChannelTransportConfiguration();
        Victim = new DataChannelTransport(configuration, new SeededRandomSource(1), new SeededRandomSource(2));
        Victim.SetDtlsRole(true);
        Channel = Victim.CreateDataChannel(Now, "victim", new DataChannelInit { Negotiated = true, Id = 0 });
        Victim.Start(Now);
        Connect();
        Drain();
        Assert.Equal(SctpState.Established, Victim.State);
    }

    public DataChannelTransport Victim { get; }

    public DataChannel Channel { get; }

    public MonotonicTime Now { get; set; } = MonotonicTime.FromMilliseconds(1000);

    /// <summary>The TSN that the victim expects next.</summary>
    public uint NextTsn { get; set; } = 1000;

    /// <summary>The victim's first TSN.</summary>
    public uint VictimsTsn { get; private set; }

    /// <summary>Packets and bytes that the victim sent.</summary>
    public (long Packets, long Bytes) Sent { get; private set; }

    /// <summary>Highest TSN that the victim has sent.</summary>
    public uint HighestSent { get; private set; }

    public bool IsReading { get; set; } = true;

    public SctpError? Error { get; private set; }

    public int Ends { get; private set; }

    /// <summary>Gives the victim one packet and lets it answer.</summary>
    public void Send(ReadOnlySpan<byte> chunks, VerificationTag? tag = null)
    {
        var packet = _packet.AsSpan(0, CommonHeader.Length + chunks.Length);
        chunks.CopyTo(packet[CommonHeader.Length..]);
        new CommonHeader(5000, 5000, tag ?? _tag).Write(packet);
        Victim.HandlePacket(Now, packet);
        Drain();
    }

    public static byte[] Data(uint tsn, ushort stream, ushort ssn, uint ppid, byte flags, ReadOnlySpan<byte> payload)
    {
        var chunk = new byte[(DataChunk.HeaderLength + payload.Length + 3) & ~3];
        DataChunk.Write(chunk.AsSpan(0, DataChunk.HeaderLength + payload.Length), flags, new Tsn(tsn), new StreamId(stream), new Ssn(ssn), ppid, payload);
        return chunk;
    }

    public static byte[] Sack(uint cumulative, uint window, params ReadOnlySpan<(ushort Start, ushort End)> gaps)
    {
        var chunk = new byte[SackChunk.FixedLength + (gaps.Length * 4)];
        SackChunk.Write(chunk, new Tsn(cumulative), window, gaps, []);
        return chunk;
    }

    /// <summary>Takes everything that the victim has to send and, unless it is busy, its events.</summary>
    public void Drain()
    {
        for (var moved = true; moved;)
        {
            moved = false;
            while (Victim.TryTransmit(Now, _scratch, out var length))
            {
                moved = true;
                Sent = (Sent.Packets + 1, Sent.Bytes + length);
                Note(_scratch.AsSpan(0, length));
            }

            while (IsReading && Victim.TryReadEvent(out var e))
            {
                moved = true;
                if (e.Kind == DataChannelEventKind.Closed)
                {
                    Ends++;
                    Error = e.Error;
                }
            }
        }
    }

    /// <summary>Lets time pass, from deadline to deadline.</summary>
    public void Wait(TimeSpan time)
    {
        var end = Now + time;
        while (Victim.NextTimeout is { } next && next <= end)
        {
            Now = next > Now ? next : Now + TimeSpan.FromTicks(1);
            Victim.HandleTimeout(Now);
            Drain();
        }

        Now = end;
    }

    private void Note(ReadOnlySpan<byte> packet)
    {
        var reader = new ChunkReader(packet[CommonHeader.Length..]);
        while (reader.TryRead(out var type, out var chunk))
        {
            if (type == ChunkType.Data)
            {
                HighestSent = BinaryPrimitives.ReadUInt32BigEndian(chunk[4..]);
            }
        }
    }

    /// <summary>INIT of the victim, INIT ACK by hand, COOKIE ECHO, COOKIE ACK by hand.</summary>
    private void Connect()
    {
        Assert.True(Victim.TryTransmit(Now, _scratch, out _));
        _tag = new VerificationTag(BinaryPrimitives.ReadUInt32BigEndian(_scratch.AsSpan(16)));
        VictimsTsn = BinaryPrimitives.ReadUInt32BigEndian(_scratch.AsSpan(28));
        HighestSent = VictimsTsn - 1;
        byte[] parameters = [0, 7, 0, 8, 1, 2, 3, 4, 0xC0, 0, 0, 4, 0x80, 8, 0, 8, 130, 192, 130, 192]; // cookie, FORWARD TSN, RE-CONFIG
        if (_isInterleaving)
        {
            (parameters[^2], parameters[^1]) = (64, 194); // I-DATA, I-FORWARD-TSN
        }

        var initAck = new byte[InitChunk.FixedLength + parameters.Length];
        new InitChunk
        {
            InitiateTag = new VerificationTag(77),
            AdvertisedReceiverWindow = 1 << 20,
            OutboundStreams = 65535,
            InboundStreams = 65535,
            InitialTsn = new Tsn(NextTsn),
            Parameters = parameters,
        }.Write(initAck, ChunkType.InitAck);
        Send(initAck);
        Send([11, 0, 0, 4]);
    }
}
