using MeshNode.Interop.Tests.Pairs;
using MeshNode.Interop.Tests.Peers;
using static MeshNode.Interop.Tests.Pairs.PeerPairAssertions;

namespace MeshNode.Interop.Tests.Matrix;

/// <summary>How connections end, for every pair of stacks and both roles. A class of its own, because most of it is waiting for ICE.</summary>
[Trait("Category", "Interop")]
public sealed class EndTests(InteropFixture fixture) : IClassFixture<InteropFixture>
{
    [Theory]
    [MemberData(nameof(PairKind.For), Claim.End, MemberType = typeof(PairKind))]
    public Task A_connection_closed_by_either_side_ends_at_the_other(string offerer, string answerer) =>
        fixture.ClaimAsync(Claim.End, offerer, answerer, async first =>
        {
            await using var second = await fixture.StartAsync(offerer, answerer);
            await Task.WhenAll(
                AssertCloseEndsBothAsync(first, first.Offerer, first.Answerer),
                AssertCloseEndsBothAsync(second, second.Answerer, second.Offerer));
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
