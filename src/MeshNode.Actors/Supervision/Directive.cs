namespace MeshNode.Actors;

/// <summary>What is done with a child that failed.</summary>
public enum Directive
{
    /// <summary>Go on with the next message, state as it is.</summary>
    Resume,

    /// <summary>Go on with the next message in a fresh incarnation.</summary>
    Restart,

    /// <summary>Fail oneself, so that one's own supervisor decides.</summary>
    Escalate,

    Stop,
}
