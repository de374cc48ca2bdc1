using MeshNode.Rtc.Sctp;
using MeshNode.Rtc.Sctp.Chunks;

namespace MeshNode.Rtc.Tests.Sctp;

public sealed class DataTrackerTests
{
    [Fact]
    public void Sack_tells_gaps_and_duplicates()
    {
        var tracker = new DataTracker(new Tsn(uint.MaxValue - 1));
        foreach (var offset in new[] { 0, 1, 3, 4, 7, 200 })
        {
            tracker.Record(new Tsn(uint.MaxValue - 1) + offset);
        }

        Assert.True(tracker.IsDuplicate(new Tsn(uint.MaxValue - 1) + 4));
        Assert.False(tracker.IsDuplicate(new Tsn(uint.MaxValue - 1) + 5));
        tracker.NoteDuplicate(new Tsn(2));
        var sack = Write(tracker);

        Assert.Equal(new Tsn(uint.MaxValue), sack.Cumulative);
        Assert.Equal([(2, 3), (6, 6), (199, 199)], sack.Blocks);
        Assert.Equal([new Tsn(2)], sack.Duplicates);
        Assert.False(tracker.IsSackPending);
    }

    [Fact]
    public void Filling_the_gap_moves_the_cumulative_point_over_what_waited()
    {
        var tracker = new DataTracker(new Tsn(10));
        for (var tsn = 11u; tsn < 5000; tsn++)
        {
            tracker.Record(new Tsn(tsn));
        }

        Assert.Equal(new Tsn(9), tracker.CumulativeTsn);
        tracker.Record(new Tsn(10));
        Assert.Equal(new Tsn(4999), tracker.CumulativeTsn);
        Assert.False(tracker.HasGaps);
    }

    [Fact]
    public void Every_second_packet_and_every_gap_is_acknowledged_at_once()
    {
        var tracker = new DataTracker(new Tsn(1));
        tracker.Record(new Tsn(1));
        Assert.True(tracker.NotePacket(isImmediate: false)); // the delayed SACK timer shall run
        Assert.False(tracker.IsSackDue);
        tracker.Record(new Tsn(2));
        Assert.False(tracker.NotePacket(isImmediate: false));
        Assert.True(tracker.IsSackDue);
        Write(tracker);

        tracker.Record(new Tsn(4));
        tracker.NotePacket(isImmediate: false);
        Assert.True(tracker.IsSackDue);
    }

    [Fact]
    public void Random_arrivals_agree_with_a_plain_set()
    {
        for (var seed = 0UL; seed < 200; seed++)
        {
            var random = new SeededRandomSource(seed);
            var first = new Tsn(uint.MaxValue - 100);
            var tracker = new DataTracker(first);
            var set = new HashSet<int>();
            for (var i = 0; i < 400; i++)
            {
                var offset = random.NextInt32(700);
                var isNew = set.Add(offset);
                Assert.True(isNew != tracker.IsDuplicate(first + offset), $"seed {seed}");
                if (isNew)
                {
                    tracker.Record(first + offset);
                }
            }

            var cumulative = Enumerable.Range(0, 701).First(o => !set.Contains(o)) - 1;
            Assert.True(tracker.CumulativeTsn == first + cumulative, $"seed {seed}");
            var acknowledged = Write(tracker).Blocks.SelectMany(b => Enumerable.Range(b.Start, b.End - b.Start + 1)).Select(o => o + cumulative);
            Assert.True(acknowledged.SequenceEqual(set.Where(o => o > cumulative).Order()), $"seed {seed}");
        }
    }

    private static (Tsn Cumulative, (int Start, int End)[] Blocks, Tsn[] Duplicates) Write(DataTracker tracker)
    {
        var packet = new byte[1160];
        var writer = new PacketWriter(packet);
        Assert.True(tracker.TryWriteSack(ref writer, 1000));
        Assert.True(SackChunk.TryParse(packet.AsSpan(CommonHeader.Length, writer.Length - CommonHeader.Length), out var sack));
        var blocks = new (int Start, int End)[sack.GapBlockCount];
        for (var i = 0; i < blocks.Length; i++)
        {
            blocks[i] = sack.GapBlock(i);
        }

        var duplicates = new Tsn[sack.DuplicateCount];
        for (var i = 0; i < duplicates.Length; i++)
        {
            duplicates[i] = sack.Duplicate(i);
        }

        return (sack.CumulativeTsnAck, blocks, duplicates);
    }
}
