namespace MeshNode.Benchmarks.Reporting;

/// <summary>What one stack showed.</summary>
/// <param name="Median">Of its rounds; null when none gave a value.</param>
/// <param name="Lowest">Of its rounds.</param>
/// <param name="Highest">Of its rounds.</param>
/// <param name="Rounds">Each value, in the order of the rounds.</param>
/// <param name="Failures">Rounds that gave none.</param>
/// <param name="Failure">Why the last of them did not.</param>
internal sealed record StackCell(double? Median, double? Lowest, double? Highest, IReadOnlyList<double> Rounds, int Failures, string? Failure)
{
    public static StackCell Of(IReadOnlyList<double> rounds, IReadOnlyList<string> failures)
    {
        var sorted = rounds.Order().ToArray();
        double? median = sorted.Length == 0 ? null
            : sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[(sorted.Length / 2) - 1] + sorted[sorted.Length / 2]) / 2;
        return new StackCell(
            median, median is null ? null : sorted[0], median is null ? null : sorted[^1], rounds, failures.Count, failures.Count > 0 ? failures[^1] : null);
    }
}
