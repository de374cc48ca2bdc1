namespace MeshNode.SimNet.Simulation;

/// <summary>An invariant did not hold. The message names the seed, the moment and how to run that seed alone.</summary>
public sealed class SimulationFailedException(ulong seed, string moment, string what, Exception? cause = null)
    : Exception($"seed {seed} at {moment}: {what} (alone: {SeedRange.Variable}={seed})", cause)
{
    public ulong Seed { get; } = seed;
}
