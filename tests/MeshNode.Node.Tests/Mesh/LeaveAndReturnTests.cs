using MeshNode.SimNet;

namespace MeshNode.Node.Tests.Mesh;

/// <summary>Nodes that stop, die, return, or come and go all day.</summary>
[Trait("Category", "Long")]
public sealed class LeaveAndReturnTests : IDisposable
{
    private readonly MeshOfProcesses _mesh = new();

    public void Dispose() => _mesh.Dispose();

    [Fact]
    public async Task A_node_that_stops_says_so_and_is_reachable_when_it_returns()
    {
        var a = await _mesh.StartAsync("a");
        var b = await _mesh.JoinAsync("b", a);
        var c = await _mesh.JoinAsync("c", b);
        await a.DeliverAsync(c, "before");
        var (markA, markB) = (a.LogMark, b.LogMark);
        await c.StopAsync();

        // Straight from connected to closed, with the reason: nothing has to time out.
        Assert.Contains("Connected -> Closed (Shutdown: the node stops)", await a.WaitForPeerAsync(c.Id, "Closed", markA), StringComparison.Ordinal);
        await b.WaitForPeerAsync(c.Id, "Closed", markB);
        Assert.Equal("closed", (await a.FindPeerAsync(c.Id))?.GetProperty("state").GetString());

        var again = await _mesh.JoinAsync("c", b);
        Assert.Equal(c.Id, again.Id);
        await a.DeliverAsync(again, "after");
        await again.DeliverAsync(a, "and back");
    }

    [Fact]
    public async Task A_node_that_was_killed_is_noticed_and_reachable_when_it_returns()
    {
        var a = await _mesh.StartAsync("a");
        var b = await _mesh.JoinAsync("b", a);
        var c = await _mesh.JoinAsync("c", b);
        await a.DeliverAsync(c, "before");
        var mark = a.LogMark;
        await c.KillAsync();
        await a.WaitForPeerAsync(c.Id, "Disconnected", mark);
        await a.WaitForPeerAsync(c.Id, "Reconnecting", mark);

        var again = await _mesh.JoinAsync("c", b);
        Assert.Equal(c.Id, again.Id);
        await a.DeliverAsync(again, "after");
        await again.DeliverAsync(a, "and back");
    }

    [Fact]
    public async Task A_node_whose_neighbour_comes_and_goes_keeps_no_descriptors_and_threads()
    {
        const int WarmUp = 3;
        var rounds = TestScale.Count("connect and disconnect of two nodes", full: 50, plain: 10);
        var a = await _mesh.StartAsync("a");
        var before = (Descriptors: 0, Threads: 0);
        for (var round = 1; round <= WarmUp + rounds; round++)
        {
            var mark = a.LogMark;
            using var b = await MeshProcess.StartAsync(_mesh["b"], a);
            await a.WaitForPeerAsync(b.Id, after: mark);
            await b.WaitForPeerAsync(a.Id);
            await b.StopAsync();
            await a.WaitForPeerAsync(b.Id, "Closed", mark);
            if (round == WarmUp)
            {
                before = Resources(a);
            }
        }

        // A connection that has just ended may still be closing; each question takes time, and a kept-alive one is of the client's.
        await a.AskUntilAsync("status", status => status.GetProperty("peerCount").GetInt32() == 0
            && Resources(a) is var after && after.Descriptors <= before.Descriptors + 4 && after.Threads <= before.Threads + 8);
    }

    private static (int Descriptors, int Threads) Resources(MeshProcess node) => (
        Directory.GetFileSystemEntries($"/proc/{node.ProcessId}/fd").Length,
        Directory.GetDirectories($"/proc/{node.ProcessId}/task").Length);
}
