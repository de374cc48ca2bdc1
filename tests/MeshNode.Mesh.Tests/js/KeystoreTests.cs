using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using MeshNode.Mesh.Tests.Identity;

namespace MeshNode.Mesh.Tests.js;

/// <summary>IndexedDB and Web Locks exist in browsers only, so a real one runs the page.</summary>
public sealed class KeystoreTests
{
    [Fact]
    [Trait("Category", "Interop")]
    public async Task Every_tab_has_an_identity_of_its_own_and_finds_it_again()
    {
        using var profile = new TemporaryDirectory();
        using var server = Listen(out var origin);
        using var browser = Process.Start(new ProcessStartInfo("chromium",
        [
            "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
            "--disable-component-update", "--disable-sync", $"--user-data-dir={profile.Path}", "--remote-debugging-port=0", $"{origin}/keystore.html",
        ])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        })!;
        browser.BeginErrorReadLine();
        browser.BeginOutputReadLine();
        try
        {
            var answer = await ServeUntilResult(server).WaitAsync(TimeSpan.FromSeconds(90));

            Assert.True(answer["error"] is null, $"{answer["error"]}");
            var results = answer["results"]!.AsArray();
            Assert.All(results, result => Assert.True(result!["persistent"]!.GetValue<bool>()));
            Assert.Equal([1, 1, 2, 2], results.Select(result => result!["bootCounter"]!.GetValue<int>()));
            var ids = results.Select(result => result!["id"]!.GetValue<string>()).ToList();
            Assert.NotEqual(ids[0], ids[1]);
            Assert.Equal(ids[..2], ids[2..]);
            Assert.Equal("InvalidAccessError", answer["exported"]!.GetValue<string>());
        }
        finally
        {
            browser.Kill(entireProcessTree: true);
            await browser.WaitForExitAsync();
        }
    }

    private static HttpListener Listen(out string origin)
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        origin = $"http://127.0.0.1:{((IPEndPoint)probe.LocalEndpoint).Port}";
        probe.Stop();
        var server = new HttpListener();
        server.Prefixes.Add(origin + "/");
        server.Start();
        return server;
    }

    private static async Task<JsonNode> ServeUntilResult(HttpListener server)
    {
        while (true)
        {
            var context = await server.GetContextAsync();
            var path = context.Request.Url!.AbsolutePath;
            if (path == "/result")
            {
                var result = await JsonNode.ParseAsync(context.Request.InputStream);
                context.Response.Close();
                return result!;
            }

            var file = path == "/keystore.html"
                ? TestFiles.InTests("js", "keystore.html")
                : Path.Combine(TestFiles.Root, "src", "MeshNode.Node", "wwwroot", "mesh", Path.GetFileName(path));
            context.Response.StatusCode = File.Exists(file) ? 200 : 404;
            context.Response.ContentType = file.EndsWith(".js", StringComparison.Ordinal) ? "text/javascript" : "text/html";
            context.Response.Close(File.Exists(file) ? await File.ReadAllBytesAsync(file) : [], willBlock: false);
        }
    }
}
