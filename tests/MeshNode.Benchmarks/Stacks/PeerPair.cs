using System.Collections.Concurrent;

namespace MeshNode.Benchmarks.Stacks;

/// <summary>Two processes of a stack, the way their signals take, and what one can let them do.</summary>
internal sealed class PeerPair : IAsyncDisposable
{
    /// <summary>More than any source gets rid of.</summary>
    private const long Endless = long.MaxValue >> 12;

    private static readonly TimeSpan SetupLimit = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(20);

    private readonly ConcurrentDictionary<long, double> _offeredAt = new();
    private long _lastId;

    /// <param name="stack">Of both.</param>
    /// <param name="rewrite">Changes a signal on its way, or holds it back with null; from the offerer when true.</param>
    public PeerPair(PeerStack stack, Func<bool, PeerLine, string?>? rewrite = null)
    {
        Stack = stack;
        Answerer = new PeerProcess(stack, isClient: false);
        Offerer = new PeerProcess(stack, isClient: true);
        Offerer.Signal = line =>
        {
            if (line.Has("at"))
            {
                _offeredAt[line.Id] = line.At;
            }

            Pass(true, line, Answerer);
        };
        Answerer.Signal = line => Pass(false, line, Offerer);
        Offerer.Start();
        Answerer.Start();

        void Pass(bool isOfferer, PeerLine line, PeerProcess to)
        {
            if ((rewrite is null ? line.ToString() : rewrite(isOfferer, line)) is { } text)
            {
                to.Send(text);
            }
        }
    }

    public PeerStack Stack { get; }

    public PeerProcess Offerer { get; }

    public PeerProcess Answerer { get; }

    /// <summary>Its processes are better not used again.</summary>
    public bool IsSpent { get; private set; }

    public long NextId() => Interlocked.Increment(ref _lastId);

    /// <summary>Makes a connection and waits until it is open at both ends.</summary>
    /// <returns>Milliseconds from making the offer to the channel's opening at the far side.</returns>
    public async Task<double> ConnectAsync(long id, CancellationToken cancellation)
    {
        Offerer.Send($$"""{"offer":1,"id":{{id}}}""");
        var near = OpenAsync(Offerer, id, "d", cancellation);
        var far = await OpenAsync(Answerer, id, "d", cancellation).ConfigureAwait(false);
        await near.ConfigureAwait(false);
        return (far.At - _offeredAt[id]) / 1000;
    }

    public static Task<PeerLine> OpenAsync(PeerProcess end, long id, string label, CancellationToken cancellation) => end.WaitAsync(
        "that the channel is open", line => line.Id == id && line.Has("open") && line.ChannelLabel == label, SetupLimit, cancellation);

    public async Task CloseAsync(long id, CancellationToken cancellation)
    {
        Offerer.Send($$"""{"close":1,"id":{{id}}}""");
        Answerer.Send($$"""{"close":1,"id":{{id}}}""");
        await WaitAsync(Offerer, id, "closed", null, cancellation).ConfigureAwait(false);
        await WaitAsync(Answerer, id, "closed", null, cancellation).ConfigureAwait(false);
    }

    /// <summary>Ends a connection that may be full of data.</summary>
    public async Task StopAsync(long id, CancellationToken cancellation)
    {
        Offerer.Send($$"""{"stop":1,"id":{{id}}}""");
        Answerer.Send($$"""{"stop":1,"id":{{id}}}""");
        if (Stack.CrashesWhenBusy)
        {
            IsSpent = true;
            return;
        }

        await CloseAsync(id, cancellation).ConfigureAwait(false);
    }

    /// <summary>Lets one end send to the other until it is stopped.</summary>
    public static async Task StreamAsync(PeerProcess from, PeerProcess to, long id, int size, CancellationToken cancellation, string more = "")
    {
        to.Send($$"""{"mode":"sink","bytes":{{Endless}},"id":{{id}}}""");
        await WaitAsync(to, id, "ok", "sink", cancellation).ConfigureAwait(false);
        from.Send($$"""{"mode":"source","bytes":{{Endless}},"size":{{size}},"id":{{id}}{{more}}}""");
        await WaitAsync(from, id, "ok", "source", cancellation).ConfigureAwait(false);
    }

    /// <summary>How far a mode is.</summary>
    public static async Task<PeerLine> SampleAsync(PeerProcess end, long id, string mode, CancellationToken cancellation)
    {
        end.Send($$"""{"sample":1,"id":{{id}}}""");
        return await WaitAsync(end, id, "sample", mode, cancellation).ConfigureAwait(false);
    }

    /// <summary>Messages there and back, one at a time.</summary>
    public async Task<PeerLine> PingAsync(long id, int count, int size, CancellationToken cancellation)
    {
        Answerer.Send($$"""{"mode":"echo","id":{{id}}}""");
        await WaitAsync(Answerer, id, "ok", "echo", cancellation).ConfigureAwait(false);
        Offerer.Send($$"""{"mode":"ping","count":{{count}},"size":{{size}},"id":{{id}}}""");
        return await WaitAsync(Offerer, id, "done", "ping", cancellation).ConfigureAwait(false);
    }

    public static Task<PeerLine> WaitAsync(PeerProcess end, long id, string what, string? mode, CancellationToken cancellation, TimeSpan? limit = null) =>
        end.WaitAsync(
            $"{what}{(mode is null ? "" : $" of {mode}")}",
            line => line.Id == id && line.Has(what) && (mode is null || line.Mode == mode),
            limit ?? AnswerLimit,
            cancellation);

    public async ValueTask DisposeAsync()
    {
        await Offerer.DisposeAsync().ConfigureAwait(false);
        await Answerer.DisposeAsync().ConfigureAwait(false);
    }
}
