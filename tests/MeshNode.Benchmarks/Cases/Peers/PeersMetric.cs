namespace MeshNode.Benchmarks.Cases.Peers;

/// <summary>A row of the comparison and what is demanded of ours.</summary>
/// <param name="Name">What was measured.</param>
/// <param name="Unit">Of what.</param>
/// <param name="Goal">What shall be, in words; null when nothing is.</param>
/// <param name="IsMet">Ours and libdatachannel's median and best round; the latter are null where it was not measured.</param>
internal sealed record PeersMetric(string Name, string Unit, string? Goal = null, Func<double, PeersMetric.Rival?, bool?>? IsMet = null)
{
    /// <summary>A ratio to libdatachannel's median of at least so much.</summary>
    public static PeersMetric AtLeast(string name, string unit, double ratio) =>
        new(name, unit, $">= {ratio:0.##} x libdatachannel", (ours, rival) => rival is null ? null : ours >= ratio * rival.Median);

    /// <summary>A ratio to libdatachannel's median of at most so much.</summary>
    public static PeersMetric AtMost(string name, string unit, double ratio) =>
        new(name, unit, $"<= {ratio:0.##} x libdatachannel", (ours, rival) => rival is null ? null : ours <= ratio * rival.Median);

    /// <summary>A limit of its own.</summary>
    public static PeersMetric Below(string name, string unit, double limit) =>
        new(name, unit, $"<= {limit:0.##} {unit}", (ours, _) => ours <= limit);

    /// <param name="Median">Of its rounds.</param>
    /// <param name="Highest">Of its rounds.</param>
    internal sealed record Rival(double Median, double Highest);
}
