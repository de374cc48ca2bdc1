namespace MeshNode.Rtc.Sctp;

/// <summary>
/// Transmission sequence number. Compared by serial number arithmetic (RFC 9260 §1.6, RFC 1982), so that 0 follows 2^32-1;
/// only numbers less than 2^31 apart have an order.
/// </summary>
internal readonly record struct Tsn(uint Value)
{
    public Tsn Next => new(Value + 1);

    public Tsn Previous => new(Value - 1);

    public static Tsn operator +(Tsn tsn, int count) => new(tsn.Value + (uint)count);

    /// <summary>How far <paramref name="left"/> is ahead of <paramref name="right"/>; negative when behind.</summary>
    public static int operator -(Tsn left, Tsn right) => (int)(left.Value - right.Value);

    public static bool operator <(Tsn left, Tsn right) => left - right < 0;

    public static bool operator >(Tsn left, Tsn right) => left - right > 0;

    public static bool operator <=(Tsn left, Tsn right) => left - right <= 0;

    public static bool operator >=(Tsn left, Tsn right) => left - right >= 0;
}
