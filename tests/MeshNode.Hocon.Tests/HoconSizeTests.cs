namespace MeshNode.Hocon.Tests;

public sealed class HoconSizeTests
{
    [Theory]
    [InlineData("64KiB", 65_536)]
    [InlineData("64 KiB", 65_536)]
    [InlineData("64K", 65_536)]
    [InlineData("10kB", 10_000)]
    [InlineData("16MiB", 16_777_216)]
    [InlineData("1.5GB", 1_500_000_000)]
    [InlineData("512", 512)]
    [InlineData("0B", 0)]
    public void A_number_and_a_unit_is_a_size(string text, long bytes)
    {
        Assert.True(HoconSize.TryParse(text, out var value));
        Assert.Equal(bytes, value);
    }

    [Theory]
    [InlineData("")]
    [InlineData("KiB")]
    [InlineData("-1B")]
    [InlineData("64 kib")]
    [InlineData("99999999TiB")]
    public void Anything_else_is_not(string text) => Assert.False(HoconSize.TryParse(text, out _));
}
