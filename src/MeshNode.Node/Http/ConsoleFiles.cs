using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Security.Cryptography;

namespace MeshNode.Node.Http;

/// <summary>
/// The web console, embedded in the program: a closed table from path to content, so that no path can lead anywhere else.
/// </summary>
internal sealed class ConsoleFiles
{
    private sealed record Entry(byte[] Content, string ContentType, string ETag);

    private const string Prefix = "wwwroot/";
    private readonly Dictionary<string, Entry> _files = new(StringComparer.Ordinal);

    public ConsoleFiles(Assembly assembly)
    {
        foreach (var name in assembly.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)))
        {
            if (ContentTypeOf(name) is not { } contentType)
            {
                continue; // a README beside the sources is not for browsers
            }

            using var stream = assembly.GetManifestResourceStream(name)!;
            var content = new byte[stream.Length];
            stream.ReadExactly(content);
            var entry = new Entry(content, contentType, $"\"{Convert.ToHexStringLower(SHA256.HashData(content))[..32]}\"");
            var path = "/" + name[Prefix.Length..].Replace('\\', '/'); // a build on Windows names resources with its own separator
            _files[path] = entry;
            if (path.EndsWith("/index.html", StringComparison.Ordinal))
            {
                _files[path[..^"index.html".Length]] = entry;
            }
        }
    }

    public bool Contains([NotNullWhen(true)] string? path) => path is not null && _files.ContainsKey(path);

    public Task ServeAsync(HttpContext context, string path)
    {
        var entry = _files[path];
        var response = context.Response;
        response.Headers.ETag = entry.ETag;
        response.Headers.CacheControl = "no-cache"; // ask again each time; the tag spares the body
        if (context.Request.Headers.IfNoneMatch.Contains(entry.ETag))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        }

        response.ContentType = entry.ContentType;
        response.ContentLength = entry.Content.Length;
        return HttpMethods.IsHead(context.Request.Method)
            ? Task.CompletedTask
            : response.Body.WriteAsync(entry.Content, context.RequestAborted).AsTask();
    }

    private static string? ContentTypeOf(string name) => Path.GetExtension(name) switch
    {
        ".html" => "text/html; charset=utf-8",
        ".js" or ".mjs" => "text/javascript; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        ".svg" => "image/svg+xml",
        ".png" => "image/png",
        ".ico" => "image/x-icon",
        ".woff2" => "font/woff2",
        ".json" or ".map" => "application/json; charset=utf-8",
        ".webmanifest" => "application/manifest+json; charset=utf-8",
        _ => null,
    };
}
