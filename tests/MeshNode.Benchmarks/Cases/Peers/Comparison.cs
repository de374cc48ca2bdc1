using MeshNode.Benchmarks.Reporting;
using MeshNode.Benchmarks.Stacks;

namespace MeshNode.Benchmarks.Cases.Peers;

/// <summary>Collects what rounds gave, by stack and figure, and makes the table's rows of it.</summary>
internal sealed class Comparison
{
    private readonly List<PeersMetric> _metrics = []; // in the order of their first values
    private readonly Dictionary<(string Stack, PeersMetric Metric), List<double>> _values = [];
    private readonly Dictionary<(string Stack, string Case), List<string>> _failures = [];
    private readonly Dictionary<PeersMetric, string> _cases = [];

    public void Add(string stack, string caseName, IReadOnlyList<(PeersMetric Metric, double Value)> values)
    {
        foreach (var (metric, value) in values)
        {
            if (_cases.TryAdd(metric, caseName))
            {
                _metrics.Add(metric);
            }

            if (!_values.TryGetValue((stack, metric), out var list))
            {
                _values.Add((stack, metric), list = []);
            }

            list.Add(value);
        }
    }

    public void Fail(string stack, string caseName, string reason)
    {
        if (!_failures.TryGetValue((stack, caseName), out var list))
        {
            _failures.Add((stack, caseName), list = []);
        }

        list.Add(reason);
    }

    /// <summary>Cases of which no stack gave a value have no rows; their failures are told apart.</summary>
    public IReadOnlyList<StackRow> Rows(IReadOnlyList<string> stacks) => [.. _metrics.Select(metric => Row(metric, stacks))];

    public IEnumerable<string> Fruitless() =>
        from failure in _failures
        where !_cases.ContainsValue(failure.Key.Case)
        select $"{failure.Key.Case}, {failure.Key.Stack}: {failure.Value[^1]}";

    private StackRow Row(PeersMetric metric, IReadOnlyList<string> stacks)
    {
        var cells = new Dictionary<string, StackCell>();
        foreach (var stack in stacks)
        {
            var values = _values.GetValueOrDefault((stack, metric)) ?? [];
            var failures = _failures.GetValueOrDefault((stack, _cases[metric])) ?? [];
            if (values.Count + failures.Count > 0)
            {
                cells.Add(stack, StackCell.Of(values, failures));
            }
        }

        var ours = cells.GetValueOrDefault(PeerStack.MeshNode)?.Median;
        var ratios = cells
            .Where(cell => cell.Key != PeerStack.MeshNode && ours is not null && cell.Value.Median > 0)
            .ToDictionary(cell => cell.Key, cell => ours!.Value / cell.Value.Median!.Value);
        var rival = cells.GetValueOrDefault(PeerStack.LibDataChannel) is { Median: { } median, Highest: { } highest }
            ? new PeersMetric.Rival(median, highest) : null;
        bool? isMet = ours is null ? null : metric.IsMet?.Invoke(ours.Value, rival);
        return new StackRow(metric.Name, metric.Unit, cells, ratios, metric.Goal, isMet);
    }
}
