using System.Buffers.Binary;

namespace MeshNode.Rtc;

/// <summary>
/// Chance as an argument. A core takes two: a seedable one for jitter, and a cryptographically secure one
/// (which the edge provides) for credentials, tags and cookies. Not safe for use by several threads.
/// </summary>
public abstract class RandomSource
{
    public abstract void Fill(Span<byte> destination);

    public uint NextUInt32()
    {
        Span<byte> bytes = stackalloc byte[4];
        Fill(bytes);
        return BinaryPrimitives.ReadUInt32LittleEndian(bytes);
    }

    public ulong NextUInt64()
    {
        Span<byte> bytes = stackalloc byte[8];
        Fill(bytes);
        return BinaryPrimitives.ReadUInt64LittleEndian(bytes);
    }

    /// <summary>Uniform in [0, <paramref name="exclusiveMaximum"/>), which is 1 or more.</summary>
    public int NextInt32(int exclusiveMaximum) => (int)(((UInt128)NextUInt64() * (uint)exclusiveMaximum) >> 64);

    /// <summary>Uniform in [0, 1).</summary>
    public double NextDouble() => (NextUInt64() >> 11) * (1.0 / (1UL << 53));
}

/// <summary>SplitMix64 (Steele, Lea, Flood 2014): the same seed gives the same run. Never for secrets.</summary>
public sealed class SeededRandomSource(ulong seed) : RandomSource
{
    private ulong _state = seed;

    public override void Fill(Span<byte> destination)
    {
        Span<byte> block = stackalloc byte[8];
        while (!destination.IsEmpty)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(block, Next());
            var length = Math.Min(8, destination.Length);
            block[..length].CopyTo(destination);
            destination = destination[length..];
        }
    }

    private ulong Next()
    {
        var mixed = _state += 0x9E3779B97F4A7C15;
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return mixed ^ (mixed >> 31);
    }
}
