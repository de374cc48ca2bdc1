namespace MeshNode.Actors.Routing;

/// <summary>
/// A ring on which each node stands many times; a key belongs to the first node at or after its hash. When a node comes or
/// goes, only keys of that node change hands. Immutable.
/// </summary>
public sealed class ConsistentHash<T>
    where T : notnull
{
    private readonly T[] _nodes;
    private readonly int _virtualNodesFactor;
    private readonly ulong[] _hashes; // ascending
    private readonly T[] _owners; // of the hash at the same index

    internal ConsistentHash(IEnumerable<T> nodes, int virtualNodesFactor)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(virtualNodesFactor, 1);
        _nodes = [.. nodes];
        _virtualNodesFactor = virtualNodesFactor;
        _hashes = new ulong[_nodes.Length * virtualNodesFactor];
        _owners = new T[_hashes.Length];
        var index = 0;
        foreach (var node in _nodes)
        {
            for (var vnode = 0; vnode < virtualNodesFactor; vnode++)
            {
                _hashes[index] = StableHash.Of($"{node}:{vnode}");
                _owners[index++] = node;
            }
        }

        Array.Sort(_hashes, _owners);
    }

    public bool IsEmpty => _nodes.Length == 0;

    public ConsistentHash<T> Add(T node) => new([.. _nodes, node], _virtualNodesFactor);

    public ConsistentHash<T> Remove(T node) => new(_nodes.Where(each => !each.Equals(node)), _virtualNodesFactor);

    /// <exception cref="InvalidOperationException">There is no node.</exception>
    public T NodeFor(byte[] key) => NodeForHash(StableHash.Of(key));

    /// <exception cref="InvalidOperationException">There is no node.</exception>
    public T NodeFor(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return NodeForHash(StableHash.Of(key));
    }

    internal T NodeForHash(ulong hash)
    {
        if (IsEmpty)
        {
            throw new InvalidOperationException("There is no node to belong to.");
        }

        var index = Array.BinarySearch(_hashes, hash);
        index = index < 0 ? ~index : index;
        return _owners[index == _owners.Length ? 0 : index];
    }
}
