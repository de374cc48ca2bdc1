using System.Buffers.Binary;
using System.Globalization;

namespace MeshNode.Actors.Routing;

/// <summary>FNV-1a, 64 bits, finished by MurmurHash3's mixer, since FNV's high bits alone spread short keys badly.</summary>
internal static class StableHash
{
    public static ulong Of(ReadOnlySpan<byte> bytes)
    {
        var hash = 0xCBF29CE484222325;
        foreach (var value in bytes)
        {
            hash = (hash ^ value) * 0x100000001B3;
        }

        return Mix(hash);
    }

    public static ulong Of(string text)
    {
        var hash = 0xCBF29CE484222325;
        foreach (var unit in text)
        {
            hash = (hash ^ unit) * 0x100000001B3;
        }

        return Mix(hash);
    }

    public static ulong OfKey(object key)
    {
        switch (key)
        {
            case string text:
                return Of(text);
            case byte[] bytes:
                return Of(bytes);
            case ReadOnlyMemory<byte> memory:
                return Of(memory.Span);
            case Guid or sbyte or byte or short or ushort or int or uint or long or ulong or Int128 or UInt128:
                return Of(((IFormattable)key).ToString(null, CultureInfo.InvariantCulture));
            default:
                Span<byte> bits = stackalloc byte[sizeof(int)];
                BinaryPrimitives.WriteInt32LittleEndian(bits, key.GetHashCode());
                return Of(bits);
        }
    }

    private static ulong Mix(ulong hash)
    {
        hash = (hash ^ (hash >> 33)) * 0xFF51AFD7ED558CCD;
        hash = (hash ^ (hash >> 33)) * 0xC4CEB9FE1A85EC53;
        return hash ^ (hash >> 33);
    }
}
