namespace MeshNode.Actors;

/// <summary>What the kernel needs of every reference beside <see cref="IActorRef"/>. Equality is identity: one incarnation of a path has one reference.</summary>
internal abstract class InternalActorRef : IActorRef
{
    public abstract ActorPath Path { get; }

    /// <summary>The system that the reference belongs to; null for references that belong to none.</summary>
    public abstract ActorSystemImpl? System { get; }

    public virtual InternalActorRef? Parent => null;

    public virtual bool IsTerminated => false;

    public abstract void Tell(object message, IActorRef? sender);

    public virtual void SendSystemMessage(SystemMessage message)
    {
    }

    /// <summary>The child of that name, or null.</summary>
    public virtual InternalActorRef? GetChild(string name) => null;

    public virtual IReadOnlyList<IActorRef> GetChildren() => [];

    public bool Equals(IActorRef? other) => ReferenceEquals(this, other) || (other is IActorRefWrapper wrapper && ReferenceEquals(this, wrapper.Wrapped));

    public override bool Equals(object? obj) => Equals(obj as IActorRef);

    public override int GetHashCode() => global::System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);

    public int CompareTo(object? obj) => obj is null or IActorRef
        ? CompareTo(obj as IActorRef)
        : throw new ArgumentException("A reference can only be compared to another one.", nameof(obj));

    public int CompareTo(IActorRef? other)
    {
        if (other is null)
        {
            return 1;
        }

        var byPath = Path.CompareTo(other.Path);
        return byPath != 0 ? byPath : Path.Uid.CompareTo(other.Path.Uid);
    }

    /// <summary>The kernel's own reference behind one that users hold.</summary>
    /// <exception cref="ArgumentException">It is of another making.</exception>
    public static InternalActorRef Of(IActorRef actor)
    {
        ArgumentNullException.ThrowIfNull(actor);
        return actor as InternalActorRef
            ?? (actor as IActorRefWrapper)?.Wrapped
            ?? throw new ArgumentException($"{actor} is not a reference of this kernel.", nameof(actor));
    }

    public override string ToString() => $"[{Path.ToStringWithUid()}]";
}
