using System.Net;
using MeshNode.Interop.Tests.Peers;
using MeshNode.Rtc.Ice;

namespace MeshNode.Interop.Tests.Pairs;

/// <summary>
/// What the test classes of the matrix share: one Chromium while any of them runs, and the matrix, which is printed as far
/// as it is known when a class ends.
/// </summary>
public sealed class InteropFixture : IAsyncLifetime
{
    private static readonly SemaphoreSlim Gate = new(1);
    private static readonly InteropMatrix Matrix = new();
    private static ChromiumBrowser? _shared;
    private static int _users;
    private ChromiumBrowser? _browser;

    public async Task InitializeAsync()
    {
        await Gate.WaitAsync();
        _users++;
        _browser = _shared ??= new ChromiumBrowser();
        Gate.Release();
    }

    public async Task DisposeAsync()
    {
        System.Console.Write(Matrix.ToString());
        await Gate.WaitAsync();
        try
        {
            if (--_users == 0)
            {
                await _shared!.DisposeAsync();
                _shared = null;
            }
        }
        finally
        {
            Gate.Release();
        }
    }

    /// <summary>Makes a claim about a pair and enters what came of it in the matrix.</summary>
    /// <param name="claim">The column.</param>
    /// <param name="offerer">One of <see cref="Stack"/>'s names.</param>
    /// <param name="answerer">One of <see cref="Stack"/>'s names.</param>
    /// <param name="holds">Throws when the claim does not hold.</param>
    /// <param name="relay">Between the two, where their datagrams are to be lost or counted; the pair disposes it.</param>
    internal async Task ClaimAsync(Claim claim, string offerer, string answerer, Func<PeerPair, Task> holds, UdpRelay? relay = null)
    {
        try
        {
            await using (var pair = await StartAsync(offerer, answerer, relay, isImpatient: claim == Claim.Abort))
            {
                await holds(pair);
            }
        }
        catch
        {
            Matrix.Record(claim, offerer, answerer, holds: false);
            throw;
        }

        Matrix.Record(claim, offerer, answerer, holds: true);
    }

    /// <param name="offerer">One of <see cref="Stack"/>'s names.</param>
    /// <param name="answerer">One of <see cref="Stack"/>'s names.</param>
    /// <param name="relay">Between the two; the pair disposes it.</param>
    /// <param name="isImpatient">Ours gives its peer up after 5 s without consent instead of RFC 7675's 30.</param>
    internal async Task<PeerPair> StartAsync(string offerer, string answerer, UdpRelay? relay = null, bool isImpatient = false)
    {
        var ice = isImpatient ? Impatient : new IceAgentConfiguration();
        var starting = (Offerer: StartPeerAsync(offerer, ice), Answerer: StartPeerAsync(answerer, ice));
        return new PeerPair(await starting.Offerer, await starting.Answerer, relay);
    }

    private async Task<IRemotePeer> StartPeerAsync(string stack, IceAgentConfiguration ice) => stack switch
    {
        Stack.MeshNode => await MeshNodePeer.StartAsync(IPAddress.Loopback, ice),
        Stack.MeshNodeIPv6 => await MeshNodePeer.StartAsync(IPAddress.IPv6Loopback, ice),
        Stack.Chromium => await ChromiumPeer.StartAsync(_browser!),
        Stack.LibDataChannel => await ProcessPeer.StartAsync(stack, "node", Path.Combine(FarSideScripts.JavaScript, "datachannel-peer.mjs")),
        Stack.LibWebRtc => await ProcessPeer.StartAsync(stack, "node", Path.Combine(FarSideScripts.JavaScript, "libwebrtc-peer.mjs")),
        Stack.Aiortc => await ProcessPeer.StartAsync(stack, "/usr/bin/python3", Path.Combine(FarSideScripts.Python, "aiortc_peer.py")),
        _ => throw new ArgumentOutOfRangeException(nameof(stack), stack, "Not a stack that the tests can start."),
    };

    /// <summary>RFC 7675's times cut short, so that a test sees the end of a peer that is gone.</summary>
    private static IceAgentConfiguration Impatient { get; } = new()
    {
        ConsentInterval = TimeSpan.FromSeconds(1),
        DisconnectedTimeout = TimeSpan.FromSeconds(2),
        ConsentTimeout = TimeSpan.FromSeconds(5),
    };
}
