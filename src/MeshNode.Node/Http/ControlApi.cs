using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using MeshNode.Mesh;

namespace MeshNode.Node.Http;

/// <summary>What the command line asks a running node. The token was checked before.</summary>
internal sealed class ControlApi(IMeshHost mesh, string version, TimeProvider clock)
{
    private const int MaximumTextLength = 64 * 1024; // characters; the mesh refuses what is too long in UTF-8
    private const int MaximumTimeoutMs = 600_000;
    private readonly long _started = clock.GetTimestamp();

    public async Task GetStatusAsync(HttpContext context)
    {
        var status = await mesh.GetStatusAsync(context.RequestAborted);
        var local = Requests.LocalEndPoint(context);
        var response = new StatusResponse(
            status.Id,
            status.Name,
            version,
            Math.Round(clock.GetElapsedTime(_started).TotalSeconds, 3),
            local.ToString(),
            status.Udp.Count > 0 ? status.Udp[0] : "",
            status.PeerCount,
            status.Signaling,
            Environment.ProcessId);
        await Responses.WriteAsync(context, response, ControlJson.Default.StatusResponse);
    }

    public async Task GetPeersAsync(HttpContext context) =>
        await Responses.WriteAsync(context, await mesh.GetPeersAsync(context.RequestAborted), ControlJson.Default.IReadOnlyListMeshPeer);

    public async Task GetTopologyAsync(HttpContext context) =>
        await Responses.WriteAsync(context, await mesh.GetTopologyAsync(context.RequestAborted), ControlJson.Default.MeshTopology);

    public async Task SendAsync(HttpContext context)
    {
        if (!context.Request.HasJsonContentType())
        {
            await Responses.WriteProblemAsync(
                context, StatusCodes.Status415UnsupportedMediaType, "not-json", "Not JSON", "The body must be application/json.");
            return;
        }

        SendRequest? request;
        try
        {
            request = await JsonSerializer.DeserializeAsync(context.Request.Body, ControlJson.Default.SendRequest, context.RequestAborted);
        }
        catch (JsonException exception)
        {
            await WriteBadRequestAsync(context, $"The body is not the JSON that was expected: {exception.Message}");
            return;
        }

        if (!TryValidate(request, out var detail))
        {
            await WriteBadRequestAsync(context, detail);
            return;
        }

        var timeout = TimeSpan.FromMilliseconds(request.TimeoutMs ?? 10_000);
        var result = await mesh.SendAsync(request.To!, request.Text!, timeout, context.RequestAborted);
        var response = new SendResponse(result.Delivered, result.Reason, result.Path, Math.Round(result.Took.TotalMilliseconds, 3));
        await Responses.WriteAsync(context, response, ControlJson.Default.SendResponse);
    }

    private static bool TryValidate([NotNullWhen(true)] SendRequest? request, out string detail)
    {
        detail = request switch
        {
            null => "The body is null; expected {\"to\": ID, \"text\": TEXT, \"timeoutMs\": NUMBER}.",
            { To: null or "" } => "\"to\" is missing; expected the id of a peer.",
            { Text: null } => "\"text\" is missing.",
            { Text.Length: > MaximumTextLength } => $"\"text\" has more than {MaximumTextLength} characters.",
            { TimeoutMs: < 1 or > MaximumTimeoutMs } => $"\"timeoutMs\" is {request.TimeoutMs}; expected 1 to {MaximumTimeoutMs}.",
            _ => "",
        };
        return detail.Length == 0;
    }

    private static Task WriteBadRequestAsync(HttpContext context, string detail) =>
        Responses.WriteProblemAsync(context, StatusCodes.Status400BadRequest, "bad-request", "Bad request", detail);
}
