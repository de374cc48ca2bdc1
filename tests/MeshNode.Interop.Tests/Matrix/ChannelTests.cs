using MeshNode.Interop.Tests.Pairs;
using MeshNode.Interop.Tests.Peers;
using static MeshNode.Interop.Tests.Pairs.PeerPairAssertions;

namespace MeshNode.Interop.Tests.Matrix;

/// <summary>What two W3C-conforming peers may expect of the channels that they open, for every pair of stacks and both roles.</summary>
[Trait("Category", "Interop")]
public sealed class ChannelTests(InteropFixture fixture) : IClassFixture<InteropFixture>
{
    [Theory]
    [MemberData(nameof(PairKind.For), Claim.Kinds, MemberType = typeof(PairKind))]
    public Task Every_kind_of_channel_opens_with_its_parameters(string offerer, string answerer) =>
        fixture.ClaimAsync(Claim.Kinds, offerer, answerer, async pair =>
        {
            foreach (var (plan, atOfferer, atAnswerer) in await pair.ConnectAsync([.. ChannelPlan.MeshChannels, .. ChannelPlan.InBandKinds]))
            {
                Assert.Equal(atOfferer.Id, atAnswerer.Id);
                AssertMatches(plan, atOfferer);
                AssertMatches(plan, atAnswerer);
            }
        });

    [Theory]
    [MemberData(nameof(PairKind.For), Claim.Later, MemberType = typeof(PairKind))]
    public Task Either_side_opens_channels_on_a_connection_that_is_up(string offerer, string answerer) =>
        fixture.ClaimAsync(Claim.Later, offerer, answerer, async pair =>
        {
            await pair.ConnectAsync(new ChannelPlan("first"));

            var byAnswerer = await pair.AddChannelAsync(pair.Answerer, new ChannelPlan("by-answerer", Protocol: "later"));
            var byOfferer = await pair.AddChannelAsync(pair.Offerer, new ChannelPlan("by-offerer", Ordered: false));

            // RFC 8832 section 6: the DTLS client opens even stream ids, the server odd ones.
            Assert.NotEqual(byAnswerer.AtOfferer.Id % 2, byOfferer.AtOfferer.Id % 2);
            AssertMatches(byAnswerer.Plan, byAnswerer.AtOfferer);
            AssertMatches(byOfferer.Plan, byOfferer.AtAnswerer);
        });

    [Theory]
    [MemberData(nameof(PairKind.For), Claim.Streams, MemberType = typeof(PairKind))]
    public Task A_hundred_channels_carry_messages_at_once_and_close(string offerer, string answerer) =>
        fixture.ClaimAsync(Claim.Streams, offerer, answerer, async pair =>
        {
            const int Size = 10_000;
            var plans = Enumerable.Range(0, 100).Select(number => new ChannelPlan($"channel-{number}")).ToArray();
            await pair.ConnectAsync(plans);

            foreach (var plan in plans)
            {
                await pair.Offerer.SendAsync(plan.Label, text: false, Size, seed: 1);
                await pair.Answerer.SendAsync(plan.Label, text: false, Size, seed: 2);
            }

            foreach (var plan in plans)
            {
                await pair.AssertArrivesAsync(pair.Offerer, pair.Answerer, plan.Label, text: false, Size);
                await pair.AssertArrivesAsync(pair.Answerer, pair.Offerer, plan.Label, text: false, Size);
            }

            foreach (var plan in plans)
            {
                await pair.Offerer.CloseChannelAsync(plan.Label);
            }

            foreach (var plan in plans)
            {
                await pair.AssertClosedAsync(pair.Offerer, plan.Label);
                await pair.AssertClosedAsync(pair.Answerer, plan.Label);
            }
        });

    [Theory]
    [InlineData(Stack.MeshNodeIPv6, Stack.Chromium)]
    [InlineData(Stack.Chromium, Stack.MeshNodeIPv6)]
    [InlineData(Stack.MeshNodeIPv6, Stack.MeshNodeIPv6)]
    public async Task Peers_that_share_only_IPv6_connect_over_it(string offerer, string answerer)
    {
        await using var pair = await fixture.StartAsync(offerer, answerer);
        await pair.ConnectAsync(new ChannelPlan("six"));

        await pair.AssertPassesAsync(pair.Offerer, pair.Answerer, "six", text: false, 64 * Ki, seed: 1);
        await pair.AssertPassesAsync(pair.Answerer, pair.Offerer, "six", text: true, 64 * Ki, seed: 2);
    }
}
