using MeshNode.Rtc;

namespace MeshNode.Mesh;

/// <summary>Lets the actors' threads use one source of chance.</summary>
internal sealed class SharedRandomSource(RandomSource inner) : RandomSource
{
    private readonly Lock _gate = new();

    public override void Fill(Span<byte> destination)
    {
        lock (_gate)
        {
            inner.Fill(destination);
        }
    }
}
