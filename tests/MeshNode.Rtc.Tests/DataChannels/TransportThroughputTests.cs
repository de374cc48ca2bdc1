using System.Diagnostics;
using MeshNode.Rtc.DataChannels;
using Xunit.Abstractions;

namespace MeshNode.Rtc.Tests.DataChannels;

public sealed class TransportThroughputTests(ITestOutputHelper output)
{
    private readonly byte[] _buffer = new byte[2048];

    [Theory]
    [InlineData(16384, 1_000_000)]
    [InlineData(65536, 1_000_000)]
    [InlineData(100, 1_000_000)]
    [InlineData(100, 10_000_000)]
    public void Steady_state_allocates_nothing(int size, int backlog)
    {
        // On a thread of its own: buffers are pooled per thread, and what other tests left there would count.
        Exception? failure = null;
        var thread = new Thread(() => failure = Record.Exception(() => Measure(size, backlog)));
        thread.Start();
        thread.Join();
        Assert.Null(failure);
    }

    private void Measure(int size, int backlog)
    {
        var now = MonotonicTime.FromMilliseconds(1000);
        var a = new DataChannelTransport(new DataChannelTransportConfiguration(), new SeededRandomSource(1), new SeededRandomSource(2));
        var b = new DataChannelTransport(new DataChannelTransportConfiguration(), new SeededRandomSource(3), new SeededRandomSource(4));
        a.SetDtlsRole(true);
        b.SetDtlsRole(false);
        var channel = a.CreateDataChannel(now, "d", new DataChannelInit());
        a.Start(now);
        b.Start(now);
        var received = 0L;
        for (var i = 0; i < 20; i++)
        {
            now += TimeSpan.FromMilliseconds(1);
            Step(now, a, b, ref received);
        }

        Assert.Equal(DataChannelState.Open, channel.ReadyState);
        var message = new byte[size];
        var total = size == 100 ? Math.Max(8_000_000L, 3L * backlog) : 64_000_000L;
        Transfer(total / 2, backlog, ref now, a, b, channel, message, ref received);

        received = 0;
        var packetsBefore = a.Statistics.PacketsSent;
        var clock = Stopwatch.StartNew();
        var before = GC.GetAllocatedBytesForCurrentThread();
        Transfer(total, backlog, ref now, a, b, channel, message, ref received);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        clock.Stop();

        var packets = a.Statistics.PacketsSent - packetsBefore;
        var line = $"{size} byte messages: {received / 1e6 / clock.Elapsed.TotalSeconds:F0} MB/s, {packets} packets, {allocated} bytes allocated, cwnd {a.Statistics.CongestionWindow}";
        output.WriteLine(line);
        Console.WriteLine(line);
        Assert.True(received >= total, $"{received} of {total} bytes arrived");
        Assert.True(allocated < packets / 10, line);
        Assert.Equal(0, a.Statistics.Retransmissions);
    }

    private void Transfer(
        long total, int backlog, ref MonotonicTime now, DataChannelTransport a, DataChannelTransport b, DataChannel channel, byte[] message, ref long received)
    {
        var sent = 0L;
        var start = received;
        while (received - start < total)
        {
            while (sent < total && channel.BufferedAmount < backlog)
            {
                if (channel.Send(now, message, DataChannelMessageKind.Binary) != DataChannelSendResult.Sent)
                {
                    Assert.Fail("not sent"); // Assert.Equal allocates
                }

                sent += message.Length;
            }

            now += TimeSpan.FromMicroseconds(50);
            Step(now, a, b, ref received);
        }
    }

    /// <summary>Packets in batches of at most 64, as an event loop would carry them.</summary>
    private void Step(MonotonicTime now, DataChannelTransport a, DataChannelTransport b, ref long received)
    {
        for (var i = 0; i < 64 && a.TryTransmit(now, _buffer, out var length); i++)
        {
            b.HandlePacket(now, _buffer.AsSpan(0, length));
        }

        while (b.TryReadEvent(out var e))
        {
            received += e.Data.Length;
        }

        for (var i = 0; i < 64 && b.TryTransmit(now, _buffer, out var length); i++)
        {
            a.HandlePacket(now, _buffer.AsSpan(0, length));
        }

        while (a.TryReadEvent(out _))
        {
        }

        if (a.NextTimeout <= now)
        {
            a.HandleTimeout(now);
        }

        if (b.NextTimeout <= now)
        {
            b.HandleTimeout(now);
        }
    }
}
