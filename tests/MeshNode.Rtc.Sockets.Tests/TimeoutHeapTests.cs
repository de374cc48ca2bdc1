namespace MeshNode.Rtc.Sockets.Tests;

public sealed class TimeoutHeapTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Random_operations_agree_with_a_sorted_list(int seed)
    {
        var random = new SeededRandomSource((ulong)seed);
        var heap = new TimeoutHeap<Entry>();
        var entries = Enumerable.Range(0, 200).Select(_ => new Entry()).ToArray();
        var model = new Dictionary<Entry, long>();
        for (var step = 0; step < 20_000; step++)
        {
            var entry = entries[random.NextInt32(entries.Length)];
            var time = random.NextInt32(1000);
            switch (random.NextInt32(4))
            {
                case 0 or 1:
                    heap.Arm(entry, new MonotonicTime(time));
                    model[entry] = model.TryGetValue(entry, out var armed) ? Math.Min(armed, time) : time;
                    break;
                case 2:
                    heap.Remove(entry);
                    model.Remove(entry);
                    break;
                default:
                    var limit = random.NextInt32(100);
                    while (heap.TryTakeDue(new MonotonicTime(limit), out var due))
                    {
                        Assert.True(model.Remove(due, out var at), $"seed {seed}, step {step}: taken twice");
                        Assert.True(at <= limit && (model.Count == 0 || at <= model.Values.Min()), $"seed {seed}, step {step}: not the earliest");
                    }

                    Assert.True(model.Values.All(at => at > limit), $"seed {seed}, step {step}: a due entry stayed");
                    break;
            }

            Assert.True(heap.Count == model.Count, $"seed {seed}, step {step}");
            Assert.True(heap.Earliest?.Ticks == (model.Count == 0 ? null : model.Values.Min()), $"seed {seed}, step {step}");
        }
    }

    [Fact]
    public void A_deadline_that_moves_later_stays_until_it_would_have_been_due()
    {
        var heap = new TimeoutHeap<Entry>();
        var entry = new Entry();

        heap.Arm(entry, new MonotonicTime(10));
        heap.Arm(entry, new MonotonicTime(20));

        Assert.Equal(new MonotonicTime(10), heap.Earliest);
        Assert.True(heap.TryTakeDue(new MonotonicTime(10), out _));
        heap.Arm(entry, new MonotonicTime(20));
        Assert.False(heap.TryTakeDue(new MonotonicTime(19), out _));
    }

    private sealed class Entry : ITimeoutEntry
    {
        public int HeapIndex { get; set; } = -1;

        public MonotonicTime ArmedAt { get; set; }
    }
}
