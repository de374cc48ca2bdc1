using MeshNode.Actors;
using MeshNode.Mesh.Identity;
using MeshNode.Mesh.Links;
using MeshNode.Mesh.Signaling;
using MeshNode.Rtc;

namespace MeshNode.Mesh.Routing;

/// <summary>Asks for what is known of the mesh; answered with <see cref="MeshTopology"/>.</summary>
internal sealed record GetTopology;

/// <summary>
/// Owns the links of this node and what adverts say of the others': floods adverts that are new, makes our own whenever
/// a link comes, goes or is measured anew, and sends each envelope to the next hop. A data channel is preferred to a
/// WebSocket.
/// </summary>
internal sealed class TopologyActor : ReceiveActor, IWithTimers
{
    private sealed record AdvertiseDue;

    private sealed record RenewalDue;

    private sealed class Link(LinkKind kind)
    {
        public LinkKind Kind { get; } = kind;

        public TimeSpan? RoundTrip { get; set; }
    }

    /// <summary>Changes within this time go out in one advert.</summary>
    private static readonly TimeSpan LinkChangeDelay = TimeSpan.FromMilliseconds(20);

    /// <summary>A round trip that changed is advertised no sooner than this.</summary>
    private static readonly TimeSpan MeasurementDelay = TimeSpan.FromSeconds(5);

    private readonly MeshContext _context;
    private readonly Topology _topology;
    private readonly SequenceSource _sequence;
    private readonly Dictionary<PeerId, Dictionary<IActorRef, Link>> _links = [];
    private readonly Dictionary<PeerId, TokenBucket> _budgets = [];
    private LinkAdvert _own;
    private MonotonicTime? _copyNoticed;

    public static Props Props(MeshContext context) => Actors.Props.Create(() => new TopologyActor(context));

    public TopologyActor(MeshContext context)
    {
        _context = context;
        _topology = new Topology(context.Identity.Id, context.Options.MaximumAdverts);
        _sequence = context.Identity.CreateSequenceSource();
        _own = CreateAdvert();

        Receive<LinkUp>(HandleLinkUp);
        Receive<LinkDown>(HandleLinkDown);
        Receive<LinkMeasured>(HandleLinkMeasured);
        Receive<AdvertReceived>(HandleAdvert);
        Receive<EnvelopeReceived>(message => _context.Signaling.Tell(message)); // behind the adverts that came before it
        Receive<RouteEnvelope>(HandleRoute);
        Receive<AdvertiseDue>(_ => Advertise());
        Receive<RenewalDue>(_ => Renew());
        Receive<GetTopology>(_ => Sender.Tell(Describe()));
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart() =>
        Timers.StartPeriodicTimer(nameof(RenewalDue), new RenewalDue(), _topology.Lifetime / 3);

    private void HandleLinkUp(LinkUp up)
    {
        if (!_links.TryGetValue(up.Peer, out var links))
        {
            _links.Add(up.Peer, links = []);
        }

        links[up.Link] = new Link(up.Kind);

        // The new neighbour learns all that we know, ourselves first, before any envelope of ours.
        Send(up.Link, _own);
        // Its own advert too: by that a node learns of a copy of itself that came before it.
        foreach (var advert in _topology.Adverts)
        {
            Send(up.Link, advert);
        }

        AdvertiseSoon(LinkChangeDelay);
    }

    private void HandleLinkDown(LinkDown down)
    {
        if (_links.TryGetValue(down.Peer, out var links) && links.Remove(down.Link))
        {
            if (links.Count == 0)
            {
                _links.Remove(down.Peer);
                _budgets.Remove(down.Peer);
                _context.Signaling.Tell(down);
            }

            AdvertiseSoon(LinkChangeDelay);
        }
    }

    private void HandleLinkMeasured(LinkMeasured measured)
    {
        if (_links.TryGetValue(measured.Peer, out var links) && links.TryGetValue(measured.Link, out var link))
        {
            var known = link.RoundTrip is not null;
            link.RoundTrip = measured.RoundTrip;
            if (!known || HasChanged(measured.Peer))
            {
                AdvertiseSoon(known ? MeasurementDelay : LinkChangeDelay);
            }
        }
    }

    private void HandleAdvert(AdvertReceived received)
    {
        if (!_budgets.TryGetValue(received.Neighbour, out var budget))
        {
            _budgets.Add(received.Neighbour, budget = new TokenBucket(_context.Options.NeighbourRate, _context.Options.NeighbourBurst));
        }

        if (!budget.TryTake(_context.Now) || !LinkAdvert.TryParse(received.Bytes, out var advert))
        {
            return;
        }

        switch (_topology.Apply(_context.Now, advert))
        {
            case AdvertResult.Applied:
                _context.Signaling.Tell(new RecordLearnt(advert.Id, advert.Bundle, advert.BootNonce));
                Flood(advert, received.Neighbour, Sender);
                break;
            case AdvertResult.OwnButNewer when _copyNoticed is not { } noticed || _context.Now - noticed > _topology.Lifetime:
                _copyNoticed = _context.Now;
                Context.GetLogger().Error("An advert in this node's name is newer than its own: do two nodes run with copies of one data directory?");
                break;
        }
    }

    private void HandleRoute(RouteEnvelope route)
    {
        if (_topology.TryGetNextHop(route.To, out var next) && BestLink(next) is { } link)
        {
            link.Tell(new SendLinkFrame(FrameKind.Envelope, route.Bytes), Sender);
        }
        else
        {
            Sender.Tell(new SignalFailed(route.To, "no way to the peer is known", route.Payload));
        }
    }

    private void AdvertiseSoon(TimeSpan delay)
    {
        _topology.SetNeighbours(Neighbours());
        if (delay == LinkChangeDelay || !Timers.IsTimerActive(nameof(AdvertiseDue)))
        {
            Timers.StartSingleTimer(nameof(AdvertiseDue), new AdvertiseDue(), delay);
        }
    }

    private void Advertise()
    {
        _own = CreateAdvert();
        Flood(_own, except: null, ActorRefs.NoSender);
    }

    private void Renew()
    {
        if (_topology.Expire(_context.Now))
        {
            _context.Signaling.Tell(new RecordsForgotten(_topology.Adverts.Select(advert => advert.Id).ToHashSet()));
        }

        Advertise();
    }

    private LinkAdvert CreateAdvert()
    {
        var neighbours = Neighbours();
        _topology.SetNeighbours(neighbours);
        var advert = LinkAdvert.Create(_context.Identity, PeerFlags.Node | PeerFlags.Relays, _sequence.Next(), _context.Name, neighbours);
        _topology.OwnSequence = advert.Sequence;
        return advert;
    }

    private List<Neighbour> Neighbours() =>
        [.. _links.Take(LinkAdvert.MaxNeighbours).Select(pair => Neighbour.From(pair.Key, RoundTrip(pair.Value)))];

    /// <summary>Whether a neighbour's round trip is more than a quarter and 5 ms away from what we last advertised.</summary>
    private bool HasChanged(PeerId peer)
    {
        var now = Neighbour.From(peer, RoundTrip(_links[peer])).RoundTripMilliseconds;
        foreach (var advertised in _own.Neighbours)
        {
            if (advertised.Id == peer)
            {
                return Math.Abs(now - advertised.RoundTripMilliseconds) > Math.Max(5, advertised.RoundTripMilliseconds / 4);
            }
        }

        return true;
    }

    private static TimeSpan? RoundTrip(Dictionary<IActorRef, Link> links) => links.Values.Min(link => link.RoundTrip);

    private IActorRef? BestLink(PeerId neighbour) =>
        _links.TryGetValue(neighbour, out var links) ? links.MaxBy(pair => pair.Value.Kind).Key : null;

    /// <param name="advert">Goes once to every neighbour.</param>
    /// <param name="except">Whoever brought it has it.</param>
    /// <param name="from">
    /// The link that brought it. Another link under its author's own id gets it: two nodes with one identity learn so
    /// of each other, and a single one skips it.
    /// </param>
    private void Flood(LinkAdvert advert, PeerId? except, IActorRef from)
    {
        foreach (var (neighbour, links) in _links)
        {
            if (neighbour == advert.Id)
            {
                foreach (var link in links.Keys.Where(link => !link.Equals(from)))
                {
                    Send(link, advert);
                }
            }
            else if (neighbour != except && BestLink(neighbour) is { } link)
            {
                Send(link, advert);
            }
        }
    }

    private static void Send(IActorRef link, LinkAdvert advert) => link.Tell(new SendLinkFrame(FrameKind.Advert, advert.Bytes));

    private MeshTopology Describe()
    {
        List<MeshTopologyNode> nodes = [new(_context.Identity.Id.ToString(), _context.Name, "node")];
        foreach (var advert in _topology.Adverts)
        {
            if (_topology.GetDistance(advert.Id) is not null)
            {
                nodes.Add(new(advert.Id.ToString(), advert.Name, advert.Flags.HasFlag(PeerFlags.Node) ? "node" : "peer"));
            }
        }

        return new(nodes, [.. _topology.GetLinks().Select(link => new MeshTopologyLink(link.From.ToString(), link.To.ToString(), link.RoundTripMilliseconds))]);
    }
}
