using System.Diagnostics;
using System.Net;
using MeshNode.Rtc.Ice;
using MeshNode.Rtc.Sockets.Tests.Support;
using MeshNode.SimNet;

namespace MeshNode.Rtc.Sockets.Tests.Attacks;

/// <summary>A port is flooded at full speed from 64 addresses while a pair of peers plays ping-pong over it.</summary>
[Collection(AloneCollection.Name)]
[Trait("Category", "Long")]
public sealed class FloodTests
{
    private static readonly TimeSpan Allowance = TimeSpan.FromMilliseconds(10); // three busy threads on two cores, or less of them

    [Theory]
    [InlineData("garbage")]
    [InlineData("hellos")]
    [InlineData("checks of nobody")]
    [InlineData("checks without the password")]
    public async Task A_flood_gets_less_than_it_brings_and_leaves_others_their_latency(string kind)
    {
        await using var server = RtcEventLoop.Start(PortKind.Offload.Options(new IPEndPoint(IPAddress.Loopback, 0)));
        await using var clients = RtcEventLoop.Start(PortKind.Offload.Options(new IPEndPoint(IPAddress.Any, 0)));
        var far = await LoopPeer.CreateAsync(server);
        var near = await LoopPeer.CreateAsync(clients, [IceCandidate.Host(TransportAddress.From(IPAddress.Parse("127.0.1.1"), clients.Port))]);
        await LoopPeer.ConnectAsync(near, far);
        var fragment = await far.UseAsync(connection => connection.LocalUsernameFragment);
        var rounds = TestScale.Count("ping-pong rounds beside a flood", 2_000, 300);
        await PingPong(near, far, 100);
        var quiet = await PingPong(near, far, rounds);

        TimeSpan[] flooded;
        long sent, sentBytes, receivedBytes;
        using (var flood = Flood.Start(server.LocalEndPoints[0], i => kind switch
        {
            "garbage" => Flood.Garbage(i),
            "hellos" => Flood.ClientHello(i),
            "checks of nobody" => Flood.Check("nobody", i),
            _ => Flood.Check(fragment, i),
        }))
        {
            flooded = await PingPong(near, far, rounds);
            (sent, sentBytes, receivedBytes) = (flood.Sent, flood.SentBytes, flood.ReceivedBytes);
        }

        Console.WriteLine(
            $"[flood] {kind}: p50 {Micros(quiet, 0.5)} → {Micros(flooded, 0.5)} µs, p99 {Micros(quiet, 0.99)} → {Micros(flooded, 0.99)} µs,"
            + $" {sent:N0} datagrams in, {server.Statistics.DatagramsUnroutable:N0} for nobody, {receivedBytes:N0} bytes back for {sentBytes:N0}");
        Assert.True(sent > rounds, "it was a flood");
        Assert.True(receivedBytes <= (kind == "checks without the password" ? sentBytes : 0), $"{receivedBytes} bytes back for {sentBytes}");
        var limit = (2 * quiet[rounds / 2]) + Allowance;
        Assert.True(flooded[rounds / 2] < limit, $"p50 {flooded[rounds / 2]} beside a flood, {quiet[rounds / 2]} without");
        Assert.Equal(0, server.Statistics.Exceptions);
        await Task.WhenAll(near.DisposeAsync(), far.DisposeAsync());
    }

    private static double Micros(TimeSpan[] sorted, double quantile) => Math.Round(sorted[(int)(sorted.Length * quantile)].TotalMicroseconds);

    /// <summary>Sorted times of rounds between the two loops, whose threads alone take part.</summary>
    private static async Task<TimeSpan[]> PingPong(LoopPeer near, LoopPeer far, int rounds)
    {
        var times = new List<TimeSpan>(rounds);
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var began = Stopwatch.GetTimestamp();
        far.OnMessage = message => far.Send(message.Span);
        near.OnMessage = message =>
        {
            times.Add(Stopwatch.GetElapsedTime(began));
            if (times.Count == rounds)
            {
                done.SetResult();
                return;
            }

            began = Stopwatch.GetTimestamp();
            near.Send(message.Span);
        };
        await near.SendAsync(new byte[64]);
        await done.Task.WaitAsync(TimeSpan.FromMinutes(2));
        near.OnMessage = far.OnMessage = null;
        return [.. times.Order()];
    }
}
