namespace MeshNode.Actors;

/// <summary>Another face of a reference, such as a test's probe. The kernel takes what it stands for.</summary>
internal interface IActorRefWrapper : IActorRef
{
    InternalActorRef Wrapped { get; }

    int IComparable.CompareTo(object? obj) => Wrapped.CompareTo(obj);
}
