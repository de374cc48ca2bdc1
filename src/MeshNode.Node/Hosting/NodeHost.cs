using System.Net;
using System.Net.Sockets;
using MeshNode.Mesh;
using MeshNode.Mesh.Identity;
using MeshNode.Mesh.Links;
using MeshNode.Node.Http;
using MeshNode.Node.Logging;
using MeshNode.Node.Settings;
using MeshNode.Rtc;

namespace MeshNode.Node.Hosting;

/// <summary>
/// A running node: identity, mesh, HTTP server, started in this order and stopped in the other, so that nobody is let in
/// before there is a mesh to hand them to.
/// </summary>
internal sealed class NodeHost
{
    private readonly NodeSettings _settings;
    private readonly NodeIdentity _identity;
    private readonly IMeshHost _mesh;
    private readonly HttpServer _server;
    private readonly ILogger _logger;
    private readonly TimeProvider _clock;

    private NodeHost(NodeSettings settings, NodeIdentity identity, IMeshHost mesh, HttpServer server, StartedNode started, ILogger logger, TimeProvider clock)
    {
        _settings = settings;
        _identity = identity;
        _mesh = mesh;
        _server = server;
        Started = started;
        _logger = logger;
        _clock = clock;
    }

    public StartedNode Started { get; }

    /// <exception cref="NodeStartException">One line that says what stands in the way.</exception>
    /// <exception cref="IdentityException">The same, about the data directory.</exception>
    public static async Task<NodeHost> StartAsync(
        NodeSettings settings, MeshHostFactory startMesh, RandomSource secure, TimeProvider clock, ILoggerFactory loggers)
    {
        DataDirectory.Prepare(settings.DataDirectory);
        var identity = IdentityStore.OpenOrCreate(settings.DataDirectory, secure);
        IMeshHost? mesh = null;
        HttpServer? server = null;
        try
        {
            var token = ControlToken.OpenOrCreate(DataDirectory.ControlToken(settings.DataDirectory));
            var (policy, inviteFile, admission) = Invites.Open(settings, secure);
            mesh = await StartMeshAsync(settings, policy, startMesh, identity, loggers, clock);
            server = await HttpServer.StartAsync(settings, mesh, token, ProgramVersion.Text, clock, loggers);
            var reachable = new IPEndPoint(
                settings.Http.IsWildcard ? IPAddress.Loopback : settings.Http.Address, server.EndPoint.Port);
            var started = new StartedNode(
                identity.Id.ToString(),
                settings.Name,
                settings.DataDirectory,
                server.EndPoint.ToString(),
                string.Join(", ", mesh.UdpEndPoints),
                $"http://{reachable}/",
                admission,
                settings.Http.IsLoopback && settings.Udp.IsLoopback,
                JoinCommand.Build(LaunchCommand.Detect(), settings, server.EndPoint, inviteFile));
            EndPointFile.Write(settings.DataDirectory, new EndPointFile.Content(reachable.ToString(), Environment.ProcessId, started.Id));
            return new NodeHost(settings, identity, mesh, server, started, loggers.CreateLogger("MeshNode.Node"), clock);
        }
        catch
        {
            await DisposeAllAsync(server, mesh, identity);
            throw;
        }
    }

    /// <summary>
    /// The graceful stop: out of rotation, goodbye to the peers, sockets closed, directory released; at the limit (the
    /// shutdown timeout and two seconds) what is still open is left to the end of the process.
    /// </summary>
    public async Task StopAsync(string cause)
    {
        Log.NodeStopping(_logger, cause);
        _server.BeginShutdown();
        EndPointFile.Remove(_settings.DataDirectory);
        var limit = _settings.ShutdownTimeout + TimeSpan.FromSeconds(2);
        try
        {
            await StopInOrderAsync().WaitAsync(limit, _clock);
            Log.NodeStopped(_logger);
        }
        catch (TimeoutException)
        {
            Log.ShutdownCutOff(_logger, limit);
        }
        catch (Exception exception)
        {
            Log.ShutdownFailed(_logger, exception);
        }
    }

    private async Task StopInOrderAsync()
    {
        await _mesh.DisposeAsync();
        using var cutOff = new CancellationTokenSource(TimeSpan.FromSeconds(1), _clock);
        await _server.StopAsync(cutOff.Token);
        await _server.DisposeAsync();
        _identity.Dispose();
    }

    private static async Task<IMeshHost> StartMeshAsync(
        NodeSettings settings, AdmissionPolicy policy, MeshHostFactory start, NodeIdentity identity, ILoggerFactory loggers, TimeProvider clock)
    {
        var options = new MeshHostOptions
        {
            Name = settings.Name,
            Udp = settings.Udp.EndPoints,
            Seeds = settings.Join,
            Invite = settings.Invite,
            Admission = policy,
            ShutdownTimeout = settings.ShutdownTimeout,
        };
        try
        {
            return await start(options, identity, loggers, clock);
        }
        catch (Exception exception) when (exception is SocketException or IOException)
        {
            throw new NodeStartException(SocketFailure.Describe("UDP", "--udp", settings.Udp, exception), exception);
        }
        catch (DllNotFoundException exception)
        {
            throw new NodeStartException($"a library of the system is missing: {exception.Message}; install OpenSSL 3 (on Debian: apt-get install libssl3)", exception);
        }
    }

    private static async Task DisposeAllAsync(HttpServer? server, IMeshHost? mesh, NodeIdentity identity)
    {
        if (server is not null)
        {
            await server.DisposeAsync();
        }

        if (mesh is not null)
        {
            await mesh.DisposeAsync();
        }

        identity.Dispose();
    }
}
