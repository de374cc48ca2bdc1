using MeshNode.SimNet;
using Xunit.Sdk;

namespace MeshNode.Actors.Tests.Properties;

/// <summary>Runs a claim for many seeds; what fails names its seed, and MESHNODE_SEED runs that one alone.</summary>
internal static class Property
{
    private const int Full = 20_000;
    private const int Plain = 2_000;

    public static void Holds(string name, Action<int> claim)
    {
        if (int.TryParse(Environment.GetEnvironmentVariable("MESHNODE_SEED"), out var only))
        {
            claim(only);
            return;
        }

        var seeds = TestScale.Count(name, Full, Plain);
        for (var seed = 0; seed < seeds; seed++)
        {
            try
            {
                claim(seed);
            }
            catch (Exception e)
            {
                throw new XunitException($"{name}: seed {seed} (MESHNODE_SEED={seed} runs it alone): {e.Message}", e);
            }
        }
    }
}
