using System.Collections.Concurrent;
using System.Globalization;
using System.Text;

namespace MeshNode.Interop.Tests.Pairs;

/// <summary>What came of each claim about each pair, as a table whose lines <c>tests/run.sh</c> shows. Safe for several threads.</summary>
internal sealed class InteropMatrix
{
    public const string Mark = "[interop]";
    private const int PairWidth = 34;
    private const int CellWidth = 10;

    private readonly ConcurrentDictionary<(Claim Claim, string Offerer, string Answerer), bool> _outcomes = [];

    public void Record(Claim claim, string offerer, string answerer, bool holds) => _outcomes[(claim, offerer, answerer)] = holds;

    /// <summary>
    /// A row for each pair, a column for each claim: "ok", "FAIL", "-" when it was not run, "part" when it holds in the one direction
    /// that is claimed and "n/a" when none is, with the numbers of the reasons below the table.
    /// </summary>
    public override string ToString()
    {
        List<string> reasons = [];
        var text = new StringBuilder();
        var claims = Enum.GetValues<Claim>();
        AppendLine(text, "offerer -> answerer", claims.Select(claim => claim.ToString().ToLowerInvariant()));
        foreach (var (offerer, answerer) in PairKind.All)
        {
            AppendLine(text, $"{offerer} -> {answerer}", claims.Select(claim => Cell(claim, offerer, answerer, reasons)));
        }

        for (var index = 0; index < reasons.Count; index++)
        {
            text.Append(CultureInfo.InvariantCulture, $"{Mark} {index + 1}: {reasons[index]}\n");
        }

        return text.ToString();
    }

    private static void AppendLine(StringBuilder text, string pair, IEnumerable<string> cells) =>
        text.Append(Mark).Append(' ').Append(pair.PadRight(PairWidth)).Append(string.Concat(cells.Select(cell => cell.PadRight(CellWidth))).TrimEnd()).Append('\n');

    private string Cell(Claim claim, string offerer, string answerer, List<string> reasons)
    {
        var numbers = string.Join(',', KnownLimits.Reasons(claim, offerer, answerer).Select(reason => Number(reason, reasons)));
        if (!KnownLimits.Ways(claim, offerer, answerer).Any())
        {
            return $"n/a {numbers}";
        }

        var outcome = _outcomes.TryGetValue((claim, offerer, answerer), out var holds) ? (holds ? "ok" : "FAIL") : "-";
        return numbers.Length == 0 ? outcome : outcome == "ok" ? $"part {numbers}" : outcome;
    }

    private static int Number(string reason, List<string> reasons)
    {
        if (!reasons.Contains(reason))
        {
            reasons.Add(reason);
        }

        return reasons.IndexOf(reason) + 1;
    }
}
