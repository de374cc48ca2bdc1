using System.Text;
using MeshNode.Mesh.Wire;

namespace MeshNode.Mesh.Tests.Wire;

public sealed class WireTextTests
{
    [Theory]
    [InlineData("")]
    [InlineData("node A")]
    [InlineData("Jürgens Café 🎉")]
    [InlineData("👨\u200D👩\u200D👧")] // joined by U+200D
    public void Printable_text_is_read(string text)
    {
        Assert.True(WireText.TryRead(Encoding.UTF8.GetBytes(text), out var read));
        Assert.Equal(text, read);
    }

    [Theory]
    [InlineData("a\nb")]
    [InlineData("\u001b[2J")]
    [InlineData("\u009b31m")]
    [InlineData("abc\u202Egnp.exe")] // right-to-left override
    [InlineData("a\u2028b")]
    [InlineData("\0")]
    public void Text_that_steers_a_terminal_is_refused_and_defused(string text)
    {
        Assert.False(WireText.TryRead(Encoding.UTF8.GetBytes(text), out _));
        Assert.True(WireText.TryRead(Encoding.UTF8.GetBytes(WireText.Sanitize(Encoding.UTF8.GetBytes(text), 100)), out _));
    }

    [Fact]
    public void Bytes_that_are_no_text_are_refused_and_replaced()
    {
        byte[] overlong = [0xC0, 0xAF];

        Assert.False(WireText.TryRead(overlong, out _));
        Assert.Equal("\uFFFD\uFFFD", WireText.Sanitize(overlong, 100));
    }

    [Fact]
    public void Long_text_is_cut_at_the_limit()
    {
        Assert.Equal("abc", WireText.Sanitize("abcdef"u8, 3));
    }
}
