using MeshNode.Mesh.Wire;

namespace MeshNode.Mesh.Tests.Wire;

public sealed class WireReaderTests
{
    [Fact]
    public void Fields_are_big_endian()
    {
        var reader = new WireReader([1, 0, 2, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0, 4]);

        Assert.Equal(1, reader.ReadByte());
        Assert.Equal(2, reader.ReadUInt16());
        Assert.Equal(3u, reader.ReadUInt32());
        Assert.Equal(4ul, reader.ReadUInt64());
        Assert.True(reader.IsComplete);
    }

    [Fact]
    public void Reading_past_the_end_fails_once_and_for_all()
    {
        var reader = new WireReader([1, 2, 3]);

        Assert.Equal(0u, reader.ReadUInt32());
        Assert.True(reader.Failed);
        Assert.Equal(0, reader.ReadByte());
        Assert.False(reader.IsComplete);
    }

    [Fact]
    public void Left_over_bytes_are_not_complete()
    {
        var reader = new WireReader([1, 2]);
        reader.ReadByte();

        Assert.False(reader.IsComplete);
        Assert.False(reader.Failed);
        Assert.Equal(1, reader.Position);
    }

    [Fact]
    public void Length_that_exceeds_what_is_there_fails()
    {
        var reader = new WireReader([0, 5, 1, 2, 3, 4]);

        Assert.True(reader.ReadBytes16().IsEmpty);
        Assert.True(reader.Failed);
    }
}
