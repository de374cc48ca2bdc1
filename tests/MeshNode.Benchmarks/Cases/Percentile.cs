namespace MeshNode.Benchmarks.Cases;

internal static class Percentile
{
    /// <param name="samples">One or more, in any order.</param>
    /// <param name="fraction">0 to 1.</param>
    public static double Of(IReadOnlyCollection<double> samples, double fraction)
    {
        var sorted = samples.Order().ToArray();
        return sorted[Math.Min((int)(fraction * sorted.Length), sorted.Length - 1)];
    }
}
