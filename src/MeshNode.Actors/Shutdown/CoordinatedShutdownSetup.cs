using System.Collections.Immutable;

namespace MeshNode.Actors;

/// <summary>What Akka.NET has under <c>akka.coordinated-shutdown</c>.</summary>
public sealed class CoordinatedShutdownSetup : Setup
{
    /// <summary>For phases that have no timeout of their own; 5 s by default.</summary>
    public TimeSpan DefaultPhaseTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Phases in addition to Akka's, or in place of those of the same name.</summary>
    public IReadOnlyDictionary<string, Phase> Phases { get; init; } = ImmutableDictionary<string, Phase>.Empty;

    /// <summary>Whether the last phase stops the actors.</summary>
    public bool TerminateActorSystem { get; init; } = true;

    /// <summary>Whether <see cref="ActorSystem.Terminate"/> runs all phases; otherwise it stops the actors only.</summary>
    public bool RunByActorSystemTerminate { get; init; } = true;

    internal static CoordinatedShutdownSetup Default { get; } = new();
}
