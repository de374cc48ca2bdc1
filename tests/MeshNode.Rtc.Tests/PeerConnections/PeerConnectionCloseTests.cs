using MeshNode.Rtc.DataChannels;
using MeshNode.SimNet;

namespace MeshNode.Rtc.Tests.PeerConnections;

public sealed class PeerConnectionCloseTests
{
    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public void Graceful_close_delivers_what_was_queued_and_closes_both_sides(bool leftCloses, bool realDtls)
    {
        using var pair = new PeerConnectionPair(40, new PeerConnectionPairOptions { RealDtls = realDtls });
        var events = new List<(PeerConnection Connection, PeerConnectionEvent Event)>();
        var received = 0L;
        var init = new DataChannelInit { Negotiated = true, Id = 1 };
        var left = pair.Left.CreateDataChannel(pair.Now, "reliable", init);
        var right = pair.Right.CreateDataChannel(pair.Now, "reliable", init);
        var open = 0;
        pair.OnEvent = (connection, e) =>
        {
            open += e.Kind == PeerConnectionEventKind.ChannelOpened ? 1 : 0;
            received += e.Data.Length;
            events.Add((connection, e with { Data = default }));
        };
        pair.Connect();
        Assert.True(pair.Run(() => open == 2), pair.ToString());

        var (closer, channel) = leftCloses ? (pair.Left, left) : (pair.Right, right);
        for (var i = 0; i < 10; i++)
        {
            Assert.Equal(DataChannelSendResult.Sent, channel.Send(pair.Now, new byte[10_000], DataChannelMessageKind.Binary));
        }

        closer.Close(pair.Now);
        Assert.Equal(SignalingState.Closed, closer.SignalingState);
        Assert.True(pair.RunUntilClosed(), pair.ToString());
        pair.Pump();

        Assert.Equal(100_000, received);
        Assert.True(pair.Now.TotalMilliseconds < 3_000, $"closed at {pair.Now}");
        foreach (var connection in (PeerConnection[])[pair.Left, pair.Right])
        {
            var own = events.Where(e => e.Connection == connection).Select(e => e.Event).ToList();
            Assert.Equal(PeerConnectionEventKind.ConnectionStateChanged, own[^1].Kind);
            Assert.Equal(PeerConnectionState.Closed, own[^1].State);
            Assert.Null(own[^1].Error);
            Assert.Contains(own, e => e.Kind == PeerConnectionEventKind.ChannelClosed);
            Assert.Null(connection.NextTimeout);
        }
    }

    [Fact]
    public void Close_while_connecting_is_immediate()
    {
        using var pair = new PeerConnectionPair(41);
        pair.Connect();
        pair.Run(() => false, TimeSpan.FromMilliseconds(5));
        pair.Left.Close(pair.Now);
        pair.Pump();
        Assert.Equal(PeerConnectionState.Closed, pair.Left.ConnectionState);
        Assert.Null(pair.Left.NextTimeout);
        Assert.Throws<InvalidOperationException>(() => pair.Left.CreateDataChannel(pair.Now, "x", new DataChannelInit()));
        Assert.Throws<InvalidOperationException>(() => pair.Left.CreateOffer());
        pair.Left.Close(pair.Now);
    }

    [Fact]
    public void Close_towards_a_silent_peer_ends_at_the_close_timeout()
    {
        using var pair = new PeerConnectionPair(42);
        var channel = pair.Left.CreateDataChannel(pair.Now, "reliable", new DataChannelInit());
        pair.Connect();
        Assert.True(pair.Run(() => channel.ReadyState == DataChannelState.Open), pair.ToString());
        pair.ToRight.Options = new SimulatedLinkOptions { Loss = 1 };
        var closedAt = pair.Now;
        pair.Left.Close(pair.Now);
        Assert.True(pair.Run(() => pair.Left.ConnectionState == PeerConnectionState.Closed), pair.ToString());
        Assert.InRange((pair.Now - closedAt).TotalSeconds, 1, 6.1);
    }

    [Fact]
    public void Disposed_side_falls_silent_and_the_other_notices()
    {
        using var pair = new PeerConnectionPair(43, new PeerConnectionPairOptions { RealDtls = true });
        pair.Connect();
        Assert.True(pair.RunUntilConnected(), pair.ToString());
        pair.Right.Dispose();
        pair.Right.HandleDatagram(pair.Now, PeerConnectionPair.RightPath, [23, 0xfe, 0xfd]);
        pair.Right.HandleTimeout(pair.Now);
        Assert.False(pair.Right.TryTransmit(pair.Now, new byte[2048], out _));
        Assert.Equal(PeerConnectionState.Closed, pair.Right.ConnectionState);
        Assert.True(pair.Run(() => pair.Left.ConnectionState == PeerConnectionState.Disconnected), pair.ToString());
        Assert.True(pair.Run(() => pair.Left.ConnectionState == PeerConnectionState.Failed), pair.ToString());
    }
}
