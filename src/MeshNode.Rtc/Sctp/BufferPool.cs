using System.Numerics;

namespace MeshNode.Rtc.Sctp;

/// <summary>
/// Byte arrays of power-of-two sizes for messages, kept per thread: an association lives on one thread, so that renting and
/// returning take no lock, and idle associations share what a busy one needs. A buffer returned on another thread is
/// merely kept there. At most 16 MiB stay with a thread.
/// </summary>
internal static class BufferPool
{
    private const int SmallestBits = 6; // 64 bytes
    private const int LargestBits = 20; // 1 MiB
    private const int RetainedLimit = 16 * 1024 * 1024;

    [ThreadStatic]
    private static Shelf? _shelf;

    /// <summary>An array of at least <paramref name="length"/> bytes, with arbitrary contents.</summary>
    public static byte[] Rent(int length)
    {
        var bits = length <= 1 << SmallestBits ? SmallestBits : BitOperations.Log2((uint)length - 1) + 1;
        if (bits > LargestBits)
        {
            return GC.AllocateUninitializedArray<byte>(length);
        }

        var shelf = _shelf ??= new Shelf();
        if (shelf.Stacks[bits - SmallestBits].TryPop(out var buffer))
        {
            shelf.Retained -= buffer.Length;
            return buffer;
        }

        return GC.AllocateUninitializedArray<byte>(1 << bits);
    }

    /// <summary>Gives an array from <see cref="Rent"/> back; the caller must not use it again.</summary>
    public static void Return(byte[] buffer)
    {
        var bits = BitOperations.Log2((uint)buffer.Length);
        if (bits is < SmallestBits or > LargestBits || buffer.Length != 1 << bits)
        {
            return;
        }

        var shelf = _shelf ??= new Shelf();
        if (shelf.Retained + buffer.Length <= RetainedLimit)
        {
            shelf.Retained += buffer.Length;
            shelf.Stacks[bits - SmallestBits].Push(buffer);
        }
    }

    private sealed class Shelf
    {
        public Shelf()
        {
            for (var i = 0; i < Stacks.Length; i++)
            {
                Stacks[i] = new Stack<byte[]>();
            }
        }

        public Stack<byte[]>[] Stacks { get; } = new Stack<byte[]>[LargestBits - SmallestBits + 1];

        public int Retained { get; set; }
    }
}
