using System.Text.Json;

namespace MeshNode.Node.Tests.Mesh;

/// <summary>Whom a node lets in, as those who knock see it.</summary>
public sealed class AdmissionTests : IDisposable
{
    private const string Refusal = "not admitted: this node wants an invite token or a listed id";

    private readonly MeshOfProcesses _mesh = new();

    public void Dispose() => _mesh.Dispose();

    [Fact]
    public async Task Without_the_invite_token_a_node_is_refused_in_one_line_and_counts_nowhere()
    {
        var a = await _mesh.StartAsync("a", "--admission", "invite");
        var refused = await _mesh.StartAsync("refused", "--join", a.JoinUrl);
        Assert.Contains(a.JoinUrl, await refused.WaitForLogAsync(Refusal), StringComparison.Ordinal);

        // Meanwhile another is let in; so what follows is not read too early.
        var b = await _mesh.JoinAsync("b", a, "--invite", $"@{_mesh["a/invite-token"]}");
        await a.DeliverAsync(b, "hello");
        Assert.Null(await a.FindPeerAsync(refused.Id));
        await AssertNoPeersAsync(refused);
        Assert.Equal(1, (await a.AskAsync("status")).GetProperty("peerCount").GetInt32());
        Assert.DoesNotContain(refused.Id, (await a.AskAsync("topology")).GetRawText(), StringComparison.Ordinal);
        Assert.Single(refused.Log.Split('\n'), line => line.Contains(Refusal, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_wrong_invite_token_is_refused()
    {
        var a = await _mesh.StartAsync("a", "--admission", "invite");
        var refused = await _mesh.StartAsync("refused", "--join", a.JoinUrl, "--invite", "wrong-wrong-wrong-wrong");
        await refused.WaitForLogAsync(Refusal);
        await AssertNoPeersAsync(a);
    }

    [Fact]
    public async Task A_listed_id_is_let_in_and_another_is_not()
    {
        var first = await _mesh.StartAsync("listed"); // makes the identity
        await first.StopAsync();
        var config = _mesh.Write("list.conf", $"meshnode {{ admission {{ policy = list, peers = [\"{first.Id}\"] }} }}");
        var a = await _mesh.StartAsync("a", "--config", config);
        var refused = await _mesh.StartAsync("refused", "--join", a.JoinUrl);
        await refused.WaitForLogAsync(Refusal);
        var listed = await _mesh.JoinAsync("listed", a);
        await a.DeliverAsync(listed, "hello");
        Assert.Null(await a.FindPeerAsync(refused.Id));
        await AssertNoPeersAsync(refused);
    }

    private static async Task AssertNoPeersAsync(MeshProcess node)
    {
        Assert.Empty((await node.AskAsync("peers")).EnumerateArray());
        Assert.Equal(JsonValueKind.Number, (await node.AskAsync("status")).GetProperty("peerCount").ValueKind);
        Assert.Equal(0, (await node.AskAsync("status")).GetProperty("peerCount").GetInt32());
    }
}
