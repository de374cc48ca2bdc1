using MeshNode.Mesh.Wire;

namespace MeshNode.Mesh.Tests.Wire;

public sealed class WireWriterTests
{
    [Fact]
    public void What_is_written_is_read_again()
    {
        var bytes = new byte[1 + 2 + 4 + 8 + 1 + 3 + 2 + 2];
        var writer = new WireWriter(bytes);
        writer.WriteByte(1);
        writer.WriteUInt16(0xABCD);
        writer.WriteUInt32(0x01020304);
        writer.WriteUInt64(ulong.MaxValue - 1);
        writer.WriteBytes8([7, 8, 9]);
        writer.WriteBytes16([5, 6]);

        Assert.Equal(bytes.Length, writer.Position);
        var reader = new WireReader(bytes);
        Assert.Equal(1, reader.ReadByte());
        Assert.Equal(0xABCD, reader.ReadUInt16());
        Assert.Equal(0x01020304u, reader.ReadUInt32());
        Assert.Equal(ulong.MaxValue - 1, reader.ReadUInt64());
        Assert.Equal([7, 8, 9], reader.ReadBytes8().ToArray());
        Assert.Equal([5, 6], reader.ReadBytes16().ToArray());
        Assert.True(reader.IsComplete);
    }

    [Fact]
    public void Field_longer_than_its_length_can_say_is_the_callers_mistake()
    {
        Assert.Throws<OverflowException>(() => new WireWriter(new byte[400]).WriteBytes8(new byte[256]));
    }
}
