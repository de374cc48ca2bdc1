using System.Buffers.Binary;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using MeshNode.Benchmarks.Cases;

namespace MeshNode.Benchmarks.Links;

/// <summary>Raw UDP through the emulator: whether it carries its rate and delays by its delay on this machine now.</summary>
/// <param name="Share">Of the rate that came through while more was sent.</param>
/// <param name="MedianDelay">Of lone datagrams, one way.</param>
/// <param name="WorstDelay">Of 99 % of them.</param>
/// <param name="Expected">The delay that they should have, with the time that they take at the rate.</param>
internal sealed record LinkSelfTest(double Share, TimeSpan MedianDelay, TimeSpan WorstDelay, TimeSpan Expected)
{
    private const int Size = 1200;
    private const int Probes = 100;

    public bool Holds => Share is >= 0.98 and <= 1.02 && MedianDelay >= Expected && MedianDelay - Expected <= TimeSpan.FromMilliseconds(1);

    public static LinkSelfTest Run(LinkSettings settings)
    {
        var share = Blast(settings);
        var delays = Probe(settings);
        return new LinkSelfTest(
            share,
            TimeSpan.FromMilliseconds(Percentile.Of(delays, 0.5)),
            TimeSpan.FromMilliseconds(Percentile.Of(delays, 0.99)),
            settings.Delay + TimeSpan.FromSeconds(Size * 8.0 / settings.Rate));
    }

    public override string ToString() => string.Create(
        System.Globalization.CultureInfo.InvariantCulture,
        $"{Share:0.0%} of the rate, one way {MedianDelay.TotalMilliseconds:0.00} ms (p99 {WorstDelay.TotalMilliseconds:0.00}, should be {Expected.TotalMilliseconds:0.00}): {(Holds ? "holds" : "DOES NOT HOLD, the machine is too busy for these figures")}");

    /// <summary>A third more than the rate for 3 s; what the second and third second bring counts.</summary>
    private static double Blast(LinkSettings settings)
    {
        using var emulator = new LinkEmulator(settings);
        var (sender, receiver) = Open(emulator);
        using var senderSocket = sender;
        using var receiverSocket = receiver;
        var start = Stopwatch.GetTimestamp();
        var thread = new Thread(() =>
        {
            var message = new byte[Size];
            long sent = 0;
            for (var elapsed = 0.0; elapsed < 3; elapsed = Stopwatch.GetElapsedTime(start).TotalSeconds)
            {
                for (; sent * Size * 8 < elapsed * settings.Rate * 1.33; sent++)
                {
                    sender.Send(message);
                }

                Thread.Sleep(1);
            }
        });
        thread.Start();
        long bytes = 0;
        long firstAt = 0;
        long lastAt = 0;
        var buffer = new byte[2048];
        receiver.ReceiveTimeout = 500;
        try
        {
            while (true)
            {
                var length = receiver.Receive(buffer);
                var elapsed = Stopwatch.GetElapsedTime(start).TotalSeconds;
                if (elapsed is >= 1 and <= 3)
                {
                    firstAt = firstAt == 0 ? Stopwatch.GetTimestamp() : firstAt;
                    lastAt = Stopwatch.GetTimestamp();
                    bytes += length;
                }
            }
        }
        catch (SocketException)
        {
            // Nothing comes any more.
        }

        thread.Join();
        return bytes * 8 / Stopwatch.GetElapsedTime(firstAt, lastAt).TotalSeconds / settings.Rate;
    }

    /// <summary>Milliseconds of lone datagrams.</summary>
    private static List<double> Probe(LinkSettings settings)
    {
        using var emulator = new LinkEmulator(settings with { Loss = 0, Bursts = null });
        var (sender, receiver) = Open(emulator);
        using var senderSocket = sender;
        using var receiverSocket = receiver;
        receiver.ReceiveTimeout = 2_000;
        var message = new byte[Size];
        var delays = new List<double>();
        for (var i = 0; i < Probes; i++)
        {
            BinaryPrimitives.WriteInt64LittleEndian(message, LinkEmulator.Now);
            sender.Send(message);
            receiver.Receive(message);
            delays.Add((LinkEmulator.Now - BinaryPrimitives.ReadInt64LittleEndian(message)) / 1e6);
        }

        return delays;
    }

    private static (Socket Sender, Socket Receiver) Open(LinkEmulator emulator)
    {
        var flow = emulator.AddFlow();
        var sender = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        var receiver = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveBufferSize = 4 << 20 };
        sender.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        receiver.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        sender.Connect(flow.TowardOfferer.Address);
        flow.TowardAnswerer.SetPeer((IPEndPoint)receiver.LocalEndPoint!);
        return (sender, receiver);
    }
}
