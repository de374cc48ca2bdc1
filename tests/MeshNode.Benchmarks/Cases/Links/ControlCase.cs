using MeshNode.Benchmarks.Cases.Peers;
using MeshNode.Benchmarks.Links;
using MeshNode.Benchmarks.Stacks;

namespace MeshNode.Benchmarks.Cases.Links;

/// <summary>Short messages on one channel while another of the same connection sends all it can: how long they are under way.</summary>
/// <param name="name">For <c>--cases</c>.</param>
/// <param name="settings">The link.</param>
/// <param name="what">In the table.</param>
/// <param name="ahead">Bytes that the other channel keeps waiting, towards a far side without I-DATA; null for the most, and with it.</param>
/// <param name="rampUp">Of the other channel.</param>
/// <param name="count">Messages that count, one each 20 ms.</param>
internal sealed class ControlCase(string name, LinkSettings settings, string what, int? ahead, TimeSpan rampUp, int count) : LinkCase(name, settings)
{
    private const string Label = "control";
    private const int Every = 20; // ms
    private const int HighPriority = 1024;

    private readonly PeersMetric _p50 = new($"{what}, p50", "ms");
    private readonly PeersMetric _p99 = PeersMetric.Below($"{what}, p99", "ms", (2 * settings.Delay.TotalMilliseconds) + 20);
    private readonly PeersMetric _worst = new($"{what}, worst", "ms");
    private readonly PeersMetric _goodput = new($"{what}, the file meanwhile", "Mbit/s");

    public override bool Interleaving => ahead is null;

    public override async Task<IReadOnlyList<(PeersMetric Metric, double Value)>> RunAsync(LinkedPair link, CancellationToken cancellation)
    {
        var pair = link.Pair;
        var id = pair.NextId();
        await pair.ConnectAsync(id, cancellation).ConfigureAwait(false);
        pair.Offerer.Send($$"""{"create":"{{Label}}","priority":{{HighPriority}},"id":{{id}}}""");
        await PeerPair.OpenAsync(pair.Answerer, id, Label, cancellation).ConfigureAwait(false);
        await PeerPair.StreamAsync(
            pair.Offerer, pair.Answerer, id, MessageSize, cancellation, ahead is null ? "" : $",\"ahead\":{ahead}").ConfigureAwait(false);
        await PassAsync(rampUp, cancellation).ConfigureAwait(false);
        var before = await PeerPair.SampleAsync(pair.Answerer, id, "sink", cancellation).ConfigureAwait(false);
        pair.Answerer.Send($$"""{"mode":"late","count":{{count}},"channel":"{{Label}}","id":{{id}}}""");
        await PeerPair.WaitAsync(pair.Answerer, id, "ok", "late", cancellation).ConfigureAwait(false);
        pair.Offerer.Send($$"""{"mode":"stamp","count":{{count}},"size":64,"every":{{Every}},"channel":"{{Label}}","id":{{id}}}""");
        var limit = TimeSpan.FromMilliseconds(count * Every) + TimeSpan.FromSeconds(8);
        var late = await PeerPair.WaitAsync(pair.Answerer, id, "done", "late", cancellation, limit).ConfigureAwait(false);
        var after = await PeerPair.SampleAsync(pair.Answerer, id, "sink", cancellation).ConfigureAwait(false);
        return
        [
            (_p50, late.P50 / 1000),
            (_p99, late.P99 / 1000),
            (_worst, late.Worst / 1000),
            (_goodput, (after.Bytes - before.Bytes) * 8 / (after.At - before.At)),
        ];
    }
}
