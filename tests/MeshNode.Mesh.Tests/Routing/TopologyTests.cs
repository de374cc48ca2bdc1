using MeshNode.Mesh.Identity;
using MeshNode.Mesh.Links;
using MeshNode.Mesh.Routing;
using MeshNode.Rtc;

namespace MeshNode.Mesh.Tests.Routing;

public sealed class TopologyTests : IDisposable
{
    private readonly Dictionary<string, NodeIdentity> _identities = [];
    private readonly Dictionary<string, ulong> _sequences = [];
    private readonly Topology _topology;

    public TopologyTests() => _topology = new Topology(Id("self"), capacity: 8, lifetime: TimeSpan.FromMinutes(1));

    public void Dispose()
    {
        foreach (var identity in _identities.Values)
        {
            identity.Dispose();
        }
    }

    [Fact]
    public void Neighbour_is_its_own_next_hop()
    {
        Neighbours("a");

        AssertNextHop("a", "a", 1);
    }

    [Fact]
    public void Chain_is_followed_to_its_end()
    {
        Neighbours("a");
        Advertise("a", "self", "b");
        Advertise("b", "a", "c");
        Advertise("c", "b", "d");
        Advertise("d", "c");

        AssertNextHop("d", "a", 4);
    }

    [Fact]
    public void Link_that_one_end_alone_claims_does_not_count()
    {
        Neighbours("a");
        Advertise("a", "self", "b");
        Advertise("b");

        AssertUnreachable("b");
        Assert.DoesNotContain(_topology.GetLinks(), link => link.From == Id("b") || link.To == Id("b"));
    }

    [Fact]
    public void Peer_of_whom_there_is_no_advert_is_unreachable_beyond_a_link()
    {
        Neighbours("a");
        Advertise("a", "self", "b");

        AssertUnreachable("b");
    }

    [Fact]
    public void Fewer_links_win_over_less_time()
    {
        Neighbours(("a", 1), ("b", 500));
        Advertise("a", "self", "c");
        Advertise("c", "a", "d");
        Advertise("d", "c", "b");
        Advertise("b", "self", "d");

        AssertNextHop("d", "b", 2);
    }

    [Fact]
    public void Less_time_wins_among_as_many_links()
    {
        Neighbours(("a", 50), ("b", 10));
        Advertise("a", "self", "d");
        Advertise("b", "self", "d");
        Advertise("d", "a", "b");
        AssertNextHop("d", "b", 2);

        Neighbours(("a", 10), ("b", 50));
        AssertNextHop("d", "a", 2);
    }

    [Fact]
    public void Known_time_wins_over_unknown_time()
    {
        Neighbours(("a", Neighbour.UnknownRoundTrip), ("b", 400));
        Advertise("a", "self", "d");
        Advertise("b", "self", "d");
        Advertise("d", "a", "b");

        AssertNextHop("d", "b", 2);
    }

    [Fact]
    public void Peer_that_does_not_relay_is_reached_but_not_passed_through()
    {
        Neighbours("tab");
        Advertise("tab", PeerFlags.None, "self", "b");
        Advertise("b", "tab");

        AssertNextHop("tab", "tab", 1);
        AssertUnreachable("b");
    }

    [Fact]
    public void Own_links_count_before_the_far_end_has_advertised_them()
    {
        Neighbours("a");
        Advertise("a", "b"); // made before our link was up
        Advertise("b", "a");

        AssertNextHop("b", "a", 2);
    }

    [Fact]
    public void Link_to_us_that_we_do_not_hold_does_not_count()
    {
        Neighbours("a");
        Advertise("a", "self");
        Advertise("b", "self");

        AssertUnreachable("b");
        Assert.Single(_topology.GetLinks());
    }

    [Fact]
    public void Excluded_peers_are_routed_around()
    {
        Neighbours(("a", 1), ("b", 9));
        Advertise("a", "self", "d");
        Advertise("b", "self", "d");
        Advertise("d", "a", "b");

        Assert.True(_topology.TryGetNextHop(Id("d"), new HashSet<PeerId> { Id("a") }, out var nextHop));
        Assert.Equal(Id("b"), nextHop);
        Assert.False(_topology.TryGetNextHop(Id("d"), new HashSet<PeerId> { Id("a"), Id("b") }, out _));
    }

    [Fact]
    public void Lost_link_turns_the_route()
    {
        Neighbours(("a", 1), ("b", 9));
        Advertise("a", "self", "d");
        Advertise("b", "self", "d");
        Advertise("d", "a", "b");
        AssertNextHop("d", "a", 2);

        Advertise("d", "b");
        AssertNextHop("d", "b", 2);

        Neighbours(("a", 1));
        AssertUnreachable("d");
    }

    [Fact]
    public void Older_advert_changes_nothing()
    {
        Neighbours("a");
        var old = Advert("a", PeerFlags.Relays, ["self", "b"]);
        Advertise("a", "self");
        Advertise("b", "a");

        Assert.Equal(AdvertResult.Stale, _topology.Apply(default, old));
        AssertUnreachable("b");
    }

    [Fact]
    public void Same_advert_twice_is_stale_and_costs_no_signature_check()
    {
        var advert = Advert("a", PeerFlags.Relays, ["self"]);
        Assert.Equal(AdvertResult.Applied, _topology.Apply(default, advert));
        var bytes = advert.Bytes.ToArray();
        bytes[^1] ^= 1;
        Assert.True(LinkAdvert.TryParse(bytes, out var forged));

        Assert.Equal(AdvertResult.Stale, _topology.Apply(default, forged));
    }

    [Fact]
    public void Forged_advert_does_not_replace_the_real_one()
    {
        Advertise("a", "self");
        var bytes = Advert("a", PeerFlags.Relays, ["self", "b"]).Bytes.ToArray();
        bytes[^1] ^= 1;
        Assert.True(LinkAdvert.TryParse(bytes, out var forged));

        Assert.Equal(AdvertResult.BadSignature, _topology.Apply(default, forged));
        Assert.Single(_topology.Find(Id("a"))!.Neighbours);
    }

    [Fact]
    public void Own_advert_that_comes_back_is_known_and_a_newer_one_is_an_alarm()
    {
        var own = Advert("self", PeerFlags.Relays, ["a"]);
        _topology.OwnSequence = own.Sequence;

        Assert.Equal(AdvertResult.Own, _topology.Apply(default, own));
        Assert.Equal(AdvertResult.OwnButNewer, _topology.Apply(default, Advert("self", PeerFlags.Relays, ["b"])));
    }

    [Fact]
    public void Advert_that_is_not_renewed_is_forgotten()
    {
        Neighbours("a");
        Advertise("a", "self", "b");
        Advertise("b", "a");

        Assert.False(_topology.Expire(MonotonicTime.FromMilliseconds(59_999)));
        Assert.True(_topology.Expire(MonotonicTime.FromMilliseconds(60_000)));
        Assert.Null(_topology.Find(Id("b")));
        AssertUnreachable("b");
    }

    [Fact]
    public void Full_table_refuses_the_new_and_keeps_the_known()
    {
        for (var number = 0; number < 8; number++)
        {
            Advertise($"peer {number}", "self");
        }

        Assert.Equal(AdvertResult.Full, _topology.Apply(default, Advert("one more", PeerFlags.Relays, [])));
        Assert.Equal(AdvertResult.Applied, _topology.Apply(default, Advert("peer 0", PeerFlags.Relays, [])));
        Assert.Equal(AdvertResult.Applied, _topology.Apply(MonotonicTime.FromMilliseconds(60_000), Advert("one more", PeerFlags.Relays, [])));
    }

    [Fact]
    public void Links_are_listed_once_with_the_lower_time()
    {
        Neighbours(("a", 30));
        Assert.Equal(AdvertResult.Applied, _topology.Apply(default, LinkAdvert.Create(Identity("a"), PeerFlags.Relays, 1, "", [new(Id("self"), 20), new(Id("b"), 5)])));
        Assert.Equal(AdvertResult.Applied, _topology.Apply(default, LinkAdvert.Create(Identity("b"), PeerFlags.Relays, 1, "", [new(Id("a"), Neighbour.UnknownRoundTrip)])));

        var links = _topology.GetLinks();
        Assert.Equal(2, links.Count);
        Assert.All(links, link => Assert.True(link.From < link.To));
        Assert.Equal(20, links.Single(link => link.From == Id("self") || link.To == Id("self")).RoundTripMilliseconds);
        Assert.Equal(5, links.Single(link => link.From == Id("b") || link.To == Id("b")).RoundTripMilliseconds);
    }

    private NodeIdentity Identity(string name)
    {
        if (!_identities.TryGetValue(name, out var identity))
        {
            identity = TestIdentity.Create(name);
            _identities.Add(name, identity);
        }

        return identity;
    }

    private PeerId Id(string name) => Identity(name).Id;

    private void Neighbours(params string[] names) => Neighbours([.. names.Select(name => (name, (ushort)10))]);

    private void Neighbours(params (string Name, ushort RoundTrip)[] neighbours) =>
        _topology.SetNeighbours(neighbours.Select(neighbour => new Neighbour(Id(neighbour.Name), neighbour.RoundTrip)));

    private void Advertise(string name, params string[] neighbours) => Advertise(name, PeerFlags.Node | PeerFlags.Relays, neighbours);

    private void Advertise(string name, PeerFlags flags, params string[] neighbours) =>
        Assert.Equal(AdvertResult.Applied, _topology.Apply(default, Advert(name, flags, neighbours)));

    private LinkAdvert Advert(string name, PeerFlags flags, string[] neighbours)
    {
        _sequences[name] = _sequences.GetValueOrDefault(name) + 1;
        return LinkAdvert.Create(Identity(name), flags, _sequences[name], name, [.. neighbours.Select(neighbour => new Neighbour(Id(neighbour), 10))]);
    }

    private void AssertNextHop(string destination, string expected, int distance)
    {
        Assert.True(_topology.TryGetNextHop(Id(destination), out var nextHop));
        Assert.Equal(Id(expected), nextHop);
        Assert.Equal(distance, _topology.GetDistance(Id(destination)));
    }

    private void AssertUnreachable(string destination)
    {
        Assert.False(_topology.TryGetNextHop(Id(destination), out _));
        Assert.Null(_topology.GetDistance(Id(destination)));
    }
}
