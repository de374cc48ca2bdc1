namespace MeshNode.Rtc.Sctp;

/// <summary>Retransmission timeout from round-trip measurements (RFC 9260 §6.3.1).</summary>
internal sealed class RtoEstimator(SctpConfiguration configuration)
{
    private long _smoothed; // SRTT in ticks
    private long _variation; // RTTVAR in ticks
    private long _rto = configuration.RtoInitial.Ticks;

    /// <summary>SRTT; null before the first measurement.</summary>
    public TimeSpan? SmoothedRoundTripTime { get; private set; }

    public TimeSpan Rto => new(_rto);

    /// <summary>A round trip that nobody retransmitted in (rule C5, Karn's algorithm).</summary>
    public void Observe(TimeSpan roundTrip)
    {
        var measured = Math.Max(roundTrip.Ticks, 1);
        if (SmoothedRoundTripTime is null)
        {
            _smoothed = measured; // rule C2
            _variation = measured / 2;
        }
        else
        {
            _variation += (Math.Abs(_smoothed - measured) - _variation) / 4; // rule C3: RTO.Beta = 1/4
            _smoothed += (measured - _smoothed) / 8; // RTO.Alpha = 1/8
        }

        SmoothedRoundTripTime = new TimeSpan(_smoothed);
        EndBackoff();
    }

    /// <summary>
    /// The far side answered: the doubling is taken back, without a new measurement. RFC 9260 would wait for one, which on a lossy
    /// path, where every chunk is a retransmission, leaves seconds between attempts.
    /// </summary>
    public void EndBackoff()
    {
        var margin = Math.Max(4 * _variation, configuration.DelayedSackAllowance.Ticks);
        _rto = SmoothedRoundTripTime is null
            ? configuration.RtoInitial.Ticks
            : Math.Clamp(_smoothed + margin, configuration.RtoMin.Ticks, configuration.RtoMax.Ticks);
    }

    /// <summary>Doubles the timeout after an expiry (rule E2).</summary>
    public void Backoff() => _rto = Math.Min(_rto * 2, configuration.RtoMax.Ticks);
}
