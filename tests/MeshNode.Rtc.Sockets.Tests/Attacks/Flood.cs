using System.Net;
using System.Net.Sockets;
using MeshNode.Rtc.Stun;

namespace MeshNode.Rtc.Sockets.Tests.Attacks;

/// <summary>One thread that sends datagrams to a port as fast as it can, from many addresses, and counts what comes back.</summary>
internal sealed class Flood : IDisposable
{
    private const int Sources = 64;

    private readonly Socket[] _sockets;
    private readonly Thread _thread;
    private readonly IPEndPoint _target;
    private readonly Func<int, byte[]> _make;
    private volatile bool _stopping;
    private long _sent;
    private long _sentBytes;
    private long _receivedBytes;

    private Flood(IPEndPoint target, Func<int, byte[]> make)
    {
        _target = target;
        _make = make;
        _sockets = [.. Enumerable.Range(0, Sources).Select(i =>
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { Blocking = false };
            socket.Bind(new IPEndPoint(IPAddress.Parse($"127.0.9.{i + 1}"), 0));
            return socket;
        })];
        _thread = new Thread(Run) { IsBackground = true, Name = "flood" };
    }

    public long Sent => Interlocked.Read(ref _sent);

    public long SentBytes => Interlocked.Read(ref _sentBytes);

    public long ReceivedBytes => Interlocked.Read(ref _receivedBytes);

    /// <param name="target">A loop's address.</param>
    /// <param name="make">The datagram of a number; a few hundred are made in advance.</param>
    public static Flood Start(IPEndPoint target, Func<int, byte[]> make)
    {
        var flood = new Flood(target, make);
        flood._thread.Start();
        return flood;
    }

    public static byte[] Garbage(int i)
    {
        var datagram = new byte[40 + (i % 1100)];
        new SeededRandomSource((ulong)i).Fill(datagram);
        return datagram;
    }

    /// <summary>A record of a ClientHello's form and length.</summary>
    public static byte[] ClientHello(int i)
    {
        var datagram = new byte[200];
        new SeededRandomSource((ulong)i).Fill(datagram);
        ((byte[])[22, 0xfe, 0xff, 0, 0, 0, 0, 0, 0, 0, 0, 0, 187, 1, 0, 0, 175, 0, 0, 0, 0, 0, 0, 0, 175, 0xfe, 0xfd]).CopyTo(datagram, 0);
        return datagram;
    }

    /// <summary>A check that names a connection and does not know its password.</summary>
    public static byte[] Check(string receiverFragment, int i)
    {
        var buffer = new byte[256];
        var writer = new StunWriter(buffer, StunMessageClass.Request, StunMethod.Binding, new StunTransactionId(1, (ulong)i));
        writer.WriteBytes(StunAttributeType.Username, System.Text.Encoding.ASCII.GetBytes($"{receiverFragment}:abcd"));
        writer.WriteMessageIntegrity("a password that is guessed"u8);
        writer.WriteFingerprint();
        return buffer[..writer.Length];
    }

    public void Dispose()
    {
        _stopping = true;
        _thread.Join();
        foreach (var socket in _sockets)
        {
            socket.Dispose();
        }
    }

    private void Run()
    {
        var datagrams = Enumerable.Range(0, 256).Select(_make).ToArray();
        var address = _target.Serialize();
        var buffer = new byte[2048];
        for (var i = 0; !_stopping; i++)
        {
            var socket = _sockets[i % Sources];
            var datagram = datagrams[(i * 7) % datagrams.Length];
            try
            {
                socket.SendTo(datagram, SocketFlags.None, address);
                Interlocked.Increment(ref _sent);
                Interlocked.Add(ref _sentBytes, datagram.Length);
                while (i % 16 == 0 && socket.Available > 0)
                {
                    Interlocked.Add(ref _receivedBytes, socket.Receive(buffer));
                }
            }
            catch (SocketException)
            {
                // The send queue is full: as fast as it can is as fast as this.
            }
        }
    }
}
