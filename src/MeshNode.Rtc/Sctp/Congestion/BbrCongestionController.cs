namespace MeshNode.Rtc.Sctp.Congestion;

/// <summary>
/// Model-based congestion control after BBR version 3 (draft-ietf-ccwg-bbr): sends at the rate at which the path was seen to deliver and keeps
/// about a bandwidth-delay product in flight, so that random loss does not slow it and queues stay short. What was simplified
/// and what differs, and why, stands in this folder's README.
/// </summary>
internal sealed class BbrCongestionController : ICongestionController
{
    private const double StartupPacingGain = 2.77; // 4 · ln 2
    private const double DrainPacingGain = 0.5;
    private const double CruisePacingGain = 0.99; // 1 % of headroom, so that a queue does not stand
    private const double UpPacingGain = 1.25;
    private const double DownPacingGain = 0.8;
    private const double WindowGain = 2;
    private const double UpWindowGain = 2.25;
    private const double ProbeRttWindowGain = 0.5;
    private const double FullBandwidthGrowth = 1.25;
    private const int FullBandwidthRounds = 3;
    private const int UpRounds = 2; // the first rate that shows the faster sending comes after one, and is whole after two
    private const int MaxUpRounds = 4;
    private const int CruiseRounds = 6;
    private const double LossThreshold = 0.05; // of a flight; random loss of 1 to 2 % stays below
    private const double StartupLossThreshold = 0.2; // of a round trip: a path that others fill loses as soon as one begins
    private const int MinimumLosses = 6; // packets, so that a short flight is not judged by one
    private const double LossReduction = 0.7;
    private const double Headroom = 0.85; // of a known limit, left to others while cruising
    private const int MinimumWindowPackets = 4;
    private static readonly long ProbeRttInterval = TimeSpan.TicksPerSecond * 5;
    private static readonly long ProbeRttDuration = TimeSpan.TicksPerMillisecond * 200;
    private static readonly long MinCruiseTime = TimeSpan.TicksPerMillisecond * 250;
    private static readonly long MaxCruiseTime = TimeSpan.TicksPerSecond * 2;

    /// <summary>Acknowledgements come in batches: a reader's turn, a radio's slot. As much more is allowed in flight; ticks.</summary>
    private const long BatchTime = TimeSpan.TicksPerMillisecond * 3;

    /// <summary>
    /// Below this least round trip (ticks) both ends are on one machine or in one rack. There threads that wait for a processor make
    /// more delay than queues do, and timers are coarser than the path: nothing is paced, and the window alone bounds the queue.
    /// </summary>
    private const long LocalRoundTrip = TimeSpan.TicksPerMillisecond;

    private const long LocalBatchTime = TimeSpan.TicksPerMillisecond * 20;

    private const double QueueingRoundTrip = 1.1; // of the least one

    private readonly PathModel _path = new();
    private readonly int _initialWindow; // bytes
    private int _packetSize;
    private double _window; // bytes
    private double _windowBefore; // to return to after ProbeRTT or a timeout
    private double _fullBandwidth;
    private int _fullBandwidthCount;
    private bool _isPipeFull;
    private double _inflightLimit = double.MaxValue; // inflight_hi: what the path did not take without loss
    private long _phaseSince; // ticks
    private long _phaseRound;
    private long _cruiseUntil; // ticks
    private long _probeRttDoneAt; // ticks; 0 while still draining

    public BbrCongestionController(int maxPacketSize, int initialWindowPackets)
    {
        _packetSize = maxPacketSize;
        _initialWindow = maxPacketSize * initialWindowPackets;
        _window = _initialWindow;
    }

    public int CongestionWindow => (int)Math.Clamp(_window, MinimumWindow, int.MaxValue / 2);

    public double PacingRate { get; private set; }

    internal BbrPhase Phase { get; private set; }

    private double MinimumWindow => MinimumWindowPackets * _packetSize;

    private bool IsLocal => _path.MinRoundTrip is > 0 and < LocalRoundTrip;

    private double BatchAllowance => Math.Max(_path.Bandwidth * (IsLocal ? LocalBatchTime : BatchTime) / TimeSpan.TicksPerSecond, 2 * _packetSize);

    private double PacingGain => Phase switch
    {
        BbrPhase.Startup => StartupPacingGain,
        BbrPhase.Drain => DrainPacingGain,
        BbrPhase.Down => DownPacingGain,
        BbrPhase.Up => UpPacingGain,
        BbrPhase.Refill => 1,
        _ => CruisePacingGain,
    };

    public void OnDelivery(in DeliverySample sample)
    {
        _path.Update(sample);
        switch (Phase)
        {
            case BbrPhase.Startup:
                CheckFullPipe(sample);
                break;
            case BbrPhase.Drain:
                if (sample.BytesInFlight <= Inflight(1))
                {
                    StartDown(sample.Now);
                }

                break;
            case BbrPhase.ProbeRtt:
                CheckProbeRtt(sample);
                break;
            default:
                UpdateCycle(sample);
                break;
        }

        if (Phase is not (BbrPhase.ProbeRtt or BbrPhase.Startup) && !IsLocal && sample.Now.Ticks - _path.MinRoundTripAt > ProbeRttInterval)
        {
            EnterProbeRtt(sample.Now);
        }

        SetPacingRate(sample);
        SetWindow(sample);
    }

    public void OnRetransmissionTimeout(int bytesInFlight)
    {
        _windowBefore = Math.Max(_windowBefore, _window);
        _window = Math.Max(bytesInFlight + _packetSize, MinimumWindow); // and grows by what arrives
    }

    public void OnSpuriousTimeout() => _window = Math.Max(_window, _windowBefore);

    public void OnIdle(int retransmissionTimeouts)
    {
        // The model outlives idleness, and pacing keeps it from being a burst.
    }

    public void OnPacketSizeChanged(int maxPacketSize) => _packetSize = maxPacketSize;

    /// <summary>Bytes in flight that use the path at a gain, with what batches add.</summary>
    private double Inflight(double gain) => Math.Max((gain * _path.Product) + BatchAllowance, MinimumWindow);

    private void Enter(BbrPhase phase, MonotonicTime now)
    {
        Phase = phase;
        _phaseSince = now.Ticks;
        _phaseRound = _path.Rounds;
    }

    private void CheckFullPipe(in DeliverySample sample)
    {
        if (!_path.IsRoundStart)
        {
            return;
        }

        if (_path.LossRate > StartupLossThreshold && _path.LossEvents >= MinimumLosses)
        {
            _inflightLimit = Math.Max(_path.Product, _path.DeliveredInRound);
            _isPipeFull = true;
        }
        else if (_path.Bandwidth >= _fullBandwidth * FullBandwidthGrowth)
        {
            _fullBandwidth = _path.Bandwidth;
            _fullBandwidthCount = 0;
        }
        else if (!sample.IsApplicationLimited || sample.BytesInFlightBefore > Inflight(1))
        {
            // With more in flight than the path holds it is not the application that limits, though its queue runs empty between messages.
            _isPipeFull = ++_fullBandwidthCount >= FullBandwidthRounds;
        }

        if (_isPipeFull)
        {
            Enter(BbrPhase.Drain, sample.Now);
        }
    }

    private void UpdateCycle(in DeliverySample sample)
    {
        var elapsed = sample.Now.Ticks - _phaseSince;
        switch (Phase)
        {
            case BbrPhase.Down:
                if (sample.BytesInFlight <= Math.Min(Inflight(1), Headroom * _inflightLimit) || elapsed > 3 * _path.MinRoundTrip)
                {
                    Enter(BbrPhase.Cruise, sample.Now);
                }

                break;
            case BbrPhase.Cruise:
                if (sample.Now.Ticks >= _cruiseUntil)
                {
                    Enter(BbrPhase.Refill, sample.Now);
                    _path.StartRound(sample.Delivered);
                }

                break;
            case BbrPhase.Refill:
                if (_path.IsRoundStart && _path.Rounds > _phaseRound)
                {
                    Enter(BbrPhase.Up, sample.Now);
                    _path.StartCycle();
                    _path.StartRound(sample.Delivered);
                }

                break;
            case BbrPhase.Up:
                if (_path.Rounds > _phaseRound && IsInflightTooHigh(sample))
                {
                    _inflightLimit = Math.Max(sample.InFlightWhenSent, LossReduction * Math.Min(Inflight(1), _inflightLimit));
                    StartDown(sample.Now);
                }
                else if (_path.Rounds - _phaseRound >= UpRounds && sample.BytesInFlight >= Inflight(UpPacingGain))
                {
                    StartDown(sample.Now);
                }
                else if (_path.Rounds - _phaseRound > MaxUpRounds)
                {
                    StartDown(sample.Now); // what could be found has been
                }
                else if (_inflightLimit < double.MaxValue && sample.BytesInFlightBefore + _packetSize >= _inflightLimit)
                {
                    _inflightLimit += sample.BytesAcknowledged / 2.0;
                }

                break;
        }
    }

    /// <summary>More than random loss: a queue that overflows.</summary>
    private bool IsInflightTooHigh(in DeliverySample sample) =>
        sample.BytesAcknowledged > 0
        && sample.LostSinceSent >= MinimumLosses * _packetSize
        && sample.LostSinceSent > LossThreshold * sample.InFlightWhenSent;

    private void StartDown(MonotonicTime now)
    {
        Enter(BbrPhase.Down, now);
        // Flows that share a queue must not probe in step; what was delivered so far is as good as chance.
        var time = Math.Clamp(CruiseRounds * _path.MinRoundTrip, MinCruiseTime, MaxCruiseTime);
        _cruiseUntil = now.Ticks + time + (_path.Rounds * 7919 % 16 * time / 32);
    }

    private void EnterProbeRtt(MonotonicTime now)
    {
        _windowBefore = _window;
        _probeRttDoneAt = 0;
        Enter(BbrPhase.ProbeRtt, now);
    }

    private void CheckProbeRtt(in DeliverySample sample)
    {
        if (_probeRttDoneAt == 0)
        {
            if (sample.BytesInFlight <= Math.Max(ProbeRttWindowGain * _path.Product, MinimumWindow))
            {
                _probeRttDoneAt = sample.Now.Ticks + ProbeRttDuration;
                _path.StartRound(sample.Delivered);
                _phaseRound = _path.Rounds;
            }
        }
        else if (sample.Now.Ticks >= _probeRttDoneAt && _path.Rounds > _phaseRound)
        {
            _path.NoteMinRoundTripConfirmed(sample.Now);
            _window = Math.Max(_window, _windowBefore);
            StartDown(sample.Now);
            Enter(BbrPhase.Cruise, sample.Now);
        }
    }

    private void SetPacingRate(in DeliverySample sample)
    {
        if (_path.Bandwidth == 0 || IsLocal)
        {
            PacingRate = 0;
            return;
        }

        // More than the path delivers now was promised by an earlier probe: others have come, and a queue grows.
        var isQueueing = Phase is BbrPhase.Cruise or BbrPhase.Down && _path.RoundBandwidth > 0 && sample.SmoothedRoundTrip?.Ticks > (_path.MinRoundTrip * QueueingRoundTrip) + BatchTime;
        var rate = PacingGain * (isQueueing ? Math.Min(_path.Bandwidth, _path.RoundBandwidth) : _path.Bandwidth);
        if (!_isPipeFull)
        {
            // What was delivered so far may have been limited by the initial window.
            var initial = sample.SmoothedRoundTrip is { Ticks: > 0 } smoothed ? StartupPacingGain * _window / smoothed.TotalSeconds : rate;
            rate = Math.Max(Math.Max(rate, PacingRate), initial);
        }

        PacingRate = rate;
    }

    private void SetWindow(in DeliverySample sample)
    {
        if (_path.Product == 0)
        {
            _window += sample.BytesAcknowledged;
            return;
        }

        var target = Inflight(Phase == BbrPhase.Up ? UpWindowGain : WindowGain);
        if (_isPipeFull)
        {
            _window = Math.Min(_window + sample.BytesAcknowledged, target);
        }
        else if (_window < target || sample.Delivered < _initialWindow)
        {
            _window += sample.BytesAcknowledged;
        }

        var limit = Phase switch
        {
            BbrPhase.ProbeRtt => Math.Min(_inflightLimit, ProbeRttWindowGain * _path.Product),
            BbrPhase.Cruise or BbrPhase.Down => Headroom * _inflightLimit,
            _ => _inflightLimit,
        };
        _window = Math.Max(Math.Min(_window, limit), MinimumWindow);
    }
}
