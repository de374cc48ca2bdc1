namespace MeshNode.Rtc.Sctp;

/// <summary>
/// Counts what waits for the application or for its other fragments, and decides how much may. The limit grows when the application
/// has read more than half of it within a round trip: then the limit, not the path or the reader, may be what holds the far side
/// back. It never shrinks, since what was advertised may be on its way; idle, it costs nothing.
/// </summary>
internal sealed class ReceiveWindow(SctpConfiguration configuration)
{
    /// <summary>Charged for every waiting chunk or message besides its bytes, so that tiny ones cannot outgrow the window.</summary>
    public const int Overhead = 32;

    /// <summary>
    /// Shorter round trips are taken for this long: under load the two sides' batches add to what an idle path measures.
    /// </summary>
    private static readonly TimeSpan ShortestRoundTrip = TimeSpan.FromMilliseconds(10);

    private MonotonicTime _roundBegan;
    private long _readInRound; // bytes, with overhead

    /// <summary>Bytes that wait, with overhead.</summary>
    public int Buffered { get; private set; }

    /// <summary>Of these, in messages that the application could read now.</summary>
    public int Unread { get; private set; }

    /// <summary>Bytes that may wait.</summary>
    public int Limit { get; private set; } = configuration.ReceiveWindow;

    /// <summary>
    /// What a_rwnd says: bytes that would be taken now, but nothing where not even a packet would, so that the far side does not
    /// send crumbs (silly window avoidance, RFC 1122 §4.2.3.3).
    /// </summary>
    public uint Advertised => Limit - Buffered < configuration.MaxPacketSize ? 0 : (uint)(Limit - Buffered);

    public bool HasRoom(int payloadLength) => Buffered + payloadLength + Overhead <= Limit;

    /// <summary>Room for a chunk that fills a gap, so that what waits behind it can be delivered: half as much again.</summary>
    public bool HasRoomForGap(int payloadLength) => Buffered + payloadLength + Overhead <= Limit + (Limit / 2);

    /// <summary>Doubles the limit; false at MaxReceiveWindow.</summary>
    public bool TryGrow()
    {
        var before = Limit;
        Limit = (int)Math.Min(Math.Max(configuration.MaxReceiveWindow, before), before * 2L);
        return Limit > before;
    }

    public void Take(int bytes) => Buffered += bytes;

    public void Give(int bytes) => Buffered -= bytes;

    /// <summary>A message of this length is the application's to read.</summary>
    public void Deliver(int length)
    {
        Buffered += length + Overhead;
        Unread += length + Overhead;
    }

    /// <summary>The application has read it.</summary>
    public void Release(int length)
    {
        Buffered -= length + Overhead;
        Unread -= length + Overhead;
        _readInRound += length + Overhead;
    }

    /// <summary>A packet came; at the end of a round trip the limit grows to twice what was read in it.</summary>
    public void Tune(MonotonicTime now, TimeSpan? roundTrip)
    {
        if (roundTrip is not { } measured || Limit >= configuration.MaxReceiveWindow)
        {
            return;
        }

        var round = measured > ShortestRoundTrip ? measured : ShortestRoundTrip;
        var elapsed = now - _roundBegan;
        if (elapsed < round)
        {
            return;
        }

        if (elapsed < 2 * round && _readInRound * 2 > Limit)
        {
            Limit = (int)Math.Min(configuration.MaxReceiveWindow, _readInRound * 2);
        }

        _roundBegan = now;
        _readInRound = 0;
    }
}
