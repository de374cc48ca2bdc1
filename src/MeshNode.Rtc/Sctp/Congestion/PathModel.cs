namespace MeshNode.Rtc.Sctp.Congestion;

/// <summary>
/// What <see cref="BbrCongestionController"/> believes of the path: the most it delivers, the least it takes, what may be in flight before
/// it loses, and where round trips end.
/// </summary>
internal sealed class PathModel
{
    /// <summary>How long a least round trip is believed.</summary>
    public static readonly long MinRoundTripLife = TimeSpan.TicksPerSecond * 10;

    private const int Confirmation = 16; // of the least round trip: 6 %

    private double _bandwidthBefore; // bytes a second, in the cycle before this one
    private double _bandwidthNow; // in this one
    private long _roundEndsAt; // delivered bytes
    private double _bandwidthInRound;
    private int _lostInRound;
    private int _lossesInRound;
    private long _deliveredAtRound;

    /// <summary>Highest delivery rate of this and the previous probing cycle, bytes a second; 0 before the first.</summary>
    public double Bandwidth => Math.Max(_bandwidthBefore, _bandwidthNow);

    /// <summary>Highest delivery rate of the last whole round trip, bytes a second; 0 when the application limited all.</summary>
    public double RoundBandwidth { get; private set; }

    /// <summary>Least round trip in ticks; 0 before the first.</summary>
    public long MinRoundTrip { get; private set; }

    /// <summary>When it was measured; ticks.</summary>
    public long MinRoundTripAt { get; private set; }

    /// <summary>The sample just taken is the first of a round trip.</summary>
    public bool IsRoundStart { get; private set; }

    /// <summary>Round trips so far.</summary>
    public long Rounds { get; private set; }

    /// <summary>Share of what arrived or was lost in the last whole round trip that was lost.</summary>
    public double LossRate { get; private set; }

    /// <summary>SACKs and timers that showed a loss in it.</summary>
    public int LossEvents { get; private set; }

    /// <summary>Bytes delivered in it.</summary>
    public long DeliveredInRound { get; private set; }

    public void Update(in DeliverySample sample)
    {
        _lostInRound += sample.BytesLost;
        _lossesInRound += sample.BytesLost > 0 ? 1 : 0;
        IsRoundStart = sample.BytesAcknowledged > 0 && sample.DeliveredWhenSent >= _roundEndsAt;
        if (IsRoundStart)
        {
            Rounds++;
            DeliveredInRound = sample.Delivered - _deliveredAtRound;
            LossRate = _lostInRound / (double)Math.Max(1, _lostInRound + DeliveredInRound);
            LossEvents = _lossesInRound;
            RoundBandwidth = _bandwidthInRound;
            _bandwidthInRound = 0;
            (_lostInRound, _lossesInRound) = (0, 0);
            StartRound(sample.Delivered);
        }

        // A rate that was limited by the application says only that the path is at least that fast.
        if (sample.Rate > 0 && sample.RateInterval >= MinRoundTrip && (!sample.IsApplicationLimited || sample.Rate >= Bandwidth))
        {
            _bandwidthNow = Math.Max(_bandwidthNow, sample.Rate);
            _bandwidthInRound = Math.Max(_bandwidthInRound, sample.Rate);
        }

        if (sample.RoundTrip is { } roundTrip)
        {
            UpdateRoundTrip(sample.Now, Math.Max(1, roundTrip.Ticks));
        }
    }

    public void StartRound(long delivered)
    {
        _roundEndsAt = delivered;
        _deliveredAtRound = delivered;
    }

    /// <summary>A new probing cycle: the rates of the one before the last are forgotten.</summary>
    public void StartCycle()
    {
        if (_bandwidthNow > 0)
        {
            _bandwidthBefore = _bandwidthNow;
            _bandwidthNow = 0;
        }
    }

    private void UpdateRoundTrip(MonotonicTime now, long roundTrip)
    {
        if (MinRoundTrip == 0 || roundTrip <= MinRoundTrip || now.Ticks - MinRoundTripAt > MinRoundTripLife)
        {
            MinRoundTrip = roundTrip;
            MinRoundTripAt = now.Ticks;
        }
        else if (roundTrip <= MinRoundTrip + (MinRoundTrip / Confirmation))
        {
            MinRoundTripAt = now.Ticks; // nearly as short: the queue was empty, and need not be emptied to find out
        }
    }

    public void NoteMinRoundTripConfirmed(MonotonicTime now) => MinRoundTripAt = now.Ticks;

    /// <summary>The bandwidth-delay product in bytes.</summary>
    public double Product => Bandwidth * MinRoundTrip / TimeSpan.TicksPerSecond;
}
