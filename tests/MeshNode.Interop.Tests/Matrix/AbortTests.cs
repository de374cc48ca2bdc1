using MeshNode.Interop.Tests.Pairs;
using MeshNode.Interop.Tests.Peers;
using static MeshNode.Interop.Tests.Pairs.PeerPairAssertions;

namespace MeshNode.Interop.Tests.Matrix;

/// <summary>Peers that are gone, for every pair of stacks and both roles. A class of its own, because most of it is waiting for ICE.</summary>
[Trait("Category", "Interop")]
public sealed class AbortTests(InteropFixture fixture) : IClassFixture<InteropFixture>
{
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
}
