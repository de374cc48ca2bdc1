using MeshNode.Interop.Tests.Pairs;
using MeshNode.Interop.Tests.Peers;
using static MeshNode.Interop.Tests.Pairs.PeerPairAssertions;

namespace MeshNode.Interop.Tests.Matrix;

/// <summary>Messages of every size and many at once, for every pair of stacks and both roles.</summary>
[Trait("Category", "Interop")]
public sealed class MessageTests(InteropFixture fixture) : IClassFixture<InteropFixture>
{
    private static readonly int[] Sizes = [0, 1, 1200, 16 * Ki, 64 * Ki];

    [Theory]
    [MemberData(nameof(PairKind.For), Claim.Sizes, MemberType = typeof(PairKind))]
    public Task Messages_of_every_size_up_to_the_negotiated_maximum_arrive_unchanged_both_ways(string offerer, string answerer) =>
        fixture.ClaimAsync(Claim.Sizes, offerer, answerer, async pair =>
        {
            await pair.ConnectAsync(ChannelPlan.InBandKinds);

            var seed = 0;
            foreach (var (sender, receiver) in pair.Ways(Claim.Sizes))
            {
                int[] sizes = [.. Sizes, pair.Descriptions[receiver].MaxMessageSize];
                foreach (var plan in ChannelPlan.InBandKinds)
                {
                    foreach (var size in sizes)
                    {
                        await pair.AssertPassesAsync(sender, receiver, plan.Label, text: false, size, ++seed);
                        await pair.AssertPassesAsync(sender, receiver, plan.Label, text: true, size, ++seed);
                    }
                }

                if (sender is MeshNodePeer)
                {
                    await AssertRefusesLargerAsync(pair, sender, receiver);
                }
            }
        });

    [Theory]
    [MemberData(nameof(PairKind.For), Claim.Order, MemberType = typeof(PairKind))]
    public Task Messages_sent_at_once_both_ways_arrive_in_order(string offerer, string answerer) =>
        fixture.ClaimAsync(Claim.Order, offerer, answerer, async pair =>
        {
            const int Rounds = 20;
            await pair.ConnectAsync(new ChannelPlan("ordered"), new ChannelPlan("second"));

            int SizeOf(int round) => Sizes[round % Sizes.Length];
            for (var round = 0; round < Rounds; round++)
            {
                foreach (var (sender, _) in pair.Ways(Claim.Order))
                {
                    await sender.SendAsync("ordered", text: round % 2 == 0, SizeOf(round), round);
                    await sender.SendAsync("second", text: false, SizeOf(round + 1), round);
                }
            }

            foreach (var (sender, receiver) in pair.Ways(Claim.Order))
            {
                foreach (var label in new[] { "ordered", "second" })
                {
                    for (var round = 0; round < Rounds; round++)
                    {
                        var sent = await pair.TakeAsync(sender, $"message {round} sent on {label}", Concerns("sent", label));
                        var received = await pair.TakeAsync(receiver, $"message {round} on {label}", Concerns("message", label));
                        Assert.Equal((round, sent.Size, sent.Sha256), (round, received.Size, received.Sha256));
                    }
                }
            }
        });

    private static async Task AssertRefusesLargerAsync(PeerPair pair, IRemotePeer sender, IRemotePeer receiver)
    {
        var label = ChannelPlan.InBandKinds[0].Label;
        await sender.SendAsync(label, text: false, pair.Descriptions[receiver].MaxMessageSize + 1, seed: 1);
        var refused = await pair.TakeAsync(sender, "a message that is too large refused", Concerns("error", label));
        Assert.Equal("send: TooLarge", refused.Message);

        // Nothing of it was sent: the next message is the next one.
        await pair.AssertPassesAsync(sender, receiver, label, text: false, 1, seed: 2);
    }
}
