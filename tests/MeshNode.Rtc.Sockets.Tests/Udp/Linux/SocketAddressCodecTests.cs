using System.Net;
using MeshNode.Rtc.Sockets.Udp.Linux;

namespace MeshNode.Rtc.Sockets.Tests.Udp.Linux;

public sealed class SocketAddressCodecTests
{
    [Fact]
    public void IPv4_has_the_bytes_of_sockaddr_in()
    {
        var bytes = Enumerable.Repeat((byte)0xEE, SocketAddressCodec.MaxLength).ToArray();

        var length = SocketAddressCodec.Write(TransportAddress.From(IPAddress.Parse("192.0.2.1"), 0x1234), 0, bytes);

        Assert.Equal([2, 0, 0x12, 0x34, 192, 0, 2, 1, 0, 0, 0, 0, 0, 0, 0, 0], bytes[..length]);
    }

    [Fact]
    public void IPv6_has_the_bytes_of_sockaddr_in6()
    {
        var bytes = Enumerable.Repeat((byte)0xEE, SocketAddressCodec.MaxLength).ToArray();

        var length = SocketAddressCodec.Write(TransportAddress.From(IPAddress.Parse("fe80::1%7"), 0x1234), 0, bytes);

        Assert.Equal(
            [10, 0, 0x12, 0x34, 0, 0, 0, 0, 0xFE, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 7, 0, 0, 0],
            bytes[..length]);
    }

    [Theory]
    [InlineData("fe80::1", 9, 9u)]
    [InlineData("fe80::1%7", 9, 7u)]
    [InlineData("2001:db8::1", 9, 0u)]
    public void Only_a_link_local_address_without_scope_takes_that_of_the_interface(string address, int interfaceIndex, uint scope)
    {
        var bytes = new byte[SocketAddressCodec.MaxLength];

        SocketAddressCodec.Write(TransportAddress.From(IPAddress.Parse(address), 1), interfaceIndex, bytes);

        Assert.Equal(scope, BitConverter.ToUInt32(bytes, 24));
    }

    [Theory]
    [InlineData("192.0.2.1")]
    [InlineData("2001:db8::1")]
    [InlineData("fe80::1%3")]
    public void What_was_written_is_read_again(string text)
    {
        var address = TransportAddress.From(IPAddress.Parse(text), 4000);
        var bytes = new byte[SocketAddressCodec.MaxLength];

        SocketAddressCodec.Write(address, 0, bytes);

        Assert.Equal(address, SocketAddressCodec.Read(bytes));
    }
}
