using System.Globalization;

namespace MeshNode.Benchmarks.Reporting;

/// <summary>Rows as aligned text.</summary>
internal static class ResultTable
{
    public static void Write(TextWriter output, IReadOnlyList<ResultRow> rows)
    {
        var width = rows.Count == 0 ? 0 : rows.Max(row => row.Case.Length);
        foreach (var row in rows)
        {
            var line = $"{row.Case.PadRight(width)}  {Format(row.Value),12} {row.Unit}";
            if (row is { Lowest: { } lowest, Highest: { } highest })
            {
                line += $"  [{Format(lowest)} .. {Format(highest)}]";
            }

            if (row.Against is not null)
            {
                line += $"   {row.Ratio:0.00} x {row.Against}";
            }

            if (row.Goal is not null)
            {
                line += $"   goal {row.Goal}: {(row.Holds == true ? "holds" : "missed")}";
            }

            output.WriteLine(line);
        }
    }

    private static string Format(double value) =>
        value.ToString(Math.Abs(value) >= 100 ? "#,0" : "0.00", CultureInfo.InvariantCulture);
}
