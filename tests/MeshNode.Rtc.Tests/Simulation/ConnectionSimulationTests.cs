using System.Diagnostics;
using MeshNode.SimNet.Simulation;

namespace MeshNode.Rtc.Tests.Simulation;

/// <summary>
/// Seeded lives of connection pairs in networks that lose, reorder, duplicate, damage, swallow large datagrams, move addresses
/// and fall silent. MESHNODE_SEED replays one seed with a trace, or searches a range.
/// </summary>
public sealed class ConnectionSimulationTests
{
    private const double SeedsPerSecondWanted = 100_000 / 3600.0; // of issue 4, on two cores

    [Fact]
    [Trait("Category", "Long")]
    public void What_must_hold_holds_after_every_step_of_every_seed()
    {
        var seeds = SeedRange.Choose("seeded simulations of connection pairs", 100_000, 600);
        Action<string>? trace = seeds.IsReplay ? Console.WriteLine : null;
        var failures = new List<SimulationFailedException>();
        var clock = Stopwatch.StartNew();
        Parallel.For(0, seeds.Count, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, i =>
        {
            try
            {
                ConnectionSimulation.Run(seeds.First + (ulong)i, trace);
            }
            catch (SimulationFailedException failure)
            {
                lock (failures)
                {
                    failures.Add(failure);
                    Console.WriteLine($"[simulation] {failure.Message}");
                }
            }
        });
        Console.WriteLine(
            $"[simulation] {seeds.Count:N0} seeds in {clock.Elapsed.TotalSeconds:0.0} s: {seeds.Count / clock.Elapsed.TotalSeconds:0} a second ({SeedsPerSecondWanted:0} make 100,000 an hour)");
        Assert.True(failures.Count == 0, $"{failures.Count} of {seeds.Count} seeds failed:\n{string.Join('\n', failures.Take(10).Select(f => f.Message))}");
    }

    [Fact]
    public void The_seeds_reach_failures_other_paths_and_larger_datagrams()
    {
        var results = Enumerable.Range(1, 60).Select(seed => ConnectionSimulation.Run((ulong)seed)).ToArray();
        Assert.Contains(results, result => result.Failures > 0);
        Assert.Contains(results, result => result.PathChanges > 0);
        Assert.Contains(results, result => result.LargestDatagram > 1200);
        Assert.Contains(results, result => result.LargestDatagram <= 1200);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void The_same_seed_is_the_same_run(ulong seed) => Assert.Equal(ConnectionSimulation.Run(seed), ConnectionSimulation.Run(seed));
}
