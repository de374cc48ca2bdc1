using MeshNode.Rtc.Stun;

namespace MeshNode.Rtc;

/// <summary>
/// Finds the connection of a datagram on a port that many share: STUN requests by the first part of USERNAME,
/// STUN responses by the tag in their transaction id, everything else by the address pair that an authenticated
/// check has bound. Pure and without locks: one loop owns it.
/// </summary>
/// <remarks>
/// A pair that is bound already changes hands only when the newer connection's peer has answered there: a request may be sent
/// from a forged source, and would take another peer's data away. Until then the newer one gets what can only be the beginning
/// of a DTLS association, records of epoch 0, so that a peer that comes back from the same address loses no time.
/// </remarks>
public sealed class PeerDemultiplexer : IPeerConnectionRouting
{
    /// <summary>Address pairs that one connection may hold; the oldest gives way.</summary>
    private const int MaxPathsPerConnection = 64;

    private readonly Dictionary<string, Entry> _byFragment = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Entry>.AlternateLookup<ReadOnlySpan<char>> _byFragmentCharacters;
    private readonly Dictionary<uint, Entry> _byTag = [];
    private readonly Dictionary<TransportPath, Entry> _byPath = [];
    private readonly Dictionary<TransportPath, Entry> _claims = []; // newer connections on pairs that others hold
    private readonly Dictionary<PeerConnection, Entry> _entries = [];
    private ulong _generation;

    public PeerDemultiplexer() => _byFragmentCharacters = _byFragment.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>Connections added and not removed.</summary>
    public int Count => _entries.Count;

    /// <summary>Address pairs bound now.</summary>
    public int PathCount => _byPath.Count;

    /// <summary>Makes a connection reachable; each later one is a newer generation. It keeps this demultiplexer up to date by itself.</summary>
    /// <exception cref="InvalidOperationException">It was added before, here or elsewhere.</exception>
    public void Add(PeerConnection connection)
    {
        ArgumentNullException.ThrowIfNull(connection);
        if (connection.Routing is not null)
        {
            throw new InvalidOperationException("The connection belongs to a demultiplexer already; remove it there first.");
        }

        var entry = new Entry(connection, ++_generation);
        _entries.Add(connection, entry);
        _byTag[connection.TransactionTag] = entry;
        connection.Routing = this;
        Refresh(connection);
    }

    /// <summary>Forgets a connection, its fragments and its address pairs.</summary>
    public void Remove(PeerConnection connection)
    {
        ArgumentNullException.ThrowIfNull(connection);
        if (!_entries.Remove(connection, out var entry))
        {
            return;
        }

        connection.Routing = null;
        RemoveOwned(_byTag, connection.TransactionTag, entry);
        foreach (var fragment in entry.Fragments)
        {
            RemoveOwned(_byFragment, fragment, entry);
        }

        foreach (var path in entry.Claims)
        {
            RemoveOwned(_claims, path, entry);
        }

        foreach (var path in entry.Paths)
        {
            RemoveOwned(_byPath, path, entry);
            if (_claims.TryGetValue(path, out var heir))
            {
                BindPath(heir.Connection, path);
            }
        }
    }

    /// <summary>Reads the connection's user name fragments again: the current one and, after a restart, the previous one.</summary>
    public void Refresh(PeerConnection connection)
    {
        if (!_entries.TryGetValue(connection, out var entry))
        {
            return;
        }

        foreach (var fragment in entry.Fragments)
        {
            RemoveOwned(_byFragment, fragment, entry);
        }

        entry.Fragments = connection.PreviousUsernameFragment is { } previous
            ? [connection.LocalUsernameFragment, previous]
            : [connection.LocalUsernameFragment];
        foreach (var fragment in entry.Fragments)
        {
            _byFragment[fragment] = entry;
        }
    }

    /// <summary>
    /// A check of a connection's peer came along an address pair: gives it the pair when nobody has it, and otherwise, until
    /// <see cref="BindPath"/>, what begins a DTLS association.
    /// </summary>
    public void ClaimPath(PeerConnection connection, in TransportPath path)
    {
        if (!_byPath.TryGetValue(path, out var owner))
        {
            BindPath(connection, path);
            return;
        }

        if (!_entries.TryGetValue(connection, out var entry) || owner.Generation >= entry.Generation
            || (_claims.TryGetValue(path, out var other) && other.Generation >= entry.Generation))
        {
            return;
        }

        if (entry.Claims.Count == MaxPathsPerConnection)
        {
            RemoveOwned(_claims, entry.Claims[0], entry);
            entry.Claims.RemoveAt(0);
        }

        entry.Claims.Add(path);
        _claims[path] = entry;
    }

    /// <summary>
    /// Gives an address pair to a connection whose peer is known to be there. A newer connection takes it from an older one,
    /// never the reverse while the newer one is here: DTLS without connection ids cannot tell the two apart.
    /// </summary>
    public void BindPath(PeerConnection connection, in TransportPath path)
    {
        if (!_entries.TryGetValue(connection, out var entry))
        {
            return;
        }

        if (entry.Claims.Remove(path))
        {
            RemoveOwned(_claims, path, entry);
        }

        if (_byPath.TryGetValue(path, out var owner))
        {
            if (owner.Generation >= entry.Generation)
            {
                return;
            }

            owner.Paths.Remove(path);
        }

        if (entry.Paths.Count == MaxPathsPerConnection)
        {
            _byPath.Remove(entry.Paths[0]);
            entry.Paths.RemoveAt(0);
        }

        entry.Paths.Add(path);
        _byPath[path] = entry;
    }

    /// <summary>The connection that a datagram is for; null when nobody here knows it.</summary>
    public PeerConnection? Route(in TransportPath path, ReadOnlySpan<byte> datagram)
    {
        var entry = StunDatagram.IsStun(datagram)
            ? RouteStun(path, datagram)
            : RouteByPath(path, datagram);
        return entry?.Connection;
    }

    /// <summary>The connection whose address pair this is; null when it is nobody's.</summary>
    public PeerConnection? RouteData(in TransportPath path) => _byPath.GetValueOrDefault(path)?.Connection;

    void IPeerConnectionRouting.PathAuthenticated(PeerConnection connection, in TransportPath path) => ClaimPath(connection, path);

    void IPeerConnectionRouting.PathValidated(PeerConnection connection, in TransportPath path) => BindPath(connection, path);

    void IPeerConnectionRouting.LocalCredentialsChanged(PeerConnection connection) => Refresh(connection);

    private static void RemoveOwned<TKey>(Dictionary<TKey, Entry> entries, TKey key, Entry owner)
        where TKey : notnull
    {
        if (entries.TryGetValue(key, out var entry) && entry == owner)
        {
            entries.Remove(key);
        }
    }

    private Entry? RouteStun(in TransportPath path, ReadOnlySpan<byte> datagram) => StunDatagram.ReadClass(datagram) switch
    {
        StunMessageClass.Request => RouteRequest(datagram),
        StunMessageClass.Indication => _byPath.GetValueOrDefault(path),
        _ => _byTag.GetValueOrDefault(StunDatagram.ReadTransactionTag(datagram)),
    };

    private Entry? RouteByPath(in TransportPath path, ReadOnlySpan<byte> datagram) =>
        _claims.Count > 0 && IsOfEpochZero(datagram) && _claims.TryGetValue(path, out var claimant)
            ? claimant
            : _byPath.GetValueOrDefault(path);

    /// <summary>RFC 6347 section 4.1: content type, version, epoch; what is not encrypted yet has epoch 0.</summary>
    private static bool IsOfEpochZero(ReadOnlySpan<byte> datagram) =>
        datagram.Length > 4 && datagram[0] is >= 20 and <= 63 && datagram[3] == 0 && datagram[4] == 0;

    private Entry? RouteRequest(ReadOnlySpan<byte> datagram)
    {
        if (!StunDatagram.TryReadReceiverFragment(datagram, out var fragment) || fragment.Length > 256)
        {
            return null;
        }

        Span<char> characters = stackalloc char[256];
        for (var i = 0; i < fragment.Length; i++)
        {
            characters[i] = (char)fragment[i]; // ice-chars are ASCII; anything else matches nothing
        }

        return _byFragmentCharacters.TryGetValue(characters[..fragment.Length], out var entry) ? entry : null;
    }

    private sealed class Entry(PeerConnection connection, ulong generation)
    {
        public PeerConnection Connection { get; } = connection;

        public ulong Generation { get; } = generation;

        public string[] Fragments { get; set; } = [];

        public List<TransportPath> Paths { get; } = [];

        /// <summary>Pairs of others on which a check came.</summary>
        public List<TransportPath> Claims { get; } = [];
    }
}
