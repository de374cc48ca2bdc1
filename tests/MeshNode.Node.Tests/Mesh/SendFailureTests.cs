using System.Diagnostics;
using MeshNode.Node.Tests.Processes;

namespace MeshNode.Node.Tests.Mesh;

/// <summary>What <c>send</c> says when it cannot: one line, an exit code, and in time.</summary>
public sealed class SendFailureTests : IDisposable
{
    private const string Nobody = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

    private readonly MeshOfProcesses _mesh = new();

    public void Dispose() => _mesh.Dispose();

    [Fact]
    public async Task An_id_that_nobody_has_fails_within_the_timeout_with_the_reason()
    {
        var a = await _mesh.StartAsync("a");
        await _mesh.JoinAsync("b", a);
        var started = Stopwatch.StartNew();
        var (code, output, error) = await a.SendAsync(Nobody, "hello", "7s");
        Assert.InRange(started.Elapsed, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(60)); // with the start of a process on a busy machine
        Assert.Equal((1, ""), (code, output));
        Assert.Contains($"not delivered to {Nobody}: ", OnlyLine(error), StringComparison.Ordinal);
        Assert.Contains("no signed record of the peer has reached this node", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_malformed_id_is_one_line_and_exit_code_2()
    {
        var a = await _mesh.StartAsync("a");
        var (code, output, error) = await a.SendAsync("nobody", "hello");
        Assert.Equal((2, ""), (code, output));
        Assert.Contains("--to: 'nobody' is not valid", OnlyLine(error), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_own_id_is_refused_at_once()
    {
        var a = await _mesh.StartAsync("a");
        var (code, _, error) = await a.SendAsync(a.Id, "hello");
        Assert.Equal(1, code);
        Assert.Contains("own id", OnlyLine(error), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_running_node_it_says_how_to_start_one()
    {
        var (code, output, error) = await NodeProcess.RunAsync("send", "--data", _mesh["none"], "--to", Nobody, "hello");
        Assert.Equal((1, ""), (code, output));
        Assert.Contains("no node is running with the data directory", OnlyLine(error), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_node_that_was_killed_is_not_taken_for_a_running_one()
    {
        var a = await _mesh.StartAsync("a");
        await a.KillAsync();
        var (code, _, error) = await a.SendAsync(Nobody, "hello");
        Assert.Equal(1, code);
        Assert.Contains("no node is running with the data directory", OnlyLine(error), StringComparison.Ordinal);
    }

    private static string OnlyLine(string error) => Assert.Single(error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
}
