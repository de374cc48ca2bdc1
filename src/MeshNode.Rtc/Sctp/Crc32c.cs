using System.Buffers.Binary;
using System.Runtime.Intrinsics.X86;
using ArmCrc32 = System.Runtime.Intrinsics.Arm.Crc32;

namespace MeshNode.Rtc.Sctp;

/// <summary>CRC32c (RFC 9260 appendix A), by the processor's instruction where it has one.</summary>
internal static class Crc32c
{
    private const uint Polynomial = 0x82F63B78; // 0x1EDC6F41 with its bits reversed

    private static readonly uint[] Table = BuildTable();

    /// <summary>The checksum of a whole packet whose checksum field holds zeros.</summary>
    public static uint Compute(ReadOnlySpan<byte> data) => ~Append(uint.MaxValue, data);

    /// <summary>The checksum of a packet as if its checksum field (bytes 8-11) held zeros; at least 12 bytes.</summary>
    public static uint ComputePacket(ReadOnlySpan<byte> packet)
    {
        var crc = Append(uint.MaxValue, packet[..8]);
        crc = Append(crc, [0, 0, 0, 0]);
        return ~Append(crc, packet[12..]);
    }

    /// <summary>Continues a raw (not inverted) CRC.</summary>
    internal static uint Append(uint crc, ReadOnlySpan<byte> data)
    {
        if (Sse42.X64.IsSupported)
        {
            while (data.Length >= 8)
            {
                crc = (uint)Sse42.X64.Crc32(crc, BinaryPrimitives.ReadUInt64LittleEndian(data));
                data = data[8..];
            }

            foreach (var value in data)
            {
                crc = Sse42.Crc32(crc, value);
            }

            return crc;
        }

        if (ArmCrc32.Arm64.IsSupported)
        {
            while (data.Length >= 8)
            {
                crc = ArmCrc32.Arm64.ComputeCrc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(data));
                data = data[8..];
            }

            foreach (var value in data)
            {
                crc = ArmCrc32.ComputeCrc32C(crc, value);
            }

            return crc;
        }

        return AppendByTable(crc, data);
    }

    /// <summary>For processors without the instruction.</summary>
    internal static uint AppendByTable(uint crc, ReadOnlySpan<byte> data)
    {
        foreach (var value in data)
        {
            crc = (crc >> 8) ^ Table[(byte)(crc ^ value)];
        }

        return crc;
    }

    private static uint[] BuildTable()
    {
        var table = new uint[256];
        for (uint i = 0; i < 256; i++)
        {
            var value = i;
            for (var bit = 0; bit < 8; bit++)
            {
                value = (value & 1) != 0 ? (value >> 1) ^ Polynomial : value >> 1;
            }

            table[i] = value;
        }

        return table;
    }
}
