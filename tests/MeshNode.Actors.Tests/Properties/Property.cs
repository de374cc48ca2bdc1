using MeshNode.SimNet;
using Xunit.Sdk;

namespace MeshNode.Actors.Tests.Properties;

/// <summary>Runs a claim for many seeds; what fails names its seed, and MESHNODE_SEED runs that one alone.</summary>
internal static class Property
{
    private const int Full = 20_000;
    private const int Plain = 2_000;

    private static void Check(Action<int> claim, int seed)
    {
        _ = PermutedSystem.TakeLeftActorsBehind();
        claim(seed);
        Assert.False(PermutedSystem.TakeLeftActorsBehind(), "The system did not terminate: an actor did not stop.");
    }

    public static void Holds(string name, Action<int> claim)
    {
        if (int.TryParse(Environment.GetEnvironmentVariable("MESHNODE_SEED"), out var only))
        {
            Check(claim, only);
            return;
        }

        var seeds = TestScale.Count(name, Full, Plain);
        for (var seed = 0; seed < seeds; seed++)
        {
            try
            {
                Check(claim, seed);
            }
            catch (Exception e)
            {
                throw new XunitException($"{name}: seed {seed} (MESHNODE_SEED={seed} runs it alone): {e.Message}", e);
            }
        }
    }
}
