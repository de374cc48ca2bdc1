using System.Globalization;
using System.Net;
using MeshNode.Rtc.Sockets.Tests.Support;
using MeshNode.SimNet;

namespace MeshNode.Rtc.Sockets.Tests.Leaks;

/// <summary>Connections come and go over real sockets; what they took of the machine, they give back.</summary>
[Collection(AloneCollection.Name)]
[Trait("Category", "Long")]
public sealed class ConnectionRoundsTests
{
    private const int WarmUpRounds = 40; // code is compiled and pools are filled
    private const long MaxManagedGrowth = 4L << 20;
    private const long MaxResidentGrowth = 40L << 20; // native heaps keep what they were given in pages

    private readonly byte[] _message = new byte[200_000];

    [Fact]
    public async Task Rounds_of_connect_transfer_and_close_leave_memory_descriptors_and_timers_where_they_were()
    {
        new SeededRandomSource(1).Fill(_message);
        var options = PortKind.Offload.Options(new IPEndPoint(IPAddress.Loopback, 0));
        await using var near = RtcEventLoop.Start(options);
        await using var far = RtcEventLoop.Start(options);
        for (var i = 0; i < WarmUpRounds; i++)
        {
            await Round(near, far, i);
        }

        var before = Measure();
        var rounds = TestScale.Count("connect, transfer, close rounds on one pair of loops", 1_000, 60);
        for (var i = 0; i < rounds; i++)
        {
            await Round(near, far, i);
        }

        var after = Measure();
        Console.WriteLine($"[leaks] {rounds:N0} rounds: before {before}, after {after}");
        Assert.True(before.Descriptors == after.Descriptors, $"{before.Descriptors} before, {after.Descriptors} after");
        Assert.InRange(after.Managed - before.Managed, long.MinValue, MaxManagedGrowth);
        Assert.InRange(after.Resident - before.Resident, long.MinValue, MaxResidentGrowth);
        foreach (var loop in (RtcEventLoop[])[near, far])
        {
            Assert.Null(await loop.RunAsync(() => (object?)loop.NextTimeout));
            Assert.Equal((0, 0), (loop.Statistics.Connections, loop.Statistics.Exceptions));
        }
    }

    private async Task Round(RtcEventLoop nearLoop, RtcEventLoop farLoop, int round)
    {
        var near = await LoopPeer.CreateAsync(nearLoop);
        var far = await LoopPeer.CreateAsync(farLoop);
        await LoopPeer.ConnectAsync(near, far);
        await near.SendAsync(_message);
        await far.SendAsync(_message);
        Assert.Equal(_message.Length, (await far.ReceiveAsync()).Length);
        Assert.Equal(_message.Length, (await near.ReceiveAsync()).Length);
        if (round % 4 != 0)
        {
            await (round % 2 == 0 ? near : far).CloseAsync();
            await Task.WhenAll(near.Closed, far.Closed);
        }

        await Task.WhenAll(near.DisposeAsync(), far.DisposeAsync()); // every fourth vanishes without a word
    }

    /// <summary>How many of each kind; files and pipes are the runtime's own, which opens some when it likes.</summary>
    private static string Descriptors() => string.Join(
        ", ",
        Directory.GetFileSystemEntries("/proc/self/fd")
            .Select(path => new FileInfo(path).LinkTarget ?? "")
            .Where(target => target.StartsWith("socket:", StringComparison.Ordinal) || target.StartsWith("anon_inode:", StringComparison.Ordinal))
            .GroupBy(target => target.StartsWith("socket:", StringComparison.Ordinal) ? "socket" : target, StringComparer.Ordinal)
            .OrderBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => $"{group.Count()} {group.Key}"));

    private static (long Managed, long Resident, string Descriptors) Measure()
    {
        for (var i = 0; i < 3; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        var pages = long.Parse(File.ReadAllText("/proc/self/statm").Split(' ')[1], CultureInfo.InvariantCulture);
        return (GC.GetTotalMemory(forceFullCollection: true), pages * Environment.SystemPageSize, Descriptors());
    }
}
