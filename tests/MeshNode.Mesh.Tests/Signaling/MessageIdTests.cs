using MeshNode.Mesh.Signaling;
using MeshNode.Rtc;

namespace MeshNode.Mesh.Tests.Signaling;

public sealed class MessageIdTests
{
    [Fact]
    public void Text_round_trips()
    {
        var id = MessageId.Create(new SeededRandomSource(1));

        Assert.True(MessageId.TryParse(id.ToString(), out var parsed));
        Assert.Equal(id, parsed);
        Assert.Equal(32, id.ToString().Length);
    }

    [Theory]
    [InlineData("")]
    [InlineData("000102030405060708090a0b0c0d0e0")]
    [InlineData("000102030405060708090a0b0c0d0e0g")]
    [InlineData(" 00102030405060708090a0b0c0d0e0f")]
    public void Other_text_is_refused(string text) => Assert.False(MessageId.TryParse(text, out _));
}
