namespace MeshNode.Rtc.Sctp.Congestion;

/// <summary>
/// Estimates the rate at which the path delivers (draft-ietf-ccwg-bbr §4.1): bytes acknowledged between the sending of a chunk and its
/// acknowledgement, over the longer of the times in which they were sent and acknowledged, so that neither a burst of sending nor
/// one of acknowledgements looks like capacity.
/// </summary>
internal sealed class DeliveryRateSampler
{
    private long _deliveredAt; // ticks
    private long _flightBeganAt; // ticks
    private long _limitedUntil; // delivered bytes at which the idle phase has left the flight; 0 when there was none

    /// <summary>Bytes acknowledged so far.</summary>
    public long Delivered { get; private set; }

    /// <summary>Bytes declared lost so far.</summary>
    public long Lost { get; private set; }

    /// <summary>What is kept with a chunk that leaves now.</summary>
    /// <param name="now">The time.</param>
    /// <param name="inFlight">Bytes in flight, with the chunk.</param>
    /// <param name="wasIdle">Nothing was in flight before it.</param>
    /// <param name="stamp">Written in place.</param>
    public void Stamp(MonotonicTime now, int inFlight, bool wasIdle, out SendStamp stamp)
    {
        if (wasIdle)
        {
            _flightBeganAt = now.Ticks;
            _deliveredAt = now.Ticks;
        }

        stamp.Delivered = Delivered;
        stamp.DeliveredAt = _deliveredAt;
        stamp.FlightBeganAt = _flightBeganAt;
        stamp.Lost = Lost;
        stamp.InFlight = inFlight;
        stamp.IsApplicationLimited = _limitedUntil != 0;
    }

    public void NoteLost(int bytes) => Lost += bytes;

    /// <summary>Nothing more is to be sent though the window has room: what is in flight does not measure the path.</summary>
    public void NoteApplicationLimited(int bytesInFlight) => _limitedUntil = Math.Max(1, Delivered + bytesInFlight);

    /// <summary>Bytes were acknowledged; the newest of their chunks left at <paramref name="sentAt"/> (ticks).</summary>
    /// <returns>Bytes a second over an interval in ticks; 0 when no time passed.</returns>
    public double NoteDelivered(MonotonicTime now, int bytes, long sentAt, in SendStamp stamp, out long interval)
    {
        Delivered += bytes;
        _deliveredAt = now.Ticks;
        _flightBeganAt = sentAt;
        if (_limitedUntil != 0 && Delivered > _limitedUntil)
        {
            _limitedUntil = 0;
        }

        interval = Math.Max(sentAt - stamp.FlightBeganAt, now.Ticks - stamp.DeliveredAt);
        return interval <= 0 ? 0 : (Delivered - stamp.Delivered) * (double)TimeSpan.TicksPerSecond / interval;
    }
}
