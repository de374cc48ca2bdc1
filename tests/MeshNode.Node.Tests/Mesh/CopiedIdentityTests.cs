namespace MeshNode.Node.Tests.Mesh;

/// <summary>A data directory that was copied: two nodes with one identity, of which the mesh must not suffer.</summary>
public sealed class CopiedIdentityTests : IDisposable
{
    private readonly MeshOfProcesses _mesh = new();

    public void Dispose() => _mesh.Dispose();

    [Theory]
    [InlineData("a")] // both copies at the same node
    [InlineData("b")]
    public async Task A_node_notices_its_copy_and_the_others_go_on(string seedOfCopy)
    {
        var a = await _mesh.StartAsync("a");
        var b = await _mesh.JoinAsync("b", a);
        var original = await _mesh.JoinAsync("c", a);
        Copy(_mesh["c"], _mesh["copy"]);
        var copy = await _mesh.StartAsync("copy", "--join", (seedOfCopy == "a" ? a : b).JoinUrl);
        Assert.Equal(original.Id, copy.Id);

        await original.WaitForLogAsync("do two nodes run with copies of one data directory?");
        await a.DeliverAsync(b, "hello");
        await b.DeliverAsync(a, "and back");
    }

    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        foreach (var file in Directory.GetFiles(from).Where(file => Path.GetFileName(file) is not ("lock" or "pid" or "endpoint.json")))
        {
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        }
    }
}
