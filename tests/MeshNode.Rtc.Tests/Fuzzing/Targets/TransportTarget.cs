using System.Buffers.Binary;
using MeshNode.Rtc.DataChannels;
using MeshNode.Rtc.Sctp;
using MeshNode.Rtc.Sctp.Chunks;

namespace MeshNode.Rtc.Tests.Fuzzing.Targets;

/// <summary>
/// Data channels over an established association, fed messages and resets that are right as SCTP and wrong as everything else.
/// <code>
/// input: 0 ppid, 1 flags of DATA, 2 stream, 3 what: DATA, DATA of one more fragment, RE-CONFIG; then the payload or the parameters
/// </code>
/// </summary>
internal sealed class TransportTarget : FuzzTarget
{
    private static readonly byte[] Ppids = [50, 51, 53, 54, 55, 56, 57, 0];

    private readonly byte[] _packet = new byte[8192];
    private readonly byte[] _scratch = new byte[65536];
    private DataChannelTransport _near = null!;
    private VerificationTag _tagOfNear;
    private uint _nextTsn;
    private uint _nextRequest;
    private MonotonicTime _now;
    private bool _isInterleaving;

    public override string Name => "data channels";

    public override int InputsPerSession => 80;

    public override long AllocationLimit => 6 << 20;

    public override IReadOnlyList<byte[]> Seeds
    {
        get
        {
            byte[] open = DataChannelOpenMessage.Create("label", new DataChannelInit { Protocol = "p" });
            return
            [
                [0, 3, 9, 0, .. open],
                [0, 2, 11, 0, .. open.AsSpan(0, 9)],
                [0, 3, 0, 0, 2],
                [1, 3, 0, 0, .. "text"u8],
                [2, 3, 1, 0, 1, 2, 3],
                [4, 3, 2, 0, 0],
                [2, 2, 1, 0, 1, 2, 3],
                [2, 1, 1, 1, 4, 5, 6],
                [2, 7, 1, 0, 1, 2, 3],
                [0, 0, 0, 2, 0, 13, 0, 18, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0],
                [0, 0, 0, 2, 0, 14, 0, 10, 0, 0, 0, 0, 0, 1],
                [0, 0, 0, 2, 0, 16, 0, 12, 0, 0, 0, 0, 0, 0, 0, 1],
                [0, 0, 0, 2, 0, 15, 0, 8, 0, 0, 0, 0],
                [0, 0, 0, 2, 0, 17, 0, 12, 0, 0, 0, 0, 0, 5, 0, 0],
            ];
        }
    }

    public override bool IsOver => _near.State == SctpState.Closed;

    public override void Begin(ulong seed)
    {
        _now = MonotonicTime.FromMilliseconds(1000);
        _isInterleaving = seed % 2 == 0;
        var configuration = new DataChannelTransportConfiguration { MaxChannels = 16, Sctp = new() { Interleaving = _isInterleaving } };
        _near = new DataChannelTransport(configuration, new SeededRandomSource(seed ^ 1), new SeededRandomSource(seed ^ 2));
        var far = new DataChannelTransport(configuration, new SeededRandomSource(seed ^ 3), new SeededRandomSource(seed ^ 4));
        _near.SetDtlsRole(true);
        far.SetDtlsRole(false);
        for (ushort i = 0; i < 3; i++)
        {
            _near.CreateDataChannel(_now, $"{i}", new DataChannelInit { Negotiated = true, Id = i, Ordered = i != 2 });
        }

        _near.Start(_now);
        for (var moved = true; moved;)
        {
            moved = Carry(_near, far, isFromNear: true) | Carry(far, _near, isFromNear: false);
            Drain(_near);
            Drain(far);
        }

        Assert.Equal(SctpState.Established, _near.State);
    }

    public override ulong Execute(Span<byte> input, RandomSource random)
    {
        if (input.Length < 5)
        {
            return 0;
        }

        var before = (_near.Channels.Count, _near.MessagesDiscarded, _near.State);
        var length = input[3] % 3 == 2 ? WriteReConfig(input, random) : WriteData(input, random);
        new CommonHeader(5000, 5000, _tagOfNear).Write(_packet.AsSpan(0, length));
        _near.HandlePacket(_now, _packet.AsSpan(0, length));
        var kinds = Drain(_near);
        var packets = Transmit();
        _now += TimeSpan.FromMilliseconds(random.NextInt32(8) == 0 ? random.NextInt32(2000) : 1);
        _near.HandleTimeout(_now);
        kinds |= Drain(_near);
        packets += Transmit();
        Assert.True(_near.IsConsistent(), "counts or timers disagree");
        Assert.InRange(_near.Channels.Count, 0, 16);
        return Feature(
            input[3] % 3,
            input[0] % Ppids.Length,
            input[1] & 7,
            kinds,
            Bucket(packets),
            (int)_near.State,
            Math.Sign(_near.Channels.Count - before.Count),
            _near.MessagesDiscarded > before.MessagesDiscarded ? 1 : 0);
    }

    private int WriteData(Span<byte> input, RandomSource random)
    {
        var payload = input[4..];
        var chunk = _packet.AsSpan(CommonHeader.Length, (_isInterleaving ? IDataChunk.HeaderLength : DataChunk.HeaderLength) + payload.Length);
        var tsn = random.NextInt32(8) == 0 ? _nextTsn + (uint)random.NextInt32(6) : _nextTsn;
        _nextTsn += tsn == _nextTsn ? 1u : 0;
        if (_isInterleaving)
        {
            IDataChunk.Write(
                chunk, (byte)(input[1] & 15), new Tsn(tsn), new StreamId(input[2]), (uint)random.NextInt32(3), Ppids[input[0] % Ppids.Length], (uint)random.NextInt32(3), payload);
            return CommonHeader.Length + ((chunk.Length + 3) & ~3);
        }

        DataChunk.Write(
            chunk, (byte)(input[1] & 15), new Tsn(tsn), new StreamId(input[2]), new Ssn((ushort)random.NextInt32(3)), Ppids[input[0] % Ppids.Length], payload);
        return CommonHeader.Length + ((chunk.Length + 3) & ~3);
    }

    private int WriteReConfig(Span<byte> input, RandomSource random)
    {
        var parameters = input[4..];
        var chunk = _packet.AsSpan(CommonHeader.Length, ChunkHeader.Length + parameters.Length);
        ChunkHeader.Write(chunk, ChunkType.ReConfig);
        if (parameters.Length >= 8 && random.NextInt32(4) != 0)
        {
            BinaryPrimitives.WriteUInt16BigEndian(parameters[2..], (ushort)parameters.Length);
            BinaryPrimitives.WriteUInt32BigEndian(parameters[4..], _nextRequest);
            _nextRequest += random.NextInt32(4) != 0 ? 1u : 0;
            if (parameters.Length >= 16 && random.NextInt32(2) == 0)
            {
                BinaryPrimitives.WriteUInt32BigEndian(parameters[12..], _nextTsn + (uint)random.NextInt32(4) - 1);
            }
        }

        parameters.CopyTo(chunk[ChunkHeader.Length..]);
        return CommonHeader.Length + ((chunk.Length + 3) & ~3);
    }

    private int Transmit()
    {
        var count = 0;
        while (count < 1000 && _near.TryTransmit(_now, _scratch, out _))
        {
            count++;
        }

        Assert.True(count < 1000, "sends without end");
        return count;
    }

    private static int Drain(DataChannelTransport transport)
    {
        var kinds = 0;
        var count = 0;
        while (transport.TryReadEvent(out var e))
        {
            kinds |= 1 << (int)e.Kind;
            Assert.True(++count < 1000, "events without end");
        }

        return kinds;
    }

    private bool Carry(DataChannelTransport from, DataChannelTransport to, bool isFromNear)
    {
        var any = false;
        while (from.TryTransmit(_now, _scratch, out var length))
        {
            any = true;
            var packet = _scratch.AsSpan(0, length);
            if ((ChunkType)packet[12] is ChunkType.Init or ChunkType.InitAck)
            {
                if (isFromNear)
                {
                    _tagOfNear = new VerificationTag(BinaryPrimitives.ReadUInt32BigEndian(packet[16..]));
                }
                else
                {
                    _nextTsn = _nextRequest = BinaryPrimitives.ReadUInt32BigEndian(packet[28..]);
                }
            }

            to.HandlePacket(_now, packet);
        }

        return any;
    }
}
