using System.Collections.Concurrent;
using System.Threading.Channels;
using MeshNode.Interop.Tests.Peers;

namespace MeshNode.Interop.Tests.Pairs;

/// <summary>Two peers and the signalling between them, in order, filtered to loopback and led over a relay where there is one.</summary>
public sealed class PeerPair : IAsyncDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly List<Channel<PeerSignal>> _lines = [];
    private readonly List<Task> _pumps = [];
    private readonly UdpRelay? _relay;

    public PeerPair(IRemotePeer offerer, IRemotePeer answerer, UdpRelay? relay = null)
    {
        (Offerer, Answerer, _relay) = (offerer, answerer, relay);
        Connect(offerer, answerer);
        Connect(answerer, offerer);
    }

    public IRemotePeer Offerer { get; }

    public IRemotePeer Answerer { get; }

    public IEnumerable<(IRemotePeer Sender, IRemotePeer Receiver)> BothWays => [(Offerer, Answerer), (Answerer, Offerer)];

    /// <summary>The last description of each peer, as the other one got it.</summary>
    public ConcurrentDictionary<IRemotePeer, DescriptionSignal> Descriptions { get; } = [];

    /// <summary>The directions in which <paramref name="claim"/> is made of these stacks: who acts, and upon whom.</summary>
    public IEnumerable<(IRemotePeer Actor, IRemotePeer Other)> Ways(Claim claim) =>
        BothWays.Where(way => KnownLimits.Of(claim, way.Sender.Stack, way.Receiver.Stack) is null);

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

    /// <summary>Lets <paramref name="restarter"/> restart ICE; returns when both sides have signalled new credentials.</summary>
    public async Task RestartIceAsync(IRemotePeer restarter)
    {
        var before = Descriptions.ToDictionary(description => description.Key, description => description.Value.UsernameFragment);
        foreach (var peer in before.Keys)
        {
            peer.Events.TakeAll(reported => reported.Event == "description");
        }

        await restarter.RestartIceAsync();
        foreach (var (peer, fragment) in before)
        {
            await TakeAsync(peer, "new ICE credentials", reported => reported.Event == "description" && reported.Message != fragment);
        }
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
            foreach (var ours in new[] { peer, other }.OfType<MeshNodePeer>())
            {
                await ours.NoteStatisticsAsync();
            }

            throw new TimeoutException($"{timeout.Message.Split(Environment.NewLine)[0]}{Environment.NewLine}{peer.Events}{Environment.NewLine}{other.Events}");
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
        if (_relay is not null)
        {
            await _relay.DisposeAsync();
        }
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

    private void Connect(IRemotePeer from, IRemotePeer to)
    {
        var line = Channel.CreateUnbounded<PeerSignal>();
        _lines.Add(line);
        from.Signaled = signal =>
        {
            if (LoopbackFilter.Apply(signal) is { } passed && (_relay is null ? passed : _relay.Apply(passed)) is { } carried)
            {
                if (carried is DescriptionSignal description)
                {
                    Descriptions[from] = description;
                    from.Events.Add(new PeerEvent("description", Message: description.UsernameFragment));
                }

                line.Writer.TryWrite(carried);
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
