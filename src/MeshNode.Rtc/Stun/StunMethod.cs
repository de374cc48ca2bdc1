namespace MeshNode.Rtc.Stun;

/// <summary>RFC 8489 §18.2: 12-bit methods. TURN's will join them.</summary>
internal static class StunMethod
{
    public const int Binding = 0x001;
}
