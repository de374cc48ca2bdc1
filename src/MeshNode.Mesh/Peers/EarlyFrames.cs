namespace MeshNode.Mesh.Peers;

/// <summary>
/// Frames that overtook the far side's welcome: streams of SCTP are not ordered among each other, so a message on
/// <c>reliable</c> may come before the last frame of hello on <c>control</c>. Bounded; touched only by the peer's mailbox.
/// </summary>
internal sealed class EarlyFrames
{
    private const int MaximumBytes = 1 << 20;

    private readonly List<(ChannelKind Channel, byte[] Frame)> _frames = [];
    private int _bytes;

    /// <summary>False when the bound is reached: a far side that sends this much before its welcome breaks the protocol.</summary>
    public bool TryAdd(ChannelKind channel, ReadOnlySpan<byte> frame)
    {
        _bytes += frame.Length + 64; // and what the list and the array's header take
        if (_bytes > MaximumBytes)
        {
            return false;
        }

        _frames.Add((channel, frame.ToArray()));
        return true;
    }

    /// <summary>All of them, in the order in which they came; none is left.</summary>
    public (ChannelKind Channel, byte[] Frame)[] Take()
    {
        var frames = _frames.ToArray();
        _frames.Clear();
        _bytes = 0;
        return frames;
    }
}
