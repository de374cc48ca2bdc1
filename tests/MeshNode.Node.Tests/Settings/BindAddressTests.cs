using System.Net;
using MeshNode.Node.Settings;

namespace MeshNode.Node.Tests.Settings;

public sealed class BindAddressTests
{
    [Theory]
    [InlineData("127.0.0.1:7280", "127.0.0.1", 7280, true)]
    [InlineData("127.0.0.1:0", "127.0.0.1", 0, true)]
    [InlineData("localhost:80", "127.0.0.1", 80, true)]
    [InlineData("[::1]:7280", "::1", 7280, true)]
    [InlineData("0.0.0.0:7280", "0.0.0.0", 7280, false)]
    [InlineData("192.0.2.1:65535", "192.0.2.1", 65535, false)]
    public void An_address_and_a_port_are_read(string text, string address, int port, bool isLoopback)
    {
        Assert.True(BindAddress.TryParse(text, out var bind));
        Assert.Equal(new IPEndPoint(IPAddress.Parse(address), port), bind.EndPoint);
        Assert.Equal(isLoopback, bind.IsLoopback);
        Assert.Equal(text, bind.ToString());
    }

    [Fact]
    public void A_star_is_every_address_of_both_families()
    {
        Assert.True(BindAddress.TryParse("*:7280", out var bind));
        Assert.True(bind.IsWildcard);
        Assert.Contains(new IPEndPoint(IPAddress.Any, 7280), bind.EndPoints);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData(":7280")]
    [InlineData("7280")]
    [InlineData("127.0.0.1:")]
    [InlineData("127.0.0.1:65536")]
    [InlineData("127.0.0.1:-1")]
    [InlineData("127.1:80")]
    [InlineData("::1:7280")]
    [InlineData("[::1]")]
    [InlineData("example.org:80")]
    [InlineData("127.0.0.1:80/x")]
    [InlineData("")]
    public void Anything_else_is_refused(string text) => Assert.False(BindAddress.TryParse(text, out _));
}
