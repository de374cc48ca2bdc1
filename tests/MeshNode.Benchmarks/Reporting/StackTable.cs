using System.Globalization;

namespace MeshNode.Benchmarks.Reporting;

/// <summary>Stacks beside each other, as aligned text.</summary>
internal static class StackTable
{
    public static void Write(TextWriter output, IReadOnlyList<StackRow> rows, IReadOnlyList<string> stacks)
    {
        var lines = new List<string[]> { Head(rows, stacks) };
        lines.AddRange(rows.Select(row => Line(row, stacks, RatioColumns(rows, stacks))));
        var widths = Enumerable.Range(0, lines[0].Length).Select(column => lines.Max(line => line[column].Length)).ToArray();
        foreach (var line in lines)
        {
            output.WriteLine(string.Join("  ", line.Select((cell, column) =>
                column == 0 || column >= 2 + stacks.Count ? cell.PadRight(widths[column]) : cell.PadLeft(widths[column]))).TrimEnd());
        }

        foreach (var (stack, row, cell) in
            from row in rows from stack in row.Stacks where stack.Value.Failure is not null select (stack.Key, row, stack.Value))
        {
            output.WriteLine($"  {stack}, {row.Case}: {cell.Failures} of {cell.Failures + cell.Rounds.Count} rounds gave nothing: {cell.Failure}");
        }
    }

    private static string[] RatioColumns(IReadOnlyList<StackRow> rows, IReadOnlyList<string> stacks) =>
        [.. stacks.Where(stack => rows.Any(row => row.Ratios.ContainsKey(stack)))];

    private static string[] Head(IReadOnlyList<StackRow> rows, IReadOnlyList<string> stacks) =>
        ["", "", .. stacks, .. RatioColumns(rows, stacks).Select(stack => $"/ {stack}"), "goal"];

    private static string[] Line(StackRow row, IReadOnlyList<string> stacks, string[] ratios) =>
    [
        row.Case,
        row.Unit,
        .. stacks.Select(stack => Format(row.Stacks.GetValueOrDefault(stack))),
        .. ratios.Select(stack => row.Ratios.TryGetValue(stack, out var ratio) ? $"{Format(ratio)} x" : ""),
        row.Goal is null ? "" : $"{row.Goal}: {row.Met switch { true => "met", false => "MISSED", null => "not comparable" }}",
    ];

    private static string Format(StackCell? cell) => cell switch
    {
        null => "-",
        { Median: null } => cell.Failure!.StartsWith("timed out", StringComparison.Ordinal) ? "timed out" : "failed",
        { Rounds.Count: 1 } => Format(cell.Median.Value),
        _ => $"{Format(cell.Median.Value)} [{Format(cell.Lowest!.Value)} .. {Format(cell.Highest!.Value)}]",
    };

    private static string Format(double value) => value.ToString(
        Math.Abs(value) switch { >= 100 => "#,0", >= 10 => "0.0", _ => "0.00" }, CultureInfo.InvariantCulture);
}
