using System.Net;
using MeshNode.Rtc.Sockets.Tests.Support;
using MeshNode.Rtc.Sockets.Udp;

namespace MeshNode.Rtc.Sockets.Tests.Udp;

public sealed class UdpPortTests
{
    private static readonly IPEndPoint Loopback = new(IPAddress.Loopback, 0);
    private static readonly IPEndPoint Loopback6 = new(IPAddress.IPv6Loopback, 0);
    private static readonly IPEndPoint Wildcard = new(IPAddress.Any, 0);
    private static readonly IPEndPoint Wildcard6 = new(IPAddress.IPv6Any, 0);

    public static TheoryData<PortKind, PortKind> Pairs()
    {
        var pairs = new TheoryData<PortKind, PortKind>();
        foreach (var near in Enum.GetValues<PortKind>())
        {
            foreach (var far in Enum.GetValues<PortKind>())
            {
                pairs.Add(near, far);
            }
        }

        return pairs;
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Every_datagram_of_a_batch_comes_back_whole_and_in_order(PortKind near, PortKind far)
    {
        using var client = UdpPort.Open(near.Options(Loopback));
        using var server = UdpPort.Open(far.Options(Loopback));
        var path = client.PathTo(IPAddress.Loopback, server, IPAddress.Loopback);
        // Runs of one size, a shorter end, a longer one behind it, single bytes: every edge of segmentation.
        int[] sizes = [.. Enumerable.Repeat(1200, 130), 700, 1200, 1200, 1, 1, 2, 1472, 1472, 3, .. Enumerable.Range(1, 40)];
        var sent = sizes.Select((size, index) => Enumerable.Range(0, size).Select(i => (byte)(i + index)).ToArray()).ToList();

        foreach (var data in sent)
        {
            client.Queue(path, data);
        }

        client.FlushAll();
        var atServer = new Recorder();
        atServer.ReceiveUntil(server, sent.Count);
        server.Echo(atServer);
        var atClient = new Recorder();
        atClient.ReceiveUntil(client, sent.Count);

        Assert.Equal(sent, atServer.Datagrams.Select(d => d.Data));
        Assert.Equal(sent, atClient.Datagrams.Select(d => d.Data));
        Assert.All(atServer.Datagrams, d => Assert.Equal(new TransportPath(server.Address(), client.Address()), d.Path));
        Assert.All(atClient.Datagrams, d => Assert.Equal(path, d.Path));
        Assert.Equal(0, client.Statistics.DatagramsRefused + server.Statistics.DatagramsRefused);
    }

    [Fact]
    public void Offload_moves_many_datagrams_in_few_system_calls()
    {
        using var client = UdpPort.Open(PortKind.Offload.Options(Loopback));
        using var server = UdpPort.Open(PortKind.Offload.Options(Loopback));
        var path = client.PathTo(IPAddress.Loopback, server, IPAddress.Loopback);
        var data = new byte[1200];

        for (var i = 0; i < 150; i++)
        {
            client.Queue(path, data);
        }

        client.FlushAll();
        new Recorder().ReceiveUntil(server, 150);

        Assert.Equal(150, client.Statistics.DatagramsSent);
        Assert.Equal(1, client.Statistics.SendCalls);
        Assert.Equal(3, client.Statistics.SegmentedSends); // 54 + 54 + 42 of at most 65,000 bytes
        Assert.Equal(3, server.Statistics.CoalescedReceives);
    }

    [Fact]
    public void Without_offload_every_datagram_is_a_message()
    {
        using var client = UdpPort.Open(PortKind.NoOffload.Options(Loopback));
        using var server = UdpPort.Open(PortKind.NoOffload.Options(Loopback));
        var path = client.PathTo(IPAddress.Loopback, server, IPAddress.Loopback);

        for (var i = 0; i < 100; i++)
        {
            client.Queue(path, new byte[1200]);
        }

        client.FlushAll();
        new Recorder().ReceiveUntil(server, 100);

        Assert.Equal(0, client.Statistics.SegmentedSends);
        Assert.Equal(2, client.Statistics.SendCalls); // 64 messages a call
        Assert.Equal(0, server.Statistics.CoalescedReceives);
    }

    [Fact]
    public void A_path_that_refuses_segmentation_gets_its_datagrams_singly()
    {
        // A segment longer than the path's MTU: the kernel answers EINVAL, as it answers EIO where a device computes no checksums.
        var isMade = NetworkNamespace.TryRun(() =>
        {
            NetworkNamespace.Configure("link set lo mtu 1400");
            using var client = UdpPort.Open(PortKind.Offload.Options(Loopback));
            using var server = UdpPort.Open(PortKind.Offload.Options(Loopback));
            var path = client.PathTo(IPAddress.Loopback, server, IPAddress.Loopback);
            var (large, small) = (new byte[1500], Enumerable.Range(0, 1200).Select(i => (byte)i).ToArray());
            var received = new Recorder();
            for (var round = 1; round <= 2; round++)
            {
                for (var i = 0; i < 10; i++)
                {
                    client.Queue(path, large); // nothing is fragmented: each is refused by itself, too
                }

                client.FlushAll();
                for (var i = 0; i < 10; i++)
                {
                    Assert.True(client.TryTakeTooBig(out var refused, out var size));
                    Assert.Equal((path, 1500), (refused, size));
                    client.Queue(path, small);
                }

                Assert.False(client.TryTakeTooBig(out _, out _));
                client.FlushAll();
                received.ReceiveUntil(server, 10 * round);
                Assert.Equal(1, client.Statistics.PathsWithoutSegmentation); // learnt once
            }

            Assert.All(received.Datagrams, d => Assert.Equal(small, d.Data));
            Assert.Equal(20, client.Statistics.DatagramsRefused);
        });
        Assert.True(isMade || Environment.UserName != "root", "root may make a network namespace");
    }

    [Theory]
    [InlineData(PortKind.Offload)]
    [InlineData(PortKind.NoOffload)]
    public void Replies_leave_from_the_address_they_came_to(PortKind kind)
    {
        using var server = UdpPort.Open(kind.Options(Wildcard));
        using var client = UdpPort.Open(kind.Options(Loopback));
        IPAddress[] aliases = [IPAddress.Parse("127.0.0.2"), IPAddress.Parse("127.0.0.3"), IPAddress.Loopback];

        foreach (var alias in aliases)
        {
            AssertAnswersFrom(alias, client, server, IPAddress.Loopback);
        }
    }

    [Theory]
    [InlineData(PortKind.Offload)]
    [InlineData(PortKind.NoOffload)]
    [InlineData(PortKind.Portable)]
    public void Replies_leave_from_the_IPv6_address_they_came_to(PortKind kind)
    {
        var isMade = NetworkNamespace.TryRun(() =>
        {
            NetworkNamespace.Configure("addr add fd00::2/128 dev lo nodad");
            NetworkNamespace.Configure("addr add fd00::3/128 dev lo nodad");
            NetworkNamespace.AwaitAddresses("::1", "fd00::2", "fd00::3");
            using var server = UdpPort.Open(kind.Options(Wildcard6));
            using var client = UdpPort.Open(kind.Options(Loopback6));
            AssertAnswersFrom(IPAddress.Parse("fd00::2"), client, server, IPAddress.IPv6Loopback);
            AssertAnswersFrom(IPAddress.Parse("fd00::3"), client, server, IPAddress.IPv6Loopback);
            AssertAnswersFrom(IPAddress.IPv6Loopback, client, server, IPAddress.IPv6Loopback);
        });
        Assert.True(isMade || Environment.UserName != "root", "root may make a network namespace");
    }

    [Fact]
    public void Link_local_addresses_are_reached_through_their_interface()
    {
        var isMade = NetworkNamespace.TryRun(() =>
        {
            NetworkNamespace.Configure("link add va type veth peer name vb");
            NetworkNamespace.Configure("addr add fe80::a/64 dev va nodad");
            NetworkNamespace.Configure("addr add fe80::b/64 dev vb nodad");
            NetworkNamespace.Configure("link set va up");
            NetworkNamespace.Configure("link set vb up");
            NetworkNamespace.AwaitAddresses("fe80::a", "fe80::b");
            using var client = UdpPort.Open(PortKind.Offload.Options(Wildcard6));
            using var server = UdpPort.Open(PortKind.Offload.Options(Wildcard6));
            var scope = (uint)System.Net.NetworkInformation.NetworkInterface.GetAllNetworkInterfaces()
                .Single(i => i.Name == "va").GetIPProperties().GetIPv6Properties().Index;
            var from = TransportAddress.From(IPAddress.Parse("fe80::a"), client.LocalEndPoints[0].Port);
            var to = TransportAddress.FromIPv6(IPAddress.Parse("fe80::b").GetAddressBytes(), (ushort)server.LocalEndPoints[0].Port, scope);

            client.Queue(new TransportPath(from, to, (int)scope), [1, 2, 3]);
            client.FlushAll();
            var received = new Recorder();
            received.ReceiveUntil(server, 1);
            server.Echo(received);
            var answered = new Recorder();
            answered.ReceiveUntil(client, 1);

            Assert.NotEqual(0u, received.Datagrams[0].Path.Remote.ScopeId);
            Assert.Equal(to, answered.Datagrams[0].Path.Remote);
        });
        Assert.True(isMade || Environment.UserName != "root", "root may make a network namespace");
    }

    [Theory]
    [InlineData(PortKind.Offload)]
    [InlineData(PortKind.Portable)]
    public void IPv4_and_IPv6_share_one_port_number(PortKind kind)
    {
        using var server = UdpPort.Open(kind.Options(Wildcard, Wildcard6));
        using var client = UdpPort.Open(kind.Options(Loopback, Loopback6));

        Assert.Single(server.LocalEndPoints.Select(endPoint => endPoint.Port).Distinct());
        Assert.Single(client.LocalEndPoints.Select(endPoint => endPoint.Port).Distinct());
        AssertAnswersFrom(IPAddress.Loopback, client, server, IPAddress.Loopback);
        AssertAnswersFrom(IPAddress.IPv6Loopback, client, server, IPAddress.IPv6Loopback);
    }

    [Theory]
    [InlineData(PortKind.Offload)]
    [InlineData(PortKind.Portable)]
    public void A_taken_port_is_refused_by_name(PortKind kind)
    {
        using var first = UdpPort.Open(kind.Options(Loopback));
        var taken = first.LocalEndPoints[0];

        var exception = Assert.Throws<UdpBindException>(() => UdpPort.Open(kind.Options(taken)));

        Assert.Equal(taken, exception.EndPoint);
        Assert.Contains($"127.0.0.1:{taken.Port}", exception.Message, StringComparison.Ordinal);
        Assert.Contains("in use", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(PortKind.Offload)]
    [InlineData(PortKind.Portable)]
    public void An_address_of_another_machine_is_refused_by_name(PortKind kind)
    {
        var exception = Assert.Throws<UdpBindException>(() => UdpPort.Open(kind.Options(new IPEndPoint(IPAddress.Parse("203.0.113.9"), 4000))));

        Assert.Contains("203.0.113.9:4000", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(PortKind.Offload)]
    [InlineData(PortKind.Portable)]
    public void Wake_from_another_thread_ends_the_wait(PortKind kind)
    {
        using var port = UdpPort.Open(kind.Options(Loopback));
        var waiting = new Thread(() => port.Wait(null));
        waiting.Start();

        port.Wake();

        Assert.True(waiting.Join(Limits.Wait));
    }

    [Theory]
    [InlineData(PortKind.Offload)]
    [InlineData(PortKind.Portable)]
    public void A_wait_ends_by_itself_at_its_timeout(PortKind kind)
    {
        using var port = UdpPort.Open(kind.Options(Loopback));
        var start = TimeProvider.System.GetTimestamp();

        port.Wait(TimeSpan.FromMilliseconds(30));

        Assert.InRange(TimeProvider.System.GetElapsedTime(start), TimeSpan.FromMilliseconds(29), Limits.Wait);
    }

    [Theory]
    [InlineData(PortKind.Offload)]
    [InlineData(PortKind.Portable)]
    public void A_datagram_that_cannot_be_sent_is_counted_and_hinders_no_other(PortKind kind)
    {
        using var port = UdpPort.Open(kind.Options(Loopback));
        var own = port.Address();

        port.Queue(new TransportPath(own, own), [1]);
        port.Queue(new TransportPath(own, TransportAddress.From(IPAddress.IPv6Loopback, own.Port)), [2]);
        port.Queue(new TransportPath(TransportAddress.From(IPAddress.Parse("203.0.113.9"), own.Port), own), [3]);
        port.Queue(new TransportPath(TransportAddress.From(IPAddress.IPv6Loopback, own.Port), own), [4]);
        port.Queue(new TransportPath(own, own), [5]);
        port.FlushAll();
        var received = new Recorder();
        received.ReceiveUntil(port, 2);

        Assert.Equal([1, 5], received.Datagrams.Select(d => d.Data[0]));
        Assert.Equal(3, port.Statistics.DatagramsRefused);
    }

    [Fact]
    public void Loss_in_a_full_receive_queue_does_not_stop_the_sender()
    {
        using var client = UdpPort.Open(PortKind.Offload.Options(Loopback) with { SendBufferSize = 4096 });
        using var server = UdpPort.Open(PortKind.Offload.Options(Loopback) with { ReceiveBufferSize = 4096 });
        var path = client.PathTo(IPAddress.Loopback, server, IPAddress.Loopback);

        for (var i = 0; i < 2_000; i++)
        {
            client.Queue(path, new byte[1200]);
            if (!client.CanSend)
            {
                server.Receive(new Recorder());
                client.FlushAll();
            }
        }

        client.FlushAll();

        Assert.Equal(2_000, client.Statistics.DatagramsSent + client.Statistics.DatagramsRefused);
    }

    private static void AssertAnswersFrom(IPAddress alias, IUdpPort client, IUdpPort server, IPAddress clientAddress)
    {
        var path = client.PathTo(clientAddress, server, alias);
        client.Queue(path, [1, 2, 3]);
        client.FlushAll();
        Assert.Equal(0, client.Statistics.DatagramsRefused);
        var received = new Recorder();
        received.ReceiveUntil(server, 1);
        server.Echo(received);
        Assert.Equal(0, server.Statistics.DatagramsRefused);
        var answered = new Recorder();
        answered.ReceiveUntil(client, 1);

        Assert.Equal(path.Remote, received.Datagrams[0].Path.Local);
        Assert.Equal(path, answered.Datagrams[0].Path);
    }
}
