using System.Diagnostics;
using System.Net;
using System.Text.Json;

namespace MeshNode.Node.Tests.Mesh;

/// <summary>Nodes that know each other only through others connect directly, signalled through the mesh.</summary>
public sealed class DirectConnectionTests : IDisposable
{
    private readonly MeshOfProcesses _mesh = new();

    public void Dispose() => _mesh.Dispose();

    [Fact]
    public async Task A_message_connects_two_nodes_that_only_share_a_neighbour()
    {
        var a = await _mesh.StartAsync("a");
        var b = await _mesh.JoinAsync("b", a);
        var c = await _mesh.JoinAsync("c", b);
        Assert.Null(await a.FindPeerAsync(c.Id));

        await a.DeliverAsync(c, "hello");

        AssertConnectedDirectly(await a.FindPeerAsync(c.Id));
        AssertConnectedDirectly(await c.FindPeerAsync(a.Id));
        AssertStatus(await a.AskAsync("status"), a);
        AssertTopology(await a.AskUntilAsync("topology", topology => HasLink(topology, a.Id, c.Id)), [a.Id, b.Id, c.Id]);
    }

    [Fact]
    public async Task Signalling_needs_no_websocket_once_nodes_are_connected()
    {
        using var toA = new CutProxy();
        using var toB = new CutProxy();
        var config = _mesh.Write("proxies.conf", $"meshnode {{ http {{ hosts = [\"{toA.Address}\", \"{toB.Address}\"] }} }}");
        var a = await _mesh.StartAsync("a", "--config", config);
        toA.Target = IPEndPoint.Parse(a.Http);
        var b = await JoinThroughAsync("b", toA, a, config);
        toB.Target = IPEndPoint.Parse(b.Http);
        var c = await JoinThroughAsync("c", toB, b, config);
        Assert.Equal((1, 1), (toA.Count, toB.Count));

        await toA.CutAsync();
        await toB.CutAsync();
        await b.WaitForLogAsync($"Cannot reach ws://{toA.Address}/mesh");
        await c.WaitForLogAsync($"Cannot reach ws://{toB.Address}/mesh");
        Assert.Null(await a.FindPeerAsync(c.Id));

        await a.DeliverAsync(c, "over control");
        AssertConnectedDirectly(await a.FindPeerAsync(c.Id));
    }

    [Fact]
    [Trait("Category", "Long")]
    public async Task The_ends_of_a_chain_of_five_connect_directly()
    {
        var chain = new List<MeshProcess> { await _mesh.StartAsync("1") };
        for (var number = 2; number <= 5; number++)
        {
            chain.Add(await _mesh.JoinAsync($"{number}", chain[^1]));
        }

        var (first, last) = (chain[0], chain[^1]);
        await first.DeliverAsync(last, "there");
        await last.DeliverAsync(first, "and back");
        AssertConnectedDirectly(await first.FindPeerAsync(last.Id));
        AssertConnectedDirectly(await last.FindPeerAsync(first.Id));
        var topology = await chain[2].AskUntilAsync("topology", topology => HasLink(topology, first.Id, last.Id));
        AssertTopology(topology, [.. chain.Select(node => node.Id)]);
    }

    /// <summary>
    /// Joins through a proxy. The issue wants WebRTC within 5 s of joining; where the machine is so busy that a process
    /// takes longer than half of that to start, twice as long as the start.
    /// </summary>
    private async Task<MeshProcess> JoinThroughAsync(string name, CutProxy proxy, MeshProcess seed, string config)
    {
        var clock = Stopwatch.StartNew();
        var node = await _mesh.StartAsync(name, "--config", config, "--join", $"ws://{proxy.Address}/mesh");
        var limit = Math.Max(5, 2 * clock.Elapsed.TotalSeconds);
        await node.WaitForLogAsync("Entered the mesh");
        clock.Restart();
        await node.WaitForPeerAsync(seed.Id);
        await seed.WaitForPeerAsync(node.Id);
        Assert.InRange(clock.Elapsed.TotalSeconds, 0, limit);
        return node;
    }

    private static bool HasLink(JsonElement topology, string one, string other) => topology.GetProperty("links").EnumerateArray().Any(link =>
        (link.GetProperty("from").GetString(), link.GetProperty("to").GetString()) is var ends && (ends == (one, other) || ends == (other, one)));

    private static void AssertConnectedDirectly(JsonElement? found)
    {
        var peer = Assert.NotNull(found);
        AssertNames(["id", "state", "path", "rttMs", "channels"], peer);
        Assert.Equal(("connected", "direct"), (peer.GetProperty("state").GetString(), peer.GetProperty("path").GetString()));
        Assert.InRange(peer.GetProperty("rttMs").GetDouble(), 0, 60_000);
        var channels = peer.GetProperty("channels").EnumerateArray().ToList();
        Assert.Equal(["control", "reliable", "unreliable", "file"], channels.Select(channel => channel.GetProperty("label").GetString()));
        Assert.All(channels, channel =>
        {
            AssertNames(["label", "state", "bufferedBytes"], channel);
            Assert.Equal("open", channel.GetProperty("state").GetString());
            Assert.True(channel.GetProperty("bufferedBytes").GetInt64() >= 0);
        });
    }

    private static void AssertStatus(JsonElement status, MeshProcess node)
    {
        AssertNames(["id", "version", "uptimeSeconds", "http", "udp", "peerCount"], status);
        Assert.Equal((node.Id, node.Http, 2), (
            status.GetProperty("id").GetString(), status.GetProperty("http").GetString(), status.GetProperty("peerCount").GetInt32()));
        Assert.Matches(@"^\d+\.\d+\.\d+", status.GetProperty("version").GetString());
        Assert.True(status.GetProperty("uptimeSeconds").GetDouble() > 0);
        Assert.NotEqual(0, IPEndPoint.Parse(status.GetProperty("udp").GetString()!).Port);
    }

    private static void AssertTopology(JsonElement topology, IReadOnlyList<string> ids)
    {
        AssertNames(["nodes", "links"], topology);
        Assert.Equal(ids.Order(), topology.GetProperty("nodes").EnumerateArray().Select(node => node.GetProperty("id").GetString()!).Order());
        Assert.All(topology.GetProperty("links").EnumerateArray(), link =>
        {
            AssertNames(["from", "to", "rttMs"], link);
            Assert.Contains(link.GetProperty("from").GetString(), ids);
            Assert.Contains(link.GetProperty("to").GetString(), ids);
            Assert.True(link.GetProperty("rttMs").ValueKind is JsonValueKind.Null or JsonValueKind.Number);
        });
    }

    /// <summary>The names that the issue gives are there; more may be.</summary>
    private static void AssertNames(string[] names, JsonElement element) =>
        Assert.Subset(element.EnumerateObject().Select(property => property.Name).ToHashSet(), names.ToHashSet());
}
