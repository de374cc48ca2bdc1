using MeshNode.Rtc.DataChannels;
using MeshNode.SimNet;

namespace MeshNode.Rtc.Tests.PeerConnections;

public sealed class PeerConnectionRestartTests
{
    [Fact]
    public void Ice_restart_takes_new_credentials_on_both_sides_and_keeps_the_channel()
    {
        using var pair = Connected(30, out var left, out var received);
        var before = (pair.Left.LocalUsernameFragment, pair.Right.LocalUsernameFragment);
        var changed = 0;
        var inner = pair.OnEvent;
        pair.OnEvent = (connection, e) =>
        {
            changed += e.Kind == PeerConnectionEventKind.LocalCredentialsChanged ? 1 : 0;
            inner(connection, e);
        };

        pair.Offer(pair.Left, iceRestart: true);
        Assert.True(pair.Run(() => changed == 2 && pair.Left.PreviousUsernameFragment is null && pair.Right.PreviousUsernameFragment is null), pair.ToString());
        Assert.NotEqual(before.Item1, pair.Left.LocalUsernameFragment);
        Assert.NotEqual(before.Item2, pair.Right.LocalUsernameFragment);
        Assert.Equal(PeerConnectionState.Connected, pair.Left.ConnectionState);
        AssertDelivers(pair, left, received);
        Assert.Empty(pair.Errors);
    }

    [Fact]
    public void Ice_restart_brings_a_failed_connection_back()
    {
        using var pair = Connected(31, out var left, out var received);
        var good = pair.ToLeft.Options;
        pair.ToLeft.Options = pair.ToRight.Options = good with { Loss = 1 };
        Assert.True(pair.Run(() => pair.Left.ConnectionState == PeerConnectionState.Disconnected), pair.ToString());
        Assert.True(pair.Run(() => pair.Left.ConnectionState == PeerConnectionState.Failed && pair.Right.ConnectionState == PeerConnectionState.Failed), pair.ToString());

        pair.ToLeft.Options = pair.ToRight.Options = good;
        pair.Offer(pair.Left, iceRestart: true);
        Assert.True(pair.RunUntilConnected(), pair.ToString());
        AssertDelivers(pair, left, received);
    }

    [Fact]
    public void Short_outage_is_only_a_disconnection()
    {
        using var pair = Connected(32, out var left, out var received);
        var good = pair.ToLeft.Options;
        pair.ToLeft.Options = pair.ToRight.Options = good with { Loss = 1 };
        Assert.True(pair.Run(() => pair.Left.ConnectionState == PeerConnectionState.Disconnected), pair.ToString());
        pair.ToLeft.Options = pair.ToRight.Options = good;
        Assert.True(pair.RunUntilConnected(), pair.ToString());
        AssertDelivers(pair, left, received);
    }

    [Fact]
    public void Restart_offer_that_is_rolled_back_leaves_the_connection_as_it_was()
    {
        using var pair = Connected(33, out var left, out var received);
        var fragment = pair.Left.LocalUsernameFragment;
        pair.OnSignal = (_, _) => null;
        pair.Offer(pair.Left, iceRestart: true);
        Assert.NotEqual(fragment, pair.Left.LocalUsernameFragment);
        pair.Left.SetLocalDescription(pair.Now, SessionDescription.Rollback);
        Assert.Equal(fragment, pair.Left.LocalUsernameFragment);

        Assert.False(pair.Run(() => pair.Left.ConnectionState != PeerConnectionState.Connected, TimeSpan.FromSeconds(60)), pair.ToString());
        Assert.Equal(PeerConnectionState.Connected, pair.Right.ConnectionState);
        AssertDelivers(pair, left, received);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public void Glare_of_restarts_is_resolved_by_the_polite_sides_rollback(bool leftRestarts, bool rightRestarts)
    {
        using var pair = Connected(34, out var left, out var received);
        // Right is impolite: it ignores what collides with its own offer, as perfect negotiation has it.
        pair.OnSignal = (from, d) => from == pair.Left && d.Type == SdpType.Offer && pair.Right.SignalingState == SignalingState.HaveLocalOffer ? null : d;
        pair.Offer(pair.Right, rightRestarts);
        pair.Offer(pair.Left, leftRestarts);
        Assert.True(pair.Run(() => pair.Left.SignalingState == SignalingState.Stable && pair.Right.SignalingState == SignalingState.Stable), pair.ToString());
        Assert.Empty(pair.Errors);
        Assert.False(pair.Run(() => pair.Left.ConnectionState != PeerConnectionState.Connected, TimeSpan.FromSeconds(60)), pair.ToString());
        AssertDelivers(pair, left, received);
    }

    [Fact]
    public void A_restart_that_a_far_side_never_answers_fails_in_time()
    {
        using var pair = Connected(37, out _, out _);
        pair.OnSignal = (_, _) => null;
        pair.Offer(pair.Left, iceRestart: true);
        pair.Right.Dispose(); // its process is gone: neither an answer nor consent will come

        Assert.True(pair.Run(() => pair.Left.ConnectionState == PeerConnectionState.Failed, TimeSpan.FromSeconds(75)), pair.ToString());
    }

    [Fact]
    public void Glare_of_first_offers_connects_once()
    {
        using var pair = new PeerConnectionPair(35);
        pair.AddCandidates();
        pair.OnSignal = (from, d) => from == pair.Left && d.Type == SdpType.Offer ? null : d;
        pair.Offer(pair.Left);
        pair.Offer(pair.Right);
        Assert.True(pair.RunUntilConnected(), pair.ToString());
        Assert.Empty(pair.Errors);
    }

    [Fact]
    public void Demultiplexer_routes_both_generations_until_the_new_path_is_selected()
    {
        using var pair = Connected(36, out _, out _);
        var demultiplexer = new PeerDemultiplexer();
        demultiplexer.Add(pair.Left);
        var old = pair.Left.LocalUsernameFragment;
        pair.Offer(pair.Left, iceRestart: true);
        Assert.Equal(old, pair.Left.PreviousUsernameFragment);
        Assert.Same(pair.Left, demultiplexer.Route(default, Check(old)));
        Assert.Same(pair.Left, demultiplexer.Route(default, Check(pair.Left.LocalUsernameFragment)));

        Assert.True(pair.Run(() => pair.Left.PreviousUsernameFragment is null), pair.ToString());
        Assert.Null(demultiplexer.Route(default, Check(old)));
    }

    private static byte[] Check(string fragment)
    {
        Assert.Equal(8, fragment.Length);
        var name = System.Text.Encoding.ASCII.GetBytes(fragment + ":abc");
        return [0, 1, 0, 16, 0x21, 0x12, 0xA4, 0x42, .. new byte[12], 0, 6, 0, 12, .. name];
    }

    private static PeerConnectionPair Connected(ulong seed, out DataChannel left, out List<string> received)
    {
        var pair = new PeerConnectionPair(seed);
        var init = new DataChannelInit { Negotiated = true, Id = 1 };
        var messages = new List<string>();
        left = pair.Left.CreateDataChannel(pair.Now, "reliable", init);
        var open = 0;
        pair.Right.CreateDataChannel(pair.Now, "reliable", init);
        pair.OnEvent = (_, e) =>
        {
            open += e.Kind == PeerConnectionEventKind.ChannelOpened ? 1 : 0;
            if (e.Kind == PeerConnectionEventKind.Message)
            {
                messages.Add(System.Text.Encoding.UTF8.GetString(e.Data.Span));
            }
        };
        pair.Connect();
        Assert.True(pair.Run(() => open == 2), pair.ToString());
        received = messages;
        return pair;
    }

    private static void AssertDelivers(PeerConnectionPair pair, DataChannel left, List<string> received)
    {
        Assert.Equal(DataChannelSendResult.Sent, left.Send(pair.Now, "still here"u8, DataChannelMessageKind.Text));
        Assert.True(pair.Run(() => received.Count > 0), pair.ToString());
        Assert.Equal(["still here"], received);
    }
}
