using System.Net;
using System.Net.WebSockets;
using MeshNode.Actors;
using MeshNode.Mesh.Identity;
using MeshNode.Mesh.Links;
using MeshNode.Mesh.Peers;
using MeshNode.Mesh.Routing;
using MeshNode.Mesh.Signaling;
using MeshNode.Rtc;
using MeshNode.Rtc.Dtls;
using MeshNode.Rtc.Sockets;
using Microsoft.Extensions.Logging;

namespace MeshNode.Mesh;

/// <summary>
/// A running mesh: one actor system, one event loop with one UDP port, and the actors below <c>/user/mesh</c>.
/// </summary>
public sealed class MeshHost : IMeshHost
{
    /// <summary>Runs actors on the event loop's thread: the peers, whose connections belong to that loop, and nobody else.</summary>
    private const string LoopDispatcher = "rtc-loop-0";

    /// <summary>What asking an actor of this process may take before something is wrong with it.</summary>
    private static readonly TimeSpan AskTimeout = TimeSpan.FromSeconds(5);

    private readonly ActorSystem _system;
    private readonly RtcEventLoop _loop;
    private readonly DtlsCertificate _certificate;
    private readonly RtcPeerConnectionFactory _connections;
    private readonly MeshContext _context;
    private readonly IActorRef _supervisor;
    private readonly TimeSpan _shutdownTimeout;

    private MeshHost(ActorSystem system, RtcEventLoop loop, DtlsCertificate certificate, RtcPeerConnectionFactory connections, MeshContext context, IActorRef supervisor, MeshHostOptions options)
    {
        _connections = connections;
        _system = system;
        _loop = loop;
        _certificate = certificate;
        _context = context;
        _supervisor = supervisor;
        _shutdownTimeout = options.ShutdownTimeout;
        UdpEndPoints = loop.LocalEndPoints;
    }

    public string Id => _context.Identity.Id.ToString();

    public IReadOnlyList<IPEndPoint> UdpEndPoints { get; }

    /// <summary>For what is published: <see cref="PeerStateChanged"/>, <see cref="MessageTaken"/> and the others.</summary>
    public EventStream Events => _system.EventStream;

    /// <summary>Binds the UDP port and starts the mesh.</summary>
    /// <param name="options">Validated by the program.</param>
    /// <param name="identity">Who this node is; stays the caller's to dispose, after the host.</param>
    /// <param name="loggers">Gets what the actors log.</param>
    /// <param name="clock">Monotonic time and the wall clock of the certificate.</param>
    /// <exception cref="IOException">The UDP port cannot be bound.</exception>
    public static async Task<MeshHost> StartAsync(MeshHostOptions options, NodeIdentity identity, ILoggerFactory loggers, TimeProvider clock)
    {
        var loop = RtcEventLoop.Start(new RtcEventLoopOptions { Bind = options.Udp }, clock);
        var certificate = DtlsCertificate.Create(clock.GetUtcNow());
        var random = new SharedRandomSource(new SecureRandomSource());
        var connections = new RtcPeerConnectionFactory(loop, new PeerConnectionConfiguration { Certificate = certificate, Jitter = random, Secure = random });
        var system = ActorSystem.Create("meshnode", new ActorSystemSetup { Clock = clock });
        system.Dispatchers.RegisterConfigurator(LoopDispatcher, new SharedDispatcherConfigurator(new ExecutorDispatcher(LoopDispatcher, loop.Execute)));
        system.ActorOf(EventLogActor.Props(loggers), "log");
        var context = new MeshContext
        {
            Identity = identity,
            Options = options.Mesh,
            Name = options.Name,
            Admission = options.Admission,
            Invite = options.Invite,
            Clock = clock,
            Random = random,
            Connections = connections,
            PeerDispatcher = LoopDispatcher,
        };
        context.Application = system.ActorOf(InboxActor.Props(), "inbox");
        var supervisor = system.ActorOf(MeshSupervisor.Props(context, options.Seeds), "mesh");
        await supervisor.Ask<MeshSupervisor.GetReady>(new MeshSupervisor.GetReady(), AskTimeout).ConfigureAwait(false);
        return new MeshHost(system, loop, certificate, connections, context, supervisor, options);
    }

    public async Task<MeshStatus> GetStatusAsync(CancellationToken cancellationToken = default)
    {
        var peers = await AskPeersAsync(cancellationToken).ConfigureAwait(false);
        var signaling = await _context.Signaling
            .Ask<SignalingStatistics>(new GetSignalingStatistics(), AskTimeout, cancellationToken).ConfigureAwait(false);
        return new MeshStatus(
            Id,
            _context.Name,
            [.. UdpEndPoints.Select(endPoint => endPoint.ToString())],
            peers.Count(peer => peer.State == PeerState.Connected),
            new MeshSignaling(
                signaling.Opened, signaling.Relayed, signaling.Duplicates, signaling.Refused.ToDictionary(pair => pair.Key.ToString(), pair => pair.Value)));
    }

    public async Task<IReadOnlyList<MeshPeer>> GetPeersAsync(CancellationToken cancellationToken = default)
    {
        var peers = await AskPeersAsync(cancellationToken).ConfigureAwait(false);
        var topology = await GetTopologyAsync(cancellationToken).ConfigureAwait(false);
        var names = topology.Nodes.ToDictionary(node => node.Id, node => node.Name);
        return
        [
            .. peers.Select(peer => new MeshPeer(
                peer.Peer.ToString(),
                names.GetValueOrDefault(peer.Peer.ToString(), ""),
                peer.State.ToString().ToLowerInvariant(),
                peer.Path,
                peer.RttMs,
                [.. peer.Channels.Select(channel => new MeshChannel(channel.Label, channel.State, channel.BufferedBytes))])),
        ];
    }

    public Task<MeshTopology> GetTopologyAsync(CancellationToken cancellationToken = default) =>
        _context.Routing.Ask<MeshTopology>(new GetTopology(), AskTimeout, cancellationToken);

    public async Task<MeshSendResult> SendAsync(string to, string text, TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        if (!PeerId.TryParse(to, out var peer))
        {
            return new MeshSendResult(false, $"'{to}' is not an id: ids have 52 characters of a-z and 2-7", null, TimeSpan.Zero);
        }

        // The peer answers within the timeout; the ask waits a little longer, so that its reason is the one that is heard.
        var started = _context.Now;
        try
        {
            var result = await _context.Registry
                .Ask<DeliveryResult>(new SendText(peer, text, timeout), timeout + TimeSpan.FromMilliseconds(500), cancellationToken)
                .ConfigureAwait(false);
            return new MeshSendResult(result.Delivered, result.Failure, result.Path, result.Took);
        }
        catch (AskTimeoutException)
        {
            return new MeshSendResult(false, "the peer's actor is being restarted and did not answer", null, _context.Now - started);
        }
    }

    public async Task AcceptWebSocketAsync(WebSocket socket, EndPoint remote, CancellationToken cancellationToken)
    {
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var aborting = cancellationToken.Register(socket.Abort);
        _supervisor.Tell(new MeshSupervisor.StartLink(
            WebSocketLinkActor.Props(socket, _context, opened: false, expected: null, () => stopped.TrySetResult())));
        await stopped.Task.ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        _context.IsStopping = true;
        await _supervisor.GracefulStop(_shutdownTimeout).ConfigureAwait(false);
        await _connections.WhenClosedAsync(_shutdownTimeout, _context.Clock).ConfigureAwait(false);
        await _system.Terminate().ConfigureAwait(false);
        await _loop.DisposeAsync().ConfigureAwait(false);
        _certificate.Dispose();
    }

    private Task<PeerSnapshot[]> AskPeersAsync(CancellationToken cancellationToken) =>
        _context.Registry.Ask<PeerSnapshot[]>(new GetPeers(), AskTimeout, cancellationToken);
}
