using MeshNode.Interop.Tests.Pairs;
using MeshNode.Interop.Tests.Peers;
using static MeshNode.Interop.Tests.Pairs.PeerPairAssertions;

namespace MeshNode.Interop.Tests.Matrix;

/// <summary>How channels and connections end, for every pair of stacks and both roles.</summary>
[Trait("Category", "Interop")]
public sealed class ClosingTests(InteropFixture fixture) : IClassFixture<InteropFixture>
{
    [Theory]
    [MemberData(nameof(PairKind.For), Claim.Close, MemberType = typeof(PairKind))]
    public Task A_channel_closed_by_either_side_closes_at_both_and_leaves_the_others_open(string offerer, string answerer) =>
        fixture.ClaimAsync(Claim.Close, offerer, answerer, async pair =>
        {
            await pair.ConnectAsync(new ChannelPlan("stays"), new ChannelPlan("by-offerer"), new ChannelPlan("by-answerer"));

            await pair.Offerer.CloseChannelAsync("by-offerer");
            await pair.Answerer.CloseChannelAsync("by-answerer");

            foreach (var peer in new[] { pair.Offerer, pair.Answerer })
            {
                await pair.AssertClosedAsync(peer, "by-offerer");
                await pair.AssertClosedAsync(peer, "by-answerer");
            }

            await pair.AssertPassesAsync(pair.Offerer, pair.Answerer, "stays", text: true, 1200, seed: 1);
            await pair.AssertPassesAsync(pair.Answerer, pair.Offerer, "stays", text: false, 1200, seed: 2);
            Assert.False(pair.Offerer.Events.HasUntaken(Concerns("closed", "stays")));
        });

    [Theory]
    [MemberData(nameof(PairKind.For), Claim.Drain, MemberType = typeof(PairKind))]
    public Task Messages_sent_before_a_channel_is_closed_arrive(string offerer, string answerer) =>
        fixture.ClaimAsync(Claim.Drain, offerer, answerer, async pair =>
        {
            await pair.ConnectAsync(new ChannelPlan("first"), new ChannelPlan("second"));

            foreach (var ((sender, receiver), label) in pair.Ways(Claim.Drain).Zip(["first", "second"]))
            {
                await SendManyAsync(sender, label);
                await sender.CloseChannelAsync(label);
                await pair.AssertManyArriveAsync(sender, receiver, label);
                await pair.AssertClosedAsync(receiver, label);
            }
        });

    [Theory]
    [MemberData(nameof(PairKind.For), Claim.Reuse, MemberType = typeof(PairKind))]
    public Task A_label_and_its_stream_can_be_used_again_after_a_close(string offerer, string answerer) =>
        fixture.ClaimAsync(Claim.Reuse, offerer, answerer, async pair =>
        {
            await pair.ConnectAsync(new ChannelPlan("stays"));

            foreach (var (opener, other) in pair.Ways(Claim.Reuse))
            {
                for (var round = 0; round < 3; round++)
                {
                    await pair.AddChannelAsync(opener, new ChannelPlan("again"));
                    await pair.AssertPassesAsync(opener, other, "again", text: false, 1200, round);
                    await pair.AssertPassesAsync(other, opener, "again", text: false, 1200, round);
                    await other.CloseChannelAsync("again");
                    await pair.AssertClosedAsync(opener, "again");
                    await pair.AssertClosedAsync(other, "again");
                }
            }
        });

    [Theory]
    [MemberData(nameof(PairKind.For), Claim.End, MemberType = typeof(PairKind))]
    public Task A_connection_closed_by_either_side_ends_at_the_other(string offerer, string answerer) =>
        fixture.ClaimAsync(Claim.End, offerer, answerer, async first =>
        {
            await AssertCloseEndsBothAsync(first, first.Offerer, first.Answerer);
            await using var second = await fixture.StartAsync(offerer, answerer);
            await AssertCloseEndsBothAsync(second, second.Answerer, second.Offerer);
        });

    [Theory]
    [MemberData(nameof(PairKind.For), Claim.LastWords, MemberType = typeof(PairKind))]
    public Task Messages_sent_before_the_connection_is_closed_arrive(string offerer, string answerer) =>
        fixture.ClaimAsync(Claim.LastWords, offerer, answerer, async pair =>
        {
            var (closer, other) = pair.Ways(Claim.LastWords).First();
            await pair.ConnectAsync(new ChannelPlan("last-words"));

            await SendManyAsync(closer, "last-words");
            await closer.CloseAsync();

            await pair.AssertManyArriveAsync(closer, other, "last-words");
            await pair.AssertClosedAsync(other, "last-words");
        });

    [Theory]
    [MemberData(nameof(PairKind.For), Claim.Abort, MemberType = typeof(PairKind))]
    public Task A_peer_that_is_gone_without_a_word_is_noticed_and_what_it_delivered_stays(string offerer, string answerer) =>
        fixture.ClaimAsync(Claim.Abort, offerer, answerer, async pair =>
        {
            var (gone, other) = pair.Ways(Claim.Abort).First();
            await pair.ConnectAsync(new ChannelPlan("cut-short"));
            await pair.AssertPassesAsync(gone, other, "cut-short", text: false, 64 * Ki, seed: 1);
            await pair.AssertPassesAsync(other, gone, "cut-short", text: false, 64 * Ki, seed: 2);

            await gone.KillAsync();
            await SendManyAsync(other, "cut-short"); // into the void

            // RFC 7675: nothing is sent any more once consent has expired.
            await pair.TakeAsync(other, "the path's loss", reported => reported is { Event: "state", State: "disconnected" });
            await pair.TakeAsync(other, "the end of consent", reported => reported is { Event: "state", State: "failed" });
            await other.CloseAsync();
            await pair.TakeAsync(other, "its own end", reported => reported is { Event: "state", State: "closed" });
            await pair.AssertClosedAsync(other, "cut-short");
        });

    private static async Task AssertCloseEndsBothAsync(PeerPair pair, IRemotePeer closer, IRemotePeer other)
    {
        await pair.ConnectAsync(new ChannelPlan("in-band"), new ChannelPlan("negotiated", Negotiated: true, Id: 100));
        await pair.AssertPassesAsync(other, closer, "in-band", text: true, 1200, seed: 1);

        await closer.CloseAsync();

        await pair.TakeAsync(closer, "its own end", reported => reported is { Event: "state", State: "closed" });
        if (closer.Stack != Stack.LibDataChannel)
        {
            await pair.AssertClosedAsync(other, "in-band");
            await pair.AssertClosedAsync(other, "negotiated");
        }

        // aiortc shows the end of its peer at the channels only. libdatachannel sends one ABORT, which under load does not
        // leave before its socket is gone: there ICE notices.
        if (other.Stack != Stack.Aiortc)
        {
            await pair.TakeAsync(other, "the end of the connection", reported => reported is { Event: "state", State: "closed" or "disconnected" or "failed" });
        }
    }
}
