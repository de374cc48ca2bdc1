namespace MeshNode.Hocon.Tests;

public sealed class HoconScalarTests
{
    [Theory]
    [InlineData("true", true)]
    [InlineData("on", true)]
    [InlineData("yes", true)]
    [InlineData("false", false)]
    [InlineData("off", false)]
    [InlineData("no", false)]
    public void Six_words_are_booleans(string text, bool expected)
    {
        Assert.True(HoconScalar.Create(text, "test").TryGetBoolean(out var value));
        Assert.Equal(expected, value);
    }

    [Fact]
    public void Other_words_are_not_booleans() => Assert.False(HoconScalar.Create("1", "test").TryGetBoolean(out _));

    [Fact]
    public void Numbers_are_read_without_regard_to_culture()
    {
        Assert.True(HoconScalar.Create("-42", "test").TryGetInt64(out var whole));
        Assert.Equal(-42, whole);
        Assert.True(HoconScalar.Create("1.5e3", "test").TryGetDouble(out var real));
        Assert.Equal(1500, real);
        Assert.False(HoconScalar.Create("1,5", "test").TryGetDouble(out _));
        Assert.False(HoconScalar.Create("1e999", "test").TryGetDouble(out _));
        Assert.False(HoconScalar.Create("1.5", "test").TryGetInt64(out _));
    }
}
