using System.Globalization;
using MeshNode.Benchmarks.Reporting;

namespace MeshNode.Benchmarks.Cases.Actors;

/// <summary>What a case measures, what it shall be, and what another library showed elsewhere.</summary>
/// <param name="Name">Of the row.</param>
/// <param name="Unit">Of the value.</param>
/// <param name="AtLeast">The goal where more is better; null for none.</param>
/// <param name="AtMost">The goal where less is better; null for none.</param>
/// <param name="Quoted">Akka.NET 1.5 on such a machine, as text, from another run that is quoted and not repeated here.</param>
/// <param name="QuotedValue">The figure in it that the ratio is made with: the better one of a range.</param>
internal sealed record Metric(
    string Name, string Unit, double? AtLeast = null, double? AtMost = null, string? Quoted = null, double? QuotedValue = null)
{
    /// <summary>Median and range of the rounds' values as a row.</summary>
    public ResultRow Summarize(IReadOnlyCollection<double> values)
    {
        var median = Percentile.Of(values, 0.5);
        return new ResultRow(
            Name,
            median,
            Unit,
            Quoted is null ? null : $"Akka.NET 1.5 ({Quoted}, quoted)",
            QuotedValue is { } quoted and not 0 ? median / quoted : null,
            AtLeast is { } least ? $">= {Text(least)}" : AtMost is { } most ? $"<= {Text(most)}" : null,
            AtLeast is { } low ? median >= low : AtMost is { } high ? median <= high : null,
            values.Min(),
            values.Max());
    }

    private static string Text(double value) => value.ToString("#,0.##", CultureInfo.InvariantCulture);
}
