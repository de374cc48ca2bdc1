namespace MeshNode.Actors;

/// <summary>One step of a <see cref="CoordinatedShutdown"/>.</summary>
public sealed record Phase
{
    /// <summary>Phases that are over before this one begins; they need not be defined themselves.</summary>
    public IReadOnlyCollection<string> DependsOn { get; init; } = [];

    /// <summary>Null for <see cref="CoordinatedShutdownSetup.DefaultPhaseTimeout"/>.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Whether the next phase begins although a task of this one failed or took too long; otherwise the shutdown ends there.</summary>
    public bool Recover { get; init; } = true;
}
