using MeshNode.Mesh.Identity;
using MeshNode.Mesh.Links;
using MeshNode.Rtc;

namespace MeshNode.Mesh.Routing;

/// <summary>
/// Who is linked to whom, from signed adverts, and the next hop to everyone: over the fewest links, among those the
/// lowest sum of round-trip times. A link counts when both ends advertise it; our own links count because we hold them. Only peers
/// that say they relay are passed through. Used from one thread.
/// </summary>
public sealed class Topology(PeerId self, int capacity = 4096, TimeSpan? lifetime = null)
{
    private const int UnknownRoundTripCost = 1000; // ms: worse than most that are known, better than no path

    private readonly TimeSpan _lifetime = lifetime ?? TimeSpan.FromMinutes(5);
    private readonly Dictionary<PeerId, Entry> _entries = [];
    private readonly Dictionary<PeerId, Neighbour> _own = [];
    private Dictionary<PeerId, Route>? _routes; // null: to be computed

    /// <summary>How long an advert counts without a newer one.</summary>
    public TimeSpan Lifetime => _lifetime;

    /// <summary>Peers of whom we have an advert.</summary>
    public int Count => _entries.Count;

    /// <summary>The sequence of the last advert that we made; an own advert that is newer is none of ours.</summary>
    public ulong OwnSequence { get; set; }

    /// <summary>Takes in what a neighbour brought. Verifies the signature only when the advert would change something.</summary>
    public AdvertResult Apply(MonotonicTime now, LinkAdvert advert)
    {
        if (advert.Id == self)
        {
            return advert.Sequence <= OwnSequence ? AdvertResult.Own
                : advert.Verify() ? AdvertResult.OwnButNewer : AdvertResult.BadSignature;
        }

        var known = _entries.TryGetValue(advert.Id, out var entry);
        if (known && (advert.Sequence <= entry.Advert.Sequence || advert.Bundle.Sequence < entry.Advert.Bundle.Sequence))
        {
            return AdvertResult.Stale;
        }

        if (!known && _entries.Count >= capacity)
        {
            Expire(now);
            if (_entries.Count >= capacity)
            {
                return AdvertResult.Full;
            }
        }

        if (!advert.Verify())
        {
            return AdvertResult.BadSignature;
        }

        _entries[advert.Id] = new Entry(advert, now + _lifetime);
        _routes = null;
        return AdvertResult.Applied;
    }

    /// <summary>Our own links, all of them, as they are now.</summary>
    public void SetNeighbours(IEnumerable<Neighbour> neighbours)
    {
        _own.Clear();
        foreach (var neighbour in neighbours)
        {
            _own[neighbour.Id] = neighbour;
        }

        _routes = null;
    }

    /// <summary>Forgets adverts that were not renewed; true when there were any.</summary>
    public bool Expire(MonotonicTime now)
    {
        var old = _entries.Where(pair => pair.Value.Expiry <= now).Select(pair => pair.Key).ToList();
        foreach (var id in old)
        {
            _entries.Remove(id);
            _routes = null;
        }

        return old.Count > 0;
    }

    /// <summary>The last advert of a peer: its keys, boot nonce and neighbours; null when there is none.</summary>
    public LinkAdvert? Find(PeerId id) => _entries.TryGetValue(id, out var entry) ? entry.Advert : null;

    /// <summary>All adverts, for a new neighbour, in no order.</summary>
    public IEnumerable<LinkAdvert> Adverts => _entries.Values.Select(entry => entry.Advert);

    /// <summary>The neighbour through which a peer is reached; the peer itself when it is a neighbour.</summary>
    public bool TryGetNextHop(PeerId destination, out PeerId nextHop)
    {
        var found = Routes.TryGetValue(destination, out var route);
        nextHop = route.NextHop;
        return found;
    }

    /// <summary>
    /// Like <see cref="TryGetNextHop(PeerId, out PeerId)"/>, but not through those (where a copy came from, who was tried already).
    /// Computed anew at each call.
    /// </summary>
    public bool TryGetNextHop(PeerId destination, IReadOnlySet<PeerId> excluded, out PeerId nextHop)
    {
        var found = ComputeRoutes(excluded).TryGetValue(destination, out var route);
        nextHop = route.NextHop;
        return found;
    }

    /// <summary>Links to the destination, 1 for a neighbour, null when it cannot be reached.</summary>
    public int? GetDistance(PeerId destination) => Routes.TryGetValue(destination, out var route) ? route.Hops : null;

    /// <summary>Every link that both ends advertise, and our own, each once.</summary>
    public IReadOnlyList<TopologyLink> GetLinks()
    {
        var links = new Dictionary<(PeerId, PeerId), ushort>();
        foreach (var (from, neighbour) in AllLinks())
        {
            var key = from < neighbour.Id ? (from, neighbour.Id) : (neighbour.Id, from);
            links[key] = links.TryGetValue(key, out var other) ? Math.Min(other, neighbour.RoundTripMilliseconds) : neighbour.RoundTripMilliseconds;
        }

        return [.. links.Select(pair => new TopologyLink(
            pair.Key.Item1,
            pair.Key.Item2,
            pair.Value == Neighbour.UnknownRoundTrip ? null : pair.Value))];
    }

    private Dictionary<PeerId, Route> Routes => _routes ??= ComputeRoutes(null);

    // Dijkstra over (hops, milliseconds), compared in that order; ties go to the lower id, so that all agree.
    private Dictionary<PeerId, Route> ComputeRoutes(IReadOnlySet<PeerId>? excluded)
    {
        var routes = new Dictionary<PeerId, Route>();
        var frontier = new PriorityQueue<Route, (int Hops, long Milliseconds, PeerId Id)>();
        foreach (var neighbour in _own.Values)
        {
            Enqueue(new Route(neighbour.Id, neighbour.Id, 1, Cost(neighbour)));
        }

        while (frontier.TryDequeue(out var route, out _))
        {
            if (!routes.TryAdd(route.Destination, route) || !_entries.TryGetValue(route.Destination, out var entry)
                || !entry.Advert.Flags.HasFlag(PeerFlags.Relays))
            {
                continue;
            }

            foreach (var next in entry.Advert.Neighbours)
            {
                if (!routes.ContainsKey(next.Id) && next.Id != self && Advertises(next.Id, route.Destination))
                {
                    Enqueue(new Route(next.Id, route.NextHop, route.Hops + 1, route.Milliseconds + Cost(next)));
                }
            }
        }

        return routes;

        void Enqueue(Route route)
        {
            if (excluded is null || !excluded.Contains(route.Destination))
            {
                frontier.Enqueue(route, (route.Hops, route.Milliseconds, route.Destination));
            }
        }
    }

    private IEnumerable<(PeerId From, Neighbour To)> AllLinks()
    {
        foreach (var neighbour in _own.Values)
        {
            yield return (self, neighbour);
        }

        foreach (var (id, entry) in _entries)
        {
            foreach (var neighbour in entry.Advert.Neighbours)
            {
                if (neighbour.Id == self ? _own.ContainsKey(id) : Advertises(neighbour.Id, id))
                {
                    yield return (id, neighbour);
                }
            }
        }
    }

    private bool Advertises(PeerId from, PeerId to) => _entries.TryGetValue(from, out var entry) && entry.Neighbours.Contains(to);

    private static long Cost(Neighbour neighbour) =>
        neighbour.RoundTripMilliseconds == Neighbour.UnknownRoundTrip ? UnknownRoundTripCost : neighbour.RoundTripMilliseconds;

    private readonly record struct Route(PeerId Destination, PeerId NextHop, int Hops, long Milliseconds);

    private readonly struct Entry(LinkAdvert advert, MonotonicTime expiry)
    {
        public LinkAdvert Advert { get; } = advert;

        public MonotonicTime Expiry { get; } = expiry;

        public HashSet<PeerId> Neighbours { get; } = [.. advert.Neighbours.Select(neighbour => neighbour.Id)];
    }
}
