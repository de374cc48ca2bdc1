using System.Numerics;

namespace MeshNode.Rtc.Sctp;

/// <summary>
/// Byte arrays of power-of-two sizes for messages, kept per thread: an association lives on one thread, so that renting and
/// returning take no lock, and idle associations share what a busy one needs. A buffer returned on another thread is
/// merely kept there. At most 16 MiB stay with a thread; a size that came out of use makes room for one that is in use.
/// </summary>
internal static class BufferPool
{
    private const int SmallestBits = 6; // 64 bytes
    private const int LargestBits = 20; // 1 MiB
    private const int RetainedLimit = 16 * 1024 * 1024;

    [ThreadStatic]
    private static Shelf? _shelf;

    /// <summary>Bytes that wait on this thread.</summary>
    public static int Retained => _shelf?.Retained ?? 0;

    /// <summary>An array of at least <paramref name="length"/> bytes, with arbitrary contents.</summary>
    public static byte[] Rent(int length)
    {
        var bits = length <= 1 << SmallestBits ? SmallestBits : BitOperations.Log2((uint)length - 1) + 1;
        if (bits > LargestBits)
        {
            return GC.AllocateUninitializedArray<byte>(length);
        }

        var shelf = _shelf ??= new Shelf();
        shelf.LastRents[bits - SmallestBits] = ++shelf.Rents;
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
        var stack = shelf.Stacks[bits - SmallestBits];
        if ((shelf.Retained + buffer.Length <= RetainedLimit || shelf.TryMakeRoom(bits - SmallestBits)) && stack.TryPush(buffer))
        {
            shelf.Retained += buffer.Length;
        }
    }

    /// <summary>Gives up what this thread did not need since the last call.</summary>
    public static void Trim()
    {
        if (_shelf is not { } shelf)
        {
            return;
        }

        for (var i = 0; i < shelf.Stacks.Length; i++)
        {
            shelf.Retained -= shelf.Stacks[i].Trim() << (i + SmallestBits);
        }
    }

    private sealed class Shelf
    {
        public Shelf()
        {
            for (var i = 0; i < Stacks.Length; i++)
            {
                Stacks[i] = new PooledStack<byte[]>(int.MaxValue);
            }
        }

        public PooledStack<byte[]>[] Stacks { get; } = new PooledStack<byte[]>[LargestBits - SmallestBits + 1];

        /// <summary>Which of all rents was the last of each size.</summary>
        public long[] LastRents { get; } = new long[LargestBits - SmallestBits + 1];

        public long Rents { get; set; }

        public int Retained { get; set; }

        /// <summary>Gives up buffers of the size that was not asked for for the longest time, unless that is the one that wants room.</summary>
        public bool TryMakeRoom(int size)
        {
            while (Retained + (1 << (size + SmallestBits)) > RetainedLimit)
            {
                var oldest = size;
                for (var i = 0; i < Stacks.Length; i++)
                {
                    oldest = Stacks[i].Count > 0 && LastRents[i] < LastRents[oldest] ? i : oldest;
                }

                if (oldest == size || !Stacks[oldest].TryPop(out var given))
                {
                    return false;
                }

                Retained -= given.Length;
            }

            return true;
        }
    }
}
