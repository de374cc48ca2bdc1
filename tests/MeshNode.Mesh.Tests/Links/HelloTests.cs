using MeshNode.Mesh.Identity;
using MeshNode.Mesh.Links;

namespace MeshNode.Mesh.Tests.Links;

public sealed class HelloTests : IDisposable
{
    private readonly NodeIdentity _identity = TestIdentity.Create("alice");

    public void Dispose() => _identity.Dispose();

    [Fact]
    public void Hello_round_trips()
    {
        var hello = Create("meshnode/0.1");

        Assert.True(Hello.TryParse(hello.ToByteArray(), out var parsed));
        Assert.Equal(_identity.Id, parsed.Bundle.Id);
        Assert.Equal(hello.Nonce.ToArray(), parsed.Nonce.ToArray());
        Assert.Equal(_identity.BootNonce, parsed.BootNonce);
        Assert.Equal(PeerFlags.Node | PeerFlags.Relays, parsed.Flags);
        Assert.Equal("meshnode/0.1", parsed.Agent);
        Assert.Equal(hello.ToByteArray(), parsed.ToByteArray());
    }

    [Fact]
    public void Every_cut_and_every_extra_byte_is_refused()
    {
        var body = Create("agent").ToByteArray();
        for (var length = 0; length < body.Length; length++)
        {
            Assert.False(Hello.TryParse(body.AsSpan(0, length), out _));
        }

        Assert.False(Hello.TryParse([.. body, 0], out _));
    }

    [Theory]
    [InlineData("steers\u001b[2J")]
    [InlineData("0123456789012345678901234567890123456789012345678901234567890123456789")]
    public void Agent_that_is_unprintable_or_long_is_refused(string agent) => Assert.False(Hello.TryParse(Create(agent).ToByteArray(), out _));

    private Hello Create(string agent) => new(_identity.Bundle, new byte[32], _identity.BootNonce, PeerFlags.Node | PeerFlags.Relays, agent);
}
