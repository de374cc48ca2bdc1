using System.Net;
using MeshNode.Interop.Tests.Peers;

namespace MeshNode.Interop.Tests.Pairs;

/// <summary>Which stacks meet, and who offers. The pairs without MeshNode show that the harness itself works.</summary>
public static class PairKind
{
    public const string LibDataChannel = "libdatachannel";
    public const string Chromium = "chromium";

    public const string MeshNode = "meshnode";
    public const string MeshNodeIPv6 = "meshnode on ::1";

    public static TheoryData<string, string> All => new()
    {
        { MeshNode, LibDataChannel },
        { LibDataChannel, MeshNode },
        { MeshNode, Chromium },
        { Chromium, MeshNode },
        { MeshNode, MeshNode },
        { LibDataChannel, Chromium },
        { Chromium, LibDataChannel },
    };

    public static async Task<PeerPair> StartAsync(string offerer, string answerer, ChromiumBrowser browser)
    {
        var first = await StartPeerAsync(offerer, browser);
        return new PeerPair(first, await StartPeerAsync(answerer, browser));
    }

    private static async Task<IRemotePeer> StartPeerAsync(string stack, ChromiumBrowser browser) => stack switch
    {
        MeshNode => await MeshNodePeer.StartAsync(IPAddress.Loopback),
        MeshNodeIPv6 => await MeshNodePeer.StartAsync(IPAddress.IPv6Loopback),
        LibDataChannel => await LibDataChannelPeer.StartAsync(),
        Chromium => await ChromiumPeer.StartAsync(browser),
        _ => throw new ArgumentOutOfRangeException(nameof(stack), stack, "Not a stack that the tests can start."),
    };
}
