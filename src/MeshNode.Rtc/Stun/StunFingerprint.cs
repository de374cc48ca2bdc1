namespace MeshNode.Rtc.Stun;

/// <summary>FINGERPRINT, RFC 8489 §14.7: CRC-32 of ISO 3309, "XOR'ed with the 32-bit value 0x5354554e".</summary>
internal static class StunFingerprint
{
    private const uint Mask = 0x5354554E;
    private const uint ReversedPolynomial = 0xEDB88320;
    private static readonly uint[] Table = CreateTable();

    /// <param name="message">The message up to the FINGERPRINT attribute, its length field counting that attribute.</param>
    public static uint Compute(ReadOnlySpan<byte> message) => Crc32(message) ^ Mask;

    internal static uint Crc32(ReadOnlySpan<byte> data)
    {
        var crc = uint.MaxValue;
        foreach (var b in data)
        {
            crc = Table[(byte)(crc ^ b)] ^ (crc >> 8);
        }

        return ~crc;
    }

    private static uint[] CreateTable()
    {
        var table = new uint[256];
        for (var i = 0u; i < 256; i++)
        {
            var crc = i;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) != 0 ? (crc >> 1) ^ ReversedPolynomial : crc >> 1;
            }

            table[i] = crc;
        }

        return table;
    }
}
