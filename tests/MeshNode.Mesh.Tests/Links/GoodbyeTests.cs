using MeshNode.Mesh.Links;

namespace MeshNode.Mesh.Tests.Links;

public sealed class GoodbyeTests
{
    [Fact]
    public void Goodbye_round_trips()
    {
        var goodbye = new Goodbye(GoodbyeReason.Shutdown, "bye");

        Assert.Equal([1, (byte)'b', (byte)'y', (byte)'e'], goodbye.ToByteArray());
        Assert.True(Goodbye.TryParse(goodbye.ToByteArray(), out var parsed));
        Assert.Equal(goodbye, parsed);
    }

    [Fact]
    public void Unknown_reason_stays_what_it_is_and_text_is_defused()
    {
        Assert.True(Goodbye.TryParse([200, 0x1b, (byte)'c'], out var parsed));
        Assert.Equal(new Goodbye((GoodbyeReason)200, "\uFFFDc"), parsed);
    }

    [Fact]
    public void Empty_body_is_refused() => Assert.False(Goodbye.TryParse(default, out _));
}
