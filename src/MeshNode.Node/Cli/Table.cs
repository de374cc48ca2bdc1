namespace MeshNode.Node.Cli;

/// <summary>Columns for people, as wide as their widest cell.</summary>
internal static class Table
{
    public static void Write(TextWriter output, IReadOnlyList<string> header, IEnumerable<IReadOnlyList<string>> rows)
    {
        var all = rows.Prepend(header).ToList();
        var widths = header.Select((_, column) => all.Max(row => row[column].Length)).ToList();
        foreach (var row in all)
        {
            output.WriteLine(string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
        }
    }

    /// <summary>A round-trip time; a dash while unknown.</summary>
    public static string Milliseconds(double? value) => value is { } known ? FormattableString.Invariant($"{known:0.0} ms") : "-";
}
