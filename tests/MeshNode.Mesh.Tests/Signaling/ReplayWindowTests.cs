using MeshNode.Mesh.Signaling;
using MeshNode.Rtc;

namespace MeshNode.Mesh.Tests.Signaling;

public sealed class ReplayWindowTests
{
    private readonly ReplayWindow _window = new();

    [Fact]
    public void New_number_passes_once()
    {
        Assert.Equal(RefusalReason.None, Take(5));
        Assert.Equal(RefusalReason.Replayed, Take(5));
    }

    [Fact]
    public void Late_number_within_the_window_passes_once()
    {
        Take(2000);

        Assert.Equal(RefusalReason.None, Take(2000 - ReplayWindow.Size + 1));
        Assert.Equal(RefusalReason.Replayed, Take(2000 - ReplayWindow.Size + 1));
        Assert.Equal(RefusalReason.TooOld, Take(2000 - ReplayWindow.Size));
    }

    [Fact]
    public void Zero_is_never_a_sequence_number() => Assert.Equal(RefusalReason.TooOld, Take(0));

    [Fact]
    public void Restarted_sender_leaves_its_old_numbers_behind()
    {
        Take((1ul << 32) + 900);

        Assert.Equal(RefusalReason.None, Take((2ul << 32) + 1));
        Assert.Equal(RefusalReason.TooOld, Take((1ul << 32) + 901));
        Assert.Equal(RefusalReason.None, Take((2ul << 32) + 2));
    }

    [Fact]
    public void Highest_possible_number_passes_once()
    {
        Assert.Equal(RefusalReason.None, Take(ulong.MaxValue));
        Assert.Equal(RefusalReason.Replayed, Take(ulong.MaxValue));
        Assert.Equal(RefusalReason.None, Take(ulong.MaxValue - 1));
    }

    [Fact]
    public void Checking_changes_nothing()
    {
        Assert.Equal(RefusalReason.None, _window.Check(7));
        Assert.Equal(RefusalReason.None, _window.Check(7));
        Assert.Equal(0ul, _window.Highest);
    }

    [Fact]
    public void Window_agrees_with_a_set_that_forgets_nothing()
    {
        var random = new SeededRandomSource(3);
        var seen = new HashSet<ulong>();
        ulong highest = 0;
        for (var count = 0; count < 50_000; count++)
        {
            var sequence = Math.Max(1, highest + (ulong)random.NextInt32(2600) - Math.Min(highest, 1300));
            var expected = sequence > highest || highest - sequence < ReplayWindow.Size
                ? seen.Add(sequence) ? RefusalReason.None : RefusalReason.Replayed
                : RefusalReason.TooOld;
            highest = Math.Max(highest, sequence);

            Assert.Equal(expected, Take(sequence));
        }
    }

    private RefusalReason Take(ulong sequence)
    {
        var reason = _window.Check(sequence);
        if (reason == RefusalReason.None)
        {
            _window.Mark(sequence);
        }

        return reason;
    }
}
