using System.Globalization;

namespace MeshNode.SimNet.Simulation;

/// <summary>Which seeds a run takes: those of <see cref="TestScale"/>, or what <c>MESHNODE_SEED</c> says, to replay or to search further.</summary>
/// <param name="First">The first seed.</param>
/// <param name="Count">How many follow each other.</param>
public readonly record struct SeedRange(ulong First, int Count)
{
    /// <summary>Of the environment: <c>1234</c> is one seed, with a trace; <c>50000+20000</c> are 20,000 from 50,000 on.</summary>
    public const string Variable = "MESHNODE_SEED";

    /// <summary>One seed was asked for by name.</summary>
    public bool IsReplay => Count == 1;

    /// <param name="name">What is counted.</param>
    /// <param name="full">Seeds of a soak.</param>
    /// <param name="plain">Seeds of a plain run.</param>
    public static SeedRange Choose(string name, int full, int plain)
    {
        if (Environment.GetEnvironmentVariable(Variable) is not { Length: > 0 } text)
        {
            return new SeedRange(1, TestScale.Count(name, full, plain));
        }

        var parts = text.Split('+');
        var first = ulong.Parse(parts[0], CultureInfo.InvariantCulture);
        var count = parts.Length > 1 ? int.Parse(parts[1], CultureInfo.InvariantCulture) : 1;
        Console.WriteLine($"[scale] {name}: {count:N0} from seed {first} ({Variable})");
        return new SeedRange(first, count);
    }
}
