using MeshNode.Rtc.DataChannels;
using MeshNode.Rtc.Sctp;

namespace MeshNode.Rtc.Tests.DataChannels;

public sealed class DataChannelTransportTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    [Fact]
    public void Both_sides_start_and_one_association_comes_of_it()
    {
        var pair = new TransportPair(1);
        pair.Connect();

        Assert.Equal(SctpState.Established, pair.A.Transport.State);
        Assert.Equal(SctpState.Established, pair.B.Transport.State);
        Assert.Equal(1, pair.A.Count(DataChannelEventKind.Connected));
        Assert.Equal(1, pair.B.Count(DataChannelEventKind.Connected));
    }

    [Fact]
    public void A_single_start_is_enough()
    {
        var pair = new TransportPair(2);
        pair.A.Transport.Start(pair.Now);

        Assert.True(pair.RunUntil(() => pair.A.IsConnected && pair.B.IsConnected, Limit));
    }

    [Fact]
    public void In_band_channel_is_announced_with_all_its_properties()
    {
        var pair = new TransportPair(3);
        var channel = pair.A.Transport.CreateDataChannel(
            pair.Now, "käse", new DataChannelInit { Ordered = false, MaxRetransmits = 3, Protocol = "cheese/1", Priority = DataChannelPriority.High });
        pair.Connect();
        Assert.True(pair.RunUntil(() => pair.B.Announced.Count == 1, Limit));

        var announced = pair.B.Announced[0];
        Assert.Equal("käse", announced.Label);
        Assert.Equal("cheese/1", announced.Protocol);
        Assert.False(announced.Ordered);
        Assert.Equal((ushort)3, announced.MaxRetransmits);
        Assert.Null(announced.MaxPacketLifeTime);
        Assert.Equal(DataChannelPriority.High, announced.Priority);
        Assert.Equal((ushort)0, channel.Id);
        Assert.Equal(channel.Id, announced.Id);
        Assert.Equal(DataChannelState.Open, channel.ReadyState);
    }

    [Fact]
    public void Dtls_client_takes_even_ids_and_server_odd_ones()
    {
        var pair = new TransportPair(4);
        pair.Connect();
        var init = new DataChannelInit();

        Assert.Equal([0, 2, 4], Enumerable.Range(0, 3).Select(_ => (int)pair.A.Transport.CreateDataChannel(pair.Now, "x", init).Id!.Value));
        Assert.Equal([1, 3, 5], Enumerable.Range(0, 3).Select(_ => (int)pair.B.Transport.CreateDataChannel(pair.Now, "x", init).Id!.Value));
    }

    [Fact]
    public void Messages_of_all_sizes_and_kinds_arrive_as_they_were_sent()
    {
        var pair = new TransportPair(5);
        var channel = pair.A.Transport.CreateDataChannel(pair.Now, "x", new DataChannelInit());
        pair.Connect();
        int[] sizes = [0, 1, 2, 3, 4, 1131, 1132, 1133, 1200, 16384, 65535, 65536, 262143, 262144];
        var random = new SeededRandomSource(5);
        var sent = new List<byte[]>();
        foreach (var size in sizes)
        {
            var data = new byte[size];
            random.Fill(data);
            sent.Add(data);
            Assert.Equal(DataChannelSendResult.Sent, channel.Send(pair.Now, data, DataChannelMessageKind.Binary));
            Assert.Equal(DataChannelSendResult.Sent, channel.Send(pair.Now, data, DataChannelMessageKind.Text));
        }

        Assert.True(pair.RunUntil(() => pair.B.Messages.Count == sizes.Length * 2, Limit), "messages are missing");
        for (var i = 0; i < sizes.Length; i++)
        {
            Assert.Equal(sent[i], pair.B.Messages[i * 2].Data);
            Assert.Equal(DataChannelMessageKind.Binary, pair.B.Messages[i * 2].Kind);
            Assert.Equal(sent[i], pair.B.Messages[(i * 2) + 1].Data);
            Assert.Equal(DataChannelMessageKind.Text, pair.B.Messages[(i * 2) + 1].Kind);
        }

        Assert.Equal(0, pair.A.Transport.Statistics.Retransmissions);
    }

    [Fact]
    public void Close_by_one_side_closes_both()
    {
        var pair = new TransportPair(6);
        var channel = pair.A.Transport.CreateDataChannel(pair.Now, "x", new DataChannelInit());
        pair.Connect();
        channel.Send(pair.Now, new byte[100_000], DataChannelMessageKind.Binary);
        channel.Close(pair.Now);
        Assert.Equal(DataChannelState.Closing, channel.ReadyState);

        Assert.True(pair.RunUntil(() => channel.ReadyState == DataChannelState.Closed && pair.B.Count(DataChannelEventKind.ChannelClosed) == 1, Limit));
        Assert.Equal(100_000, Assert.Single(pair.B.Messages).Data.Length);
        Assert.Equal(1, pair.B.Count(DataChannelEventKind.ChannelClosing));
        Assert.Empty(pair.A.Transport.Channels);
        Assert.Empty(pair.B.Transport.Channels);
    }

    [Fact]
    public void Shutdown_delivers_what_was_queued_and_closes_both_without_error()
    {
        var pair = new TransportPair(7);
        var channel = pair.A.Transport.CreateDataChannel(pair.Now, "x", new DataChannelInit());
        pair.Connect();
        channel.Send(pair.Now, new byte[200_000], DataChannelMessageKind.Binary);
        pair.A.Transport.Shutdown(pair.Now);

        Assert.True(pair.RunUntil(() => pair.A.IsClosed && pair.B.IsClosed, Limit));
        Assert.Equal(200_000, Assert.Single(pair.B.Messages).Data.Length);
        Assert.Null(pair.A.Error);
        Assert.Null(pair.B.Error);
        Assert.Null(pair.A.Transport.NextTimeout);
        Assert.Null(pair.B.Transport.NextTimeout);
    }

    [Fact]
    public void Abort_reaches_the_far_side_with_its_reason()
    {
        var pair = new TransportPair(8);
        pair.Connect();
        pair.A.Transport.Abort(pair.Now, "enough");

        Assert.True(pair.RunUntil(() => pair.B.IsClosed, Limit));
        Assert.Equal(SctpErrorKind.LocalAbort, pair.A.Error!.Kind);
        Assert.Equal(SctpErrorKind.PeerAborted, pair.B.Error!.Kind);
        Assert.Equal("enough", pair.B.Error.Message);
    }
}
