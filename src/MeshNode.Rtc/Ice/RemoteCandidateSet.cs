using System.Globalization;
using System.Net;

namespace MeshNode.Rtc.Ice;

/// <summary>The far side's candidates of one generation: bounded, without duplicates, with the names that wait to be resolved.</summary>
internal sealed class RemoteCandidateSet(IceAgentConfiguration configuration)
{
    private readonly List<RemoteCandidate> _candidates = [];
    private readonly List<IceCandidate> _unresolved = [];
    private int _peerReflexiveCount;

    public IReadOnlyList<RemoteCandidate> Usable => _candidates;

    public IEnumerable<string> UnresolvedHostNames => _unresolved.Select(candidate => candidate.HostName!).Distinct();

    /// <summary>Whether an agent of this configuration could ever send to it.</summary>
    public static bool IsUsable(IceCandidate candidate, IceAgentConfiguration configuration)
    {
        if (candidate.Component != 1 || candidate.Protocol != IceTransportProtocol.Udp || candidate.Address.Port == 0)
        {
            return false;
        }

        return candidate.HostName is not null
            || (IsUnicast(candidate.Address) && (configuration.AcceptsLoopback || !candidate.Address.IsLoopback));
    }

    /// <summary>Adds a signalled candidate.</summary>
    /// <param name="candidate">One that <see cref="IsUsable"/>.</param>
    /// <param name="added">The candidate to form pairs with; null when there is nothing to pair yet.</param>
    /// <param name="improved">One that a check had taught and that is now known better: priorities change.</param>
    /// <returns>False for a duplicate or one over the limit.</returns>
    public bool TryAdd(IceCandidate candidate, out RemoteCandidate? added, out RemoteCandidate? improved)
    {
        added = null;
        improved = null;
        if (candidate.HostName is not null)
        {
            if (IsFull || _unresolved.Exists(known => known.HostName == candidate.HostName && known.Address == candidate.Address))
            {
                return false;
            }

            _unresolved.Add(candidate);
            return true;
        }

        candidate = candidate with { Address = WithoutScope(candidate.Address) };
        if (Find(candidate.Address) is { } known)
        {
            // RFC 8838 §11: a signalled candidate takes the place of the peer-reflexive one with its address.
            if (known.Candidate.Type != IceCandidateType.PeerReflexive || candidate.Type == IceCandidateType.PeerReflexive)
            {
                return false;
            }

            known.Candidate = candidate;
            improved = known;
            return true;
        }

        if (IsFull)
        {
            return false;
        }

        added = new RemoteCandidate(candidate);
        _candidates.Add(added);
        return true;
    }

    /// <summary>RFC 8445 §7.3.1.3: the source of a valid check that no candidate names.</summary>
    /// <returns>Null over the limit.</returns>
    public RemoteCandidate? FindOrAddPeerReflexive(TransportAddress source, uint priority)
    {
        var address = WithoutScope(source);
        if (Find(address) is { } known)
        {
            return known;
        }

        if (IsFull)
        {
            return null;
        }

        // "The foundation ... is set to an arbitrary value, different from the foundations of all other remote candidates."
        var candidate = new RemoteCandidate(new IceCandidate
        {
            Foundation = "prflx" + (++_peerReflexiveCount).ToString(CultureInfo.InvariantCulture),
            Priority = priority,
            Address = address,
            Type = IceCandidateType.PeerReflexive,
        });
        _candidates.Add(candidate);
        return candidate;
    }

    /// <summary>Takes out the candidates that wait for a name, with their address filled in.</summary>
    public IReadOnlyList<IceCandidate> Resolve(string hostName, IPAddress address)
    {
        var resolved = _unresolved.FindAll(candidate => string.Equals(candidate.HostName, hostName, StringComparison.OrdinalIgnoreCase));
        _unresolved.RemoveAll(resolved.Contains);
        return resolved.ConvertAll(candidate => candidate with
        {
            Address = TransportAddress.From(address, candidate.Address.Port),
            HostName = null,
        });
    }

    public static TransportAddress WithoutScope(TransportAddress address) => WithScope(address, 0);

    public static TransportAddress WithScope(TransportAddress address, uint scopeId)
    {
        if (address.AddressLength == 4 || !address.IsLinkLocal)
        {
            return address;
        }

        Span<byte> bytes = stackalloc byte[16];
        address.WriteAddress(bytes);
        return TransportAddress.FromIPv6(bytes, address.Port, scopeId);
    }

    private bool IsFull => _candidates.Count + _unresolved.Count >= configuration.MaximumRemoteCandidates;

    private RemoteCandidate? Find(TransportAddress address) => _candidates.Find(candidate => candidate.Address == address);

    // No wildcard, multicast, broadcast or class E; no IPv4-mapped IPv6, which RFC 8445 §5.1.1.1 keeps out.
    private static bool IsUnicast(TransportAddress address)
    {
        if (address.IsWildcard)
        {
            return false;
        }

        Span<byte> bytes = stackalloc byte[16];
        return address.WriteAddress(bytes) == 4
            ? bytes[0] is > 0 and < 224
            : bytes[0] != 0xFF && !IsMapped(bytes);
    }

    private static bool IsMapped(ReadOnlySpan<byte> bytes) =>
        !bytes[..10].ContainsAnyExcept((byte)0) && bytes[10] == 0xFF && bytes[11] == 0xFF;
}
