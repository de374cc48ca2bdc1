using System.Buffers.Binary;
using MeshNode.Rtc.Sctp;
using MeshNode.Rtc.Sctp.Chunks;

namespace MeshNode.Rtc.Tests.Sctp;

/// <summary>RFC 9653 with the error detection method of DTLS.</summary>
public sealed class ZeroChecksumTests
{
    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public void Packets_carry_a_zero_only_where_both_sides_announced_it_and_never_to_set_up(bool a, bool b)
    {
        var pair = new AssociationPair(1, new SctpConfiguration { ZeroChecksum = a }, new SctpConfiguration { ZeroChecksum = b });
        var zeros = 0;
        var sums = 0;
        pair.Tap = (_, packet) =>
        {
            var isZero = BinaryPrimitives.ReadUInt32LittleEndian(packet.AsSpan(8)) == 0;
            zeros += isZero ? 1 : 0;
            sums += isZero ? 0 : 1;
            if (isZero)
            {
                Assert.NotInRange((ChunkType)packet[CommonHeader.Length], ChunkType.Init, ChunkType.InitAck);
                Assert.NotEqual(ChunkType.CookieEcho, (ChunkType)packet[CommonHeader.Length]);
            }
        };
        pair.A.Associate(pair.Now);
        pair.Exchange();
        var setUp = sums;
        pair.A.TrySend(pair.Now, new StreamId(1), 53, new byte[20_000], default);
        pair.B.TrySend(pair.Now, new StreamId(1), 53, new byte[20_000], default);
        pair.Quiesce();

        Assert.Equal(a && b, zeros > 0);
        Assert.Equal(a && b, sums == setUp);
        Assert.Equal(20_000, pair.A.Statistics.BytesSent);
        Assert.Equal(0, pair.A.Statistics.PacketsDiscarded + pair.B.Statistics.PacketsDiscarded);
    }

    [Fact]
    public void A_wrong_sum_is_refused_where_a_zero_is_accepted()
    {
        var pair = new AssociationPair(2);
        pair.Reach(SctpState.Established);
        pair.Quiesce();
        var packet = Packet(pair, GoldenChunks.Heartbeat);
        pair.A.HandlePacket(pair.Now, packet);
        Assert.Equal(0, pair.A.Statistics.PacketsDiscarded);
        for (var bit = 1; bit < 32; bit++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(packet.AsSpan(8), 1u << bit);
            pair.A.HandlePacket(pair.Now, packet);
            Assert.Equal(bit, pair.A.Statistics.PacketsDiscarded);
        }

        packet.AsSpan(8, 4).Clear();
        pair.A.HandlePacket(pair.Now, packet);
        Assert.Equal(31, pair.A.Statistics.PacketsDiscarded);
    }

    [Fact]
    public void A_zero_is_refused_where_it_was_not_announced()
    {
        var pair = new AssociationPair(3, new SctpConfiguration { ZeroChecksum = false });
        pair.Reach(SctpState.Established);
        pair.Quiesce();
        var packet = Packet(pair, GoldenChunks.Heartbeat);
        packet.AsSpan(8, 4).Clear();
        pair.A.HandlePacket(pair.Now, packet);

        Assert.Equal(1, pair.A.Statistics.PacketsDiscarded);
    }

    [Fact]
    public void Init_and_cookie_echo_without_a_checksum_are_refused()
    {
        var pair = new AssociationPair(4);
        byte[]? echo = null;
        pair.Tap = (_, packet) => echo = (ChunkType)packet[CommonHeader.Length] == ChunkType.CookieEcho ? packet : echo;
        pair.Reach(SctpState.Established);
        var before = pair.B.Statistics.PacketsDiscarded;
        echo!.AsSpan(8, 4).Clear();
        pair.B.HandlePacket(pair.Now, echo);
        var init = new byte[CommonHeader.Length + GoldenChunks.Init.Length];
        GoldenChunks.Init.CopyTo(init, CommonHeader.Length);
        new CommonHeader(5000, 5000, default).Write(init, isZeroChecksum: true);
        pair.B.HandlePacket(pair.Now, init);

        Assert.Equal(before + 2, pair.B.Statistics.PacketsDiscarded);
    }

    private static byte[] Packet(AssociationPair pair, byte[] chunk)
    {
        var packet = new byte[CommonHeader.Length + chunk.Length];
        chunk.CopyTo(packet, CommonHeader.Length);
        new CommonHeader(5000, 5000, pair.TagOfA).Write(packet);
        return packet;
    }
}
