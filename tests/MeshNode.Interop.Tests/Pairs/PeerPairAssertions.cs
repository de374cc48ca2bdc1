using MeshNode.Interop.Tests.Peers;

namespace MeshNode.Interop.Tests.Pairs;

/// <summary>What the test classes say about the events of a pair.</summary>
internal static class PeerPairAssertions
{
    public const int Ki = 1024;
    private const int ManyMessages = 20; // of 64 KiB: more than a congestion window, less than any send buffer

    public static Func<PeerEvent, bool> Concerns(string kind, string label) => reported => reported.Event == kind && reported.Label == label;

    public static async Task AssertPassesAsync(this PeerPair pair, IRemotePeer sender, IRemotePeer receiver, string label, bool text, int size, int seed)
    {
        await sender.SendAsync(label, text, size, seed);
        await pair.AssertArrivesAsync(sender, receiver, label, text, size);
    }

    public static async Task AssertArrivesAsync(this PeerPair pair, IRemotePeer sender, IRemotePeer receiver, string label, bool text, int size)
    {
        var what = $"{(text ? "text" : "binary")} message of {size} bytes on {label}";
        var sent = await pair.TakeAsync(sender, $"{what} sent", Concerns("sent", label));
        var received = await pair.TakeAsync(receiver, what, Concerns("message", label));
        Assert.Equal((text, size, sent.Sha256), (received.Text, received.Size, received.Sha256));
    }

    public static async Task SendManyAsync(IRemotePeer sender, string label)
    {
        for (var number = 0; number < ManyMessages; number++)
        {
            await sender.SendAsync(label, text: false, 64 * Ki, seed: number);
        }
    }

    public static async Task AssertManyArriveAsync(this PeerPair pair, IRemotePeer sender, IRemotePeer receiver, string label)
    {
        for (var number = 0; number < ManyMessages; number++)
        {
            await pair.AssertArrivesAsync(sender, receiver, label, text: false, 64 * Ki);
        }
    }

    public static Task AssertClosedAsync(this PeerPair pair, IRemotePeer peer, string label) =>
        pair.TakeAsync(peer, $"{label} closed", Concerns("closed", label));

    /// <summary>libdatachannel tells neither order nor limits of a channel; what a stack tells must be right.</summary>
    public static void AssertMatches(ChannelPlan plan, PeerEvent open)
    {
        Assert.Equal(plan.Protocol, open.Protocol);
        Assert.Equal(plan.Id ?? open.Id, open.Id);
        if (open.Ordered is { } ordered)
        {
            Assert.Equal((plan.Ordered, plan.MaxRetransmits, plan.MaxPacketLifeTime), (ordered, open.MaxRetransmits, open.MaxPacketLifeTime));
        }
    }
}
