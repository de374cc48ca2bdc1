using System.Numerics;
using MeshNode.Rtc.Sctp.Chunks;

namespace MeshNode.Rtc.Sctp;

/// <summary>
/// Which TSNs were received, and when that must be told (RFC 9260 §6.2). Received TSNs beyond the cumulative point are bits
/// of a ring, so that a SACK's gap blocks are found a word at a time.
/// </summary>
internal sealed class DataTracker(Tsn peerInitialTsn)
{
    /// <summary>How far beyond the cumulative point a TSN is taken; gap blocks could reach 65,535.</summary>
    public const int MaxAhead = 32768;

    private const int MaxDuplicatesReported = 16;
    private const int InitialBits = 512;

    private readonly Tsn[] _duplicates = new Tsn[MaxDuplicatesReported];
    private ulong[] _received = new ulong[InitialBits / 64]; // bit (tsn & mask) for TSNs in (CumulativeTsn, HighestTsn]
    private int _duplicateCount;
    private int _packetsSinceSack;

    /// <summary>The last TSN of the unbroken sequence.</summary>
    public Tsn CumulativeTsn { get; private set; } = peerInitialTsn.Previous;

    /// <summary>The highest TSN received; equal to the cumulative one when there is no gap.</summary>
    public Tsn HighestTsn { get; private set; } = peerInitialTsn.Previous;

    public bool HasGaps => HighestTsn != CumulativeTsn;

    /// <summary>A SACK must leave with the next packet.</summary>
    public bool IsSackDue { get; private set; }

    /// <summary>Something was received that no SACK has acknowledged.</summary>
    public bool IsSackPending => IsSackDue || _packetsSinceSack > 0;

    private uint Mask => (uint)((_received.Length * 64) - 1);

    public bool IsDuplicate(Tsn tsn) => tsn <= CumulativeTsn || (tsn <= HighestTsn && IsSet(tsn));

    public static bool IsWithinReach(Tsn tsn, Tsn cumulative) => tsn - cumulative <= MaxAhead;

    /// <summary>RFC 9260 §6.2: duplicates are reported, at once.</summary>
    public void NoteDuplicate(Tsn tsn)
    {
        if (_duplicateCount < MaxDuplicatesReported)
        {
            _duplicates[_duplicateCount++] = tsn;
        }

        IsSackDue = true;
    }

    /// <summary>Marks a TSN that is not a duplicate and within reach as received.</summary>
    public void Record(Tsn tsn)
    {
        if (!HasGaps && tsn == CumulativeTsn.Next)
        {
            CumulativeTsn = tsn;
            HighestTsn = tsn;
            return;
        }

        // RFC 5681 §4.2 by analogy: also what fills a gap is told at once, or the sender's reordering window runs out meanwhile.
        IsSackDue = true;
        EnsureReach(tsn);
        _received[(tsn.Value & Mask) >> 6] |= 1UL << (int)tsn.Value;
        if (tsn > HighestTsn)
        {
            HighestTsn = tsn;
        }

        AdvanceOverReceived();
    }

    /// <summary>Forgets a TSN beyond the cumulative point whose data was dropped again (RFC 9260 §6.2 allows it).</summary>
    public void Renege(Tsn tsn)
    {
        _received[(tsn.Value & Mask) >> 6] &= ~(1UL << (int)tsn.Value);
        while (HighestTsn > CumulativeTsn && !IsSet(HighestTsn))
        {
            HighestTsn = HighestTsn.Previous;
        }

        IsSackDue = true;
    }

    /// <summary>Takes everything up to a TSN as received (RFC 3758 §3.6). False when that is nothing new.</summary>
    public bool Forward(Tsn newCumulative)
    {
        if (newCumulative <= CumulativeTsn)
        {
            return false;
        }

        if (newCumulative >= HighestTsn)
        {
            Array.Clear(_received);
            CumulativeTsn = newCumulative;
            HighestTsn = newCumulative;
            return true;
        }

        while (CumulativeTsn < newCumulative)
        {
            CumulativeTsn = CumulativeTsn.Next;
            Clear(CumulativeTsn);
        }

        AdvanceOverReceived();
        return true;
    }

    /// <summary>A packet with DATA has been read. True when the delayed SACK timer must run.</summary>
    public bool NotePacket(bool isImmediate)
    {
        _packetsSinceSack++;
        // §6.2: "an acknowledgement SHOULD be generated for at least every second packet"; §6.7: at once while there is a gap.
        IsSackDue |= isImmediate || _packetsSinceSack >= 2 || HasGaps;
        return !IsSackDue;
    }

    public void RequestSack() => IsSackDue = true;

    /// <summary>Writes a SACK with as many gap blocks and duplicates as fit; false when not even a bare one does.</summary>
    public bool TryWriteSack(ref PacketWriter writer, uint advertisedReceiverWindow)
    {
        var room = (writer.Available - SackChunk.FixedLength) / 4;
        if (room < 0)
        {
            return false;
        }

        Span<(ushort Start, ushort End)> blocks = stackalloc (ushort, ushort)[Math.Min(room, 256)];
        var blockCount = HasGaps ? FindGapBlocks(blocks) : 0;
        var duplicateCount = Math.Min(_duplicateCount, room - blockCount);
        writer.TryReserve(SackChunk.FixedLength + ((blockCount + duplicateCount) * 4), out var chunk);
        SackChunk.Write(chunk, CumulativeTsn, advertisedReceiverWindow, blocks[..blockCount], _duplicates.AsSpan(0, duplicateCount));
        _duplicateCount = 0;
        _packetsSinceSack = 0;
        IsSackDue = false;
        return true;
    }

    /// <summary>Gives back the bits that gaps needed.</summary>
    public void Trim()
    {
        if (!HasGaps && _received.Length > InitialBits / 64)
        {
            _received = new ulong[InitialBits / 64];
        }
    }

    private int FindGapBlocks(Span<(ushort Start, ushort End)> blocks)
    {
        var count = 0;
        var offset = 2; // CumulativeTsn + 1 is missing, or it would be cumulative
        var last = HighestTsn - CumulativeTsn;
        while (count < blocks.Length)
        {
            var start = Scan(offset, last, wanted: true);
            if (start > last)
            {
                break;
            }

            var end = Scan(start, last, wanted: false) - 1;
            blocks[count++] = ((ushort)start, (ushort)end);
            offset = end + 2;
        }

        return count;
    }

    /// <summary>The first offset in [from, last] whose bit is as wanted; last + 1 when there is none.</summary>
    private int Scan(int from, int last, bool wanted)
    {
        while (from <= last)
        {
            var tsn = (CumulativeTsn + from).Value;
            var word = _received[(tsn & Mask) >> 6];
            var bits = (wanted ? word : ~word) >> (int)(tsn & 63);
            if (bits != 0)
            {
                return Math.Min(from + BitOperations.TrailingZeroCount(bits), last + 1);
            }

            from += 64 - (int)(tsn & 63);
        }

        return last + 1;
    }

    private void AdvanceOverReceived()
    {
        while (CumulativeTsn != HighestTsn && IsSet(CumulativeTsn.Next))
        {
            CumulativeTsn = CumulativeTsn.Next;
            Clear(CumulativeTsn);
        }
    }

    private bool IsSet(Tsn tsn) => (_received[(tsn.Value & Mask) >> 6] & (1UL << (int)tsn.Value)) != 0;

    private void Clear(Tsn tsn) => _received[(tsn.Value & Mask) >> 6] &= ~(1UL << (int)tsn.Value);

    private void EnsureReach(Tsn tsn)
    {
        var ahead = tsn - CumulativeTsn;
        if (ahead < _received.Length * 64)
        {
            return;
        }

        var bigger = new ulong[BitOperations.RoundUpToPowerOf2((uint)ahead + 1) / 64];
        var mask = (uint)((bigger.Length * 64) - 1);
        for (var known = CumulativeTsn.Next; known <= HighestTsn; known = known.Next)
        {
            if (IsSet(known))
            {
                bigger[(known.Value & mask) >> 6] |= 1UL << (int)known.Value;
            }
        }

        _received = bigger;
    }
}
