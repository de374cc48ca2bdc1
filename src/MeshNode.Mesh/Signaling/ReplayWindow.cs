namespace MeshNode.Mesh.Signaling;

/// <summary>
/// Which of a sender's last <see cref="Size"/> sequence numbers were seen (the sliding window of RFC 4303 §3.4.3).
/// Anything older is refused. Numbers start at 1.
/// </summary>
public sealed class ReplayWindow
{
    /// <summary>Sequence numbers remembered.</summary>
    public const int Size = 1024;

    private readonly ulong[] _seen = new ulong[Size / 64]; // bit (sequence mod Size)
    private ulong _highest;

    /// <summary>The highest number that was marked, 0 when none was.</summary>
    public ulong Highest => _highest;

    /// <summary><see cref="RefusalReason.None"/>, <see cref="RefusalReason.Replayed"/> or <see cref="RefusalReason.TooOld"/>. Changes nothing.</summary>
    public RefusalReason Check(ulong sequence)
    {
        if (sequence > _highest)
        {
            return RefusalReason.None;
        }

        if (sequence == 0 || _highest - sequence >= Size)
        {
            return RefusalReason.TooOld;
        }

        return IsMarked(sequence) ? RefusalReason.Replayed : RefusalReason.None;
    }

    /// <summary>Remembers a number. Only for one whose sender was proven and that <see cref="Check"/> let pass.</summary>
    public void Mark(ulong sequence)
    {
        if (sequence > _highest)
        {
            Forget(sequence - _highest);
            _highest = sequence;
        }

        _seen[(sequence % Size) / 64] |= 1UL << (int)(sequence % 64);
    }

    private bool IsMarked(ulong sequence) => (_seen[(sequence % Size) / 64] & (1UL << (int)(sequence % 64))) != 0;

    private void Forget(ulong advance)
    {
        if (advance >= Size)
        {
            Array.Clear(_seen);
            return;
        }

        for (ulong step = 1; step <= advance; step++)
        {
            var sequence = _highest + step;
            _seen[(sequence % Size) / 64] &= ~(1UL << (int)(sequence % 64));
        }
    }
}
