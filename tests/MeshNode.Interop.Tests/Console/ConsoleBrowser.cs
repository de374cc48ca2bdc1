using MeshNode.Interop.Tests.Peers;
using Microsoft.Playwright;

namespace MeshNode.Interop.Tests.Console;

/// <summary>
/// Debian's Chromium for the tests of a class, once with the switches by which it offers loopback candidates, once as
/// people have it: there it offers one interface, behind an mDNS name.
/// </summary>
public sealed class ConsoleBrowser : IAsyncLifetime
{
    private readonly Lazy<Task<IPlaywright>> _driver = new(Playwright.CreateAsync);
    private readonly Dictionary<BrowserKind, IBrowser> _browsers = [];

    Task IAsyncLifetime.InitializeAsync() => Task.CompletedTask; // the first profile launches it

    public async Task DisposeAsync()
    {
        foreach (var browser in _browsers.Values)
        {
            await browser.DisposeAsync();
        }

        if (_driver.IsValueCreated)
        {
            (await _driver.Value).Dispose();
        }
    }

    /// <summary>A fresh profile, in which no identity is stored.</summary>
    internal async Task<IBrowserContext> OpenProfileAsync(BrowserKind kind = BrowserKind.OffersLoopback)
    {
        if (!_browsers.TryGetValue(kind, out var browser))
        {
            string[] switches = kind == BrowserKind.OffersLoopback ? [.. ChromiumBrowser.Switches, .. ChromiumBrowser.LoopbackSwitches] : ChromiumBrowser.Switches;
            browser = await (await _driver.Value).Chromium.LaunchAsync(new() { ExecutablePath = ChromiumBrowser.Executable, Args = switches, Headless = true });
            _browsers.Add(kind, browser);
        }

        if (kind == BrowserKind.AsPeopleHaveIt)
        {
            return await browser.NewContextAsync();
        }

        var profile = await browser.NewContextAsync(new() { Permissions = ChromiumBrowser.Permissions });
        await profile.AddInitScriptAsync("navigator.mediaDevices.getUserMedia({ audio: true })");
        return profile;
    }
}
