using Microsoft.Playwright;

namespace MeshNode.Interop.Tests.Peers;

/// <summary>
/// Debian's Chromium, headless with a fresh profile, launched for the first page. Nothing that it does leaves the
/// machine: pages come from the test, and candidates other than loopback are filtered out.
/// </summary>
public sealed class ChromiumBrowser : IAsyncDisposable
{
    internal const string Executable = "/usr/bin/chromium";

    /// <summary>Loopback counts as a secure context, which WebCrypto and capture devices ask for.</summary>
    private const string Origin = "http://localhost";

    /// <summary>With a microphone that the page may use, these make Chromium offer loopback candidates.</summary>
    internal static readonly string[] LoopbackSwitches =
        ["--allow-loopback-in-peer-connection", "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"];

    internal static readonly string[] Switches =
    [
        "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
        "--disable-component-update", "--disable-sync",
    ];

    internal static readonly string[] Permissions = ["microphone"];

    private readonly Lazy<Task<(IPlaywright Driver, IBrowser Browser)>> _running = new(LaunchAsync);

    public async ValueTask DisposeAsync()
    {
        if (_running.IsValueCreated)
        {
            var (driver, browser) = await _running.Value;
            await browser.DisposeAsync();
            driver.Dispose();
        }
    }

    /// <summary>A page of its own profile that runs <c>js/browser-peer.mjs</c> and passes each reported line to <paramref name="report"/>.</summary>
    internal async Task<IPage> OpenPeerPageAsync(Action<string> report, Action<string> note)
    {
        var context = await (await _running.Value).Browser.NewContextAsync(new() { Permissions = Permissions });
        var page = await context.NewPageAsync();
        page.Console += (_, message) => note($"console: {message.Text}");
        page.PageError += (_, error) => note($"page error: {error}");
        await page.RouteAsync("**/*", route => FulfillAsync(route, new Uri(route.Request.Url).AbsolutePath));
        await page.ExposeFunctionAsync("reportEvent", report);
        await page.GotoAsync($"{Origin}/");
        return page;
    }

    private static async Task<(IPlaywright Driver, IBrowser Browser)> LaunchAsync()
    {
        var driver = await Playwright.CreateAsync();
        return (driver, await driver.Chromium.LaunchAsync(new() { ExecutablePath = Executable, Args = [.. Switches, .. LoopbackSwitches], Headless = true }));
    }

    private static Task FulfillAsync(IRoute route, string path) => path switch
    {
        "/" => route.FulfillAsync(new()
        {
            ContentType = "text/html",
            Body = "<!doctype html><title>far side</title><script type=\"module\" src=\"/browser-peer.mjs\"></script>",
        }),
        "/browser-peer.mjs" or "/w3c-peer.mjs" or "/content.mjs" => route.FulfillAsync(new()
        {
            ContentType = "text/javascript",
            Path = Path.Combine(FarSideScripts.JavaScript, path[1..]),
        }),
        _ => route.FulfillAsync(new() { Status = 404 }),
    };
}
