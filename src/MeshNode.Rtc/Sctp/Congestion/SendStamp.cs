namespace MeshNode.Rtc.Sctp.Congestion;

/// <summary>What was known when a packet left; kept with each of its chunks until that is acknowledged. Small, and so counts wrap around.</summary>
internal struct SendStamp
{
    private const int LimitedBit = int.MinValue;

    private int _inFlight; // and LimitedBit

    /// <summary>Counts packets with DATA and wraps around; one that arrives shows that an earlier one did not.</summary>
    public uint Order { get; init; }

    /// <summary>Bytes delivered by then, modulo 2^32.</summary>
    public uint Delivered { get; init; }

    /// <summary>Bytes declared lost by then, modulo 2^32.</summary>
    public uint Lost { get; init; }

    /// <summary>How long before it the last delivered byte had been acknowledged; ticks, at most 200 s.</summary>
    public int SinceDelivered { get; init; }

    /// <summary>How long before it the flight had begun that it belongs to; ticks, at most 200 s.</summary>
    public int SinceFlightBegan { get; init; }

    /// <summary>The sender had nothing more to send, in this flight.</summary>
    public readonly bool IsApplicationLimited => (_inFlight & LimitedBit) != 0;

    /// <summary>Bytes in flight, with the chunk.</summary>
    public readonly int InFlight => _inFlight & ~LimitedBit;

    public void SetInFlight(int bytes, bool isApplicationLimited) => _inFlight = isApplicationLimited ? bytes | LimitedBit : bytes;

    /// <summary>By serial number arithmetic, as for TSNs.</summary>
    public static bool IsLater(uint order, uint than) => (int)(order - than) > 0;
}
