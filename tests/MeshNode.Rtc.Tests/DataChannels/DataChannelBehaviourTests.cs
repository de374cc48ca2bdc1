using MeshNode.Rtc.DataChannels;
using MeshNode.Rtc.Sctp;
using MeshNode.SimNet;

namespace MeshNode.Rtc.Tests.DataChannels;

public sealed class DataChannelBehaviourTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);
    private static readonly byte[] Hello = "hello"u8.ToArray();

    [Fact]
    public void Negotiated_channels_need_no_announcement()
    {
        var pair = new TransportPair(20);
        var init = new DataChannelInit { Negotiated = true, Id = 3, Ordered = false };
        var a = pair.A.Transport.CreateDataChannel(pair.Now, "file", init);
        var b = pair.B.Transport.CreateDataChannel(pair.Now, "file", init);
        pair.Connect();
        Assert.Equal(DataChannelState.Open, a.ReadyState);
        a.Send(pair.Now, Hello, DataChannelMessageKind.Text);

        Assert.True(pair.RunUntil(() => pair.B.Messages.Count == 1, Limit));
        Assert.Same(b, pair.B.Messages[0].Channel);
        Assert.Empty(pair.B.Announced);
    }

    [Fact]
    public void Data_sent_before_the_ack_follows_the_announcement_even_when_unordered()
    {
        var link = new SimulatedLinkOptions { Delay = TimeSpan.FromMilliseconds(10), Jitter = TimeSpan.FromMilliseconds(40) };
        for (var seed = 0UL; seed < 50; seed++)
        {
            var pair = new TransportPair(seed, link);
            pair.Connect();
            var channel = pair.A.Transport.CreateDataChannel(pair.Now, "x", new DataChannelInit { Ordered = false });
            for (var i = 0; i < 10; i++)
            {
                channel.Send(pair.Now, new byte[800], DataChannelMessageKind.Binary);
            }

            Assert.True(pair.RunUntil(() => pair.B.Messages.Count == 10, Limit), $"seed {seed}");
            Assert.Equal(0, pair.B.Transport.MessagesDiscarded);
        }
    }

    [Fact]
    public void Stream_ids_are_reused_after_both_resets_with_numbers_from_zero()
    {
        var link = new SimulatedLinkOptions { Delay = TimeSpan.FromMilliseconds(5), Loss = 0.1, Jitter = TimeSpan.FromMilliseconds(10) };
        for (var seed = 0UL; seed < 30; seed++)
        {
            var pair = new TransportPair(seed, link);
            pair.Connect();
            for (var life = 0; life < 5; life++)
            {
                var init = new DataChannelInit { Negotiated = true, Id = 7 };
                var a = pair.A.Transport.CreateDataChannel(pair.Now, "x", init);
                var b = pair.B.Transport.CreateDataChannel(pair.Now, "x", init);
                for (var i = 0; i < 5; i++)
                {
                    a.Send(pair.Now, [(byte)life, (byte)i], DataChannelMessageKind.Binary);
                    b.Send(pair.Now, [(byte)life, (byte)i], DataChannelMessageKind.Binary);
                }

                var expected = (life + 1) * 5;
                Assert.True(pair.RunUntil(() => pair.A.Messages.Count == expected && pair.B.Messages.Count == expected, Limit), $"seed {seed}, life {life}");
                (life % 2 == 0 ? a : b).Close(pair.Now);
                Assert.True(
                    pair.RunUntil(() => a.ReadyState == DataChannelState.Closed && b.ReadyState == DataChannelState.Closed, Limit),
                    $"seed {seed}, life {life}: {a} {b}");
            }

            Assert.All(pair.B.Messages.Select((m, i) => (m, i)), x => Assert.Equal([(byte)(x.i / 5), (byte)(x.i % 5)], x.m.Data));
        }
    }

    [Fact]
    public void Both_sides_may_close_at_once()
    {
        var pair = new TransportPair(22);
        pair.A.Transport.CreateDataChannel(pair.Now, "x", new DataChannelInit());
        pair.Connect();
        Assert.True(pair.RunUntil(() => pair.B.Announced.Count == 1, Limit));
        var a = pair.A.Transport.Channels.Single();
        a.Close(pair.Now);
        pair.B.Announced[0].Close(pair.Now);

        Assert.True(pair.RunUntil(() => a.ReadyState == DataChannelState.Closed && pair.B.Announced[0].ReadyState == DataChannelState.Closed, Limit));
        Assert.Equal(SctpState.Established, pair.A.Transport.State);
    }

    [Fact]
    public void A_reader_that_stops_closes_the_window_and_loses_nothing_when_it_goes_on()
    {
        var pair = new TransportPair(23);
        var channel = pair.A.Transport.CreateDataChannel(pair.Now, "x", new DataChannelInit());
        pair.Connect();
        Assert.True(pair.RunUntil(() => pair.B.Announced.Count == 1, Limit));
        pair.B.IsPaused = true;
        for (var i = 0; i < 60; i++)
        {
            Assert.Equal(DataChannelSendResult.Sent, channel.Send(pair.Now, new byte[65536], DataChannelMessageKind.Binary));
        }

        pair.RunFor(TimeSpan.FromMinutes(3));
        Assert.Equal(SctpState.Established, pair.A.Transport.State); // probes are answered, so the far side lives
        Assert.True(pair.A.Transport.Statistics.PeerReceiveWindow < 2000, $"window {pair.A.Transport.Statistics.PeerReceiveWindow}");
        Assert.True(channel.BufferedAmount > 60 * 65536 - (2 * 1024 * 1024));

        pair.B.IsPaused = false;
        Assert.True(pair.RunUntil(() => pair.B.Messages.Count == 60, Limit), $"{pair.B.Messages.Count} messages");
        Assert.Equal(0, channel.BufferedAmount);
    }

    [Fact]
    public void Send_tells_at_once_what_it_does_not_take()
    {
        var configuration = new DataChannelTransportConfiguration { SendBufferLimit = 100_000 };
        var pair = new TransportPair(24, a: configuration);
        var channel = pair.A.Transport.CreateDataChannel(pair.Now, "x", new DataChannelInit());
        Assert.Equal(DataChannelSendResult.NotOpen, channel.Send(pair.Now, Hello, DataChannelMessageKind.Text));
        pair.Connect();
        pair.A.Transport.SetRemoteMaxMessageSize(60_000);
        Assert.Equal(DataChannelSendResult.TooLarge, channel.Send(pair.Now, new byte[60_001], DataChannelMessageKind.Binary));
        Assert.Equal(DataChannelSendResult.Sent, channel.Send(pair.Now, new byte[60_000], DataChannelMessageKind.Binary));
        Assert.Equal(DataChannelSendResult.BufferFull, channel.Send(pair.Now, new byte[60_000], DataChannelMessageKind.Binary));
        Assert.Equal(60_000, channel.BufferedAmount);

        channel.BufferedAmountLowThreshold = 10_000;
        Assert.True(pair.RunUntil(() => pair.A.Count(DataChannelEventKind.BufferedAmountLow) == 1, Limit));
        Assert.True(channel.BufferedAmount <= 10_000);
        channel.Close(pair.Now);
        Assert.Equal(DataChannelSendResult.NotOpen, channel.Send(pair.Now, Hello, DataChannelMessageKind.Text));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void Without_a_limit_a_message_of_megabytes_is_carried_whole(int seed)
    {
        var large = new DataChannelTransportConfiguration { MaxMessageSize = 5_000_000 };
        var interleaving = seed == 0;
        var b = large with { Sctp = new SctpConfiguration { ReceiveWindow = 6_000_000, Interleaving = interleaving } };
        var pair = new TransportPair((ulong)seed, b: b);
        pair.A.Transport.SetRemoteMaxMessageSize(0);
        Assert.Equal(long.MaxValue, pair.A.Transport.RemoteMaxMessageSize);
        var channel = pair.A.Transport.CreateDataChannel(pair.Now, "x", new DataChannelInit());
        pair.Connect();
        var data = new byte[5_000_000];
        new SeededRandomSource(1).Fill(data);
        Assert.Equal(DataChannelSendResult.Sent, channel.Send(pair.Now, data, DataChannelMessageKind.Binary));

        Assert.True(pair.RunUntil(() => pair.B.Messages.Count == 1, Limit));
        Assert.Equal(data, pair.B.Messages[0].Data);
    }

    [Fact]
    public void Buffered_amount_counts_down_and_is_low_once_each_time_it_falls_to_the_threshold()
    {
        var pair = new TransportPair(33);
        var channel = pair.A.Transport.CreateDataChannel(pair.Now, "x", new DataChannelInit());
        var other = pair.A.Transport.CreateDataChannel(pair.Now, "y", new DataChannelInit());
        pair.Connect();
        channel.BufferedAmountLowThreshold = 20_000;
        for (var round = 1; round <= 3; round++)
        {
            channel.Send(pair.Now, new byte[20_000], DataChannelMessageKind.Binary); // not above the threshold
            channel.Send(pair.Now, new byte[50_000], DataChannelMessageKind.Binary);
            other.Send(pair.Now, new byte[60_000], DataChannelMessageKind.Binary);
            Assert.Equal(70_000, channel.BufferedAmount);
            Assert.True(pair.RunUntil(() => pair.B.Messages.Count == 3 * round, Limit));
            Assert.Equal(0, channel.BufferedAmount);
            Assert.Equal(round, pair.A.Events.Count(e => e.Kind == DataChannelEventKind.BufferedAmountLow && e.Channel == channel));
        }

        channel.Send(pair.Now, new byte[20_000], DataChannelMessageKind.Binary);
        Assert.True(pair.RunUntil(() => pair.B.Messages.Count == 10, Limit));
        Assert.Equal(3, pair.A.Events.Count(e => e.Kind == DataChannelEventKind.BufferedAmountLow && e.Channel == channel));
    }

    [Fact]
    public void A_message_beyond_our_max_message_size_ends_the_association()
    {
        var pair = new TransportPair(25, b: new DataChannelTransportConfiguration { MaxMessageSize = 50_000 });
        pair.A.Transport.SetRemoteMaxMessageSize(0);
        var channel = pair.A.Transport.CreateDataChannel(pair.Now, "x", new DataChannelInit());
        pair.Connect();
        channel.Send(pair.Now, new byte[50_001], DataChannelMessageKind.Binary);

        Assert.True(pair.RunUntil(() => pair.A.IsClosed && pair.B.IsClosed, Limit));
        Assert.Equal(SctpErrorKind.ProtocolViolation, pair.B.Error!.Kind);
        Assert.Equal(SctpErrorKind.PeerAborted, pair.A.Error!.Kind);
    }

    [Fact]
    public void Control_overtakes_a_file_that_fills_the_send_buffer()
    {
        var pair = new TransportPair(26);
        var file = pair.A.Transport.CreateDataChannel(pair.Now, "file", new DataChannelInit { Priority = DataChannelPriority.VeryLow });
        var control = pair.A.Transport.CreateDataChannel(pair.Now, "control", new DataChannelInit { Priority = DataChannelPriority.High });
        pair.Connect();
        for (var i = 0; i < 100; i++)
        {
            file.Send(pair.Now, new byte[16384], DataChannelMessageKind.Binary);
        }

        control.Send(pair.Now, Hello, DataChannelMessageKind.Text);
        Assert.True(pair.RunUntil(() => pair.B.Messages.Any(m => m.Channel.Label == "control"), Limit));
        Assert.True(pair.B.Messages.Count <= 3, $"{pair.B.Messages.Count} messages came first");
    }

    [Fact]
    public void Messages_without_retransmission_are_given_up_and_later_ones_still_arrive()
    {
        var pair = new TransportPair(27, new SimulatedLinkOptions { Delay = TimeSpan.FromMilliseconds(20) });
        var channel = pair.A.Transport.CreateDataChannel(pair.Now, "x", new DataChannelInit { Ordered = true, MaxRetransmits = 0 });
        pair.Connect();
        Assert.True(pair.RunUntil(() => pair.B.Announced.Count == 1, Limit));
        pair.RunFor(TimeSpan.FromMilliseconds(500));
        pair.A.Link.Options = pair.A.Link.Options with { Loss = 1 };
        channel.Send(pair.Now, [1], DataChannelMessageKind.Binary);
        pair.RunFor(TimeSpan.FromMilliseconds(10));
        pair.A.Link.Options = pair.A.Link.Options with { Loss = 0 };
        channel.Send(pair.Now, [2], DataChannelMessageKind.Binary);

        Assert.True(pair.RunUntil(() => pair.B.Messages.Count == 1, Limit));
        Assert.Equal([2], pair.B.Messages[0].Data);
        Assert.Equal(1, pair.A.Transport.Statistics.MessagesAbandoned);
    }

    [Fact]
    public void A_silent_far_side_ends_the_association_with_an_error()
    {
        var pair = new TransportPair(28);
        var channel = pair.A.Transport.CreateDataChannel(pair.Now, "x", new DataChannelInit());
        pair.Connect();
        pair.A.Link.Options = pair.A.Link.Options with { Loss = 1 };
        channel.Send(pair.Now, Hello, DataChannelMessageKind.Text);

        Assert.True(pair.RunUntil(() => pair.A.IsClosed, TimeSpan.FromMinutes(10)));
        Assert.Equal(SctpErrorKind.TooManyRetransmissions, pair.A.Error!.Kind);
        Assert.Equal(DataChannelState.Closed, channel.ReadyState);
    }

    [Fact]
    public void Idle_association_lives_by_heartbeats_and_notices_when_they_go_unanswered()
    {
        var pair = new TransportPair(29);
        pair.Connect();
        var before = pair.Packets;
        pair.RunFor(TimeSpan.FromMinutes(5));
        Assert.Equal(SctpState.Established, pair.A.Transport.State);
        Assert.InRange(pair.Packets - before, 20, 60);

        pair.A.Link.Options = pair.A.Link.Options with { Loss = 1 };
        pair.B.Link.Options = pair.B.Link.Options with { Loss = 1 };
        Assert.True(pair.RunUntil(() => pair.A.IsClosed && pair.B.IsClosed, TimeSpan.FromMinutes(10)));
        Assert.Equal(SctpErrorKind.TooManyRetransmissions, pair.A.Error!.Kind);
    }

    [Fact]
    public void Both_sides_may_shut_down_at_once()
    {
        var pair = new TransportPair(30);
        pair.Connect();
        pair.A.Transport.Shutdown(pair.Now);
        pair.B.Transport.Shutdown(pair.Now);

        Assert.True(pair.RunUntil(() => pair.A.IsClosed && pair.B.IsClosed, Limit));
        Assert.Null(pair.A.Error);
        Assert.Null(pair.B.Error);
    }

    [Fact]
    public void Further_channels_than_allowed_are_refused_by_a_reset()
    {
        var pair = new TransportPair(31, b: new DataChannelTransportConfiguration { MaxChannels = 2 });
        var channels = Enumerable.Range(0, 3).Select(i => pair.A.Transport.CreateDataChannel(pair.Now, $"{i}", new DataChannelInit())).ToArray();
        pair.Connect();

        Assert.True(pair.RunUntil(() => pair.A.Count(DataChannelEventKind.ChannelClosed) == 1, Limit));
        Assert.Equal(DataChannelState.Closed, channels[2].ReadyState);
        Assert.Equal(DataChannelState.Open, channels[1].ReadyState);
    }

    [Fact]
    public void Callers_mistakes_say_what_to_do_instead()
    {
        var pair = new TransportPair(32);
        var transport = pair.A.Transport;
        Assert.Throws<ArgumentException>(() => transport.CreateDataChannel(pair.Now, "x", new DataChannelInit { MaxRetransmits = 1, MaxPacketLifeTime = TimeSpan.Zero }));
        Assert.Throws<ArgumentException>(() => transport.CreateDataChannel(pair.Now, "x", new DataChannelInit { Negotiated = true }));
        Assert.Throws<ArgumentException>(() => transport.CreateDataChannel(pair.Now, "x", new DataChannelInit { Negotiated = true, Id = 65535 }));
        transport.CreateDataChannel(pair.Now, "x", new DataChannelInit { Negotiated = true, Id = 1 });
        Assert.Throws<InvalidOperationException>(() => transport.CreateDataChannel(pair.Now, "x", new DataChannelInit { Negotiated = true, Id = 1 }));
    }
}
