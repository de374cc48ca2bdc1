using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using MeshNode.Interop.Tests.Peers;
using MeshNode.Rtc;

namespace MeshNode.Interop.Tests.Pairs;

/// <summary>
/// Carries the datagrams of a pair, so that a test can lose or count them: every signalled candidate is replaced by a socket
/// of the relay on 127.0.0.1, which stands for it. A datagram that comes to one's stand-in leaves from its sender's.
/// </summary>
public sealed class UdpRelay(ulong seed) : IAsyncDisposable
{
    private const int SocketBuffer = 4 << 20; // bytes: no loss but the one that is asked for
    private const int HandshakeType = 22; // RFC 9147 section 4.1

    private readonly SeededRandomSource _chance = new(seed);
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _ending = new();
    private readonly List<Task> _pumps = [];
    private readonly ConcurrentBag<Socket> _sockets = [];
    private Dictionary<IPEndPoint, Socket> _standIns = []; // by the endpoint that they stand for, of the present generation
    private double _loss;
    private long _handshakeRecords;
    private long _dropped;

    /// <summary>The fraction of datagrams that is lost, 0 to 1, in both directions.</summary>
    public double Loss
    {
        get => Volatile.Read(ref _loss);
        set => Volatile.Write(ref _loss, value);
    }

    /// <summary>Datagrams that began with a DTLS handshake record. Those under DTLS 1.3's record protection are not seen.</summary>
    public long HandshakeRecords => Interlocked.Read(ref _handshakeRecords);

    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>What is signalled from now on gets new sockets; all before are closed when <paramref name="cut"/> is set.</summary>
    public void BeginGeneration(bool cut)
    {
        lock (_gate)
        {
            if (cut)
            {
                foreach (var socket in _sockets)
                {
                    socket.Close();
                }
            }

            _standIns = [];
        }
    }

    /// <summary>The signal with the relay's addresses; null for a candidate that it cannot carry.</summary>
    public PeerSignal? Apply(PeerSignal signal) => signal switch
    {
        CandidateSignal candidate => Replace(candidate.Candidate) is { } replaced ? candidate with { Candidate = replaced } : null,
        DescriptionSignal description => description with { Sdp = ReplaceLines(description.Sdp) },
        _ => signal,
    };

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        foreach (var socket in _sockets)
        {
            socket.Dispose();
        }

        await Task.WhenAll(_pumps);
        _ending.Dispose();
    }

    private string ReplaceLines(string sdp)
    {
        const string Attribute = "a=";
        const string Candidate = "a=candidate:";
        var lines = sdp.Split("\r\n").Select(line =>
            !line.StartsWith(Candidate, StringComparison.Ordinal) ? line
            : Replace(line[Attribute.Length..]) is { } replaced ? Attribute + replaced : null);
        return string.Join("\r\n", lines.OfType<string>());
    }

    /// <param name="candidate">RFC 8839 section 5.1: foundation, component, transport, priority, connection address, port.</param>
    private string? Replace(string candidate)
    {
        var fields = candidate.Split(' ');
        if (fields.Length < 6 || !fields[2].Equals("udp", StringComparison.OrdinalIgnoreCase)
            || !IPAddress.TryParse(fields[4], out var address) || address.AddressFamily != AddressFamily.InterNetwork)
        {
            return null;
        }

        lock (_gate)
        {
            var standIn = StandIn(new IPEndPoint(address, int.Parse(fields[5], CultureInfo.InvariantCulture)), _standIns);
            var local = (IPEndPoint)standIn.LocalEndPoint!;
            (fields[4], fields[5]) = (local.Address.ToString(), local.Port.ToString(CultureInfo.InvariantCulture));
        }

        return string.Join(' ', fields);
    }

    private Socket StandIn(IPEndPoint endpoint, Dictionary<IPEndPoint, Socket> generation)
    {
        if (!generation.TryGetValue(endpoint, out var socket))
        {
            socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp)
            {
                ReceiveBufferSize = SocketBuffer,
                SendBufferSize = SocketBuffer,
            };
            socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            generation.Add(endpoint, socket);
            _sockets.Add(socket);
            _pumps.Add(PumpAsync(socket, endpoint, generation));
        }

        return socket;
    }

    private async Task PumpAsync(Socket standIn, IPEndPoint endpoint, Dictionary<IPEndPoint, Socket> generation)
    {
        var buffer = new byte[65536];
        while (!_ending.IsCancellationRequested)
        {
            try
            {
                var received = await standIn.ReceiveFromAsync(buffer, SocketFlags.None, endpoint, _ending.Token);
                Forward(buffer.AsSpan(0, received.ReceivedBytes), (IPEndPoint)received.RemoteEndPoint, endpoint, generation);
            }
            catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
            catch (SocketException) when (standIn.SafeHandle.IsClosed)
            {
                return;
            }
            catch (SocketException)
            {
                // ICMP told that an endpoint is gone, which is nothing to a relay.
            }
        }
    }

    private void Forward(ReadOnlySpan<byte> datagram, IPEndPoint from, IPEndPoint to, Dictionary<IPEndPoint, Socket> generation)
    {
        if (datagram.Length > 0 && datagram[0] == HandshakeType)
        {
            Interlocked.Increment(ref _handshakeRecords);
        }

        Socket sender;
        lock (_gate)
        {
            if (Loss > 0 && _chance.NextDouble() < Loss)
            {
                Interlocked.Increment(ref _dropped);
                return;
            }

            sender = StandIn(from, generation);
        }

        sender.SendTo(datagram, to);
    }
}
