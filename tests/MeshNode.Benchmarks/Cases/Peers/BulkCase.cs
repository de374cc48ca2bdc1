using MeshNode.Benchmarks.Stacks;

namespace MeshNode.Benchmarks.Cases.Peers;

/// <summary>Messages of one size over one ordered reliable channel as fast as they go, in one direction or in both at once.</summary>
internal sealed class BulkCase : PeersCase
{
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(1);

    private readonly int _size;
    private readonly bool _both;
    private readonly TimeSpan _duration;
    private readonly PeersMetric _bytes;
    private readonly PeersMetric _messages;
    private readonly PeersMetric _cpu;

    public BulkCase(string name, int size, bool both, TimeSpan duration, double? bytesGoal, double? messagesGoal, double? cpuGoal)
        : base(name)
    {
        (_size, _both, _duration) = (size, both, duration);
        var what = (size >= 1024 ? $"{size / 1024} KiB" : $"{size} B") + (both ? ", both directions" : "");
        _bytes = bytesGoal is { } bytes ? PeersMetric.AtLeast(what, "MB/s", bytes) : new(what, "MB/s");
        _messages = messagesGoal is { } messages ? PeersMetric.AtLeast($"{what}, messages", "1/s", messages) : new($"{what}, messages", "1/s");
        _cpu = cpuGoal is { } cpu ? PeersMetric.AtMost($"{what}, CPU of both ends", "s/GB", cpu) : new($"{what}, CPU of both ends", "s/GB");
    }

    public override async Task<IReadOnlyList<(PeersMetric Metric, double Value)>> RunAsync(PeerPair pair, CancellationToken cancellation)
    {
        var id = pair.NextId();
        await pair.ConnectAsync(id, cancellation).ConfigureAwait(false);
        await PeerPair.StreamAsync(pair.Offerer, pair.Answerer, id, _size, cancellation).ConfigureAwait(false);
        if (_both)
        {
            await PeerPair.StreamAsync(pair.Answerer, pair.Offerer, id, _size, cancellation).ConfigureAwait(false);
        }

        await PassAsync(WarmUp, cancellation).ConfigureAwait(false);
        var before = await SampleAsync(pair, id, cancellation).ConfigureAwait(false);
        await PassAsync(_duration, cancellation).ConfigureAwait(false);
        var after = await SampleAsync(pair, id, cancellation).ConfigureAwait(false);
        await pair.StopAsync(id, cancellation).ConfigureAwait(false);
        var bytes = after.Far.Bytes - before.Far.Bytes;
        var rate = bytes / (after.Far.At - before.Far.At); // bytes/us = MB/s
        if (_both)
        {
            var back = after.Near.Bytes - before.Near.Bytes;
            rate += back / (after.Near.At - before.Near.At);
            bytes += back;
        }

        var cpu = after.Far.Cpu - before.Far.Cpu + after.Near.Cpu - before.Near.Cpu;
        return [(_bytes, rate), (_messages, rate * 1e6 / _size), (_cpu, cpu / (bytes / 1e9))];
    }

    private async Task<(PeerLine Near, PeerLine Far)> SampleAsync(PeerPair pair, long id, CancellationToken cancellation)
    {
        var far = PeerPair.SampleAsync(pair.Answerer, id, "sink", cancellation);
        var near = await PeerPair.SampleAsync(pair.Offerer, id, _both ? "sink" : "source", cancellation).ConfigureAwait(false);
        return (near, await far.ConfigureAwait(false));
    }
}
