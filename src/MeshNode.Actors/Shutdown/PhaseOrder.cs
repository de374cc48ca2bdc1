namespace MeshNode.Actors;

/// <summary>Akka's phases, and the order of any phases by what they depend on.</summary>
internal static class PhaseOrder
{
    private static readonly TimeSpan Longer = TimeSpan.FromSeconds(10);

    /// <summary>Akka's phases and those of the setup, in the order in which they are listed.</summary>
    public static Dictionary<string, Phase> PhasesOf(CoordinatedShutdownSetup setup)
    {
        var phases = new Dictionary<string, Phase>(StringComparer.Ordinal);
        string? previous = null;
        Add(CoordinatedShutdown.PhaseBeforeServiceUnbind);
        Add(CoordinatedShutdown.PhaseServiceUnbind);
        Add(CoordinatedShutdown.PhaseServiceRequestsDone);
        Add(CoordinatedShutdown.PhaseServiceStop);
        Add(CoordinatedShutdown.PhaseBeforeClusterShutdown);
        Add(CoordinatedShutdown.PhaseClusterShardingShutdownRegion, Longer);
        Add(CoordinatedShutdown.PhaseClusterLeave);
        Add(CoordinatedShutdown.PhaseClusterExiting, Longer);
        Add(CoordinatedShutdown.PhaseClusterExitingDone);
        Add(CoordinatedShutdown.PhaseClusterShutdown);
        Add(CoordinatedShutdown.PhaseBeforeActorSystemTerminate);
        Add(CoordinatedShutdown.PhaseActorSystemTerminate, Longer);
        foreach (var (name, phase) in setup.Phases)
        {
            phases[name] = phase;
        }

        return phases;

        void Add(string name, TimeSpan? timeout = null)
        {
            phases.Add(name, new Phase { Timeout = timeout, DependsOn = previous is null ? [] : [previous] });
            previous = name;
        }
    }

    /// <summary>Each phase after all that it depends on.</summary>
    /// <exception cref="ConfigurationException">A phase depends on itself by way of others.</exception>
    public static IReadOnlyList<string> Sort(IReadOnlyDictionary<string, Phase> phases)
    {
        var sorted = new List<string>();
        var done = new HashSet<string>(StringComparer.Ordinal);
        var path = new List<string>();
        foreach (var name in phases.Keys)
        {
            Visit(name);
        }

        return sorted;

        void Visit(string name)
        {
            if (path.Contains(name))
            {
                throw new ConfigurationException($"Phases of the coordinated shutdown depend on each other in a circle: {string.Join(" -> ", path)} -> {name}.");
            }

            if (done.Contains(name))
            {
                return;
            }

            path.Add(name);
            foreach (var before in phases.TryGetValue(name, out var phase) ? phase.DependsOn : [])
            {
                Visit(before);
            }

            path.RemoveAt(path.Count - 1);
            done.Add(name);
            sorted.Add(name);
        }
    }
}
