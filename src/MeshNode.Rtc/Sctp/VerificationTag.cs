namespace MeshNode.Rtc.Sctp;

/// <summary>Verification tag of the common header (RFC 9260 §3.1); 0 only in a packet that carries INIT.</summary>
internal readonly record struct VerificationTag(uint Value)
{
    public bool IsZero => Value == 0;

    /// <summary>A random tag that is not 0 (RFC 9260 §5.3.1).</summary>
    public static VerificationTag Create(RandomSource secure)
    {
        uint value;
        do
        {
            value = secure.NextUInt32();
        }
        while (value == 0);

        return new(value);
    }
}
