using System.Net;
using System.Text.Json;
using MeshNode.Benchmarks.Stdio.Modes;
using MeshNode.Rtc;
using MeshNode.Rtc.DataChannels;
using MeshNode.Rtc.Dtls;
using MeshNode.Rtc.Ice;
using MeshNode.Rtc.Sockets;

namespace MeshNode.Benchmarks.Stdio;

/// <summary>Takes lines and does what they say: one loop, and connections by their ids.</summary>
internal sealed class StdioSession : IAsyncDisposable
{
    /// <summary>The far side's max-message-size, as ours, is this by default.</summary>
    private const int MaxMessageSize = 262_144;

    private const int MaxCount = 10_000_000;

    /// <summary>Bytes that a source keeps waiting, so that the channel is never idle, unless its line says otherwise.</summary>
    private const long DefaultAhead = 4 << 20;

    private static readonly SecureRandomSource Random = new();

    private readonly PeerConnectionConfiguration _configuration;
    private readonly bool _sources;
    private readonly StdioOutput _output;
    private readonly RtcEventLoop _loop;
    private readonly Dictionary<long, StdioPeer> _peers = [];
    private StdioPeer? _only; // the one without an id
    private int _addresses;

    /// <param name="bind">Where to listen; ignored with sources.</param>
    /// <param name="sources">Each connection with an id gets an address of 127/8 of its own, so that many can go to one far port.</param>
    /// <param name="interleaving">With I-DATA where the far side has it.</param>
    /// <param name="output">Where lines go.</param>
    public StdioSession(IPAddress bind, bool sources, bool interleaving, StdioOutput output)
    {
        (_sources, _output) = (sources, output);
        _configuration = new PeerConnectionConfiguration
        {
            Certificate = DtlsCertificate.Create(TimeProvider.System.GetUtcNow()),
            Jitter = Random,
            Secure = Random,
            ConnectionTimeout = TimeSpan.FromMinutes(2), // the far side's program may be a person's to start
        };
        _configuration = _configuration with
        {
            DataChannels = _configuration.DataChannels with { Sctp = _configuration.DataChannels.Sctp with { Interleaving = interleaving } },
        };
        _loop = RtcEventLoop.Start(new RtcEventLoopOptions
        {
            Bind = [new IPEndPoint(sources ? IPAddress.Any : bind, 0)],
            UnhandledException = exception => output.Error(null, exception.ToString()),
        });
    }

    /// <summary>Makes the connection without an id, and its offer.</summary>
    public void Offer() => _loop.Execute(() => Peer(null).Offer());

    /// <returns>False when it was the line that ends the process.</returns>
    public bool Handle(ReadOnlySpan<byte> text)
    {
        if (text.Trim((byte)' ').IsEmpty)
        {
            return true;
        }

        StdioLine line;
        try
        {
            line = JsonSerializer.Deserialize(text, StdioJson.Default.StdioLine) ?? throw new JsonException("a line is an object");
        }
        catch (JsonException exception)
        {
            _output.Error(null, $"not a line of this protocol: {exception.Message}");
            return true;
        }

        if (line.Quit is not null)
        {
            return false;
        }

        _loop.Execute(() => Handle(line));
        return true;
    }

    public async ValueTask DisposeAsync()
    {
        _loop.Execute(() =>
        {
            foreach (var peer in _peers.Values.Append(_only))
            {
                peer?.Dispose();
            }
        });
        await _loop.DisposeAsync().ConfigureAwait(false);
    }

    private static StdioMode? Mode(StdioLine line, StdioChannel channel) => line switch
    {
        { Mode: "sink", Bytes: >= 0 and var bytes } => new SinkMode(channel, bytes),
        { Mode: "echo" } => new EchoMode(channel),
        { Mode: "source", Bytes: >= 0 and var bytes, Size: > 0 and <= MaxMessageSize and var size, Ahead: null or > 0 } =>
            new SourceMode(channel, bytes, size, line.Ahead ?? DefaultAhead),
        { Mode: "ping", Count: > 0 and <= MaxCount and var count, Size: >= 0 and <= MaxMessageSize and var size } =>
            new PingMode(channel, count, size),
        { Mode: "stamp", Count: > 0 and <= MaxCount and var count, Size: >= 0 and <= MaxMessageSize and var size, Every: >= 1 and <= 60_000 and var every } =>
            new StampMode(channel, count, size, TimeSpan.FromMilliseconds(every)),
        { Mode: "late", Count: > 0 and <= MaxCount and var count } => new LateMode(channel, count),
        _ => null,
    };

    /// <summary>On the loop.</summary>
    private void Handle(StdioLine line)
    {
        try
        {
            Execute(line);
        }
        catch (Exception exception) when (exception is InvalidOperationException or ArgumentException)
        {
            _output.Error(line.Id, exception.Message);
        }
    }

    private void Execute(StdioLine line)
    {
        switch (line)
        {
            case { Sdp: { } sdp, Type: "offer" or "answer" }:
                Peer(line.Id).Accept(new SessionDescription(line.Type == "offer" ? SdpType.Offer : SdpType.Answer, sdp));
                break;
            case { Cand: { } candidate }:
                Peer(line.Id).AddCandidate(candidate);
                break;
            case { Mode: not null }:
                Start(line);
                break;
            case { Offer: not null, Id: { } id } when !_peers.ContainsKey(id):
                Peer(id).Offer();
                break;
            case { Create: { } label }:
                Peer(line.Id).Create(label, Enum.IsDefined((DataChannelPriority)(line.Priority ?? 0)) ? (DataChannelPriority)line.Priority!.Value : DataChannelPriority.Low);
                break;
            case { Stop: not null } when Find(line.Id) is { } peer:
                peer.Stop();
                break;
            case { Sample: not null } when Find(line.Id) is { } peer:
                peer.Sample();
                break;
            case { Close: not null, Id: { } id } when _peers.Remove(id, out var ended):
                ended.Dispose();
                _output.Write(id, writer => writer.WriteNumber("closed", 1));
                break;
            default:
                _output.Error(line.Id, "nothing that can be done now: no such verb, or its numbers are missing or out of range");
                break;
        }
    }

    private void Start(StdioLine line)
    {
        var peer = Peer(line.Id);
        // A mode is made for a channel, so a line is looked at before with none.
        if (Mode(line, null!) is null)
        {
            _output.Error(line.Id, $"mode {line.Mode}: unknown, or its numbers are missing or out of range");
            return;
        }

        peer.Start(line.Channel ?? StdioPeer.DefaultLabel, channel => Mode(line, channel)!);
    }

    private StdioPeer? Find(long? id) => id is { } number ? _peers.GetValueOrDefault(number) : _only;

    private StdioPeer Peer(long? id)
    {
        if (id is not { } number)
        {
            return _only ??= Create(null);
        }

        if (!_peers.TryGetValue(number, out var peer))
        {
            peer = Create(number);
            _peers.Add(number, peer);
        }

        return peer;
    }

    private StdioPeer Create(long? id)
    {
        IReadOnlyList<IceCandidate>? candidates = null;
        if (_sources)
        {
            // 127.1.0.1 and on; the address space is used again after 16,000,000.
            var number = id is null ? 0 : ++_addresses;
            var address = new IPAddress([127, (byte)(1 + (number / 62_500 % 250)), (byte)(number / 250 % 250), (byte)((number % 250) + 1)]);
            candidates = [IceCandidate.Host(TransportAddress.From(address, _loop.Port))];
        }

        return new StdioPeer(_loop, _configuration, candidates, id, _output);
    }
}
