using MeshNode.Rtc.Sctp;
using MeshNode.Rtc.Sctp.Chunks;

namespace MeshNode.Rtc.Tests.Sctp;

public sealed class InterleavedReassemblyQueueTests
{
    private readonly Queue<SctpEvent> _events = new();
    private readonly ReceiveWindow _window;
    private readonly InterleavedReassemblyQueue _queue;

    public InterleavedReassemblyQueueTests()
    {
        var configuration = new SctpConfiguration { MaxMessageSize = 10_000 };
        _window = new ReceiveWindow(configuration);
        _queue = new InterleavedReassemblyQueue(configuration, _window, _events);
    }

    [Fact]
    public void Fragments_in_any_order_become_messages_and_ordered_ones_leave_in_order()
    {
        for (var seed = 0UL; seed < 300; seed++)
        {
            var random = new SeededRandomSource(seed);
            var fragments = new List<byte[]>();
            for (var message = 0; message < 40; message++)
            {
                var (stream, isUnordered, mid) = (message % 4, message % 8 >= 4, (uint)(message / 8) + uint.MaxValue - 2);
                var count = 1 + random.NextInt32(6);
                for (var i = 0; i < count; i++)
                {
                    fragments.Add(Fragment(stream, isUnordered, mid, i, i == count - 1, 1 + random.NextInt32(300)));
                }
            }

            ForwardTo(3, uint.MaxValue - 3); // so that MIDs wrap in the middle
            for (var i = fragments.Count - 1; i > 0; i--)
            {
                var j = random.NextInt32(i + 1);
                (fragments[i], fragments[j]) = (fragments[j], fragments[i]);
            }

            foreach (var fragment in fragments)
            {
                Add(fragment);
                Assert.True(_queue.Violation is null && IsConsistent(), $"seed {seed}: {_queue.Violation}");
            }

            var read = Read();
            Assert.True(read.Count == 40, $"seed {seed}: {read.Count} messages");
            Assert.All(read.GroupBy(m => (m.Stream, m.IsUnordered)).Where(g => !g.Key.IsUnordered), g => Assert.Equal([0, 1, 2, 3, 4], g.Select(m => m.Number)));
            Assert.Equal(0, _window.Buffered);
            _queue.ResetAllStreams();
        }
    }

    [Fact]
    public void A_skipped_message_is_given_up_and_what_waited_for_it_leaves()
    {
        Add(Fragment(1, false, 0, 0, false, 100));
        Add(Fragment(1, false, 1, 0, true, 100));
        Add(Fragment(1, false, 3, 0, true, 100));
        Assert.Empty(Read());
        Forward(new SkippedMessage(new StreamId(1), false, 0));
        Assert.Equal([1u], Read().Select(m => m.Mid));

        Add(Fragment(1, false, 0, 1, true, 100)); // a late fragment
        Forward(new SkippedMessage(new StreamId(1), false, 2));
        Assert.Equal([3u], Read().Select(m => m.Mid));
        Assert.Equal(0, _window.Buffered);
        Assert.True(IsConsistent());
    }

    [Fact]
    public void A_late_fragment_of_a_skipped_unordered_message_is_not_kept()
    {
        Add(Fragment(1, true, 5, 0, false, 100));
        Forward(new SkippedMessage(new StreamId(1), true, 5));
        Add(Fragment(1, true, 5, 1, false, 100));
        Assert.Equal(0, _window.Buffered);

        Add(Fragment(1, true, 6, 0, true, 100));
        Assert.Equal([6u], Read().Select(m => m.Mid));
        Add(Fragment(1, true, 6 + (1 << 20), 0, true, 100)); // the mark is forgotten long before MIDs wrap
        Add(Fragment(1, true, 5, 0, true, 100));
        Assert.Equal(2, Read().Count);
    }

    [Fact]
    public void A_reset_stream_forgets_its_messages_and_begins_with_0_again()
    {
        Add(Fragment(1, false, 0, 0, true, 10));
        Add(Fragment(1, false, 2, 0, false, 10));
        Add(Fragment(2, false, 1, 0, true, 10));
        Assert.Single(Read());
        _queue.ResetStream(new StreamId(1));
        Add(Fragment(1, false, 0, 0, true, 10));
        Assert.Equal([(1, 0u)], Read().Select(m => (m.Stream, m.Mid)));
        Add(Fragment(2, false, 0, 0, true, 10));
        Assert.Equal([0u, 1u], Read().Select(m => m.Mid));
        Assert.Equal(0, _window.Buffered);
    }

    [Theory]
    [InlineData("0.0 0.1 0.1")] // a number again
    [InlineData("0.1 0.1 0.0")] // a number again, ahead of its turn
    [InlineData("0.0 0.2e 0.3")] // behind the end
    [InlineData("0.0 0.3 0.2e 0.1")] // behind the end, known late
    [InlineData("0.0 0.1e 0.1e")] // whole already: the next is of a message that was delivered
    [InlineData("0.20000")] // more fragments than bytes may be
    public void Impossible_fragments_are_violations(string fragments)
    {
        var stream = fragments.EndsWith("0.1e 0.1e", StringComparison.Ordinal) ? 9 : 1;
        if (stream == 9)
        {
            Add(Fragment(9, false, 1, 0, true, 10));
            Add(Fragment(9, false, 1, 0, true, 10)); // whole, waits, comes again
        }
        else
        {
            foreach (var fragment in fragments.Split(' '))
            {
                var number = fragment[2..].TrimEnd('e');
                Add(Fragment(stream, false, 0, int.Parse(number, null), fragment.EndsWith('e'), 10));
            }
        }

        Assert.NotNull(_queue.Violation);
    }

    [Fact]
    public void A_message_beyond_the_limit_is_a_violation_however_its_fragments_come()
    {
        for (var i = 20; i >= 1; i--)
        {
            Add(Fragment(1, false, 0, i, false, 500));
        }

        Assert.Null(_queue.Violation);
        Add(Fragment(1, false, 0, 0, false, 1));
        Assert.NotNull(_queue.Violation);
    }

    private static byte[] Fragment(int stream, bool isUnordered, uint mid, int fsn, bool isEnd, int length)
    {
        var flags = (byte)((fsn == 0 ? DataChunk.BeginningFlag : 0) | (isEnd ? DataChunk.EndFlag : 0) | (isUnordered ? DataChunk.UnorderedFlag : 0));
        var chunk = new byte[IDataChunk.HeaderLength + length];
        var payload = new byte[length];
        payload.AsSpan().Fill((byte)fsn);
        IDataChunk.Write(chunk, flags, new Tsn(1), new StreamId((ushort)stream), mid, isUnordered ? mid | 0x8000_0000 : mid & 0x7FFF_FFFF, (uint)fsn, payload);
        return chunk;
    }

    private void Add(byte[] fragment)
    {
        Assert.True(IDataChunk.TryParse(fragment, out var chunk));
        _queue.Add(chunk);
    }

    private void ForwardTo(int lastStream, uint mid)
    {
        for (var i = 0; i <= lastStream; i++)
        {
            // In two steps: a number more than half the circle away is behind.
            Forward(new SkippedMessage(new StreamId((ushort)i), false, 0x7000_0000));
            Forward(new SkippedMessage(new StreamId((ushort)i), false, 0xE000_0000));
            Forward(new SkippedMessage(new StreamId((ushort)i), false, mid));
        }
    }

    private void Forward(params SkippedMessage[] skipped)
    {
        var chunk = new byte[IForwardTsnChunk.FixedLength + (skipped.Length * IForwardTsnChunk.EntryLength)];
        IForwardTsnChunk.Write(chunk, new Tsn(1), skipped);
        Assert.True(IForwardTsnChunk.TryParse(chunk, out var parsed));
        _queue.Forward(parsed);
        Assert.True(IsConsistent());
    }

    private bool IsConsistent() => _queue.TryRecount(out var bytes) && bytes + _window.Unread == _window.Buffered;

    /// <summary>Messages in the order of their delivery, whose bytes ascend by fragment.</summary>
    private List<(int Stream, bool IsUnordered, uint Mid, int Number)> Read()
    {
        List<(int, bool, uint, int)> messages = [];
        while (_events.TryDequeue(out var e))
        {
            var bytes = e.Buffer.AsSpan(0, e.Length);
            for (var i = 1; i < bytes.Length; i++)
            {
                Assert.True(bytes[i] == bytes[i - 1] || bytes[i] == bytes[i - 1] + 1, "fragments in a wrong order");
            }

            _window.Release(e.Length);
            BufferPool.Return(e.Buffer!);
            var isUnordered = (e.Ppid & 0x8000_0000) != 0;
            var mid = e.Ppid & 0x7FFF_FFFF;
            messages.Add((e.StreamId.Value, isUnordered, mid, (int)((mid - 0x7FFF_FFFDu) & 0x7FFF_FFFF)));
        }

        return messages;
    }
}
