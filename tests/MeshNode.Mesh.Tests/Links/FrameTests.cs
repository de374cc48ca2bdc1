using MeshNode.Mesh.Links;

namespace MeshNode.Mesh.Tests.Links;

public sealed class FrameTests
{
    [Fact]
    public void Frame_has_exactly_this_layout_and_reads_it_back()
    {
        var frame = Frame.Create(FrameKind.TextMessage, 0x0102030405060708, "hi"u8);

        Assert.Equal("014000000102030405060708" + "6869", Convert.ToHexStringLower(frame));
        Assert.True(Frame.TryParse(frame, out var header, out var body));
        Assert.Equal(new FrameHeader(FrameKind.TextMessage, 0x0102030405060708), header);
        Assert.Equal("hi"u8.ToArray(), body.ToArray());
    }

    [Fact]
    public void Frame_without_a_body_is_whole()
    {
        Assert.True(Frame.TryParse(Frame.Create(FrameKind.Ping, 1, default), out _, out var body));
        Assert.True(body.IsEmpty);
    }

    [Fact]
    public void Unknown_kind_is_left_to_the_reader()
    {
        Assert.True(Frame.TryParse(Frame.Create((FrameKind)0x99, 1, default), out var header, out _));
        Assert.Equal((FrameKind)0x99, header.Kind);
    }

    [Theory]
    [InlineData("")]
    [InlineData("0140000000000000000000")] // one byte short
    [InlineData("024000000000000000000000")] // version 2
    [InlineData("004000000000000000000000")]
    [InlineData("014000010000000000000000")] // a flag
    [InlineData("014080000000000000000000")]
    public void Short_foreign_or_flagged_frame_is_refused(string hex) => Assert.False(Frame.TryParse(Convert.FromHexString(hex), out _, out _));

    [Fact]
    public void Frame_longer_than_a_message_may_be_is_refused()
    {
        Assert.True(Frame.TryParse(Frame.Create(FrameKind.BinaryMessage, 1, new byte[Frame.MaxLength - Frame.HeaderLength]), out _, out _));
        Assert.False(Frame.TryParse(Frame.Create(FrameKind.BinaryMessage, 1, new byte[Frame.MaxLength - Frame.HeaderLength + 1]), out _, out _));
    }
}
