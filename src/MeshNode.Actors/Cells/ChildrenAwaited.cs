namespace MeshNode.Actors;

/// <summary>What a cell does when the children that are stopping have stopped.</summary>
internal enum ChildrenAwaited
{
    None,

    /// <summary>Create the actor, whose first creation failed.</summary>
    Creation,

    /// <summary>Replace the incarnation that failed.</summary>
    Recreation,

    /// <summary>Stop.</summary>
    Termination,
}
