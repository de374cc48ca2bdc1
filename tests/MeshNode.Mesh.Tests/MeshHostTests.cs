using System.Net;
using MeshNode.Mesh.Identity;
using MeshNode.Mesh.Links;
using MeshNode.Rtc.Sockets;
using Microsoft.Extensions.Logging.Abstractions;

namespace MeshNode.Mesh.Tests;

/// <summary>Whole hosts in one process, with real sockets on loopback and nothing of the program around them.</summary>
public sealed class MeshHostTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Two_hosts_connect_directly_and_exchange_messages()
    {
        using var aliceIdentity = NodeIdentity.CreateEphemeral(new SecureRandomSource());
        using var bobIdentity = NodeIdentity.CreateEphemeral(new SecureRandomSource());
        await using var alice = await StartAsync(aliceIdentity);
        await using var entrance = new WebSocketEntrance(alice);
        await using var bob = await StartAsync(bobIdentity, entrance.Url);

        var there = await bob.SendAsync(alice.Id, "hello", Patience);
        var back = await alice.SendAsync(bob.Id, "hello yourself", Patience);

        Assert.Equal((true, "direct", null), (there.Delivered, there.Path, there.Reason));
        Assert.Equal((true, "direct", null), (back.Delivered, back.Path, back.Reason));
        var peer = Assert.Single(await alice.GetPeersAsync());
        Assert.Equal((bob.Id, "connected"), (peer.Id, peer.State));
        Assert.Equal(1, (await bob.GetStatusAsync()).PeerCount);
    }

    [Fact]
    public async Task Host_refuses_to_send_to_itself_and_to_what_is_no_id()
    {
        using var identity = NodeIdentity.CreateEphemeral(new SecureRandomSource());
        await using var host = await StartAsync(identity);

        Assert.Contains("own id", (await host.SendAsync(host.Id, "hello", Patience)).Reason, StringComparison.Ordinal);
        Assert.Contains("is not an id", (await host.SendAsync("nobody", "hello", Patience)).Reason, StringComparison.Ordinal);
    }

    private static Task<MeshHost> StartAsync(NodeIdentity identity, params Uri[] seeds) => MeshHost.StartAsync(
        new MeshHostOptions { Name = "test", Udp = [new IPEndPoint(IPAddress.Loopback, 0)], Seeds = seeds, Admission = AdmissionPolicy.Open },
        identity,
        NullLoggerFactory.Instance,
        TimeProvider.System);
}
