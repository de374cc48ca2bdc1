namespace MeshNode.Rtc.Ice;

/// <summary>The paths on which an integrity-valid check or response was seen: bounded, the oldest forgotten first.</summary>
internal sealed class AuthenticatedPaths
{
    private const int Limit = 128;
    private readonly List<TransportPath> _paths = [];

    public bool Contains(in TransportPath path)
    {
        foreach (var known in _paths)
        {
            if (known == path)
            {
                return true;
            }
        }

        return false;
    }

    /// <param name="path">The path just seen.</param>
    /// <param name="selected">Never forgotten.</param>
    /// <returns>False when it is known already.</returns>
    public bool TryAdd(in TransportPath path, TransportPath? selected)
    {
        if (Contains(path))
        {
            return false;
        }

        if (_paths.Count >= Limit)
        {
            _paths.RemoveAt(_paths[0] == selected ? 1 : 0); // a search by lambda would allocate for every check
        }

        _paths.Add(path);
        return true;
    }
}
