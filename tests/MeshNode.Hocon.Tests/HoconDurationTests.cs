namespace MeshNode.Hocon.Tests;

public sealed class HoconDurationTests
{
    [Theory]
    [InlineData("10s", 10_000)]
    [InlineData("500ms", 500)]
    [InlineData("500", 500)]
    [InlineData("1.5 hours", 5_400_000)]
    [InlineData("2m", 120_000)]
    [InlineData("1 day", 86_400_000)]
    [InlineData("0s", 0)]
    public void A_number_and_a_unit_is_a_duration(string text, double milliseconds)
    {
        Assert.True(HoconDuration.TryParse(text, out var value));
        Assert.Equal(milliseconds, value.TotalMilliseconds);
    }

    [Theory]
    [InlineData("")]
    [InlineData("s")]
    [InlineData("-1s")]
    [InlineData("10 fortnights")]
    [InlineData("1e400s")]
    [InlineData("10S")]
    [InlineData("1001d")]
    [InlineData("NaN")]
    public void Anything_else_is_not(string text) => Assert.False(HoconDuration.TryParse(text, out _));
}
