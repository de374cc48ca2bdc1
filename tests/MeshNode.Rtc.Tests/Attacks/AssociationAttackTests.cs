using System.Buffers.Binary;
using System.Diagnostics;
using MeshNode.Rtc.DataChannels;
using MeshNode.Rtc.Sctp;
using MeshNode.Rtc.Sctp.Chunks;
using MeshNode.Rtc.Tests.Fuzzing;
using MeshNode.Rtc.Tests.Sctp;

namespace MeshNode.Rtc.Tests.Attacks;

/// <summary>What a peer that has passed DTLS and lies about everything else can do to the node: end its own association.</summary>
[Collection(AloneCollection.Name)]
public sealed class AssociationAttackTests
{
    private const uint Open = 1 << 20;

    private static readonly TimeSpan MuchWork = TimeSpan.FromSeconds(60); // generous: a busy machine, and still a sign of squares

    [Fact]
    public void An_init_flood_is_answered_as_it_comes_and_leaves_nothing()
    {
        var peer = new HostilePeer();
        var held = GC.GetTotalMemory(forceFullCollection: true);
        var init = GoldenChunks.Init.ToArray();
        for (uint i = 0; i < 10_000; i++)
        {
            BinaryPrimitives.WriteUInt32BigEndian(init.AsSpan(4), i + 1);
            peer.Send(init, default(VerificationTag));
        }

        Assert.Equal(SctpState.Established, peer.Victim.State);
        Assert.InRange(Growth(held), 0, 256 * 1024);
        AssertStillWorks(peer);
    }

    [Fact]
    public void Replies_that_nobody_takes_do_not_pile_up()
    {
        var association = new AssociationPair(3);
        association.Reach(SctpState.Established);
        var packet = new byte[CommonHeader.Length + GoldenChunks.Init.Length];
        GoldenChunks.Init.CopyTo(packet, CommonHeader.Length);
        new CommonHeader(5000, 5000, default).Write(packet);
        for (var i = 0; i < 10_000; i++)
        {
            association.A.HandlePacket(association.Now, packet);
        }

        var replies = 0;
        while (association.A.TryTransmit(association.Now, new byte[2048], out _))
        {
            replies++;
        }

        Assert.InRange(replies, 1, 32);
    }

    [Fact]
    public void Forged_cookies_are_not_answered()
    {
        var peer = new HostilePeer();
        var before = peer.Sent;
        var cookie = new byte[80];
        CookieEchoChunk.Write(cookie, new byte[76]);
        for (uint i = 0; i < 10_000; i++)
        {
            BinaryPrimitives.WriteUInt32BigEndian(cookie.AsSpan(8), i);
            peer.Send(cookie);
        }

        Assert.Equal(before, peer.Sent);
        AssertStillWorks(peer);
    }

    [Fact]
    public void A_sack_for_what_was_not_sent_ends_the_association_once()
    {
        var peer = new HostilePeer();
        SendFromVictim(peer, 10_000);
        peer.Send(HostilePeer.Sack(peer.HighestSent + 1, Open));
        peer.Send(HostilePeer.Sack(peer.HighestSent + 9, Open));
        Assert.Equal((1, SctpErrorKind.ProtocolViolation), (peer.Ends, peer.Error!.Kind));
    }

    [Fact]
    public void A_cumulative_point_that_goes_back_is_ignored()
    {
        var peer = new HostilePeer();
        SendFromVictim(peer, 100_000);
        peer.Send(HostilePeer.Sack(peer.VictimsTsn + 4, Open));
        for (uint i = 0; i < 1000; i++)
        {
            peer.Send(HostilePeer.Sack(peer.VictimsTsn - i, 0));
        }

        Assert.Equal(0, peer.Ends);
        AssertStillWorks(peer);
    }

    [Fact]
    public void Optimistic_acknowledgements_cannot_put_more_in_flight_than_is_kept_track_of()
    {
        var peer = new HostilePeer();
        SendFromVictim(peer, 16 << 20);
        for (var i = 0; i < 2000 && peer.Ends == 0; i++)
        {
            peer.Send(HostilePeer.Sack(peer.HighestSent, uint.MaxValue));
            peer.Now += TimeSpan.FromMilliseconds(1);
        }

        var statistics = peer.Victim.Statistics;
        Assert.InRange(statistics.BytesInFlight, 0, 40 << 20); // 32,768 chunks at most
        Assert.True(peer.Victim.IsConsistent());
    }

    [Fact]
    public void Hundreds_of_gap_blocks_that_come_and_go_do_not_make_the_sender_repeat_itself_without_end()
    {
        var peer = new HostilePeer();
        SendFromVictim(peer, 16 << 20);
        for (var i = 0; i < 40; i++)
        {
            peer.Wait(TimeSpan.FromMilliseconds(20));
            peer.Send(HostilePeer.Sack(peer.HighestSent, uint.MaxValue)); // a path of 20 ms without loss
        }

        SendFromVictim(peer, 16 << 20);
        peer.Wait(TimeSpan.FromMilliseconds(20));
        var cumulative = peer.VictimsTsn - 1 + ((peer.HighestSent - peer.VictimsTsn) / 2);
        var outstanding = peer.HighestSent - cumulative;
        var gaps = new (ushort Start, ushort End)[Math.Min(270, (outstanding / 2) - 1)];
        for (var i = 0; i < gaps.Length; i++)
        {
            gaps[i] = ((ushort)(2 + (2 * i)), (ushort)(2 + (2 * i)));
        }

        var before = peer.Sent.Bytes;
        long brought = 0;
        for (var i = 0; i < 5_000 && peer.Ends == 0; i++)
        {
            var sack = HostilePeer.Sack(cumulative, uint.MaxValue, gaps.AsSpan(0, gaps.Length - (i % 2))); // dropped and acknowledged again and again
            brought += sack.Length;
            peer.Send(sack);
            peer.Wait(TimeSpan.FromMilliseconds(1));
        }

        Assert.True(peer.Sent.Bytes - before <= brought, $"{peer.Sent.Bytes - before} bytes out for {brought} in");
        Assert.True(peer.Victim.IsConsistent());
    }

    [Fact]
    public void Messages_on_every_stream_cost_bounded_memory()
    {
        var peer = new HostilePeer();
        var held = GC.GetTotalMemory(forceFullCollection: true);
        for (var stream = 0; stream < 65_535 && peer.Ends == 0; stream++)
        {
            peer.Send(HostilePeer.Data(peer.NextTsn++, (ushort)stream, 0, 53, 3, [1]));
        }

        Assert.Equal(0, peer.Ends);
        Assert.InRange(Growth(held), 0, 8 << 20);
    }

    [Theory]
    [InlineData(false, 1)] // the first fragment of a message on every stream
    [InlineData(false, 200)] // of many messages on a few streams
    [InlineData(true, 1)] // a fragment in the middle, for which the beginning never comes
    public void Interleaved_messages_that_never_end_cost_bounded_memory(bool isMiddle, int messagesOfAStream)
    {
        var peer = new HostilePeer(isInterleaving: true);
        var held = GC.GetTotalMemory(forceFullCollection: true);
        var most = 0L;
        var chunk = new byte[24];
        for (var i = 0; i < 200_000 && peer.Ends == 0; i++)
        {
            var stream = new StreamId((ushort)(i / messagesOfAStream % 65_000));
            IDataChunk.Write(chunk.AsSpan(0, 21), isMiddle ? (byte)0 : (byte)2, new Tsn(peer.NextTsn++), stream, (uint)(i % messagesOfAStream), 53, 7, [1]);
            peer.Send(chunk);
            most = i % 20_000 == 0 ? Math.Max(most, Growth(held)) : most;
        }

        Assert.InRange(most, 0, 3 * peer.Victim.Configuration.Sctp.MaxReceiveWindow);
        Assert.InRange(Growth(held), 0, 3 * peer.Victim.Configuration.Sctp.MaxReceiveWindow);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_message_of_tiny_fragments_costs_a_few_times_the_window_at_most(bool isBehindAGap)
    {
        var peer = new HostilePeer();
        var held = GC.GetTotalMemory(forceFullCollection: true);
        peer.NextTsn += isBehindAGap ? 1u : 0;
        var packet = new byte[20 * 50];
        for (var i = 0; i < 300_000 / 50 && peer.Ends == 0; i++)
        {
            for (var j = 0; j < 50; j++)
            {
                HostilePeer.Data(peer.NextTsn++, 0, 0, 53, (byte)(i == 0 && j == 0 ? 2 : 0), [1]).CopyTo(packet, j * 20);
            }

            peer.Send(packet);
        }

        Assert.InRange(Growth(held), 0, 10 * 1024 * 1024);
    }

    [Fact]
    public void A_window_of_zero_for_ever_is_probed_rarely_and_fills_only_the_senders_limit()
    {
        var peer = new HostilePeer();
        SendFromVictim(peer, 1 << 20);
        var last = peer.HighestSent;
        for (var i = 0; i < 500; i++)
        {
            peer.Send(HostilePeer.Sack(last, 0));
            last = peer.HighestSent;
        }

        var before = peer.Sent.Packets;
        for (var seconds = 0; seconds < 3600; seconds += 10)
        {
            peer.Wait(TimeSpan.FromSeconds(10));
            peer.Send(HostilePeer.Sack(last, 0)); // it lives, and takes nothing
        }

        Assert.Equal(0, peer.Ends);
        Assert.InRange(peer.Sent.Packets - before, 1, 40_000);
        var refused = 0;
        for (var i = 0; i < 2000 && refused == 0; i++)
        {
            refused += peer.Channel.Send(peer.Now, new byte[65_536], DataChannelMessageKind.Binary) == DataChannelSendResult.BufferFull ? 1 : 0;
        }

        Assert.Equal(1, refused);
        peer.Victim.Abort(peer.Now, "enough");
        peer.Drain();
        Assert.Equal(1, peer.Ends);
    }

    [Fact]
    public void Forward_tsns_to_anywhere_are_cheap_and_harmless_to_others()
    {
        var peer = new HostilePeer();
        var clock = Stopwatch.StartNew();
        var random = new SeededRandomSource(4);
        for (var i = 0; i < 20_000 && peer.Ends == 0; i++)
        {
            peer.Send(HostilePeer.Data(peer.NextTsn + 1 + (uint)random.NextInt32(30_000), (ushort)i, 0, 53, 2, [1]));
            var forward = new byte[12];
            forward[0] = 192;
            forward[3] = 12;
            peer.NextTsn += (uint)random.NextInt32(int.MaxValue);
            BinaryPrimitives.WriteUInt32BigEndian(forward.AsSpan(4), peer.NextTsn);
            BinaryPrimitives.WriteUInt16BigEndian(forward.AsSpan(8), (ushort)i);
            peer.Send(forward);
            peer.NextTsn++;
        }

        Assert.True(clock.Elapsed < MuchWork, $"{clock.Elapsed}");
        Assert.True(peer.Victim.IsConsistent());
    }

    [Fact]
    public void A_flood_of_reset_requests_is_answered_a_few_at_a_time()
    {
        var peer = new HostilePeer();
        var held = GC.GetTotalMemory(forceFullCollection: true);
        var sequence = peer.NextTsn;
        var chunk = new byte[4 + 16 + 1000];
        for (var i = 0; i < 5_000 && peer.Ends == 0; i++)
        {
            ChunkHeader.Write(chunk, ChunkType.ReConfig);
            BinaryPrimitives.WriteUInt16BigEndian(chunk.AsSpan(4), (ushort)(13 + (i % 2)));
            BinaryPrimitives.WriteUInt16BigEndian(chunk.AsSpan(6), (ushort)(chunk.Length - 4));
            BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(8), sequence++);
            for (var j = 20; j < chunk.Length; j += 2)
            {
                BinaryPrimitives.WriteUInt16BigEndian(chunk.AsSpan(j), (ushort)(i + j));
            }

            peer.Send(chunk);
        }

        Assert.True(peer.Victim.IsConsistent());
        Assert.InRange(Growth(held), 0, 4 << 20);
    }

    [Fact]
    public void A_flood_of_channels_ends_at_the_limit()
    {
        var peer = new HostilePeer(new DataChannelTransportConfiguration { MaxChannels = 64 });
        var open = DataChannelOpenMessage.Create("x", new DataChannelInit());
        var held = GC.GetTotalMemory(forceFullCollection: true);
        var clock = Stopwatch.StartNew();
        for (var i = 0; i < 200_000 && peer.Ends == 0; i++)
        {
            peer.Send(HostilePeer.Data(peer.NextTsn++, (ushort)(1 + (i % 65_000)), (ushort)(i / 65_000), DataChannelPpid.Dcep, 3, open));
        }

        Assert.True(clock.Elapsed < MuchWork, $"{clock.Elapsed}");
        Assert.InRange(peer.Victim.Channels.Count, 1, 64);
        Assert.InRange(Growth(held), 0, 8 << 20);
        AssertStillWorks(peer);
    }

    [Fact]
    public void Labels_of_many_channels_have_a_limit_together()
    {
        var peer = new HostilePeer();
        var open = DataChannelOpenMessage.Create(new string('x', 65_000), new DataChannelInit { Protocol = new string('y', 65_000) });
        var held = GC.GetTotalMemory(forceFullCollection: true);
        for (ushort stream = 1; stream < 200 && peer.Ends == 0; stream++)
        {
            for (var at = 0; at < open.Length; at += 1000)
            {
                var part = open.AsSpan(at, Math.Min(1000, open.Length - at));
                var flags = (byte)((at == 0 ? 2 : 0) | (at + 1000 >= open.Length ? 1 : 0));
                peer.Send(HostilePeer.Data(peer.NextTsn++, stream, 0, DataChannelPpid.Dcep, flags, part));
            }
        }

        Assert.InRange(peer.Victim.Channels.Count, 2, 12);
        Assert.InRange(Growth(held), 0, 6 << 20);
    }

    /// <summary>Bytes held more than before, without what the pool of buffers keeps of this thread's past.</summary>
    private static long Growth(long before) => Math.Max(0, GC.GetTotalMemory(forceFullCollection: true) - before);

    private static void SendFromVictim(HostilePeer peer, int bytes)
    {
        for (; bytes > 0; bytes -= 60_000)
        {
            peer.Channel.Send(peer.Now, new byte[Math.Min(bytes, 60_000)], DataChannelMessageKind.Binary);
        }

        peer.Drain();
    }

    private static void AssertStillWorks(HostilePeer peer)
    {
        var before = peer.Victim.Statistics.MessagesReceived;
        peer.Send(HostilePeer.Data(peer.NextTsn++, 0, 0, 53, 7, [1, 2, 3])); // unordered: whatever became of the stream's numbers
        Assert.Equal(before + 1, peer.Victim.Statistics.MessagesReceived);
        Assert.True(peer.Victim.IsConsistent());
    }
}
