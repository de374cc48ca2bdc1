using System.Net;
using System.Net.Sockets;
using MeshNode.Mesh;
using MeshNode.Node.Hosting;
using MeshNode.Node.Logging;
using MeshNode.Node.Settings;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace MeshNode.Node.Http;

/// <summary>The node's one HTTP port: console, health, control and the mesh's entrance, each behind its rule.</summary>
internal sealed class HttpServer : IAsyncDisposable
{
    private const long MaximumBodyBytes = 512 * 1024; // 64 Ki characters of text, escaped
    private readonly WebApplication _application;
    private readonly CancellationTokenSource _stopping;
    private volatile bool _isReady = true;

    private HttpServer(WebApplication application, CancellationTokenSource stopping)
    {
        _application = application;
        _stopping = stopping;
    }

    /// <summary>The address that the server is bound to, with its real port.</summary>
    public IPEndPoint EndPoint { get; private set; } = new(IPAddress.None, 0);

    /// <exception cref="NodeStartException">The address cannot be bound.</exception>
    public static async Task<HttpServer> StartAsync(
        NodeSettings settings, IMeshHost mesh, ControlToken token, string version, TimeProvider clock, ILoggerFactory loggers)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "meshnode" });
        builder.Services.AddSingleton(loggers);
        builder.Services.AddSingleton<IHostLifetime, NodeLifetime>();
        builder.Services.AddRoutingCore();
        builder.WebHost.UseKestrelCore();
        builder.WebHost.ConfigureKestrel(options =>
        {
            options.AddServerHeader = false;
            options.Limits.MaxRequestBodySize = MaximumBodyBytes;
            options.Limits.MaxConcurrentConnections = settings.MeshSockets + 1024;
            options.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
            options.Listen(settings.Http.EndPoint, listen => listen.Protocols = HttpProtocols.Http1);
        });
        var application = builder.Build();
        var server = new HttpServer(application, new CancellationTokenSource());
        server.Map(settings, mesh, token, version, clock, loggers);
        try
        {
            await application.StartAsync();
        }
        catch (Exception exception) when (exception is IOException or SocketException)
        {
            await server.DisposeAsync();
            throw new NodeStartException(DescribeBindFailure(settings.Http, exception), exception);
        }

        var addresses = application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
        server.EndPoint = new IPEndPoint(settings.Http.Address, BindingAddress.Parse(addresses.First()).Port);
        return server;
    }

    /// <summary>From now on <c>/readyz</c> says no, so that whoever balances load sends nobody here.</summary>
    public void BeginShutdown() => _isReady = false;

    /// <summary>Stops listening and ends what still runs when the token is cancelled.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await _application.StopAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _application.DisposeAsync();
        _stopping.Dispose();
    }

    private void Map(NodeSettings settings, IMeshHost mesh, ControlToken token, string version, TimeProvider clock, ILoggerFactory loggers)
    {
        var logger = loggers.CreateLogger("MeshNode.Http");
        var guard = new RequestGuard(token, settings.Hosts, settings.Origins, settings.Http.IsLoopback);
        var control = new ControlApi(mesh, version, clock);
        var entrance = new MeshEntrance(mesh, settings.MeshSockets, logger, _stopping.Token);
        var console = new ConsoleFiles(typeof(HttpServer).Assembly);

        // Ping every 25 s, dead after 60 s (SPEC 2.6): what has not answered 35 s after a ping is gone.
        var webSockets = new WebSocketOptions { KeepAliveInterval = TimeSpan.FromSeconds(25), KeepAliveTimeout = TimeSpan.FromSeconds(35) };

        _application.UseWebSockets(webSockets);
        _application.UseRouting();
        _application.Use((context, next) => GuardAsync(context, next, guard, logger)); // after routing: it judges the endpoint, not the path
        _application.MapGet("/healthz", context => WriteHealthAsync(context, isWell: true, "ok")).WithMetadata(Audience.Public);
        _application.MapGet("/readyz", context => WriteHealthAsync(context, _isReady, _isReady ? "ready" : "stopping")).WithMetadata(Audience.Public);
        _application.MapGet("/api/control/status", control.GetStatusAsync);
        _application.MapGet("/api/control/peers", control.GetPeersAsync);
        _application.MapGet("/api/control/topology", control.GetTopologyAsync);
        _application.MapPost("/api/control/send", control.SendAsync);
        _application.Map("/mesh", entrance.AcceptAsync).WithMetadata(Audience.Mesh);
        _application.MapFallback("{**path}", context => ServeFileAsync(context, console)).WithMetadata(Audience.Public);
    }

    /// <summary>What carries no <see cref="Audience"/> is control: an endpoint that somebody forgets to mark stays closed.</summary>
    private static async Task GuardAsync(HttpContext context, RequestDelegate next, RequestGuard guard, ILogger logger)
    {
        SecurityHeaders.Apply(context.Response);
        var facts = Requests.FactsOf(context);
        var verdict = context.GetEndpoint()?.Metadata.GetMetadata<Audience>() switch
        {
            { Kind: AudienceKind.Public } => guard.JudgePublic(facts),
            { Kind: AudienceKind.Mesh } => guard.JudgeMesh(facts),
            _ => guard.JudgeControl(facts),
        };
        if (verdict != RequestVerdict.Allowed)
        {
            Log.RequestRefused(logger, Requests.RemoteEndPoint(context), verdict);
            await Responses.WriteRefusalAsync(context, verdict);
            return;
        }

        try
        {
            await next(context);
        }
        catch (Exception exception) when (!context.RequestAborted.IsCancellationRequested && !context.Response.HasStarted)
        {
            await WriteFailureAsync(context, exception, logger);
        }
    }

    private static Task WriteFailureAsync(HttpContext context, Exception exception, ILogger logger)
    {
        if (exception is Microsoft.AspNetCore.Http.BadHttpRequestException bad) // Kestrel's own word for a body too large or cut off
        {
            return Responses.WriteProblemAsync(context, bad.StatusCode, "bad-request", "Bad request", bad.Message);
        }

        Log.RequestFailed(logger, exception);
        return Responses.WriteProblemAsync(
            context, StatusCodes.Status500InternalServerError, "failed", "Failed", "The node failed on this request; its log says more.");
    }

    private static Task WriteHealthAsync(HttpContext context, bool isWell, string status) => Responses.WriteAsync(
        context,
        new HealthResponse(status),
        ControlJson.Default.HealthResponse,
        isWell ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);

    private static Task ServeFileAsync(HttpContext context, ConsoleFiles console)
    {
        var path = context.Request.Path.Value;
        if (!console.Contains(path))
        {
            return Responses.WriteProblemAsync(context, StatusCodes.Status404NotFound, "not-found", "Not found", "There is nothing at this path.");
        }

        if (!HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method))
        {
            context.Response.Headers.Allow = "GET, HEAD";
            return Responses.WriteProblemAsync(
                context, StatusCodes.Status405MethodNotAllowed, "method-not-allowed", "Method not allowed", "Only GET and HEAD.");
        }

        return console.ServeAsync(context, path);
    }

    private static string DescribeBindFailure(BindAddress bind, Exception exception) => SocketFailure.Describe("HTTP", "--http", bind, exception);
}
