using System.Net;
using System.Net.Sockets;
using MeshNode.Rtc.Ice;

namespace MeshNode.Rtc.Sockets.Candidates;

/// <summary>Which host candidates a bound port offers, and in which order. Pure.</summary>
internal static class HostCandidates
{
    /// <param name="bound">What is bound, with real ports.</param>
    /// <param name="addresses">The machine's, for the wildcards among them.</param>
    /// <param name="includeLoopback">See <see cref="RtcEventLoopOptions.IncludeLoopback"/>.</param>
    public static IReadOnlyList<IceCandidate> Gather(
        IReadOnlyList<IPEndPoint> bound,
        IReadOnlyList<HostAddress> addresses,
        bool? includeLoopback)
    {
        var reachable = bound.SelectMany(endPoint => Expand(endPoint, addresses)).DistinctBy(entry => entry.Address).ToList();
        var withoutLoopback = reachable.Where(entry => !entry.Host.IsLoopback || entry.IsExplicit).ToList();
        var chosen = includeLoopback ?? withoutLoopback.Count == 0 ? reachable : withoutLoopback;
        var offered = chosen.Where(entry => !IsNeedless(entry, chosen)).ToList();
        return [.. Order(offered).Select((entry, rank) => IceCandidate.Host(entry.Address, (ushort)(ushort.MaxValue - rank)))];
    }

    private static IEnumerable<Entry> Expand(IPEndPoint endPoint, IReadOnlyList<HostAddress> addresses) =>
        TransportAddress.From(endPoint).IsWildcard
            ? addresses
                .Where(host => host.Address.AddressFamily == endPoint.AddressFamily)
                .Select(host => new Entry(host, TransportAddress.From(host.Address, endPoint.Port), IsExplicit: false))
            : [new Entry(new HostAddress(endPoint.Address), TransportAddress.From(endPoint), IsExplicit: true)];

    /// <summary>A link-local address reaches nobody that a routable one of its family does not, unless it is all there is.</summary>
    private static bool IsNeedless(Entry entry, List<Entry> all) =>
        entry is { IsExplicit: false, Host.IsLinkLocal: true }
        && all.Exists(other => other.Host.Address.AddressFamily == entry.Host.Address.AddressFamily
            && !other.Host.IsLinkLocal && !other.Host.IsLoopback);

    /// <summary>
    /// Real networks before tunnels, those before link-local and loopback addresses; among equals IPv6 and IPv4 take turns,
    /// IPv6 first, so that a broken family delays nothing (RFC 8421 section 4).
    /// </summary>
    private static IEnumerable<Entry> Order(List<Entry> entries) => entries
        .GroupBy(entry => (entry.Rank, Family: entry.Host.Address.AddressFamily))
        .SelectMany(peers => peers.Select((entry, place) => (Entry: entry, Place: place)))
        .OrderBy(item => item.Entry.Rank)
        .ThenBy(item => item.Place)
        .ThenByDescending(item => item.Entry.Host.Address.AddressFamily == AddressFamily.InterNetworkV6)
        .Select(item => item.Entry);

    private sealed record Entry(HostAddress Host, TransportAddress Address, bool IsExplicit)
    {
        public int Rank => Host.IsLoopback ? 3 : Host.IsLinkLocal ? 2 : Host.IsTunnel ? 1 : 0;
    }
}
