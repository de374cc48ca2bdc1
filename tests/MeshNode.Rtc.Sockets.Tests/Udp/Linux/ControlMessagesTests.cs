using System.Net;
using MeshNode.Rtc.Sockets.Udp.Linux;

namespace MeshNode.Rtc.Sockets.Tests.Udp.Linux;

public sealed class ControlMessagesTests
{
    [Fact]
    public void The_source_address_and_the_segment_size_are_words_behind_each_other()
    {
        if (nint.Size != 8)
        {
            return; // the golden bytes are those of 64 bits
        }

        var bytes = new byte[ControlMessages.MaxLength];

        var length = ControlMessages.Write(Path("192.0.2.1", "192.0.2.2"), 1200, bytes);

        Assert.Equal(
            [
                28, 0, 0, 0, 0, 0, 0, 0, /* IPPROTO_IP */ 0, 0, 0, 0, /* IP_PKTINFO */ 8, 0, 0, 0,
                /* interface */ 0, 0, 0, 0, /* source */ 192, 0, 2, 1, 0, 0, 0, 0, /* padding */ 0, 0, 0, 0,
                18, 0, 0, 0, 0, 0, 0, 0, /* SOL_UDP */ 17, 0, 0, 0, /* UDP_SEGMENT */ 103, 0, 0, 0,
                0xB0, 0x04, 0, 0, 0, 0, 0, 0,
            ],
            bytes[..length]);
    }

    [Fact]
    public void A_wildcard_source_leaves_the_choice_to_the_kernel() =>
        Assert.Equal(0, ControlMessages.Write(Path("0.0.0.0", "192.0.2.2"), 0, new byte[ControlMessages.MaxLength]));

    [Theory]
    [InlineData("fe80::1", "fe80::2", 5)]
    [InlineData("2001:db8::1", "2001:db8::2", 0)]
    public void Only_a_link_local_path_names_its_interface(string local, string remote, int expected)
    {
        var bytes = new byte[ControlMessages.MaxLength];

        var length = ControlMessages.Write(Path(local, remote) with { InterfaceIndex = 5 }, 0, bytes);
        ControlMessages.Read(bytes.AsSpan(0, length), 4000, out var source, out var interfaceIndex, out _);

        Assert.Equal(IPAddress.Parse(local).GetAddressBytes(), source.ToIPAddress().GetAddressBytes());
        Assert.Equal(expected, interfaceIndex);
    }

    [Fact]
    public void Malformed_lengths_end_the_reading()
    {
        var random = new SeededRandomSource(11);
        var bytes = new byte[ControlMessages.MaxLength];
        var length = ControlMessages.Write(Path("2001:db8::1", "2001:db8::2"), 1200, bytes);
        for (var i = 0; i < 20_000; i++)
        {
            var mutated = bytes.ToArray();
            mutated[random.NextInt32(8)] = (byte)random.NextUInt32(); // the first length
            ControlMessages.Read(mutated.AsSpan(0, random.NextInt32(length + 1)), 1, out _, out _, out _); // throws when out of bounds
        }
    }

    private static TransportPath Path(string local, string remote) =>
        new(TransportAddress.From(IPAddress.Parse(local), 4000), TransportAddress.From(IPAddress.Parse(remote), 5000));
}
