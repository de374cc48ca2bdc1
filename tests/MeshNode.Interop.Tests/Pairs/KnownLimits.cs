namespace MeshNode.Interop.Tests.Pairs;

/// <summary>
/// What other stacks cannot do, with the reason that the matrix prints. A limit is about a direction: the stack that acts
/// (sends, closes, restarts, is killed) and the one that it acts upon. What is claimed of no direction of a pair is "n/a".
/// </summary>
internal static class KnownLimits
{
    private static readonly Limit[] Limits =
    [
        new(Claim.Order, (_, other) => other == Stack.Aiortc, "aiortc 1.4.0 leaves messages of interleaved streams waiting after a loss, and its socket loses some of a burst"),
        new(Claim.Drain, (actor, _) => actor == Stack.Aiortc, "aiortc 1.4.0 resets a channel's stream before what is queued on it has been sent"),
        new(Claim.Drain, (actor, _) => actor == Stack.LibWebRtc, "the libwebrtc of @roamhq/wrtc 0.10.0 discards what is queued when a channel is closed"),
        new(Claim.LastWords, (actor, _) => actor != Stack.MeshNode, "claimed of our close: the other stacks abort the association when their application closes it"),
        new(Claim.LastWords, (_, other) => other == Stack.LibDataChannel, "libdatachannel drops what it has acknowledged and not yet delivered when it sees the end"),
        new(Claim.Abort, (_, other) => other != Stack.MeshNode, "claimed of our side: how soon another stack notices is its own affair"),
        new(Claim.Partial, (actor, _) => actor == Stack.Aiortc, "aiortc 1.4.0 sends a FORWARD-TSN once: when that is lost, its sender stands still"),
        new(Claim.Partial, (_, other) => other == Stack.Aiortc, "aiortc 1.4.0 prunes waiting messages of reliable streams too when a FORWARD-TSN comes"),
        new(Claim.Restart, (actor, other) => actor == Stack.Aiortc || other == Stack.Aiortc, "aiortc 1.4.0 has no ICE restart: its RTCIceTransport starts once"),
        new(Claim.Restart, (actor, _) => actor == Stack.LibDataChannel, "libdatachannel's API has no ICE restart"),
        new(Claim.Restart, (_, other) => other == Stack.LibDataChannel, "libdatachannel refuses a description with new ICE credentials"),
    ];

    /// <summary>The directions of a pair in which <paramref name="claim"/> is made.</summary>
    public static IEnumerable<(string Actor, string Other)> Ways(Claim claim, string offerer, string answerer) =>
        Both(offerer, answerer).Where(way => Of(claim, way.Actor, way.Other) is null);

    /// <summary>Why it is not made in the remaining directions.</summary>
    public static IEnumerable<string> Reasons(Claim claim, string offerer, string answerer) =>
        Both(offerer, answerer).Select(way => Of(claim, way.Actor, way.Other)).OfType<string>().Distinct();

    public static string? Of(Claim claim, string actor, string other) =>
        Limits.FirstOrDefault(limit => limit.Claim == claim && limit.Covers(actor, other))?.Reason;

    private static (string Actor, string Other)[] Both(string offerer, string answerer) => [(offerer, answerer), (answerer, offerer)];

    private sealed record Limit(Claim Claim, Func<string, string, bool> Covers, string Reason);
}
