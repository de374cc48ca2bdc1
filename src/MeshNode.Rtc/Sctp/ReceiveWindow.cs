namespace MeshNode.Rtc.Sctp;

/// <summary>Counts what waits for the application or for its other fragments, and decides how much may.</summary>
internal sealed class ReceiveWindow(SctpConfiguration configuration)
{
    /// <summary>Charged for every waiting chunk or message besides its bytes, so that tiny ones cannot outgrow the window.</summary>
    public const int Overhead = 32;

    /// <summary>Bytes that wait, with overhead.</summary>
    public int Buffered { get; private set; }

    /// <summary>Of these, in messages that the application could read now.</summary>
    public int Unread { get; private set; }

    /// <summary>Bytes that may wait.</summary>
    public int Limit { get; private set; } = configuration.ReceiveWindow;

    /// <summary>What a_rwnd says: bytes that would be taken now.</summary>
    public uint Advertised => (uint)Math.Max(0, Limit - Buffered);

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
    }
}
