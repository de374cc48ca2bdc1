using System.Net.WebSockets;
using MeshNode.Actors;
using MeshNode.Mesh.Identity;
using MeshNode.Mesh.Peers;

namespace MeshNode.Mesh.Links;

/// <summary>
/// Keeps entering the mesh through one seed: connects its WebSocket, asks for a WebRTC connection to whoever proved the
/// key there, and comes back 1 to 5 s after the socket is lost.
/// </summary>
internal sealed class BootstrapActor : ReceiveActor, IWithTimers
{
    private sealed record ConnectDue;

    private sealed record Connected(WebSocket Socket);

    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(10);

    private readonly Uri _seed;
    private readonly PeerId? _expected;
    private readonly MeshContext _context;
    private string? _reportedFailure;

    /// <param name="seed"><c>ws</c> or <c>wss</c>; a fragment names the id that must be proved there.</param>
    /// <param name="context">The mesh to enter for.</param>
    public static Props Props(Uri seed, MeshContext context) => Actors.Props.Create(() => new BootstrapActor(seed, context));

    public BootstrapActor(Uri seed, MeshContext context)
    {
        _context = context;
        _seed = new UriBuilder(seed) { Fragment = "" }.Uri;
        _expected = PeerId.TryParse(seed.Fragment.TrimStart('#'), out var id) ? id : null;

        Receive<ConnectDue>(_ => ConnectAsync(_context.Clock).PipeTo(Self));
        Receive<Connected>(connected =>
            Context.Watch(Context.ActorOf(WebSocketLinkActor.Props(connected.Socket, _context, opened: true, _expected, onStopped: null))));
        Receive<Status.Failure>(HandleFailure);
        Receive<LinkUp>(HandleLinkUp);
        Receive<LinkRefused>(refused => Report($"No link with {_seed}: {refused.Reason}; will keep trying"));
        Receive<Terminated>(_ => ConnectLater());
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart() => Self.Tell(new ConnectDue());

    private void HandleLinkUp(LinkUp up)
    {
        _reportedFailure = null;
        Context.GetLogger().Info("Entered the mesh through {0} at {1}", up.Peer, _seed);
        _context.Registry.Tell(new ConnectPeer(up.Peer));
    }

    private void HandleFailure(Status.Failure failure)
    {
        Report($"Cannot reach {_seed}: {failure.Cause.Message}; will keep trying");
        ConnectLater();
    }

    /// <summary>Once, until it changes or works again: a seed that is down for a day must not fill the log.</summary>
    private void Report(string failure)
    {
        if (_reportedFailure != failure)
        {
            _reportedFailure = failure;
            Context.GetLogger().Warning("{0}", failure);
        }
    }

    private void ConnectLater() =>
        Timers.StartSingleTimer(nameof(ConnectDue), new ConnectDue(), TimeSpan.FromSeconds(1 + (4 * _context.Random.NextDouble())));

    private async Task<object> ConnectAsync(TimeProvider clock)
    {
        var socket = new ClientWebSocket();
        try
        {
            using var limit = new CancellationTokenSource(ConnectLimit, clock);
            await socket.ConnectAsync(_seed, limit.Token).ConfigureAwait(false);
            return new Connected(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
