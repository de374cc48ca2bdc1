using MeshNode.Mesh;
using MeshNode.Node.Logging;

namespace MeshNode.Node.Http;

/// <summary>The WebSocket <c>/mesh</c>, by which browsers and nodes enter. Bounds how many there are, and hands each to the mesh.</summary>
internal sealed class MeshEntrance(IMeshHost mesh, int maximum, ILogger logger, CancellationToken stopping)
{
    private int _count;

    public async Task AcceptAsync(HttpContext context)
    {
        if (!context.WebSockets.IsWebSocketRequest)
        {
            context.Response.Headers.Upgrade = "websocket";
            await Responses.WriteProblemAsync(
                context, StatusCodes.Status426UpgradeRequired, "not-a-websocket", "Not a WebSocket", "/mesh is a WebSocket.");
            return;
        }

        var remote = Requests.RemoteEndPoint(context);
        if (Interlocked.Increment(ref _count) > maximum)
        {
            Interlocked.Decrement(ref _count);
            Log.MeshEntranceFull(logger, remote, maximum);
            context.Response.Headers.RetryAfter = "5";
            await Responses.WriteProblemAsync(
                context, StatusCodes.Status503ServiceUnavailable, "full", "Full", "This node has as many WebSockets as it may have; try another node or later.");
            return;
        }

        try
        {
            using var socket = await context.WebSockets.AcceptWebSocketAsync();
            using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
            await mesh.AcceptWebSocketAsync(socket, remote, ending.Token);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested || context.RequestAborted.IsCancellationRequested)
        {
            // The node stops, or the connection is gone: nobody is left to tell.
        }
        finally
        {
            Interlocked.Decrement(ref _count);
        }
    }
}
