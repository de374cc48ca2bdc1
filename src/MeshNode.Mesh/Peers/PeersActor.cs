using MeshNode.Actors;
using MeshNode.Mesh.Identity;
using MeshNode.Mesh.Signaling;

namespace MeshNode.Mesh.Peers;

/// <summary>Asks the registry for all snapshots; answered with a <c>PeerSnapshot[]</c>.</summary>
internal sealed record GetPeers;

/// <summary>A peer's actor has started, for the first time or again after a failure.</summary>
internal sealed record PeerStarted(PeerId Peer, IActorRef Actor);

/// <summary>
/// The registry: one <see cref="BackoffSupervisor"/> with one <see cref="PeerActor"/> for each peer. Remembers who is
/// wanted, so that a peer that failed and came back connects again, and each peer's last snapshot.
/// </summary>
internal sealed class PeersActor : ReceiveActor
{
    private sealed class Entry(IActorRef supervisor)
    {
        public IActorRef Supervisor { get; } = supervisor;

        public PeerSnapshot? Snapshot { get; set; }

        /// <summary>Somebody asked for the connection and nobody has ended it.</summary>
        public bool Wanted { get; set; }
    }

    private readonly MeshContext _context;
    private readonly Dictionary<PeerId, Entry> _peers = [];

    public static Props Props(MeshContext context) => Actors.Props.Create(() => new PeersActor(context));

    public PeersActor(MeshContext context)
    {
        _context = context;
        Receive<ConnectPeer>(message => Want(message.Peer)?.Supervisor.Forward(message));
        Receive<SendText>(HandleSendText);
        Receive<DisconnectPeer>(HandleDisconnect);
        Receive<SignalReceived>(message => Find(message.From)?.Supervisor.Forward(message));
        Receive<PeerRestarted>(message => _peers.GetValueOrDefault(message.Peer)?.Supervisor.Forward(message));
        Receive<PeerStarted>(HandleStarted);
        Receive<PeerSnapshot>(HandleSnapshot);
        Receive<GetPeers>(_ => Sender.Tell(_peers.Values.Select(entry => entry.Snapshot).OfType<PeerSnapshot>().ToArray()));
    }

    private void HandleSendText(SendText message)
    {
        if (message.Peer == _context.Identity.Id)
        {
            Sender.Tell(new DeliveryResult(false, "that is this node's own id", "direct", TimeSpan.Zero));
        }
        else if (Want(message.Peer) is { } entry)
        {
            entry.Supervisor.Forward(message);
        }
        else
        {
            Sender.Tell(new DeliveryResult(false, $"this node has {_peers.Count} peers, the most that it keeps", "direct", TimeSpan.Zero));
        }
    }

    private void HandleDisconnect(DisconnectPeer message)
    {
        if (_peers.TryGetValue(message.Peer, out var entry))
        {
            entry.Wanted = false;
            entry.Supervisor.Forward(message);
        }
    }

    private void HandleStarted(PeerStarted started)
    {
        if (_peers.TryGetValue(started.Peer, out var entry) && entry.Wanted && entry.Snapshot is not null)
        {
            started.Actor.Tell(new ConnectPeer(started.Peer)); // it had been started before
        }
    }

    private void HandleSnapshot(PeerSnapshot snapshot)
    {
        if (_peers.TryGetValue(snapshot.Peer, out var entry))
        {
            entry.Snapshot = snapshot;
            entry.Wanted = snapshot.State switch
            {
                PeerState.Connected => true,
                PeerState.Closed or PeerState.Failed => false,
                _ => entry.Wanted,
            };
        }
    }

    private Entry? Want(PeerId peer)
    {
        var entry = Find(peer);
        entry?.Wanted = true;
        return entry;
    }

    /// <summary>The peer's entry, made if need be; null when it is ourselves or the registry is full of live peers.</summary>
    private Entry? Find(PeerId peer)
    {
        if (_peers.TryGetValue(peer, out var entry) || peer == _context.Identity.Id || !MakeRoom())
        {
            return entry;
        }

        var options = _context.Options;
        var supervisor = Context.ActorOf(
            BackoffSupervisor.Props(Backoff.OnFailure(
                PeerActor.Props(peer, _context), "peer", options.FailureBackoffMinimum, options.FailureBackoffMaximum, randomFactor: 0.2, maxNrOfRetries: -1)),
            peer.ToString());
        entry = new Entry(supervisor);
        _peers.Add(peer, entry);
        return entry;
    }

    /// <summary>Forgets a peer that is closed or failed when there are too many.</summary>
    private bool MakeRoom()
    {
        if (_peers.Count < _context.Options.MaximumPeers)
        {
            return true;
        }

        foreach (var (peer, entry) in _peers)
        {
            if (entry.Snapshot?.State is PeerState.Closed or PeerState.Failed)
            {
                Context.Stop(entry.Supervisor);
                _peers.Remove(peer);
                return true;
            }
        }

        return false;
    }
}
