namespace MeshNode.Rtc.Stun;

/// <summary>One attribute of a message: a view that lives as long as the datagram does.</summary>
internal readonly ref struct StunAttribute(StunAttributeType type, int offset, ReadOnlySpan<byte> value)
{
    public StunAttributeType Type { get; } = type;

    /// <summary>Bytes from the start of the message to the attribute's header.</summary>
    public int Offset { get; } = offset;

    /// <summary>Without header and padding.</summary>
    public ReadOnlySpan<byte> Value { get; } = value;

    /// <summary>RFC 8489 §14: "attributes with type values between 0x0000 and 0x7FFF are comprehension-required".</summary>
    public bool IsComprehensionRequired => (ushort)Type < 0x8000;
}
