namespace MeshNode.Rtc.Tests.Fuzzing;

/// <summary>Something that takes bytes of strangers: a decoder, or a state machine brought into a state of its life.</summary>
internal abstract class FuzzTarget
{
    /// <summary>Unique; it names the target in failures and in the regression corpus.</summary>
    public abstract string Name { get; }

    /// <summary>Valid inputs to begin with.</summary>
    public abstract IReadOnlyList<byte[]> Seeds { get; }

    /// <summary>Inputs that one life of the target takes.</summary>
    public virtual int InputsPerSession => 40;

    /// <summary>Bytes that one input may make it allocate.</summary>
    public virtual long AllocationLimit => 1 << 20;

    /// <summary>Nothing that comes now can make a difference: a new life begins early.</summary>
    public virtual bool IsOver => false;

    /// <summary>Begins a new life. The seed decides everything that is not input.</summary>
    public virtual void Begin(ulong seed)
    {
    }

    /// <summary>Takes one input, which it may put right where it would be refused at the first look, and checks its invariants.</summary>
    /// <returns>A number for what happened: state, kind of input, outcome. Inputs that reach a new one are kept and mutated further.</returns>
    public abstract ulong Execute(Span<byte> input, RandomSource random);

    /// <summary>The end of a life.</summary>
    public virtual void End()
    {
    }

    protected static ulong Feature(params ReadOnlySpan<int> parts)
    {
        var hash = 14695981039346656037UL;
        foreach (var part in parts)
        {
            hash = (hash ^ (uint)part) * 1099511628211UL;
        }

        return hash;
    }

    /// <summary>A count as its order of magnitude, so that features stay few.</summary>
    protected static int Bucket(long count) => count <= 3 ? (int)count : 2 + System.Numerics.BitOperations.Log2((ulong)count);
}
