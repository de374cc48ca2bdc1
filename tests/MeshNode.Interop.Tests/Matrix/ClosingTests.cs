using MeshNode.Interop.Tests.Pairs;
using MeshNode.Interop.Tests.Peers;
using static MeshNode.Interop.Tests.Pairs.PeerPairAssertions;

namespace MeshNode.Interop.Tests.Matrix;

/// <summary>What closes gracefully, for every pair of stacks and both roles.</summary>
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
}
