using MeshNode.Rtc.Sctp;
using MeshNode.Rtc.Sctp.Chunks;

namespace MeshNode.Rtc.Tests.Sctp;

/// <summary>I-DATA between two associations (RFC 8260), and without it where one side does not announce it.</summary>
public sealed class InterleavingTests
{
    private static readonly SctpConfiguration WithoutInterleaving = new() { Interleaving = false };

    [Fact]
    public void A_message_of_the_first_class_waits_for_at_most_one_packet_of_a_message_that_has_begun()
    {
        var pair = Connected(1);
        pair.A.TrySend(pair.Now, new StreamId(1), 53, new byte[200_000], default);
        Assert.Equal([1], StreamsOfNextPacket(pair));
        pair.A.OutgoingStream(new StreamId(2)).IsFirstClass = true;
        pair.A.TrySend(pair.Now, new StreamId(2), 53, new byte[100], default);

        Assert.Equal(2, StreamsOfNextPacket(pair)[0]);
        Assert.Equal([1], StreamsOfNextPacket(pair));
    }

    [Fact]
    public void Without_it_a_message_that_has_begun_is_finished_first()
    {
        var pair = Connected(2, WithoutInterleaving);
        pair.A.TrySend(pair.Now, new StreamId(1), 53, new byte[5000], default);
        Assert.Equal([1], StreamsOfNextPacket(pair));
        pair.A.OutgoingStream(new StreamId(2)).IsFirstClass = true;
        pair.A.TrySend(pair.Now, new StreamId(2), 53, new byte[100], default);
        pair.A.TrySend(pair.Now, new StreamId(1), 53, new byte[100], default);

        List<int> order = [];
        while (StreamsOfNextPacket(pair) is { Count: > 0 } streams)
        {
            order.AddRange(streams);
        }

        Assert.Equal([1, 1, 1, 1, 2, 1], order);
    }

    [Theory]
    [InlineData(256, 256)]
    [InlineData(256, 1024)]
    [InlineData(128, 512)]
    public void Messages_of_two_streams_share_the_packets_by_weight(int weight1, int weight2)
    {
        var pair = Connected(3);
        pair.A.OutgoingStream(new StreamId(1)).Weight = weight1;
        pair.A.OutgoingStream(new StreamId(2)).Weight = weight2;
        pair.A.TrySend(pair.Now, new StreamId(1), 53, new byte[200_000], default);
        pair.A.TrySend(pair.Now, new StreamId(2), 53, new byte[200_000], default);
        var count = new int[3];
        for (var i = 0; i < 100; i++)
        {
            foreach (var stream in StreamsOfNextPacket(pair))
            {
                count[stream]++;
            }

            pair.BToA();
        }

        Assert.InRange(count[2] / (double)count[1], 0.9 * weight2 / weight1, 1.1 * weight2 / weight1);
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public void Chunks_are_of_the_kind_that_both_sides_announced(bool a, bool b)
    {
        var pair = new AssociationPair(4, new SctpConfiguration { Interleaving = a }, new SctpConfiguration { Interleaving = b });
        var kinds = new HashSet<ChunkType>();
        pair.Tap = (_, packet) =>
        {
            var reader = new ChunkReader(packet.AsSpan(CommonHeader.Length));
            while (reader.TryRead(out var type, out ReadOnlySpan<byte> _))
            {
                kinds.Add(type);
            }
        };
        pair.A.Associate(pair.Now);
        pair.Exchange();
        pair.A.TrySend(pair.Now, new StreamId(1), 53, new byte[5000], default);
        pair.B.TrySend(pair.Now, new StreamId(1), 53, new byte[5000], default);
        pair.Exchange();

        Assert.Equal(a && b, kinds.Contains(ChunkType.IData));
        Assert.Equal(!(a && b), kinds.Contains(ChunkType.Data));
        Assert.Equal([5000], Lengths(pair.B));
        Assert.Equal([5000], Lengths(pair.A));
    }

    [Theory]
    [InlineData(true, "000300110000000000010000000000330A")] // DATA where I-DATA was agreed
    [InlineData(true, "C000000800000000")] // FORWARD TSN
    [InlineData(false, "400300150000000000010000000000000000003300")] // I-DATA where it was not
    [InlineData(false, "C200000800000000")] // I-FORWARD-TSN
    public void Chunks_of_the_other_kind_end_the_association(bool isInterleaving, string chunk)
    {
        var pair = Connected(5, null, new SctpConfiguration { Interleaving = isInterleaving });
        Inject(pair, Convert.FromHexString(chunk));

        Assert.Equal(SctpState.Closed, pair.A.State);
        Assert.Equal(SctpErrorKind.ProtocolViolation, Error(pair.A)!.Kind);
    }

    [Fact]
    public void Large_messages_of_a_hundred_streams_do_not_fill_the_window_with_beginnings()
    {
        var pair = Connected(6, new SctpConfiguration { ReceiveWindow = 300_000, MaxReceiveWindow = 300_000 });
        for (var i = 0; i < 100; i++)
        {
            Assert.True(pair.A.TrySend(pair.Now, new StreamId((ushort)i), 53, new byte[200_000], default));
        }

        var received = 0;
        for (var i = 0; i < 100_000 && received < 100; i++)
        {
            pair.AToB();
            pair.BToA();
            received += Lengths(pair.B).Count;
            pair.Now += TimeSpan.FromMilliseconds(1);
            pair.A.HandleTimeout(pair.Now);
            pair.B.HandleTimeout(pair.Now);
        }

        Assert.Equal(100, received);
        Assert.True(pair.A.IsConsistent() && pair.B.IsConsistent());
        Assert.Equal(0, pair.A.Statistics.Retransmissions);
    }

    [Fact]
    public void A_far_side_that_begins_messages_without_end_is_stopped_at_the_limit()
    {
        var pair = Connected(7, new SctpConfiguration { ReceiveWindow = 300_000, MaxReceiveWindow = 1_000_000 });
        var tsn = pair.NextTsnOfB;
        var chunk = new byte[IDataChunk.HeaderLength + 1000];
        var taken = 0;
        for (var i = 0; i < 5000 && pair.A.State == SctpState.Established; i++, taken++)
        {
            IDataChunk.Write(chunk, DataChunk.BeginningFlag, new Tsn(tsn++), new StreamId((ushort)i), 0, 53, 0, new byte[1000]);
            Inject(pair, chunk);
            Assert.True(pair.A.IsConsistent());
        }

        Assert.Equal(SctpErrorKind.ResourceExhausted, Error(pair.A)!.Kind);
        Assert.InRange(taken, 300, 1500); // one and a half times MaxReceiveWindow, with overhead
    }

    [Fact]
    public void An_abandoned_message_leaves_nothing_behind_where_other_messages_lie_between_its_fragments()
    {
        var pair = Connected(8);
        var isLossy = false;
        var lost = 0;
        var buffer = new byte[4096];
        pair.A.TrySend(pair.Now, new StreamId(1), 53, new byte[8_000], new SendOptions(IsUnordered: true, MaxRetransmissions: 0));
        pair.A.TrySend(pair.Now, new StreamId(2), 53, new byte[8_000], default);
        for (var i = 0; i < 200; i++)
        {
            while (pair.A.TryTransmit(pair.Now, buffer, out var length))
            {
                isLossy = lost == 0 && buffer[CommonHeader.Length] == (byte)ChunkType.IData && buffer[CommonHeader.Length + 9] == 1;
                lost += isLossy ? 1 : 0;
                if (!isLossy)
                {
                    pair.B.HandlePacket(pair.Now, buffer.AsSpan(0, length));
                }
            }

            while (pair.BToA())
            {
            }

            pair.Now += TimeSpan.FromMilliseconds(20);
            pair.A.HandleTimeout(pair.Now);
            pair.B.HandleTimeout(pair.Now);
        }

        Assert.Equal(1, lost);
        Assert.Equal(1, pair.A.Statistics.MessagesAbandoned);
        Assert.Equal([8_000], Lengths(pair.B));
        Assert.True(pair.A.IsConsistent() && pair.B.IsConsistent());
        Assert.Equal(0, pair.B.BufferedBytes);
        Assert.Equal(0, pair.A.Statistics.BytesInFlight);
    }

    [Theory]
    [InlineData(1160)]
    [InlineData(1400)]
    [InlineData(9000)]
    [InlineData(16000)]
    public void A_larger_packet_bundles_chunks_of_the_base_size_and_is_acknowledged_at_once(int packetSize)
    {
        var pair = Connected(9);
        pair.A.MaxPacketSize = packetSize;
        pair.A.TrySend(pair.Now, new StreamId(1), 53, new byte[100_000], default);
        var buffer = new byte[packetSize];
        Assert.True(pair.A.TryTransmit(pair.Now, buffer, out var length));
        Assert.InRange(length, Math.Min(packetSize, 11_000) - 300, packetSize); // the congestion window is not larger
        var chunks = 0;
        var reader = new ChunkReader(buffer.AsSpan(CommonHeader.Length, length - CommonHeader.Length));
        while (reader.TryRead(out var type, out var chunk))
        {
            Assert.Equal(ChunkType.IData, type);
            Assert.True(chunk.Length <= new SctpConfiguration().MaxPacketSize - CommonHeader.Length);
            chunks++;
        }

        Assert.True(chunks >= length / 1160);
        pair.B.HandlePacket(pair.Now, buffer.AsSpan(0, length));
        Assert.Equal(packetSize > 2400, pair.BToA());
    }

    [Fact]
    public void What_was_lost_in_large_packets_goes_again_in_small_ones()
    {
        var pair = Connected(10);
        var buffer = new byte[9000];
        pair.A.MaxPacketSize = 9000;
        pair.A.TrySend(pair.Now, new StreamId(1), 53, new byte[60_000], default);
        while (pair.A.TryTransmit(pair.Now, buffer, out _))
        {
        }

        pair.A.MaxPacketSize = 1160; // a black hole
        var received = new List<int>();
        for (var i = 0; i < 100 && received.Count == 0; i++)
        {
            pair.Now += TimeSpan.FromMilliseconds(100);
            pair.A.HandleTimeout(pair.Now);
            pair.B.HandleTimeout(pair.Now);
            pair.Exchange();
            received = Lengths(pair.B);
        }

        Assert.Equal([60_000], received);
    }

    private static AssociationPair Connected(ulong seed, SctpConfiguration? configuration = null, SctpConfiguration? configurationOfB = null)
    {
        var pair = new AssociationPair(seed, configuration, configurationOfB);
        pair.A.Associate(pair.Now);
        pair.Exchange();
        Assert.Equal(SctpState.Established, pair.A.State);
        return pair;
    }

    /// <summary>Streams of the user data in the packet that A sends next, which B gets.</summary>
    private static List<int> StreamsOfNextPacket(AssociationPair pair)
    {
        List<int> streams = [];
        pair.Tap = (isFromA, packet) =>
        {
            var reader = new ChunkReader(packet.AsSpan(CommonHeader.Length));
            while (isFromA && reader.TryRead(out var type, out var chunk))
            {
                if (type is ChunkType.Data or ChunkType.IData)
                {
                    streams.Add((chunk[8] << 8) | chunk[9]);
                }
            }
        };
        pair.AToB();
        pair.Tap = null;
        return streams;
    }

    private static void Inject(AssociationPair pair, byte[] chunk)
    {
        var packet = new byte[(CommonHeader.Length + chunk.Length + 3) & ~3];
        chunk.CopyTo(packet, CommonHeader.Length);
        new CommonHeader(5000, 5000, pair.TagOfA).Write(packet);
        pair.A.HandlePacket(pair.Now, packet);
    }

    private static List<int> Lengths(SctpAssociation association)
    {
        List<int> lengths = [];
        while (association.TryReadEvent(out var e))
        {
            if (e.Kind == SctpEventKind.Message)
            {
                lengths.Add(e.Length);
                association.ReleaseWindow(e.Length);
                BufferPool.Return(e.Buffer!);
            }
        }

        return lengths;
    }

    private static SctpError? Error(SctpAssociation association)
    {
        SctpError? error = null;
        while (association.TryReadEvent(out var e))
        {
            error ??= e.Error;
        }

        return error;
    }
}
