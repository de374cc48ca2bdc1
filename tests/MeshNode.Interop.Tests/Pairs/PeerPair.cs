using System.Threading.Channels;
using MeshNode.Interop.Tests.Peers;

namespace MeshNode.Interop.Tests.Pairs;

/// <summary>Two peers and the signalling between them, in order and filtered to loopback.</summary>
public sealed class PeerPair : IAsyncDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly List<Channel<PeerSignal>> _lines = [];
    private readonly List<Task> _pumps = [];

    public PeerPair(IRemotePeer offerer, IRemotePeer answerer)
    {
        (Offerer, Answerer) = (offerer, answerer);
        Relay(offerer, answerer);
        Relay(answerer, offerer);
    }

    public IRemotePeer Offerer { get; }

    public IRemotePeer Answerer { get; }

    public IEnumerable<(IRemotePeer Sender, IRemotePeer Receiver)> BothWays => [(Offerer, Answerer), (Answerer, Offerer)];

    /// <summary>
    /// Connects with <paramref name="plans"/>: negotiated channels are created at both ends, others announced by the offerer.
    /// Returns when both ends have opened every channel; each one's "open" event is given with its plan.
    /// </summary>
    public async Task<IReadOnlyList<(ChannelPlan Plan, PeerEvent AtOfferer, PeerEvent AtAnswerer)>> ConnectAsync(params IEnumerable<ChannelPlan> plans)
    {
        var wanted = plans.ToArray();
        foreach (var plan in wanted)
        {
            await CreateAsync(Offerer, plan);
        }

        await Offerer.OfferAsync();
        return await OpenedAsync(wanted);
    }

    /// <summary>Creates a channel on a connection that is up, announced by <paramref name="creator"/> unless negotiated.</summary>
    public async Task<(ChannelPlan Plan, PeerEvent AtOfferer, PeerEvent AtAnswerer)> AddChannelAsync(IRemotePeer creator, ChannelPlan plan)
    {
        await CreateAsync(creator, plan);
        return (await OpenedAsync([plan]))[0];
    }

    /// <summary>Takes an event of <paramref name="peer"/>; a failure shows what both ends reported.</summary>
    public async Task<PeerEvent> TakeAsync(IRemotePeer peer, string expected, Func<PeerEvent, bool> fits)
    {
        try
        {
            return await peer.Events.TakeAsync(expected, fits, Patience);
        }
        catch (TimeoutException timeout)
        {
            var other = ReferenceEquals(peer, Offerer) ? Answerer : Offerer;
            throw new TimeoutException($"{timeout.Message}{Environment.NewLine}{other.Events}", timeout);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var line in _lines)
        {
            line.Writer.TryComplete();
        }

        await Task.WhenAll(_pumps);
        await Offerer.DisposeAsync();
        await Answerer.DisposeAsync();
    }

    private async Task CreateAsync(IRemotePeer creator, ChannelPlan plan)
    {
        await creator.CreateChannelAsync(plan);
        if (plan.Negotiated)
        {
            await (ReferenceEquals(creator, Offerer) ? Answerer : Offerer).CreateChannelAsync(plan);
        }
    }

    private async Task<List<(ChannelPlan Plan, PeerEvent AtOfferer, PeerEvent AtAnswerer)>> OpenedAsync(IEnumerable<ChannelPlan> plans)
    {
        List<(ChannelPlan, PeerEvent, PeerEvent)> opened = [];
        foreach (var plan in plans)
        {
            bool IsOpen(PeerEvent reported) => reported.Event == "open" && reported.Label == plan.Label;
            opened.Add((
                plan,
                await TakeAsync(Offerer, $"channel {plan.Label} open", IsOpen),
                await TakeAsync(Answerer, $"channel {plan.Label} open", IsOpen)));
        }

        return opened;
    }

    private void Relay(IRemotePeer from, IRemotePeer to)
    {
        var line = Channel.CreateUnbounded<PeerSignal>();
        _lines.Add(line);
        from.Signaled = signal =>
        {
            if (LoopbackFilter.Apply(signal) is { } passed)
            {
                line.Writer.TryWrite(passed);
            }
        };
        _pumps.Add(PumpAsync(line.Reader, to));
    }

    private static async Task PumpAsync(ChannelReader<PeerSignal> signals, IRemotePeer to)
    {
        await foreach (var signal in signals.ReadAllAsync())
        {
            await to.AcceptAsync(signal);
        }
    }
}
