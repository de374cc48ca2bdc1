using Microsoft.Playwright;

namespace MeshNode.Interop.Tests.Peers;

/// <summary>A tab of Chromium with an RTCPeerConnection of its own.</summary>
internal sealed class ChromiumPeer : ScriptedPeer
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private IPage? _page;

    private ChromiumPeer()
        : base(Pairs.Stack.Chromium)
    {
    }

    public static async Task<ChromiumPeer> StartAsync(ChromiumBrowser browser)
    {
        var peer = new ChromiumPeer();
        peer._page = await browser.OpenPeerPageAsync(peer.Receive, peer.Note);
        peer.Events.Note(await peer.Ready.WaitAsync(Patience));
        return peer;
    }

    /// <summary>The tab's process crashes; its sockets go with it.</summary>
    public override async Task KillAsync()
    {
        var page = _page!;
        var crashed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        page.Crash += (_, _) => crashed.TrySetResult();
        var session = await page.Context.NewCDPSessionAsync(page);
        _ = session.SendAsync("Page.crash").ContinueWith(sent => _ = sent.Exception, TaskScheduler.Default); // never answered
        await crashed.Task.WaitAsync(Patience);
    }

    public override async ValueTask DisposeAsync()
    {
        if (_page is not null)
        {
            await _page.Context.CloseAsync();
        }
    }

    protected override Task WriteAsync(string json) => _page!.EvaluateAsync($"() => command({json})");

    private void Note(string line)
    {
        Events.Note(line);
        if (line.StartsWith("page error", StringComparison.Ordinal))
        {
            FailToStart(line);
        }
    }
}
