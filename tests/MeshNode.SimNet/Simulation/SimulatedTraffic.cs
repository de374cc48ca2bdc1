using MeshNode.Rtc;
using MeshNode.Rtc.DataChannels;

namespace MeshNode.SimNet.Simulation;

/// <summary>The application on both sides: channels of every kind, messages in bursts, a channel that is closed when it has said all.</summary>
internal sealed class SimulatedTraffic
{
    private const string Brief = "brief"; // announced by left, which closes it behind its last message

    private static readonly (string Label, DataChannelInit Init)[] Kinds =
    [
        ("control", new() { Negotiated = true, Id = 0, Priority = DataChannelPriority.High }),
        ("bulk", new() { Negotiated = true, Id = 1 }),
        ("unordered", new() { Negotiated = true, Id = 2, Ordered = false }),
        ("limited", new() { Negotiated = true, Id = 3, MaxRetransmits = 1 }),
        ("brittle", new() { Negotiated = true, Id = 4, Ordered = false, MaxRetransmits = 0 }),
        ("timed", new() { Negotiated = true, Id = 5, MaxPacketLifeTime = TimeSpan.FromMilliseconds(80) }),
        ("announced", new()),
    ];

    private readonly SimulatedPeer _left;
    private readonly SimulatedPeer _right;
    private readonly SeededRandomSource _random;
    private readonly Dictionary<(SimulatedPeer Sender, string Label), SimulatedFlow> _flows = [];
    private readonly SimulatedFlow _brief;
    private bool _isBriefClosedLeft;
    private bool _isBriefClosedRight;

    public SimulatedTraffic(SimulatedPeer left, SimulatedPeer right, SeededRandomSource random, int messages)
    {
        (_left, _right, _random) = (left, right, random);
        foreach (var sender in (SimulatedPeer[])[left, right])
        {
            foreach (var (label, init) in Kinds)
            {
                var flow = new SimulatedFlow($"{sender.Name} {label}", init, random) { Wanted = messages };
                _flows[(sender, label)] = flow;
                if (init.Negotiated || sender == left)
                {
                    flow.Channel = sender.Connection.CreateDataChannel(default, label, init);
                }
            }
        }

        _brief = new SimulatedFlow("left brief", new DataChannelInit(), random) { Wanted = messages };
        _brief.Channel = left.Connection.CreateDataChannel(default, Brief, new DataChannelInit());
        _flows[(left, Brief)] = _brief;
    }

    public bool IsComplete => _flows.Values.All(flow => flow.IsComplete) && _isBriefClosedLeft && _isBriefClosedRight;

    public bool IsSent => _flows.Values.All(flow => flow.IsSent);

    /// <summary>Sends a burst on some channels; returns what is wrong.</summary>
    public string? Burst(MonotonicTime now, bool all)
    {
        string? failure = null;
        foreach (var ((sender, _), flow) in _flows)
        {
            if (!sender.HasVanished && (all || _random.NextInt32(2) == 0))
            {
                failure ??= flow.Send(now, all ? int.MaxValue : 1 + _random.NextInt32(6));
            }
        }

        if (_brief is { IsSent: true, Channel: { ReadyState: DataChannelState.Open } brief } && !_left.HasVanished)
        {
            brief.Close(now);
        }

        return failure;
    }

    /// <summary>Returns what is wrong.</summary>
    public string? Handle(SimulatedPeer peer, in PeerConnectionEvent rtcEvent)
    {
        switch (rtcEvent.Kind)
        {
            case PeerConnectionEventKind.DataChannelAnnounced when rtcEvent.Channel!.Label != Brief:
                _flows[(peer, rtcEvent.Channel.Label)].Channel = rtcEvent.Channel;
                return null;
            case PeerConnectionEventKind.Message:
                return _flows[(peer == _left ? _right : _left, rtcEvent.Channel!.Label)].Receive(rtcEvent.Data.Span);
            case PeerConnectionEventKind.ChannelClosed when rtcEvent.Channel!.Label == Brief && peer == _left:
                _isBriefClosedLeft = true;
                return null;
            case PeerConnectionEventKind.ChannelClosed when rtcEvent.Channel!.Label == Brief:
                _isBriefClosedRight = true;
                return _brief.IsComplete || _left.Connection.ConnectionState == PeerConnectionState.Closed || peer.Connection.ConnectionState == PeerConnectionState.Closed
                    ? null
                    : $"the channel {Brief} closed before its last message: {_brief}";
            default:
                return null;
        }
    }

    public override string ToString() => string.Join(", ", _flows.Values.Where(f => !f.IsComplete))
        + (_isBriefClosedLeft && _isBriefClosedRight ? "" : $", brief closed: left {_isBriefClosedLeft}, right {_isBriefClosedRight}");
}
