using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace MeshNode.Interop.Tests.Console;

/// <summary>A tab with the console, handled as a person does: by what it shows.</summary>
internal sealed class ConsolePage
{
    private const float Patience = 60_000; // ms

    private readonly IPage _page;
    private readonly ConcurrentQueue<string> _log = new();

    private ConsolePage(IPage page)
    {
        _page = page;
        page.SetDefaultTimeout(Patience);
        page.Console += (_, message) => _log.Enqueue($"console: {message.Text}");
        page.PageError += (_, error) => _log.Enqueue($"page error: {error}");
    }

    /// <summary>The id that this tab has.</summary>
    public string Id { get; private set; } = "";

    /// <summary>Opens a tab and waits until it knows who it is.</summary>
    public static async Task<ConsolePage> OpenAsync(IBrowserContext profile, NodeProgram node, string name, string? invite = null)
    {
        var page = new ConsolePage(await profile.NewPageAsync());
        var url = new UriBuilder(node.ConsoleUrl) { Query = $"name={Uri.EscapeDataString(name)}", Fragment = invite is null ? "" : $"invite={invite}" };
        await page._page.GotoAsync(url.Uri.ToString());
        await page.ReadIdAsync();
        return page;
    }

    public async Task ReloadAsync()
    {
        await _page.ReloadAsync();
        await ReadIdAsync();
    }

    /// <summary>Waits until the page says so about its WebSocket.</summary>
    public Task WaitForEntryAsync(string state) => WaitAsync(_page.Locator($"#entry-state[data-state='{state}']"), $"entry {state}");

    /// <summary>Waits until the page lists the peer in that state.</summary>
    public Task WaitForPeerAsync(string id, string state) => WaitAsync(Peer(id).Locator($".state[data-state='{state}']"), $"{id} {state}");

    /// <summary>The labels of the peer's channels, with their states.</summary>
    public async Task<string[]> ReadChannelsAsync(string id) =>
        [.. (await Peer(id).Locator(".channels span").EvaluateAllAsync<string[]>("spans => spans.map(span => `${span.dataset.label} ${span.dataset.state}`)"))];

    /// <summary>Types an id and connects to it.</summary>
    public async Task ConnectByIdAsync(string id)
    {
        await _page.Locator("#connect-id").FillAsync(id);
        await _page.Locator("#connect button").ClickAsync();
    }

    /// <summary>Presses the button beside a peer that the page has heard of.</summary>
    public async Task ConnectToKnownAsync(string id)
    {
        await WaitForPeerAsync(id, "new");
        await Peer(id).GetByRole(AriaRole.Button).ClickAsync();
    }

    /// <summary>Sends a message as a person does and waits for its tick.</summary>
    public async Task SendAsync(string to, string text)
    {
        await Peer(to).ClickAsync();
        await _page.Locator("#send-text").FillAsync(text);
        await _page.Locator("#send-text").PressAsync("Enter");
        await WaitAsync(_page.Locator(".message.out[data-status='delivered']").Filter(new() { HasText = text }), $"'{text}' acknowledged");
    }

    /// <summary>Waits until the page shows a message that came in.</summary>
    public Task WaitForMessageAsync(string text) => WaitAsync(Message(text), $"message '{text}'");

    public ILocator Message(string text) => _page.Locator(".message.in").Filter(new() { HasText = text });

    /// <summary>How far the content is wider than the screen, in pixels.</summary>
    public async Task<int> MeasureOverflowAsync(int width, int height)
    {
        await _page.SetViewportSizeAsync(width, height);
        return await _page.EvaluateAsync<int>("() => document.documentElement.scrollWidth - document.documentElement.clientWidth");
    }

    private ILocator Peer(string id) => _page.Locator($".peer[data-id='{id}']");

    private async Task ReadIdAsync() => Id = (await _page.Locator("#own-id[data-id]").GetAttributeAsync("data-id"))!;

    private async Task WaitAsync(ILocator locator, string what)
    {
        try
        {
            await locator.First.WaitForAsync();
        }
        catch (TimeoutException)
        {
            Assert.Fail($"The page does not show: {what}. It shows:\n{await _page.InnerTextAsync("body")}\n{string.Join('\n', _log)}");
        }
    }
}
