namespace MeshNode.Benchmarks.Reporting;

/// <summary>One figure of every stack.</summary>
/// <param name="Case">What was measured.</param>
/// <param name="Unit">Of what.</param>
/// <param name="Stacks">By their names.</param>
/// <param name="Ratios">Our median by that of the stack of this name.</param>
/// <param name="Goal">What is demanded of ours, in words; null when nothing is.</param>
/// <param name="Met">Whether it is; null where what it is compared with is missing.</param>
internal sealed record StackRow(
    string Case,
    string Unit,
    IReadOnlyDictionary<string, StackCell> Stacks,
    IReadOnlyDictionary<string, double> Ratios,
    string? Goal,
    bool? Met);
