using MeshNode.Rtc;
using MeshNode.Rtc.Dtls;
using MeshNode.Rtc.Ice;

namespace MeshNode.SimNet.Simulation;

/// <summary>
/// One seeded run of two connections: they connect, talk on channels of every kind while the network does its worst, recover
/// as an application would, and end. What must always hold is asserted after every step; the same seed is the same run.
/// </summary>
public sealed class ConnectionSimulation : IDisposable
{
    private const int MaxStepsAtOneInstant = 20_000;
    private const int Bursts = 12;

    private static readonly TimeSpan RecoveryLimit = TimeSpan.FromMinutes(20);
    private static readonly TimeSpan EndLimit = TimeSpan.FromMinutes(3);
    private static readonly DateTimeOffset Epoch = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DtlsCertificate LeftCertificate = DtlsCertificate.Create(Epoch);
    private static readonly DtlsCertificate RightCertificate = DtlsCertificate.Create(Epoch);

    private readonly ulong _seed;
    private readonly SimulationPlan _plan;
    private readonly SeededRandomSource _random;
    private readonly SimulatedNetwork _network;
    private readonly SimulatedPeer _left;
    private readonly SimulatedPeer _right;
    private readonly SimulatedSignaling _signaling;
    private readonly SimulatedTraffic _traffic;
    private readonly Agenda _agenda = new();
    private readonly Action<string>? _trace;
    private MonotonicTime _now = MonotonicTime.FromMilliseconds(1000);
    private MonotonicTime _instant;
    private int _stepsAtInstant;
    private bool _isHealed;
    private bool _isEnding;
    private int _rebinds;
    private int _failures;
    private int _pathChanges;

    private ConnectionSimulation(ulong seed, Action<string>? trace)
    {
        _seed = seed;
        _trace = trace;
        _plan = SimulationPlan.FromSeed(seed);
        _random = new SeededRandomSource(seed ^ 0x5EED);
        _network = new SimulatedNetwork(_random.NextUInt64()) { Default = _plan.Weather };
        _left = new SimulatedPeer("left", new PeerConnection(Configuration(LeftCertificate, _plan.Interleaves.Left), _now));
        _right = new SimulatedPeer("right", new PeerConnection(Configuration(RightCertificate, _plan.Interleaves.Right), _now));
        _signaling = new SimulatedSignaling(_left, _right, _plan.SignalingDelay);
        _traffic = new SimulatedTraffic(_left, _right, _random, _plan.Messages);
    }

    private SimulatedPeer[] Peers => [_left, _right];

    /// <summary>Runs one seed to its end; the result is the same for the same seed, whatever ran before.</summary>
    /// <exception cref="SimulationFailedException">Something that must always hold did not.</exception>
    public static SimulationResult Run(ulong seed, Action<string>? trace = null)
    {
        using var simulation = new ConnectionSimulation(seed, trace);
        try
        {
            return simulation.Run();
        }
        catch (Exception e) when (e is not SimulationFailedException)
        {
            throw simulation.Failure(e.ToString(), e);
        }
    }

    public void Dispose()
    {
        _left.Dispose();
        _right.Dispose();
    }

    private static TransportAddress Address(bool isLeft, int index) =>
        TransportAddress.FromIPv4((isLeft ? 0xC0000200u : 0xC6336400u) + (uint)index, (ushort)(4000 + index));

    private PeerConnectionConfiguration Configuration(DtlsCertificate certificate, bool isInterleaving)
    {
        var configuration = new PeerConnectionConfiguration
        {
            Certificate = certificate,
            Jitter = new SeededRandomSource(_random.NextUInt64()),
            Secure = new SeededRandomSource(_random.NextUInt64()),
        };
        var channels = configuration.DataChannels;
        var sctp = channels.Sctp with { Interleaving = isInterleaving, CongestionControl = _plan.Congestion };
        if (_plan.HasSmallWindow)
        {
            channels = channels with { MaxMessageSize = 65536 };
            sctp = sctp with { ReceiveWindow = 70_000, MaxReceiveWindow = _seed % 2 == 0 ? 70_000 : sctp.MaxReceiveWindow };
        }

        configuration = configuration with { DataChannels = channels with { Sctp = sctp } };
        return PassThroughDtls.Replace(configuration);
    }

    // ---- the run ----

    private SimulationResult Run()
    {
        _trace?.Invoke($"seed {_seed}: {_plan}");
        Connect();
        var begin = _now;
        foreach (var (at, fault) in _plan.Faults)
        {
            _agenda.Add(begin + at, () => Begin(fault));
        }

        for (var bursts = Bursts; bursts > 0; bursts--)
        {
            _agenda.Add(begin + (_random.NextDouble() * _plan.Duration), () => Require(_traffic.Burst(_now, all: false)));
        }

        _agenda.Add(begin + _plan.Duration, Heal);
        RunUntil(() => _isHealed, RecoveryLimit, "the end of the faults");
        if (_plan.End != SimulationPlan.Ending.Vanish)
        {
            RunUntil(IsAllDelivered, RecoveryLimit, "what was sent");
        }

        End();
        return new SimulationResult(
            $"{_now} {_network.Counts} {_left.Connection.GetStatistics()} {_right.Connection.GetStatistics()}",
            _network.LargestDatagram,
            _failures,
            Math.Max(0, _pathChanges - 2));
    }

    private bool IsAllDelivered()
    {
        Require(_traffic.Burst(_now, all: true));
        return _traffic.IsComplete;
    }

    private void Connect()
    {
        if (_plan.HasNat)
        {
            _network.Rebind(Address(true, 1), Address(true, 100));
        }

        if (!_plan.Trickle)
        {
            AddCandidates();
        }

        _signaling.Offer(_now, iceRestart: false);
        if (_plan.Trickle)
        {
            AddCandidates();
        }
    }

    private void AddCandidates()
    {
        foreach (var peer in Peers)
        {
            for (var i = 1; i <= (_plan.HasSecondPath ? 2 : 1); i++)
            {
                peer.Connection.AddLocalCandidate(_now, IceCandidate.Host(Address(peer == _left, i)));
            }

            peer.Connection.SetLocalCandidatesComplete(_now);
        }
    }

    private void Begin(SimulationFault fault)
    {
        _trace?.Invoke($"{_now}: {fault.Kind} {(fault.IsLeft ? "left" : "right")} for {fault.Lasts.TotalSeconds:0.###} s; {_left}, {_right}");
        var conditions = _network.Default;
        var peer = fault.IsLeft ? _left : _right;
        switch (fault.Kind)
        {
            case SimulationFaultKind.Weather:
                _network.SetAll(fault.Conditions);
                break;
            case SimulationFaultKind.Silence:
                _network.SetAll(conditions with { IsSilent = true });
                _agenda.Add(_now + fault.Lasts, () => _network.SetAll(conditions));
                break;
            case SimulationFaultKind.OneWaySilence:
                _network.Silence(path => path.Local == Address(fault.IsLeft, 1) || path.Local == Address(fault.IsLeft, 2));
                _agenda.Add(_now + fault.Lasts, () => _network.SetAll(conditions));
                break;
            case SimulationFaultKind.BlackHole:
                _network.SetAll(conditions with { MaximumDatagram = 1200 });
                break;
            case SimulationFaultKind.Rebind:
                _network.Rebind(Address(true, 1), Address(true, 101 + _rebinds++));
                break;
            case SimulationFaultKind.AddressGone:
                _network.Silence(path => path.Local == Address(fault.IsLeft, 1) || path.Remote == Address(fault.IsLeft, 1));
                break;
            case SimulationFaultKind.BusyReader:
                peer.IsReading = false;
                _agenda.Add(_now + fault.Lasts, () => peer.IsReading = true);
                break;
            case SimulationFaultKind.Restart:
                _signaling.PlanRestart(_now);
                break;
        }
    }

    /// <summary>All faults pass: the network is as good as most are, and applications read.</summary>
    private void Heal()
    {
        _trace?.Invoke($"{_now}: healed; {_left}, {_right}; {_traffic}");
        _agenda.Clear();
        _network.SetAll(new PathConditions
        {
            Link = new SimulatedLinkOptions { Delay = TimeSpan.FromMilliseconds(10), Loss = _seed % 3 == 0 ? 0.03 : 0 },
            MaximumDatagram = 1200,
        });
        foreach (var peer in Peers)
        {
            peer.IsReading = true;
        }

        _isHealed = true;
    }

    private void End()
    {
        _trace?.Invoke($"{_now}: {_plan.End}; {_left}, {_right}; {_traffic}");
        _isEnding = true;
        var first = _random.NextInt32(2) == 0 ? _left : _right;
        switch (_plan.End)
        {
            case SimulationPlan.Ending.Vanish:
                first.Vanish();
                break;
            case SimulationPlan.Ending.CloseBoth:
                _left.Connection.Close(_now);
                _right.Connection.Close(_now);
                break;
            default:
                first.Connection.Close(_now);
                break;
        }

        foreach (var peer in Peers.Where(p => !p.HasVanished && p.Connection.ConnectionState == PeerConnectionState.Failed))
        {
            peer.Connection.Close(_now); // it had failed already, and nobody is there for a restart
        }

        RunUntil(() => (_left.HasVanished || _left.SawClosed) && (_right.HasVanished || _right.SawClosed), EndLimit, "the end");
        RunUntil(() => _network.NextArrival is null, EndLimit, "the last datagrams"); // they meet closed connections
    }

    // ---- steps ----

    private void RunUntil(Func<bool> isDone, TimeSpan limit, string what)
    {
        var end = _now + limit;
        while (true)
        {
            Settle();
            if (isDone())
            {
                Settle();
                return;
            }

            Settle();
            var next = MonotonicTime.Earliest(MonotonicTime.Earliest(_left.NextTimeout, _right.NextTimeout), _network.NextArrival);
            next = MonotonicTime.Earliest(next, MonotonicTime.Earliest(_signaling.Next, _agenda.Next));
            if (next is not { } at || at > end)
            {
                throw Failure($"waited {limit.TotalSeconds:0} s for {what}: {_traffic}; {_left.Counters}; {_right.Counters}");
            }

            Step(at > _now ? at : _now);
        }
    }

    private void Step(MonotonicTime now)
    {
        _stepsAtInstant = now == _instant ? _stepsAtInstant + 1 : 0;
        _instant = _now = now;
        if (_stepsAtInstant > MaxStepsAtOneInstant)
        {
            throw Failure("time stands still");
        }

        _agenda.RunDue(now);
        _signaling.RunDue(now);
        Require(_signaling.Error?.Message);
        while (_network.TryReceive(now, out var path, out var datagram))
        {
            (path.Local == Address(true, 1) || path.Local == Address(true, 2) ? _left : _right).HandleDatagram(now, path, datagram);
            if (_random.NextInt32(2) == 0)
            {
                break; // owners drain after one datagram or after many
            }
        }

        _left.HandleTimeout(now);
        _right.HandleTimeout(now);
    }

    private void Settle()
    {
        string? failure = null;
        for (var moved = true; moved;)
        {
            moved = false;
            foreach (var peer in Peers)
            {
                moved |= peer.Transmit(_now, _network, ref failure);
                moved |= peer.ReadEvents(Handle, ref failure);
            }

            Require(failure);
        }

        Require(_left.Check(_now));
        Require(_right.Check(_now));
    }

    private void Handle(SimulatedPeer peer, PeerConnectionEvent rtcEvent)
    {
        Require(_traffic.Handle(peer, rtcEvent));
        _pathChanges += rtcEvent.Kind == PeerConnectionEventKind.SelectedPathChanged && rtcEvent.Path != default ? 1 : 0;
        if (rtcEvent.Kind == PeerConnectionEventKind.IceCandidateGathered)
        {
            _signaling.SendCandidate(_now, peer, rtcEvent.Candidate!);
        }
        else if (rtcEvent.Kind == PeerConnectionEventKind.ConnectionStateChanged)
        {
            _trace?.Invoke($"{_now}: {peer.Name} {rtcEvent.State} {rtcEvent.Error?.Message}");
            _failures += rtcEvent.State == PeerConnectionState.Failed ? 1 : 0;
            if (rtcEvent.State == PeerConnectionState.Closed && !_isEnding)
            {
                throw Failure($"{peer.Name} closed by itself: {rtcEvent.Error?.Message}");
            }

            if (rtcEvent.State == PeerConnectionState.Failed && _isEnding)
            {
                peer.Connection.Close(_now); // the other side's farewell was lost, or there was none
            }
            else if (rtcEvent.State == PeerConnectionState.Failed)
            {
                _signaling.PlanRestart(_now);
            }
        }
        else if (rtcEvent.Kind != PeerConnectionEventKind.Message)
        {
            _trace?.Invoke($"{_now}: {peer.Name} {rtcEvent.Kind} {rtcEvent.Channel?.Label} {(rtcEvent.Path == default ? "" : rtcEvent.Path)}");
        }
    }

    private void Require(string? failure)
    {
        if (failure is not null)
        {
            throw Failure(failure);
        }
    }

    private SimulationFailedException Failure(string what, Exception? cause = null) =>
        new(_seed, $"{_now}", $"{what} [{_left}, {_right}; {_plan}]", cause);
}
