using System.Net;
using MeshNode.Rtc.Sockets.Udp.Portable;

namespace MeshNode.Rtc.Sockets.Tests.Udp.Portable;

public sealed class DotNetSocketAddressTests
{
    [Theory]
    [InlineData("192.0.2.1")]
    [InlineData("2001:db8::1")]
    [InlineData("fe80::1%3")]
    public void It_agrees_with_the_serialisation_of_dotnet(string text)
    {
        var endPoint = new IPEndPoint(IPAddress.Parse(text), 4000);
        var ours = new SocketAddress(endPoint.AddressFamily);

        DotNetSocketAddress.Write(TransportAddress.From(endPoint), 0, ours);

        Assert.Equal(endPoint.Serialize(), ours);
        Assert.Equal(TransportAddress.From(endPoint), DotNetSocketAddress.Read(endPoint.Serialize()));
    }
}
