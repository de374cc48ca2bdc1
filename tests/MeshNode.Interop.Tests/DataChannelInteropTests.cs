using MeshNode.Interop.Tests.Pairs;
using MeshNode.Interop.Tests.Peers;

namespace MeshNode.Interop.Tests;

/// <summary>What two W3C-conforming peers may expect of each other's data channels, for every pair of stacks, both as offerer and as answerer.</summary>
[Trait("Category", "Interop")]
public sealed class DataChannelInteropTests(ChromiumBrowser browser) : IClassFixture<ChromiumBrowser>
{
    private const int Ki = 1024;
    private const int ManyMessages = 20; // of 64 KiB: more than a congestion window, less than any send buffer
    private static readonly int[] Sizes = [0, 1, 1200, 16 * Ki, 64 * Ki, (256 * Ki) - 1];

    [Theory]
    [MemberData(nameof(PairKind.All), MemberType = typeof(PairKind))]
    public async Task Every_kind_of_channel_opens_with_its_parameters(string offerer, string answerer)
    {
        await using var pair = await PairKind.StartAsync(offerer, answerer, browser);

        foreach (var (plan, atOfferer, atAnswerer) in await pair.ConnectAsync([.. ChannelPlan.MeshChannels, .. ChannelPlan.InBandKinds]))
        {
            Assert.Equal(atOfferer.Id, atAnswerer.Id);
            AssertMatches(plan, atOfferer);
            AssertMatches(plan, atAnswerer);
        }
    }

    [Theory]
    [MemberData(nameof(PairKind.All), MemberType = typeof(PairKind))]
    public async Task Either_side_opens_channels_on_a_connection_that_is_up(string offerer, string answerer)
    {
        await using var pair = await PairKind.StartAsync(offerer, answerer, browser);
        await pair.ConnectAsync(new ChannelPlan("first"));

        var byAnswerer = await pair.AddChannelAsync(pair.Answerer, new ChannelPlan("by-answerer", Protocol: "later"));
        var byOfferer = await pair.AddChannelAsync(pair.Offerer, new ChannelPlan("by-offerer", Ordered: false));

        // RFC 8832 section 6: the DTLS client opens even stream ids, the server odd ones.
        Assert.NotEqual(byAnswerer.AtOfferer.Id % 2, byOfferer.AtOfferer.Id % 2);
        AssertMatches(byAnswerer.Plan, byAnswerer.AtOfferer);
        AssertMatches(byOfferer.Plan, byOfferer.AtAnswerer);
    }

    [Theory]
    [MemberData(nameof(PairKind.All), MemberType = typeof(PairKind))]
    public async Task Messages_of_every_size_arrive_unchanged_both_ways(string offerer, string answerer)
    {
        await using var pair = await PairKind.StartAsync(offerer, answerer, browser);
        await pair.ConnectAsync(ChannelPlan.InBandKinds);

        var seed = 0;
        foreach (var (sender, receiver) in pair.BothWays)
        {
            foreach (var plan in ChannelPlan.InBandKinds)
            {
                foreach (var size in Sizes)
                {
                    await AssertPassesAsync(pair, sender, receiver, plan.Label, text: false, size, ++seed);
                    await AssertPassesAsync(pair, sender, receiver, plan.Label, text: true, size, ++seed);
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(PairKind.All), MemberType = typeof(PairKind))]
    public async Task Messages_sent_at_once_both_ways_arrive_in_order(string offerer, string answerer)
    {
        const int Rounds = 20;
        await using var pair = await PairKind.StartAsync(offerer, answerer, browser);
        await pair.ConnectAsync(new ChannelPlan("ordered"), new ChannelPlan("second"));

        int SizeOf(int round) => Sizes[round % 5];
        for (var round = 0; round < Rounds; round++)
        {
            foreach (var (sender, _) in pair.BothWays)
            {
                await sender.SendAsync("ordered", text: round % 2 == 0, SizeOf(round), round);
                await sender.SendAsync("second", text: false, SizeOf(round + 1), round);
            }
        }

        foreach (var (sender, receiver) in pair.BothWays)
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
    }

    [Theory]
    [MemberData(nameof(PairKind.All), MemberType = typeof(PairKind))]
    public async Task A_hundred_channels_carry_messages_at_once_and_close(string offerer, string answerer)
    {
        const int Size = 10_000;
        var plans = Enumerable.Range(0, 100).Select(number => new ChannelPlan($"channel-{number}")).ToArray();
        await using var pair = await PairKind.StartAsync(offerer, answerer, browser);
        await pair.ConnectAsync(plans);

        foreach (var plan in plans)
        {
            await pair.Offerer.SendAsync(plan.Label, text: false, Size, seed: 1);
            await pair.Answerer.SendAsync(plan.Label, text: false, Size, seed: 2);
        }

        foreach (var plan in plans)
        {
            await AssertArrivesAsync(pair, pair.Offerer, pair.Answerer, plan.Label, text: false, Size);
            await AssertArrivesAsync(pair, pair.Answerer, pair.Offerer, plan.Label, text: false, Size);
            await pair.Offerer.CloseChannelAsync(plan.Label);
        }

        foreach (var plan in plans)
        {
            await pair.TakeAsync(pair.Offerer, $"{plan.Label} closed", Concerns("closed", plan.Label));
            await pair.TakeAsync(pair.Answerer, $"{plan.Label} closed", Concerns("closed", plan.Label));
        }
    }

    [Theory]
    [MemberData(nameof(PairKind.All), MemberType = typeof(PairKind))]
    public async Task Messages_sent_before_a_channel_is_closed_arrive(string offerer, string answerer)
    {
        await using var pair = await PairKind.StartAsync(offerer, answerer, browser);
        await pair.ConnectAsync(new ChannelPlan("by-offerer"), new ChannelPlan("by-answerer"));

        foreach (var (label, sender, receiver) in new[] { ("by-offerer", pair.Offerer, pair.Answerer), ("by-answerer", pair.Answerer, pair.Offerer) })
        {
            await SendManyAsync(sender, label);
            await sender.CloseChannelAsync(label);
            await AssertManyArriveAsync(pair, sender, receiver, label);
            await pair.TakeAsync(receiver, $"{label} closed", Concerns("closed", label));
        }
    }

    /// <summary>
    /// Only ours: the other stacks abort their association when the application closes it. Not towards libdatachannel,
    /// which drops what it has acknowledged and not yet delivered when it sees the end.
    /// </summary>
    [Theory]
    [InlineData(PairKind.Chromium)]
    [InlineData(PairKind.MeshNode)]
    public async Task Messages_that_our_side_sent_before_it_closes_the_connection_arrive(string answerer)
    {
        await using var pair = await PairKind.StartAsync(PairKind.MeshNode, answerer, browser);
        await pair.ConnectAsync(new ChannelPlan("last-words"));

        await SendManyAsync(pair.Offerer, "last-words");
        await pair.Offerer.CloseAsync();

        await AssertManyArriveAsync(pair, pair.Offerer, pair.Answerer, "last-words");
        await pair.TakeAsync(pair.Answerer, "last-words closed", Concerns("closed", "last-words"));
    }

    [Theory]
    [InlineData(PairKind.MeshNodeIPv6, PairKind.Chromium)]
    [InlineData(PairKind.Chromium, PairKind.MeshNodeIPv6)]
    [InlineData(PairKind.MeshNodeIPv6, PairKind.MeshNodeIPv6)]
    public async Task Peers_that_share_only_IPv6_connect_over_it(string offerer, string answerer)
    {
        await using var pair = await PairKind.StartAsync(offerer, answerer, browser);
        await pair.ConnectAsync(new ChannelPlan("six"));

        await AssertPassesAsync(pair, pair.Offerer, pair.Answerer, "six", text: false, 64 * Ki, seed: 1);
        await AssertPassesAsync(pair, pair.Answerer, pair.Offerer, "six", text: true, 64 * Ki, seed: 2);
    }

    [Theory]
    [MemberData(nameof(PairKind.All), MemberType = typeof(PairKind))]
    public async Task A_channel_closed_by_either_side_closes_at_both_and_leaves_the_others_open(string offerer, string answerer)
    {
        await using var pair = await PairKind.StartAsync(offerer, answerer, browser);
        await pair.ConnectAsync(new ChannelPlan("stays"), new ChannelPlan("by-offerer"), new ChannelPlan("by-answerer"));

        await pair.Offerer.CloseChannelAsync("by-offerer");
        await pair.Answerer.CloseChannelAsync("by-answerer");

        foreach (var peer in new[] { pair.Offerer, pair.Answerer })
        {
            await pair.TakeAsync(peer, "by-offerer closed", Concerns("closed", "by-offerer"));
            await pair.TakeAsync(peer, "by-answerer closed", Concerns("closed", "by-answerer"));
        }

        await AssertPassesAsync(pair, pair.Offerer, pair.Answerer, "stays", text: true, 1200, seed: 1);
        await AssertPassesAsync(pair, pair.Answerer, pair.Offerer, "stays", text: false, 1200, seed: 2);
        Assert.False(pair.Offerer.Events.HasUntaken(Concerns("closed", "stays")));
    }

    [Theory]
    [MemberData(nameof(PairKind.All), MemberType = typeof(PairKind))]
    public async Task A_label_and_its_stream_can_be_used_again_after_a_close(string offerer, string answerer)
    {
        await using var pair = await PairKind.StartAsync(offerer, answerer, browser);
        await pair.ConnectAsync(new ChannelPlan("stays"));

        foreach (var (opener, other) in pair.BothWays)
        {
            for (var round = 0; round < 3; round++)
            {
                await pair.AddChannelAsync(opener, new ChannelPlan("again"));
                await AssertPassesAsync(pair, opener, other, "again", text: false, 1200, round);
                await AssertPassesAsync(pair, other, opener, "again", text: false, 1200, round);
                await other.CloseChannelAsync("again");
                await pair.TakeAsync(opener, "again closed", Concerns("closed", "again"));
                await pair.TakeAsync(other, "again closed", Concerns("closed", "again"));
            }
        }
    }

    [Theory]
    [MemberData(nameof(PairKind.All), MemberType = typeof(PairKind))]
    public async Task A_connection_closed_by_the_offerer_ends_at_the_answerer(string offerer, string answerer)
    {
        await using var pair = await PairKind.StartAsync(offerer, answerer, browser);
        await AssertCloseEndsBothAsync(pair, pair.Offerer, pair.Answerer);
    }

    [Theory]
    [MemberData(nameof(PairKind.All), MemberType = typeof(PairKind))]
    public async Task A_connection_closed_by_the_answerer_ends_at_the_offerer(string offerer, string answerer)
    {
        await using var pair = await PairKind.StartAsync(offerer, answerer, browser);
        await AssertCloseEndsBothAsync(pair, pair.Answerer, pair.Offerer);
    }

    private static async Task AssertCloseEndsBothAsync(PeerPair pair, IRemotePeer closer, IRemotePeer other)
    {
        await pair.ConnectAsync(new ChannelPlan("in-band"), new ChannelPlan("negotiated", Negotiated: true, Id: 100));
        await AssertPassesAsync(pair, other, closer, "in-band", text: true, 1200, seed: 1);

        await closer.CloseAsync();

        await pair.TakeAsync(closer, "its own end", reported => reported is { Event: "state", State: "closed" });
        if (closer is not LibDataChannelPeer)
        {
            await pair.TakeAsync(other, "in-band closed", Concerns("closed", "in-band"));
            await pair.TakeAsync(other, "negotiated closed", Concerns("closed", "negotiated"));
        }

        // libdatachannel sends one ABORT, which under load does not leave before its socket is gone: there ICE notices.
        await pair.TakeAsync(other, "the end of the connection", reported => reported is { Event: "state", State: "closed" or "disconnected" or "failed" });
    }

    private static async Task AssertPassesAsync(PeerPair pair, IRemotePeer sender, IRemotePeer receiver, string label, bool text, int size, int seed)
    {
        await sender.SendAsync(label, text, size, seed);
        await AssertArrivesAsync(pair, sender, receiver, label, text, size);
    }

    private static async Task AssertArrivesAsync(PeerPair pair, IRemotePeer sender, IRemotePeer receiver, string label, bool text, int size)
    {
        var what = $"{(text ? "text" : "binary")} message of {size} bytes on {label}";
        var sent = await pair.TakeAsync(sender, $"{what} sent", Concerns("sent", label));
        var received = await pair.TakeAsync(receiver, what, Concerns("message", label));
        Assert.Equal((text, size, sent.Sha256), (received.Text, received.Size, received.Sha256));
    }

    private static async Task SendManyAsync(IRemotePeer sender, string label)
    {
        for (var number = 0; number < ManyMessages; number++)
        {
            await sender.SendAsync(label, text: false, 64 * Ki, seed: number);
        }
    }

    private static async Task AssertManyArriveAsync(PeerPair pair, IRemotePeer sender, IRemotePeer receiver, string label)
    {
        for (var number = 0; number < ManyMessages; number++)
        {
            await AssertArrivesAsync(pair, sender, receiver, label, text: false, 64 * Ki);
        }
    }

    private static Func<PeerEvent, bool> Concerns(string kind, string label) => reported => reported.Event == kind && reported.Label == label;

    /// <summary>libdatachannel tells neither order nor limits of a channel; what a stack tells must be right.</summary>
    private static void AssertMatches(ChannelPlan plan, PeerEvent open)
    {
        Assert.Equal(plan.Protocol, open.Protocol);
        Assert.Equal(plan.Id ?? open.Id, open.Id);
        if (open.Ordered is { } ordered)
        {
            Assert.Equal((plan.Ordered, plan.MaxRetransmits, plan.MaxPacketLifeTime), (ordered, open.MaxRetransmits, open.MaxPacketLifeTime));
        }
    }
}
