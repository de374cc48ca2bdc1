using MeshNode.Mesh.Links;
using MeshNode.Mesh.Peers;
using MeshNode.Rtc.DataChannels;

namespace MeshNode.Mesh.Tests.Peers;

/// <summary>Connections whose events a test scripts and whose output it reads.</summary>
internal sealed class ScriptedConnections : IPeerConnectionFactory
{
    public List<ScriptedConnection> Made { get; } = [];

    public ScriptedConnection Last => Made[^1];

    /// <summary>Told of each connection, from the peer's thread.</summary>
    public Action<ScriptedConnection>? OnCreate { get; set; }

    public IPeerConnectionPort Create(Action readable)
    {
        var connection = new ScriptedConnection(Made.Count, readable);
        Made.Add(connection);
        OnCreate?.Invoke(connection);
        return connection;
    }
}

/// <summary>SDP here is only a name that tells who made it: <c>offer 0.1</c> is the second offer of the first connection.</summary>
internal sealed class ScriptedConnection(int number, Action readable) : IPeerConnectionPort
{
    private readonly System.Collections.Concurrent.ConcurrentQueue<PeerPortEvent> _events = new();
    private readonly ScriptedChannel?[] _channels = new ScriptedChannel?[ChannelKinds.Count];
    private int _descriptions;

    public List<string> Accepted { get; } = [];

    public List<string> Candidates { get; } = [];

    public bool IsClosed { get; private set; }

    public bool IsDisposed { get; private set; }

    public bool RefusesDescriptions { get; set; }

    /// <summary>Makes the peer's actor fail at the next event.</summary>
    public bool FailsOnRead { get; set; }

    public ChannelBinding? Binding => ChannelBinding.FromFingerprints(new byte[32], new byte[32]);

    public bool IsAlive { get; set; } = true;

    public TimeSpan? RoundTripTime { get; set; } = TimeSpan.FromMilliseconds(7);

    /// <summary>What was sent on a channel since it opened; taken from any thread.</summary>
    public ScriptedChannel this[ChannelKind kind] => _channels[(int)kind] ?? throw new InvalidOperationException($"{kind} was not opened.");

    public string CreateOffer(bool iceRestart) => $"offer {number}.{_descriptions++}{(iceRestart ? " restart" : "")}";

    public bool TryAnswer(string offer, out string answer, out string error)
    {
        answer = $"answer {number}.{_descriptions++}";
        return TryAccept(offer, out error);
    }

    public bool TryAcceptAnswer(string answer, out string error) => TryAccept(answer, out error);

    public bool TryAddCandidate(string candidate, out string error)
    {
        Candidates.Add(candidate);
        error = "";
        return true;
    }

    public IChannelPort? Channel(ChannelKind kind) => _channels[(int)kind];

    public bool TryReadEvent(out PeerPortEvent portEvent) =>
        FailsOnRead ? throw new InvalidOperationException("scripted failure") : _events.TryDequeue(out portEvent);

    public void Close() => IsClosed = true;

    public void Dispose() => IsDisposed = true;

    public void Raise(params PeerPortEvent[] events)
    {
        foreach (var portEvent in events)
        {
            if (portEvent.Kind == PeerPortEventKind.ChannelOpened)
            {
                _channels[(int)portEvent.Channel] = new ScriptedChannel();
            }

            _events.Enqueue(portEvent);
        }

        readable();
    }

    private bool TryAccept(string description, out string error)
    {
        error = RefusesDescriptions ? "scripted refusal" : "";
        Accepted.Add(description);
        return !RefusesDescriptions;
    }
}

internal sealed class ScriptedChannel : IChannelPort
{
    private readonly System.Collections.Concurrent.ConcurrentQueue<byte[]> _sent = new();

    public long BufferedAmount { get; set; }

    public bool TryTakeSent(out byte[] message) => _sent.TryDequeue(out message!);

    public DataChannelSendResult Send(ReadOnlySpan<byte> message)
    {
        _sent.Enqueue(message.ToArray());
        return DataChannelSendResult.Sent;
    }
}
