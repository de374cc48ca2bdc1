namespace MeshNode.SimNet;

/// <summary>
/// How much of a long count a run takes: <c>tests/run.sh</c> sets MESHNODE_TESTS to <c>fast</c>, <c>plain</c> or <c>soak</c>.
/// A soak takes every count in full, a plain run the fraction that stands at the call, a fast run a tenth of that.
/// </summary>
public static class TestScale
{
    private static readonly string Mode = Environment.GetEnvironmentVariable("MESHNODE_TESTS") ?? "plain";

    public static bool IsSoak => Mode == "soak";

    /// <summary>The count to run now; printed, so that a report never hides how much was tested.</summary>
    /// <param name="name">What is counted.</param>
    /// <param name="full">The count that the issue names, which a soak runs.</param>
    /// <param name="plain">The fixed part of it that a plain run takes.</param>
    public static int Count(string name, int full, int plain)
    {
        var count = Mode switch
        {
            "soak" => full,
            "fast" => Math.Max(1, plain / 10),
            _ => plain,
        };
        Console.WriteLine($"[scale] {name}: {count:N0} of {full:N0} ({Mode})");
        return count;
    }
}
