namespace MeshNode.Mesh.Identity;

/// <summary>
/// Sequence numbers that grow over restarts: the boot counter in the high 32 bits, a count from 1 in the low ones.
/// One source for each thing that is numbered (adverts, envelopes to one peer). Used from one thread.
/// </summary>
public sealed class SequenceSource(uint bootCounter)
{
    private uint _count;

    public ulong Next() => ((ulong)bootCounter << 32) | checked(++_count);
}
