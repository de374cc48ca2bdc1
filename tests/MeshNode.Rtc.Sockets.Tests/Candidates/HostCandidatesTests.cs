using System.Net;
using MeshNode.Rtc.Ice;
using MeshNode.Rtc.Sockets.Candidates;

namespace MeshNode.Rtc.Sockets.Tests.Candidates;

public sealed class HostCandidatesTests
{
    private static readonly IPEndPoint[] Wildcards = [new(IPAddress.Any, 4000), new(IPAddress.IPv6Any, 4000)];

    [Fact]
    public void Loopback_is_left_out_beside_another_address() =>
        Assert.Equal(["192.0.2.1"], Gather(Wildcards, ["127.0.0.1", "::1", "192.0.2.1"]));

    [Fact]
    public void Loopback_is_offered_when_there_is_no_other_address() =>
        Assert.Equal(["::1", "127.0.0.1"], Gather(Wildcards, ["127.0.0.1", "::1"]));

    [Fact]
    public void Loopback_is_offered_when_it_is_what_was_bound() =>
        Assert.Equal(["127.0.0.5"], Gather([new(IPAddress.Parse("127.0.0.5"), 4000)], ["127.0.0.1", "192.0.2.1"]));

    [Fact]
    public void Loopback_can_be_asked_for() =>
        Assert.Equal(["192.0.2.1", "127.0.0.1"], Gather(Wildcards, ["127.0.0.1", "192.0.2.1"], includeLoopback: true));

    [Fact]
    public void Loopback_can_be_forbidden() =>
        Assert.Empty(Gather(Wildcards, ["127.0.0.1", "::1"], includeLoopback: false));

    [Fact]
    public void A_wildcard_offers_its_own_family_alone() =>
        Assert.Equal(["192.0.2.1"], Gather([new(IPAddress.Any, 4000)], ["192.0.2.1", "2001:db8::1"]));

    [Fact]
    public void Families_take_turns_with_IPv6_first() =>
        Assert.Equal(
            ["2001:db8::1", "192.0.2.1", "2001:db8::2", "192.0.2.2", "192.0.2.3"],
            Gather(Wildcards, ["192.0.2.1", "192.0.2.2", "192.0.2.3", "2001:db8::1", "2001:db8::2"]));

    [Fact]
    public void Tunnels_come_after_real_networks()
    {
        HostAddress[] addresses = [new(IPAddress.Parse("10.8.0.2"), IsTunnel: true), new(IPAddress.Parse("192.0.2.1"))];

        var candidates = HostCandidates.Gather(Wildcards, addresses, includeLoopback: null);

        Assert.Equal(["192.0.2.1", "10.8.0.2"], Texts(candidates));
    }

    [Fact]
    public void Link_local_addresses_are_a_last_resort()
    {
        Assert.Equal(["2001:db8::1"], Gather([new(IPAddress.IPv6Any, 4000)], ["fe80::1", "2001:db8::1"]));
        Assert.Equal(["192.0.2.1", "fe80::1"], Gather(Wildcards, ["fe80::1", "192.0.2.1"]));
    }

    [Fact]
    public void Candidates_have_the_bound_port_and_falling_priorities()
    {
        HostAddress[] addresses = [new(IPAddress.Parse("192.0.2.1")), new(IPAddress.Parse("2001:db8::1"))];

        var candidates = HostCandidates.Gather(Wildcards, addresses, includeLoopback: null);

        Assert.All(candidates, candidate => Assert.Equal(4000, candidate.Address.Port));
        // RFC 8445 section 5.1.2.1: 2^24 * 126 + 2^8 * 65535 + (256 - 1) for the best.
        Assert.Equal(2130706431u, candidates[0].Priority);
        Assert.Equal(candidates.OrderByDescending(candidate => candidate.Priority), candidates);
        Assert.Equal(2, candidates.DistinctBy(candidate => candidate.Priority).Count());
    }

    [Theory]
    [InlineData("0.0.0.0", false)]
    [InlineData("::", false)]
    [InlineData("::192.0.2.1", false)]
    [InlineData("::ffff:192.0.2.1", false)]
    [InlineData("fec0::1", false)]
    [InlineData("ff02::1", false)]
    [InlineData("::1", true)]
    [InlineData("2001:db8::1", true)]
    [InlineData("192.0.2.1", true)]
    public void Addresses_that_RFC_8445_forbids_are_not_gathered(string address, bool isUsable) =>
        Assert.Equal(isUsable, HostAddresses.IsUsable(IPAddress.Parse(address)));

    [Fact]
    public void The_machine_has_an_address() => Assert.NotEmpty(HostAddresses.Enumerate());

    private static string[] Gather(IPEndPoint[] bound, string[] addresses, bool? includeLoopback = null) =>
        Texts(HostCandidates.Gather(bound, [.. addresses.Select(address => new HostAddress(IPAddress.Parse(address)))], includeLoopback));

    private static string[] Texts(IReadOnlyList<IceCandidate> candidates) =>
        [.. candidates.Select(candidate => candidate.Address.ToIPAddress().ToString())];
}
