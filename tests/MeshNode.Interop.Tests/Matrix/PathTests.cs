using MeshNode.Interop.Tests.Pairs;
using MeshNode.Interop.Tests.Peers;
using static MeshNode.Interop.Tests.Pairs.PeerPairAssertions;

namespace MeshNode.Interop.Tests.Matrix;

/// <summary>Paths that lose datagrams, and paths that change, for every pair of stacks and both roles.</summary>
[Trait("Category", "Interop")]
public sealed class PathTests(InteropFixture fixture) : IClassFixture<InteropFixture>
{
    private const double LossRate = 0.15;
    private const int MessagesUnderLoss = 60; // on each channel and way
    private const int SizeUnderLoss = 1000; // bytes: one datagram a message

    private static readonly ChannelPlan Reliable = new("reliable");
    private static readonly ChannelPlan Once = new("once", Ordered: false, MaxRetransmits: 0);
    private static readonly ChannelPlan ShortLived = new("short-lived", MaxPacketLifeTime: 50);

    [Theory]
    [MemberData(nameof(PairKind.For), Claim.Loss, MemberType = typeof(PairKind))]
    public Task Under_loss_a_reliable_channel_gets_everything_in_order(string offerer, string answerer)
    {
        var relay = new UdpRelay(seed: 1);
        return fixture.ClaimAsync(Claim.Loss, offerer, answerer, async pair =>
        {
            await pair.ConnectAsync(Reliable);
            await PassUnderLossAsync(pair, relay, [.. pair.Ways(Claim.Loss)], Reliable);
        }, relay);
    }

    [Theory]
    [MemberData(nameof(PairKind.For), Claim.Partial, MemberType = typeof(PairKind))]
    public Task Under_loss_unreliable_channels_do_not_stand_still_nor_hold_up_a_reliable_one(string offerer, string answerer)
    {
        var relay = new UdpRelay(seed: 2);
        return fixture.ClaimAsync(Claim.Partial, offerer, answerer, async pair =>
        {
            await pair.ConnectAsync(Reliable, Once, ShortLived);
            (IRemotePeer Sender, IRemotePeer Receiver)[] ways = [.. pair.Ways(Claim.Partial)];
            await PassUnderLossAsync(pair, relay, ways, Once, Reliable, ShortLived);
            foreach (var (sender, receiver) in ways)
            {
                var once = await LastArrivesAsync(pair, sender, receiver, Once);
                Assert.InRange(once.Count, MessagesUnderLoss / 4, MessagesUnderLoss - 1); // some are lost, and stay so
                var shortLived = await LastArrivesAsync(pair, sender, receiver, ShortLived);
                Assert.Equal(shortLived.Order(), shortLived);
            }
        }, relay);
    }

    [Theory]
    [MemberData(nameof(PairKind.For), Claim.Restart, MemberType = typeof(PairKind))]
    public Task Ice_restarts_by_either_side_on_a_live_path_and_after_the_path_was_cut(string offerer, string answerer)
    {
        var relay = new UdpRelay(seed: 1);
        return fixture.ClaimAsync(Claim.Restart, offerer, answerer, async pair =>
        {
            await pair.ConnectAsync(Reliable);
            await pair.AssertPassesAsync(pair.Offerer, pair.Answerer, Reliable.Label, text: false, 64 * Ki, seed: 1);
            await pair.AssertPassesAsync(pair.Answerer, pair.Offerer, Reliable.Label, text: false, 64 * Ki, seed: 2);
            var handshakes = relay.HandshakeRecords;
            Assert.InRange(handshakes, 2, long.MaxValue);

            foreach (var cut in new[] { false, true })
            {
                foreach (var (restarter, other) in pair.Ways(Claim.Restart))
                {
                    relay.BeginGeneration(cut);
                    await SendManyAsync(restarter, Reliable.Label);
                    await SendManyAsync(other, Reliable.Label);
                    await pair.RestartIceAsync(restarter);

                    await pair.AssertManyArriveAsync(restarter, other, Reliable.Label);
                    await pair.AssertManyArriveAsync(other, restarter, Reliable.Label);
                }
            }

            Assert.Equal(handshakes, relay.HandshakeRecords);
            foreach (var peer in new[] { pair.Offerer, pair.Answerer })
            {
                Assert.False(peer.Events.HasUntaken(Concerns("closed", Reliable.Label)));
            }
        }, relay);
    }

    [Theory]
    [InlineData(Stack.LibDataChannel)]
    [InlineData(Stack.Aiortc)]
    public async Task An_ice_restart_that_the_other_side_does_not_follow_leaves_the_connection_as_it_is(string stack)
    {
        await using var pair = await fixture.StartAsync(Stack.MeshNode, stack);
        await pair.ConnectAsync(Reliable);
        var path = pair.Descriptions[pair.Answerer].UsernameFragment;
        pair.Answerer.Events.TakeAll(reported => reported.Event == "description");

        await pair.Offerer.RestartIceAsync();

        // aiortc answers with the credentials that it has, libdatachannel refuses the offer.
        var answer = await pair.TakeAsync(pair.Answerer, "what it makes of the offer", reported => reported.Event is "description" or "error");
        Assert.Equal(answer.Event == "description" ? path : "remote: libdatachannel error while adding remote description: Invalid ICE settings from remote SDP", answer.Message);
        await pair.AssertPassesAsync(pair.Offerer, pair.Answerer, Reliable.Label, text: false, 64 * Ki, seed: 1);
        await pair.AssertPassesAsync(pair.Answerer, pair.Offerer, Reliable.Label, text: false, 64 * Ki, seed: 2);
    }

    /// <summary>Sends on every channel and way while datagrams are lost, until the reliable channel's messages have all arrived.</summary>
    private static async Task PassUnderLossAsync(
        PeerPair pair, UdpRelay relay, (IRemotePeer Sender, IRemotePeer Receiver)[] ways, params ChannelPlan[] plans)
    {
        relay.Loss = LossRate;
        for (var number = 0; number < MessagesUnderLoss; number++)
        {
            foreach (var (sender, _) in ways)
            {
                foreach (var plan in plans)
                {
                    await sender.SendAsync(plan.Label, text: false, SizeUnderLoss, seed: number);
                }
            }
        }

        foreach (var (sender, receiver) in ways)
        {
            for (var number = 0; number < MessagesUnderLoss; number++)
            {
                await pair.AssertArrivesAsync(sender, receiver, Reliable.Label, text: false, SizeUnderLoss);
            }
        }

        relay.Loss = 0;
        Assert.InRange(relay.Dropped, 1, long.MaxValue);
    }

    /// <summary>
    /// One more message on a channel that gives messages up must arrive. Returns which of those before arrived, by the order
    /// in which they were sent, in the order in which they arrived; each at most once.
    /// </summary>
    private static async Task<List<int>> LastArrivesAsync(PeerPair pair, IRemotePeer sender, IRemotePeer receiver, ChannelPlan plan)
    {
        var digests = sender.Events.TakeAll(Concerns("sent", plan.Label)).Select(sent => sent.Sha256).ToList();
        Assert.Equal(MessagesUnderLoss, digests.Count);
        await sender.SendAsync(plan.Label, text: true, SizeUnderLoss, seed: -1);
        await pair.TakeAsync(receiver, $"the last message on {plan.Label}", reported => Concerns("message", plan.Label)(reported) && reported.Text == true);
        var arrived = receiver.Events.TakeAll(Concerns("message", plan.Label)).Select(message => digests.IndexOf(message.Sha256)).ToList();
        Assert.DoesNotContain(-1, arrived);
        Assert.Equal(arrived.Count, arrived.Distinct().Count());
        return arrived;
    }
}
