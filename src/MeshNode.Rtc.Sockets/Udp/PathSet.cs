namespace MeshNode.Rtc.Sockets.Udp;

/// <summary>A bounded set of paths; when full it forgets all, and what still matters is learnt again.</summary>
internal sealed class PathSet(int capacity)
{
    private readonly HashSet<TransportPath> _paths = [];

    public int Count => _paths.Count;

    public bool Contains(in TransportPath path) => _paths.Count > 0 && _paths.Contains(path);

    public bool Add(in TransportPath path)
    {
        if (_paths.Count >= capacity)
        {
            _paths.Clear();
        }

        return _paths.Add(path);
    }
}
