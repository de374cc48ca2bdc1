using System.Text;

namespace MeshNode.Persistence.Sqlite;

/// <summary>One string for texts that come again and again, such as the manifests of a row after another. Not for threads.</summary>
internal sealed class TextCache
{
    private const int Slots = 64; // a power of two

    private readonly (byte[] Utf8, string Text)[] _slots = new (byte[], string)[Slots];

    public string Get(ReadOnlySpan<byte> utf8)
    {
        if (utf8.IsEmpty)
        {
            return "";
        }

        ref var slot = ref _slots[(utf8[0] + (31 * utf8[^1]) + (7 * utf8.Length)) & (Slots - 1)];
        if (slot.Text is null || !utf8.SequenceEqual(slot.Utf8))
        {
            slot = (utf8.ToArray(), Encoding.UTF8.GetString(utf8));
        }

        return slot.Text;
    }
}
