namespace MeshNode.Benchmarks.Reporting;

/// <summary>One number. What follows the unit is null where there is nothing to compare with.</summary>
/// <param name="Case">What was measured.</param>
/// <param name="Value">How much.</param>
/// <param name="Unit">Of what.</param>
/// <param name="Against">What it is compared with.</param>
/// <param name="Ratio">Value by that one's value.</param>
/// <param name="Goal">What the ratio or value shall be, in words.</param>
/// <param name="Holds">Whether it is.</param>
/// <param name="Lowest">Of the rounds whose median the value is.</param>
/// <param name="Highest">Of the same.</param>
internal sealed record ResultRow(
    string Case,
    double Value,
    string Unit,
    string? Against = null,
    double? Ratio = null,
    string? Goal = null,
    bool? Holds = null,
    double? Lowest = null,
    double? Highest = null);
