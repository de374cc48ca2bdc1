namespace MeshNode.Rtc.Sctp.Congestion;

/// <summary>
/// Estimates the rate at which the path delivers (draft-ietf-ccwg-bbr §4.1): bytes acknowledged between the sending of a chunk and its
/// acknowledgement, over the longer of the times in which they were sent and acknowledged, so that neither a burst of sending nor
/// one of acknowledgements looks like capacity.
/// </summary>
internal sealed class DeliveryRateSampler
{
    private const int MaxSince = 2_000_000_000; // ticks: 200 s

    private long _deliveredAt; // ticks
    private long _flightBeganAt; // ticks
    private long _limitedUntil; // delivered bytes at which the idle phase has left the flight; 0 when there was none

    /// <summary>Bytes acknowledged so far.</summary>
    public long Delivered { get; private set; }

    /// <summary>Bytes declared lost so far.</summary>
    public long Lost { get; private set; }

    /// <summary>What is kept with the chunks of the packet that is being filled.</summary>
    public SendStamp Packet { get; private set; }

    /// <summary>The flight is limited by what the application has to send.</summary>
    public bool IsApplicationLimited => _limitedUntil != 0;

    /// <summary>A packet with DATA is about to be filled.</summary>
    /// <param name="now">The time.</param>
    /// <param name="isIdle">Nothing is in flight before it.</param>
    public void BeginPacket(MonotonicTime now, bool isIdle)
    {
        if (isIdle)
        {
            _flightBeganAt = now.Ticks;
            _deliveredAt = now.Ticks;
        }

        Packet = new SendStamp
        {
            Order = Packet.Order + 1,
            Delivered = (uint)Delivered,
            Lost = (uint)Lost,
            SinceDelivered = (int)Math.Min(now.Ticks - _deliveredAt, MaxSince),
            SinceFlightBegan = (int)Math.Min(now.Ticks - _flightBeganAt, MaxSince),
        };
    }

    /// <summary>What was delivered when the packet left.</summary>
    public long DeliveredBefore(in SendStamp stamp) => Delivered - ((uint)Delivered - stamp.Delivered);

    /// <summary>What was declared lost since the packet left.</summary>
    public uint LostSince(in SendStamp stamp) => (uint)Lost - stamp.Lost;

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

        interval = Math.Max(stamp.SinceFlightBegan, now.Ticks - sentAt + stamp.SinceDelivered);
        return interval <= 0 ? 0 : (Delivered - DeliveredBefore(stamp)) * (double)TimeSpan.TicksPerSecond / interval;
    }
}
