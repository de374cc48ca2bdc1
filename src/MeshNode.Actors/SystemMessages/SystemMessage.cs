namespace MeshNode.Actors;

/// <summary>What the kernel tells a cell. Linked through <see cref="Next"/>, so one instance is sent once.</summary>
internal abstract class SystemMessage
{
    public SystemMessage? Next { get; set; } // owned by the queue it is in

    /// <summary>Kept back while the receiver itself has failed: a decision must not be made by a behaviour in doubt.</summary>
    public virtual bool WaitsWhileFailed => false;

    /// <summary>Kept back while the receiver restarts and waits for its children to stop.</summary>
    public virtual bool WaitsForChildren => false;
}
