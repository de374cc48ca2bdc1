using MeshNode.Node.Tests.Support;

namespace MeshNode.Node.Tests.Mesh;

/// <summary>The nodes of one test; all are ended with it, and their data goes.</summary>
internal sealed class MeshOfProcesses : IDisposable
{
    private readonly TempDirectory _directory = new();
    private readonly List<MeshProcess> _nodes = [];

    /// <summary>A path for a test's own files and for data directories.</summary>
    public string this[string name] => _directory[name];

    public string Write(string name, string content) => _directory.Write(name, content);

    public async Task<MeshProcess> StartAsync(string name, params string[] extra)
    {
        var node = await MeshProcess.StartAsync(_directory[name], extra);
        _nodes.Add(node);
        return node;
    }

    /// <summary>Starts a node that joins another, and waits until both are connected by WebRTC.</summary>
    public async Task<MeshProcess> JoinAsync(string name, MeshProcess seed, params string[] extra)
    {
        var mark = seed.LogMark;
        var node = await StartAsync(name, ["--join", seed.JoinUrl, .. extra]);
        await node.WaitForPeerAsync(seed.Id);
        await seed.WaitForPeerAsync(node.Id, after: mark);
        return node;
    }

    public void Dispose()
    {
        foreach (var node in _nodes)
        {
            node.Dispose();
        }

        _directory.Dispose();
    }
}
