using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using MeshNode.Rtc.Sockets.Tests.Support;

namespace MeshNode.Rtc.Sockets.Tests;

public sealed class RtcEventLoopTests
{
    private static readonly RtcEventLoopOptions Options = PortKind.Offload.Options(new IPEndPoint(IPAddress.Loopback, 0));

    [Fact]
    public async Task Work_runs_on_the_loop_in_the_order_of_each_thread()
    {
        await using var loop = RtcEventLoop.Start(Options);
        const int Threads = 4;
        const int PerThread = 20_000;
        var seen = new List<(int Thread, int Number, bool OnLoop)>();
        var all = new CountdownEvent(Threads * PerThread);

        var threads = Enumerable.Range(0, Threads).Select(thread => new Thread(() =>
        {
            for (var i = 0; i < PerThread; i++)
            {
                var number = i;
                loop.Execute(() =>
                {
                    seen.Add((thread, number, loop.IsLoopThread));
                    all.Signal();
                });
            }
        })).ToList();
        threads.ForEach(thread => thread.Start());

        Assert.True(all.Wait(Limits.Wait));
        Assert.All(seen, entry => Assert.True(entry.OnLoop));
        Assert.All(seen.GroupBy(entry => entry.Thread), group => Assert.Equal(Enumerable.Range(0, PerThread), group.Select(entry => entry.Number)));
        Assert.False(loop.IsLoopThread);
    }

    [Fact]
    public async Task Each_call_to_a_sleeping_loop_wakes_it()
    {
        await using var loop = RtcEventLoop.Start(Options);

        for (var i = 0; i < 2_000; i++)
        {
            await loop.RunAsync(() => 0); // a lost wake-up would wait for ever: nothing else happens here
        }
    }

    [Fact]
    public async Task A_loop_looks_before_it_sleeps_only_while_things_come_soon()
    {
        await using var loop = RtcEventLoop.Start(Options with { SpinTime = TimeSpan.FromMilliseconds(1) });
        await using var sleeping = RtcEventLoop.Start(Options with { SpinTime = TimeSpan.Zero });
        var limit = TimeProvider.System.GetTimestamp();
        while (loop.Statistics.Spins == 0 && TimeProvider.System.GetElapsedTime(limit) < Limits.Wait)
        {
            await loop.RunAsync(() => 0);
            await sleeping.RunAsync(() => 0);
        }

        Assert.NotEqual(0, loop.Statistics.Spins);
        Assert.Equal(0, sleeping.Statistics.Spins);
    }

    [Fact]
    public async Task Work_may_add_work_without_starving_the_rest()
    {
        await using var loop = RtcEventLoop.Start(Options);
        var isEnough = false;
        Action again = null!;
        again = () =>
        {
            if (!Volatile.Read(ref isEnough))
            {
                loop.Execute(again);
            }
        };
        loop.Execute(again);

        using var socket = new UdpClient(AddressFamily.InterNetwork);
        await socket.SendAsync(new byte[] { 99 }, loop.LocalEndPoints[0]);
        var limit = TimeProvider.System.GetTimestamp();
        while (loop.Statistics.DatagramsReceived == 0 && TimeProvider.System.GetElapsedTime(limit) < Limits.Wait)
        {
            Thread.Yield();
        }

        Volatile.Write(ref isEnough, true);
        Assert.Equal(1, loop.Statistics.DatagramsReceived);
    }

    [Fact]
    public async Task What_work_throws_is_reported_and_the_loop_goes_on()
    {
        var reported = new BlockingCollection<Exception>();
        await using var loop = RtcEventLoop.Start(Options with { UnhandledException = reported.Add });

        loop.Execute(() => throw new InvalidOperationException("of a test"));

        Assert.True(reported.TryTake(out var exception, Limits.Wait));
        Assert.Equal("of a test", exception.Message);
        Assert.Equal(1, await loop.RunAsync(() => 1));
        Assert.Equal(1, loop.Statistics.Exceptions);
    }

    [Fact]
    public async Task A_reporter_that_throws_does_not_end_the_loop()
    {
        await using var loop = RtcEventLoop.Start(Options with { UnhandledException = _ => throw new InvalidOperationException("again") });

        loop.Execute(() => throw new InvalidOperationException("of a test"));

        Assert.Equal(1, await loop.RunAsync(() => 1));
    }

    [Fact]
    public async Task Garbage_is_counted_and_hurts_nobody()
    {
        await using var loop = RtcEventLoop.Start(Options);
        using var socket = new UdpClient(AddressFamily.InterNetwork);
        var random = new SeededRandomSource(7);
        const int Count = 2_000;

        for (var i = 0; i < Count; i++)
        {
            var datagram = new byte[random.NextInt32(1500)];
            random.Fill(datagram);
            if (i % 3 == 0 && datagram.Length >= 20)
            {
                // STUN's first bits and cookie, so that it gets as far as the demultiplexer's parser.
                datagram[0] &= 3;
                new byte[] { 0x21, 0x12, 0xA4, 0x42 }.CopyTo(datagram, 4);
            }

            await socket.SendAsync(datagram, loop.LocalEndPoints[0]);
            if (i % 64 == 0)
            {
                await loop.RunAsync(() => 0); // so that the queue does not overflow
            }
        }

        await loop.RunAsync(() => 0);
        await loop.RunAsync(() => 0);
        var statistics = loop.Statistics;
        Assert.InRange(statistics.DatagramsReceived, Count / 2, Count);
        Assert.Equal(statistics.DatagramsReceived, statistics.DatagramsUnroutable);
        Assert.Equal(0, statistics.Exceptions);
    }

    [Fact]
    public async Task A_taken_port_is_refused_before_there_is_a_thread()
    {
        await using var loop = RtcEventLoop.Start(Options);
        var taken = new IPEndPoint(IPAddress.Loopback, loop.Port);

        var exception = Assert.Throws<UdpBindException>(() => RtcEventLoop.Start(Options with { Bind = [taken] }));

        Assert.Contains(taken.ToString(), exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Disposal_runs_what_was_there_and_a_second_one_waits_for_it()
    {
        var loop = RtcEventLoop.Start(Options);
        var ran = 0;
        for (var i = 0; i < 100; i++)
        {
            loop.Execute(() => ran++);
        }

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(async () => await loop.DisposeAsync())));
        loop.Execute(() => ran++); // after the end: not run, and no error

        Assert.Equal(100, ran);
    }

    [Fact]
    public async Task Disposal_may_begin_on_the_loop_itself()
    {
        var loop = RtcEventLoop.Start(Options);

        var disposal = await loop.RunAsync(() => loop.DisposeAsync().AsTask());

        await disposal.WaitAsync(Limits.Wait);
    }

    [Theory]
    [InlineData(PortKind.Offload)]
    [InlineData(PortKind.Portable)]
    public async Task Loops_leave_no_descriptor_behind(PortKind kind)
    {
        var options = new RtcEventLoopOptions { Portable = kind == PortKind.Portable };
        await RtcEventLoop.Start(options).DisposeAsync(); // whatever is opened once for all
        var ports = new List<int>();

        for (var i = 0; i < 20; i++)
        {
            await using var loop = RtcEventLoop.Start(options);
            ports.Add(loop.Port);
            await loop.RunAsync(() => 0);
        }

        // Other tests open files meanwhile; the sockets of these ports are what counts.
        Assert.Empty(OpenUdpPorts().Intersect(ports));
    }

    [Fact]
    public async Task Null_is_refused_at_once()
    {
        await using var loop = RtcEventLoop.Start(Options);

        Assert.Throws<ArgumentNullException>(() => loop.Attach(null!, _ => { }));
        Assert.Throws<ArgumentNullException>(() => loop.Execute(null!));
    }

    private static IEnumerable<int> OpenUdpPorts() =>
        System.Net.NetworkInformation.IPGlobalProperties.GetIPGlobalProperties().GetActiveUdpListeners().Select(endPoint => endPoint.Port);
}
