using MeshNode.Actors;
using MeshNode.Mesh.Identity;
using MeshNode.Mesh.Links;
using MeshNode.Mesh.Peers;
using MeshNode.Rtc;

namespace MeshNode.Mesh;

/// <summary>Numbers of the mesh's actors; the defaults are those of SPEC.</summary>
public sealed record MeshOptions
{
    /// <summary>From the first offer to hello on <c>control</c>.</summary>
    public TimeSpan ConnectionTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>An offer without an answer is repeated this often.</summary>
    public TimeSpan OfferInterval { get; init; } = TimeSpan.FromSeconds(2);

    public ReconnectOptions Reconnect { get; init; } = new();

    public ChannelQueueOptions Queue { get; init; } = new();

    /// <summary>Quality is measured and snapshots are sent this often.</summary>
    public TimeSpan QualityInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Hello must be done within this time of a link's opening.</summary>
    public TimeSpan HelloTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Between pings on a WebSocket.</summary>
    public TimeSpan KeepAliveInterval { get; init; } = TimeSpan.FromSeconds(25);

    /// <summary>A WebSocket that was silent for so long is dead.</summary>
    public TimeSpan DeadAfter { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Delay before a peer's actor that failed comes back.</summary>
    public TimeSpan FailureBackoffMinimum { get; init; } = TimeSpan.FromSeconds(1);

    public TimeSpan FailureBackoffMaximum { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Peers that the registry keeps, in whatever state.</summary>
    public int MaximumPeers { get; init; } = 20_000;

    /// <summary>Nodes and peers whose adverts routing keeps.</summary>
    public int MaximumAdverts { get; init; } = 50_000;

    /// <summary>A message for a peer whose record is unknown waits so long for it.</summary>
    public TimeSpan RecordTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Envelopes a second that one neighbour may bring, and the burst above it.</summary>
    public double NeighbourRate { get; init; } = 200;

    public double NeighbourBurst { get; init; } = 1_000;
}

/// <summary>
/// What the actors of one mesh share: who they are, where the others are, and the clock and chance that they take as
/// arguments. Immutable but for the actor references, which the supervisor sets before any of them receives a message.
/// </summary>
internal sealed class MeshContext
{
    private volatile bool _isStopping;

    public required NodeIdentity Identity { get; init; }

    public required MeshOptions Options { get; init; }

    /// <summary>Display name, at most 64 bytes of UTF-8.</summary>
    public required string Name { get; init; }

    /// <summary>Whom this node lets in.</summary>
    public required AdmissionPolicy Admission { get; init; }

    /// <summary>Proved to nodes that ask for one; null for none.</summary>
    public InviteToken? Invite { get; init; }

    public required TimeProvider Clock { get; init; }

    /// <summary>Cryptographically secure, and safe for use by all the actors' threads.</summary>
    public required RandomSource Random { get; init; }

    public required IPeerConnectionFactory Connections { get; init; }

    /// <summary>The dispatcher on which peers run: the event loop of their connections.</summary>
    public required string PeerDispatcher { get; init; }

    public IActorRef Registry { get; set; } = ActorRefs.Nobody;

    public IActorRef Signaling { get; set; } = ActorRefs.Nobody;

    public IActorRef Routing { get; set; } = ActorRefs.Nobody;

    /// <summary>The node is being stopped: what peers say goodbye with.</summary>
    public bool IsStopping { get => _isStopping; set => _isStopping = value; }

    /// <summary>The application that takes incoming messages.</summary>
    public IActorRef Application { get; set; } = ActorRefs.Nobody;

    public MonotonicTime Now => new(Clock.GetElapsedTime(0).Ticks);

    /// <param name="expected">Whose key must be proved; null for anyone. The admission policy decides besides, on the side that accepts.</param>
    /// <param name="binding">Of the channel below the link.</param>
    /// <param name="role">Which side of the link this is.</param>
    public LinkHandshake CreateHandshake(PeerId? expected, ChannelBinding binding, LinkRole role) => new(
        new LinkHandshakeConfiguration
        {
            Identity = Identity,
            Role = role,
            Binding = binding,
            Admission = Admission,
            ExpectedPeer = expected,
            Invite = Invite,
            Timeout = Options.HelloTimeout,
        },
        Now,
        Random);
}
