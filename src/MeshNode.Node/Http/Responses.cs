using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace MeshNode.Node.Http;

/// <summary>Writes answers: JSON, and problems as RFC 9457 has them.</summary>
internal static class Responses
{
    public static Task WriteAsync<T>(HttpContext context, T value, JsonTypeInfo<T> type, int status = StatusCodes.Status200OK)
    {
        context.Response.StatusCode = status;
        context.Response.Headers.CacheControl = "no-store";
        context.Response.ContentType = "application/json; charset=utf-8";
        return JsonSerializer.SerializeAsync(context.Response.Body, value, type, context.RequestAborted);
    }

    public static Task WriteProblemAsync(HttpContext context, int status, string type, string title, string detail)
    {
        context.Response.StatusCode = status;
        context.Response.Headers.CacheControl = "no-store";
        context.Response.ContentType = Problem.MediaType;
        return JsonSerializer.SerializeAsync(
            context.Response.Body, new Problem($"urn:meshnode:{type}", title, status, detail), ControlJson.Default.Problem, context.RequestAborted);
    }

    /// <summary>Says what a verdict found, and to whom it belongs how to allow it; never what the right token is.</summary>
    public static Task WriteRefusalAsync(HttpContext context, RequestVerdict verdict)
    {
        switch (verdict)
        {
            case RequestVerdict.ForeignHost:
                return WriteProblemAsync(
                    context,
                    StatusCodes.Status421MisdirectedRequest,
                    "foreign-host",
                    "Not a name of this server",
                    "The Host header names neither the address of this server nor one of meshnode.http.hosts.");
            case RequestVerdict.ForeignOrigin:
                return WriteProblemAsync(
                    context,
                    StatusCodes.Status403Forbidden,
                    "foreign-origin",
                    "Not a page of this server",
                    "The Origin header names another origin than this server's; for /mesh, meshnode.http.origins can allow it.");
            default:
                context.Response.Headers.WWWAuthenticate = verdict == RequestVerdict.TokenWrong ? "Bearer error=\"invalid_token\"" : "Bearer";
                return WriteProblemAsync(
                    context,
                    StatusCodes.Status401Unauthorized,
                    verdict == RequestVerdict.TokenWrong ? "token-wrong" : "token-missing",
                    "Not authorised",
                    "Control needs the header 'Authorization: Bearer TOKEN' with the token in the file control-token of the node's data directory.");
        }
    }
}
