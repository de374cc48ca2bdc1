using MeshNode.Persistence.Query;

namespace MeshNode.Persistence.Tests;

public sealed class OffsetTests
{
    [Fact]
    public void Offsets_are_ordered_by_transaction_then_by_number_and_come_back_from_their_text()
    {
        Offset[] ordered =
        [
            Offset.NoOffset(), Offset.Sequence(1), Offset.Sequence(long.MaxValue), Offset.OfTransaction(1, 0),
            Offset.OfTransaction(1, 7), Offset.OfTransaction(2, 3), Offset.OfTransaction(ulong.MaxValue, 1),
        ];
        for (var left = 0; left < ordered.Length; left++)
        {
            Assert.Equal(ordered[left], Offset.Parse(ordered[left].ToString()));
            for (var right = 0; right < ordered.Length; right++)
            {
                Assert.Equal(left.CompareTo(right), ordered[left].CompareTo(ordered[right]));
                Assert.Equal(left < right, ordered[left] < ordered[right]);
                Assert.Equal(left >= right, ordered[left] >= ordered[right]);
            }
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("-1")]
    [InlineData("1.")]
    [InlineData(".1")]
    [InlineData("1.2.3")]
    [InlineData(" 1")]
    [InlineData("99999999999999999999")]
    [InlineData(null)]
    public void What_is_no_offset_is_refused(string? text) => Assert.False(Offset.TryParse(text, out _));
}
