using System.Net;
using MeshNode.Rtc.Ice;
using MeshNode.Rtc.Sockets.Tests.Support;

namespace MeshNode.Rtc.Sockets.Tests;

public sealed class PeerConnectionOverLoopTests
{
    private static readonly IPEndPoint Loopback = new(IPAddress.Loopback, 0);
    private static readonly IPEndPoint Loopback6 = new(IPAddress.IPv6Loopback, 0);

    public static TheoryData<PortKind, bool> Transports() => new()
    {
        { PortKind.Offload, false },
        { PortKind.Offload, true },
        { PortKind.NoOffload, false },
        { PortKind.Portable, false },
        { PortKind.Portable, true },
    };

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task Two_connections_connect_exchange_and_close(PortKind kind, bool isIPv6)
    {
        var options = kind.Options(isIPv6 ? Loopback6 : Loopback);
        await using var nearLoop = RtcEventLoop.Start(options);
        await using var farLoop = RtcEventLoop.Start(options);
        var near = await LoopPeer.CreateAsync(nearLoop);
        var far = await LoopPeer.CreateAsync(farLoop);
        await LoopPeer.ConnectAsync(near, far);

        foreach (var size in new[] { 0, 1, 1_200, 16_384, 65_536, 262_143 })
        {
            var message = new byte[size];
            new SeededRandomSource((ulong)size).Fill(message);
            await near.SendAsync(message);
            Assert.Equal(message, await far.ReceiveAsync());
            await far.SendAsync(message);
            Assert.Equal(message, await near.ReceiveAsync());
        }

        await near.CloseAsync();
        await Task.WhenAll(near.Closed, far.Closed);
        await Task.WhenAll(near.DisposeAsync(), far.DisposeAsync());
        Assert.Equal(0, nearLoop.Statistics.Exceptions + farLoop.Statistics.Exceptions);
    }

    [Fact]
    public async Task Both_ends_may_live_on_one_loop()
    {
        await using var loop = RtcEventLoop.Start(PortKind.Offload.Options(new IPEndPoint(IPAddress.Any, 0)));
        var near = await LoopPeer.CreateAsync(loop, [Candidate(loop, "127.0.0.2")]);
        var far = await LoopPeer.CreateAsync(loop, [Candidate(loop, "127.0.0.3")]);

        await LoopPeer.ConnectAsync(near, far);
        await near.SendAsync([1, 2, 3]);

        Assert.Equal([1, 2, 3], await far.ReceiveAsync());
    }

    [Fact]
    public async Task A_reconnect_over_the_same_address_pair_replaces_the_old_connection()
    {
        await using var nearLoop = RtcEventLoop.Start(PortKind.Offload.Options(Loopback));
        await using var farLoop = RtcEventLoop.Start(PortKind.Offload.Options(Loopback));
        var oldNear = await LoopPeer.CreateAsync(nearLoop);
        var oldFar = await LoopPeer.CreateAsync(farLoop);
        await LoopPeer.ConnectAsync(oldNear, oldFar);
        await oldNear.SendAsync([1]);
        Assert.Equal([1], await oldFar.ReceiveAsync());

        // The near side has lost its state; its new connection comes from the same port to the same port.
        var newNear = await LoopPeer.CreateAsync(nearLoop);
        var newFar = await LoopPeer.CreateAsync(farLoop);
        await LoopPeer.ConnectAsync(newNear, newFar);
        var path = await newFar.UseAsync(connection => connection.SelectedPath);
        Assert.Equal(await oldFar.UseAsync(connection => connection.SelectedPath), path);

        await oldNear.SendAsync([2]); // belongs to nobody any more
        foreach (var message in Enumerable.Range(3, 20).Select(i => new[] { (byte)i }))
        {
            await newNear.SendAsync(message);
            Assert.Equal(message, await newFar.ReceiveAsync());
        }

        Assert.False(oldFar.HasMessage);

        // The old one's end does not take the pair along.
        await Task.WhenAll(oldNear.DisposeAsync(), oldFar.DisposeAsync());
        await newFar.SendAsync([4]);
        Assert.Equal([4], await newNear.ReceiveAsync());
    }

    [Fact]
    public async Task A_hundred_connections_share_one_port()
    {
        const int Count = 100;
        await using var server = RtcEventLoop.Start(PortKind.Offload.Options(Loopback));
        await using var clients = RtcEventLoop.Start(PortKind.Offload.Options(new IPEndPoint(IPAddress.Any, 0)));

        var pairs = await Task.WhenAll(Enumerable.Range(0, Count).Select(async i =>
        {
            var far = await LoopPeer.CreateAsync(server);
            var near = await LoopPeer.CreateAsync(clients, [Candidate(clients, $"127.0.1.{i + 1}")]);
            await LoopPeer.ConnectAsync(near, far);
            return (Near: near, Far: far, Number: (byte)i);
        }));
        await Task.WhenAll(pairs.Select(async pair =>
        {
            await pair.Near.SendAsync([pair.Number]);
            Assert.Equal([pair.Number], await pair.Far.ReceiveAsync());
            await pair.Far.SendAsync([pair.Number, pair.Number]);
            Assert.Equal([pair.Number, pair.Number], await pair.Near.ReceiveAsync());
        }));

        Assert.Equal(0, server.Statistics.Exceptions + clients.Statistics.Exceptions);
    }

    [Fact]
    public async Task Garbage_on_the_path_of_a_connection_does_not_disturb_it()
    {
        await using var server = RtcEventLoop.Start(PortKind.Offload.Options(Loopback));
        await using var clients = RtcEventLoop.Start(PortKind.Offload.Options(new IPEndPoint(IPAddress.Any, 0)));
        var far = await LoopPeer.CreateAsync(server);
        var near = await LoopPeer.CreateAsync(clients, [Candidate(clients, "127.0.1.1")]);
        await LoopPeer.ConnectAsync(near, far);

        using var flood = new System.Net.Sockets.UdpClient(new IPEndPoint(IPAddress.Parse("127.0.1.2"), 0));
        var random = new SeededRandomSource(3);
        for (var round = 0; round < 50; round++)
        {
            for (var i = 0; i < 20; i++)
            {
                var datagram = new byte[1 + random.NextInt32(1400)];
                random.Fill(datagram);
                datagram[0] = (byte)random.NextInt32(64); // STUN's and DTLS's range
                await flood.SendAsync(datagram, server.LocalEndPoints[0]);
            }

            await near.SendAsync([(byte)round]);
            Assert.Equal([(byte)round], await far.ReceiveAsync());
        }

        Assert.Equal(0, server.Statistics.Exceptions);
    }

    [Fact]
    public async Task An_owner_that_throws_loses_nothing_but_its_turn()
    {
        var reported = new System.Collections.Concurrent.BlockingCollection<Exception>();
        await using var nearLoop = RtcEventLoop.Start(PortKind.Offload.Options(Loopback) with { UnhandledException = reported.Add });
        await using var farLoop = RtcEventLoop.Start(PortKind.Offload.Options(Loopback));
        var near = await LoopPeer.CreateAsync(nearLoop);
        var far = await LoopPeer.CreateAsync(farLoop);
        await LoopPeer.ConnectAsync(near, far);

        near.OnMessage = _ => throw new InvalidOperationException("of a test");
        await far.SendAsync([1]);
        Assert.True(reported.TryTake(out var exception, Limits.Wait));
        Assert.Equal("of a test", exception.Message);

        near.OnMessage = null;
        await far.SendAsync([2]);
        Assert.Equal([2], await near.ReceiveAsync());
    }

    [Fact]
    public async Task A_registration_that_is_disposed_gets_nothing_more()
    {
        await using var nearLoop = RtcEventLoop.Start(PortKind.Offload.Options(Loopback));
        await using var farLoop = RtcEventLoop.Start(PortKind.Offload.Options(Loopback));
        var near = await LoopPeer.CreateAsync(nearLoop);
        var far = await LoopPeer.CreateAsync(farLoop);
        await LoopPeer.ConnectAsync(near, far);

        await near.DisposeAsync();
        var before = nearLoop.Statistics.DatagramsUnroutable;
        await far.SendAsync([1]);
        var limit = TimeProvider.System.GetTimestamp();
        while (nearLoop.Statistics.DatagramsUnroutable == before)
        {
            Assert.True(TimeProvider.System.GetElapsedTime(limit) < Limits.Wait, "nothing came");
            await nearLoop.RunAsync(() => 0);
        }

        Assert.False(near.HasMessage);
    }

    [Fact]
    public async Task Rounds_of_connecting_and_closing_leave_nothing_on_the_loops()
    {
        await using var nearLoop = RtcEventLoop.Start(PortKind.Offload.Options(Loopback));
        await using var farLoop = RtcEventLoop.Start(PortKind.Offload.Options(Loopback));
        for (var round = 0; round < 30; round++)
        {
            var near = await LoopPeer.CreateAsync(nearLoop);
            var far = await LoopPeer.CreateAsync(farLoop);
            await LoopPeer.ConnectAsync(near, far);
            await (round % 2 == 0 ? near : far).CloseAsync();
            await Task.WhenAll(near.Closed, far.Closed);
            await Task.WhenAll(near.DisposeAsync(), far.DisposeAsync());
        }

        Assert.Equal(0, nearLoop.Statistics.Connections);
        Assert.Equal(0, farLoop.Statistics.Connections);
        Assert.Equal(0, nearLoop.Statistics.Exceptions + farLoop.Statistics.Exceptions);
    }

    [Fact]
    public async Task An_attached_connection_outlives_its_loop_and_is_told()
    {
        var loop = RtcEventLoop.Start(PortKind.Offload.Options(Loopback));
        var random = new SecureRandomSource();
        using var connection = new PeerConnection(
            new PeerConnectionConfiguration
            {
                Certificate = Rtc.Dtls.DtlsCertificate.Create(TimeProvider.System.GetUtcNow()),
                Jitter = random,
                Secure = random,
            },
            loop.Now);
        var registration = await loop.RunAsync(() => loop.Attach(connection, _ => { }));

        Assert.Throws<InvalidOperationException>(registration.RequestService); // not on this thread
        Assert.Throws<InvalidOperationException>(() => loop.Attach(connection, _ => { }));
        await Assert.ThrowsAsync<InvalidOperationException>(() => loop.RunAsync(() => loop.Attach(connection, _ => { })));
        await loop.DisposeAsync();

        Assert.False(registration.IsAttached);
        registration.Dispose(); // no error after the end
    }

    [Fact]
    public async Task Datagrams_grow_to_the_largest_record_where_the_path_takes_it()
    {
        await using var nearLoop = RtcEventLoop.Start(PortKind.Offload.Options(Loopback));
        await using var farLoop = RtcEventLoop.Start(PortKind.Offload.Options(Loopback));

        Assert.InRange(await SizeAfterDataAsync(nearLoop, farLoop), 10_000, 16_421);
        Assert.Equal(0, nearLoop.Statistics.DatagramsRefused);
    }

    [Fact]
    public async Task Without_a_way_to_forbid_fragmentation_datagrams_stay_small()
    {
        await using var nearLoop = RtcEventLoop.Start(PortKind.Portable.Options(Loopback));
        await using var farLoop = RtcEventLoop.Start(PortKind.Portable.Options(Loopback));

        Assert.InRange(await SizeAfterDataAsync(nearLoop, farLoop), 1_000, 1_280);
    }

    [Fact]
    public void Over_an_Ethernet_link_datagrams_fill_its_packets()
    {
        var isMade = NetworkNamespace.TryRun(() =>
        {
            NetworkNamespace.Configure("link set lo mtu 1500");
            RunAsync().GetAwaiter().GetResult();
        });
        Assert.True(isMade || Environment.UserName != "root", "root may make a network namespace");

        static async Task RunAsync()
        {
            await using var nearLoop = RtcEventLoop.Start(PortKind.Offload.Options(Loopback));
            await using var farLoop = RtcEventLoop.Start(PortKind.Offload.Options(Loopback));
            Assert.InRange(await SizeAfterDataAsync(nearLoop, farLoop), 1_350, 1_472);
            Assert.InRange(nearLoop.Statistics.DatagramsRefused, 1, 4); // the probes that the link did not take
        }
    }

    /// <summary>Mean size in bytes of the datagrams that carry a megabyte, after one that pays for the probes; all of it arrives.</summary>
    private static async Task<double> SizeAfterDataAsync(RtcEventLoop nearLoop, RtcEventLoop farLoop)
    {
        var near = await LoopPeer.CreateAsync(nearLoop);
        var far = await LoopPeer.CreateAsync(farLoop);
        await LoopPeer.ConnectAsync(near, far);
        var (bytes, datagrams) = (0L, 0L);
        for (var round = 0; round < 2; round++)
        {
            var before = await near.UseAsync(connection => connection.GetStatistics());
            await near.UseAsync(_ =>
            {
                for (var i = 0; i < 64; i++)
                {
                    var message = new byte[16_384];
                    message[0] = (byte)i;
                    near.Send(message);
                }

                return true;
            });
            for (var i = 0; i < 64; i++)
            {
                Assert.Equal((byte)i, (await far.ReceiveAsync())[0]);
            }

            var after = await near.UseAsync(connection => connection.GetStatistics());
            (bytes, datagrams) = (after.BytesSent - before.BytesSent, after.DatagramsSent - before.DatagramsSent);
        }

        return bytes / (double)datagrams;
    }

    private static IceCandidate Candidate(RtcEventLoop loop, string address) =>
        IceCandidate.Host(TransportAddress.From(IPAddress.Parse(address), loop.Port));
}
