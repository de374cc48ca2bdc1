using MeshNode.Rtc.Sctp;
using MeshNode.Rtc.Sctp.Chunks;

namespace MeshNode.Rtc.Tests.Sctp;

public sealed class StreamResetTests
{
    private static readonly StreamId Stream = new(1);

    [Fact]
    public void A_reset_waits_until_all_that_was_sent_is_acknowledged()
    {
        var pair = new AssociationPair(1);
        pair.Reach(SctpState.Established);
        pair.Quiesce();
        Assert.True(pair.A.TrySend(pair.Now, Stream, 53, new byte[5000], default));
        pair.A.ResetOutgoingStream(Stream);

        var unacknowledged = Transmit(pair);
        Assert.DoesNotContain(unacknowledged, IsReset);
        foreach (var packet in unacknowledged)
        {
            pair.B.HandlePacket(pair.Now, packet);
        }

        pair.Chunks.Clear();
        pair.Exchange();
        Assert.Contains(pair.Chunks, chunk => chunk[0] == (byte)ChunkType.ReConfig);
    }

    [Fact]
    public void A_reset_of_a_stream_without_data_leaves_at_once()
    {
        var pair = new AssociationPair(2);
        pair.Reach(SctpState.Established);
        pair.Quiesce();
        Assert.True(pair.A.TrySend(pair.Now, new StreamId(2), 53, new byte[10], default)); // another's
        pair.A.ResetOutgoingStream(Stream);

        pair.Chunks.Clear();
        pair.Exchange();
        Assert.Contains(pair.Chunks, chunk => chunk[0] == (byte)ChunkType.ReConfig);
    }

    private static bool IsReset(byte[] packet) => packet[CommonHeader.Length] == (byte)ChunkType.ReConfig;

    private static List<byte[]> Transmit(AssociationPair pair)
    {
        var packets = new List<byte[]>();
        var buffer = new byte[2048];
        while (pair.A.TryTransmit(pair.Now, buffer, out var length))
        {
            packets.Add(buffer[..length]);
        }

        return packets;
    }
}
