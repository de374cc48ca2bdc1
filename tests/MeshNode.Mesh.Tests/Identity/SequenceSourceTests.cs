using MeshNode.Mesh.Identity;

namespace MeshNode.Mesh.Tests.Identity;

public sealed class SequenceSourceTests
{
    [Fact]
    public void Numbers_grow_within_a_run_and_over_restarts()
    {
        var first = new SequenceSource(bootCounter: 1);
        var one = first.Next();
        var two = first.Next();
        var afterRestart = new SequenceSource(bootCounter: 2).Next();

        Assert.Equal(0x1_0000_0001ul, one);
        Assert.Equal(one + 1, two);
        Assert.Equal(0x2_0000_0001ul, afterRestart);
    }
}
