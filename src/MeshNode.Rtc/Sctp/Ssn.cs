namespace MeshNode.Rtc.Sctp;

/// <summary>Stream sequence number of an ordered message; wraps at 2^16 (RFC 9260 §1.6).</summary>
internal readonly record struct Ssn(ushort Value)
{
    public Ssn Next => new((ushort)(Value + 1));

    public static bool operator <(Ssn left, Ssn right) => (short)(left.Value - right.Value) < 0;

    public static bool operator >(Ssn left, Ssn right) => (short)(left.Value - right.Value) > 0;
}
