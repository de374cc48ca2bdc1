using MeshNode.Rtc;

namespace MeshNode.SimNet;

/// <summary>
/// Makes hostile variants of valid inputs for decoders: flipped bits, interesting integers, cuts, repeats and splices
/// of two corpus entries. The same seed gives the same inputs.
/// </summary>
public sealed class Mutator(ulong seed, IReadOnlyList<byte[]> corpus)
{
    private static readonly byte[] Interesting = [0, 1, 2, 3, 4, 7, 8, 0x0f, 0x10, 0x7f, 0x80, 0xfe, 0xff];
    private readonly SeededRandomSource _random = new(seed);
    private byte[] _buffer = new byte[4096];

    /// <summary>The next input; valid until the following call.</summary>
    public ReadOnlySpan<byte> Next()
    {
        var length = CopyToBuffer(corpus[_random.NextInt32(corpus.Count)]);
        for (var rounds = 1 + _random.NextInt32(4); rounds > 0; rounds--)
        {
            length = Mutate(length);
        }

        return _buffer.AsSpan(0, length);
    }

    private int Mutate(int length)
    {
        var random = _random;
        if (length == 0)
        {
            _buffer[0] = (byte)random.NextInt32(256);
            return 1;
        }

        var at = random.NextInt32(length);
        switch (random.NextInt32(8))
        {
            case 0:
                _buffer[at] ^= (byte)(1 << random.NextInt32(8));
                return length;
            case 1:
                _buffer[at] = (byte)random.NextInt32(256);
                return length;
            case 2:
                _buffer[at] = Interesting[random.NextInt32(Interesting.Length)];
                return length;
            case 3:
                return at; // cut the tail off
            case 4:
                _buffer.AsSpan(at, length - at).CopyTo(_buffer); // cut the head off
                return length - at;
            case 5:
                return Repeat(at, length);
            case 6:
                random.Fill(_buffer.AsSpan(at, Math.Min(1 + random.NextInt32(8), length - at)));
                return length;
            default:
                return Splice(at, corpus[random.NextInt32(corpus.Count)]);
        }
    }

    private int Repeat(int at, int length)
    {
        var count = Math.Min(1 + _random.NextInt32(64), length - at);
        EnsureCapacity(length + count);
        _buffer.AsSpan(at, length - at).CopyTo(_buffer.AsSpan(at + count));
        return length + count;
    }

    private int Splice(int at, byte[] other)
    {
        var from = other.Length == 0 ? 0 : _random.NextInt32(other.Length);
        var count = other.Length - from;
        EnsureCapacity(at + count);
        other.AsSpan(from).CopyTo(_buffer.AsSpan(at));
        return at + count;
    }

    private int CopyToBuffer(byte[] entry)
    {
        EnsureCapacity(Math.Max(1, entry.Length));
        entry.CopyTo(_buffer, 0);
        return entry.Length;
    }

    private void EnsureCapacity(int length)
    {
        if (length > _buffer.Length)
        {
            Array.Resize(ref _buffer, length * 2);
        }
    }
}
