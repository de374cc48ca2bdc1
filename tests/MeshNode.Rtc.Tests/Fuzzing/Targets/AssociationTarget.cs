using System.Buffers.Binary;
using MeshNode.Rtc.Sctp;
using MeshNode.Rtc.Sctp.Chunks;
using MeshNode.Rtc.Sctp.Parameters;
using MeshNode.Rtc.Tests.Sctp;

namespace MeshNode.Rtc.Tests.Fuzzing.Targets;

/// <summary>An association in one of its states, fed packets with good checksums and mostly good tags and TSNs.</summary>
internal sealed class AssociationTarget(SctpState state) : FuzzTarget
{
    private readonly byte[] _packet = new byte[4096];
    private readonly byte[] _scratch = new byte[65536];
    private AssociationPair _pair = null!;

    public override string Name => $"association in {state}";

    public override IReadOnlyList<byte[]> Seeds => [.. GoldenChunks.All, .. Exchanged()];

    public override long AllocationLimit => 6 << 20; // a TSN 32,767 ahead makes the ring of received chunks as long as it can be

    public override bool IsOver => state != SctpState.Closed && _pair.A.State == SctpState.Closed;

    public override void Begin(ulong seed)
    {
        _pair = new AssociationPair(seed, new SctpConfiguration { Interleaving = seed % 2 == 0 });
        _pair.Reach(state);
        Assert.Equal(state, _pair.A.State);
    }

    public override ulong Execute(Span<byte> input, RandomSource random)
    {
        PutRight(input, random);
        var length = CommonHeader.Length + input.Length;
        input.CopyTo(_packet.AsSpan(CommonHeader.Length));
        var type = input.IsEmpty ? 0 : input[0];
        var tag = random.NextInt32(10) == 0 ? new VerificationTag(random.NextUInt32())
            : type == (byte)ChunkType.Init ? default : _pair.TagOfA;
        if (type == (byte)ChunkType.CookieEcho && random.NextInt32(2) == 0)
        {
            (tag, length) = EchoRealCookie(random);
        }

        new CommonHeader(5000, 5000, tag).Write(_packet.AsSpan(0, length), isZeroChecksum: random.NextInt32(4) == 0);
        var before = (_pair.A.State, _pair.A.Statistics.PacketsDiscarded, _pair.A.Statistics.PacketsSent);
        _pair.A.HandlePacket(_pair.Now, _packet.AsSpan(0, length));
        _pair.Settle(_scratch, (SeededRandomSource)random);
        Assert.True(_pair.A.IsConsistent(), "counts or timers disagree");
        var after = _pair.A.Statistics;
        Assert.True(after.BytesInFlight >= 0);
        return Feature(
            (int)before.State,
            type,
            input.Length > 1 ? input[1] & 7 : 0,
            (int)_pair.A.State,
            after.PacketsDiscarded > before.PacketsDiscarded ? 1 : 0,
            Bucket(after.PacketsSent - before.PacketsSent),
            Bucket(after.Retransmissions),
            Bucket(after.MessagesReceived),
            Bucket(after.MessagesAbandoned));
    }

    /// <summary>Asks for a cookie with an INIT, as a new peer or as one of before, and echoes it.</summary>
    private (VerificationTag Tag, int Length) EchoRealCookie(RandomSource random)
    {
        var init = _packet.AsSpan(0, CommonHeader.Length + GoldenChunks.Init.Length);
        GoldenChunks.Init.CopyTo(init[CommonHeader.Length..]);
        BinaryPrimitives.WriteUInt32BigEndian(init[16..], random.NextUInt32() | 1);
        new CommonHeader(5000, 5000, default).Write(init);
        _pair.A.HandlePacket(_pair.Now, init);
        while (_pair.A.TryTransmit(_pair.Now, _scratch, out var sent))
        {
            var reader = new ChunkReader(_scratch.AsSpan(CommonHeader.Length, sent - CommonHeader.Length));
            if (reader.TryRead(out var type, out var chunk) && type == ChunkType.InitAck && InitChunk.TryParse(chunk, type, out var ack))
            {
                var cookie = InitParameters.Read(ack.Parameters).StateCookie;
                CookieEchoChunk.Write(_packet.AsSpan(CommonHeader.Length, ChunkHeader.Length + cookie.Length), cookie);
                return (ack.InitiateTag, CommonHeader.Length + ChunkHeader.Length + cookie.Length);
            }
        }

        return (default, init.Length);
    }

    private static List<byte[]> Exchanged()
    {
        var pair = new AssociationPair(1);
        pair.Reach(SctpState.Established);
        return pair.Chunks;
    }

    /// <summary>Lengths that fit, and TSNs near those in use, without which nearly all would be out of reach.</summary>
    private void PutRight(Span<byte> input, RandomSource random)
    {
        if (input.Length < 8 || random.NextInt32(4) == 0)
        {
            return;
        }

        if (random.NextInt32(2) == 0)
        {
            BinaryPrimitives.WriteUInt16BigEndian(input[2..], (ushort)input.Length);
        }

        var near = (uint)(random.NextInt32(24) - 4);
        switch (input[0])
        {
            case 0 or 64 or 192 or 194: // DATA, I-DATA, FORWARD TSN, I-FORWARD TSN
                BinaryPrimitives.WriteUInt32BigEndian(input[4..], _pair.NextTsnOfB + near);
                break;
            case 3 or 7: // SACK, SHUTDOWN
                BinaryPrimitives.WriteUInt32BigEndian(input[4..], _pair.InitialTsnOfA + near);
                break;
            default:
                break;
        }
    }
}
