using MeshNode.Mesh.Identity;
using MeshNode.Mesh.Links;
using MeshNode.Mesh.Routing;

namespace MeshNode.Mesh.Tests.Routing;

public sealed class LinkAdvertTests : IDisposable
{
    private readonly NodeIdentity _alice = TestIdentity.Create("alice");

    public void Dispose() => _alice.Dispose();

    [Fact]
    public void Advert_round_trips_and_verifies()
    {
        Neighbour[] neighbours = [new(Id(1), 12), new(Id(2), Neighbour.UnknownRoundTrip)];
        var advert = LinkAdvert.Create(_alice, PeerFlags.Node | PeerFlags.Relays, 77, "Jürgen's node", neighbours);

        Assert.True(LinkAdvert.TryParse(advert.Bytes.Span, out var parsed));
        Assert.True(parsed.Verify());
        Assert.Equal(_alice.Id, parsed.Id);
        Assert.Equal(_alice.BootNonce, parsed.BootNonce);
        Assert.Equal(PeerFlags.Node | PeerFlags.Relays, parsed.Flags);
        Assert.Equal(77ul, parsed.Sequence);
        Assert.Equal("Jürgen's node", parsed.Name);
        Assert.Equal(neighbours, parsed.Neighbours);
    }

    [Fact]
    public void Advert_with_any_byte_altered_is_refused()
    {
        var bytes = LinkAdvert.Create(_alice, PeerFlags.Node, 1, "alice", [new(Id(1), 12)]).Bytes.ToArray();
        for (var at = 0; at < bytes.Length; at++)
        {
            bytes[at] ^= 1;
            Assert.False(LinkAdvert.TryParse(bytes, out var altered) && altered.Verify(), $"byte {at}");
            bytes[at] ^= 1;
        }
    }

    [Fact]
    public void Every_cut_and_every_extra_byte_is_refused()
    {
        var bytes = LinkAdvert.Create(_alice, PeerFlags.Node, 1, "alice", [new(Id(1), 12)]).Bytes.ToArray();
        for (var length = 0; length < bytes.Length; length++)
        {
            Assert.False(LinkAdvert.TryParse(bytes.AsSpan(0, length), out _));
        }

        Assert.False(LinkAdvert.TryParse([.. bytes, 0], out _));
    }

    [Fact]
    public void Advert_of_another_signer_is_refused()
    {
        using var pretender = new NodeIdentity(
            TestIdentity.SigningKey("mallory"), System.Security.Cryptography.ECDiffieHellman.Create(), _alice.Bundle, 1, default, directoryLock: null);

        Assert.Throws<ArgumentException>(() => LinkAdvert.Create(pretender, PeerFlags.Node, 1, "alice", []));
    }

    [Fact]
    public void Largest_advert_is_as_long_as_it_may_be()
    {
        var neighbours = Enumerable.Range(1, LinkAdvert.MaxNeighbours).Select(number => new Neighbour(Id(number), 1)).ToArray();
        var advert = LinkAdvert.Create(_alice, PeerFlags.Node, 1, new string('n', LinkAdvert.MaxNameLength), neighbours);

        Assert.Equal(LinkAdvert.MaxLength - KeyBundle.MaxLength + _alice.Bundle.Bytes.Length, advert.Bytes.Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => LinkAdvert.Create(_alice, PeerFlags.Node, 1, "", [.. neighbours, new(Id(5000), 1)]));
        Assert.Throws<ArgumentException>(() => LinkAdvert.Create(_alice, PeerFlags.Node, 1, new string('n', LinkAdvert.MaxNameLength + 1), []));
    }

    [Fact]
    public void Neighbour_that_stands_twice_or_is_the_peer_itself_is_the_callers_mistake()
    {
        Assert.Throws<ArgumentException>(() => LinkAdvert.Create(_alice, PeerFlags.Node, 1, "", [new(Id(1), 1), new(Id(1), 2)]));
        Assert.Throws<ArgumentException>(() => LinkAdvert.Create(_alice, PeerFlags.Node, 1, "", [new(_alice.Id, 1)]));
    }

    [Theory]
    [InlineData(0.4, 0)]
    [InlineData(12.6, 13)]
    [InlineData(1e9, 65_534)]
    public void Round_trip_time_is_rounded_into_what_the_wire_can_say(double milliseconds, int expected)
    {
        Assert.Equal(expected, Neighbour.From(Id(1), TimeSpan.FromMilliseconds(milliseconds)).RoundTripMilliseconds);
        Assert.Equal(Neighbour.UnknownRoundTrip, Neighbour.From(Id(1), null).RoundTripMilliseconds);
    }

    private static PeerId Id(int number) => new([.. new byte[30], (byte)(number >> 8), (byte)number]);
}
