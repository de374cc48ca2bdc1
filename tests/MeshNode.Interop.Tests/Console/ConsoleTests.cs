using Microsoft.Playwright;

namespace MeshNode.Interop.Tests.Console;

/// <summary>The console in a real browser, with real nodes: a tab is a peer of the mesh.</summary>
[Trait("Category", "Interop")]
public sealed class ConsoleTests(ConsoleBrowser browser) : IClassFixture<ConsoleBrowser>, IAsyncLifetime
{
    private static readonly string[] FourOpenChannels = ["control open", "reliable open", "unreliable open", "file open"];

    private readonly string _directory = Directory.CreateTempSubdirectory("meshnode-console-").FullName;
    private readonly List<NodeProgram> _nodes = [];
    private readonly List<IBrowserContext> _profiles = [];

    Task IAsyncLifetime.InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var profile in _profiles)
        {
            await profile.CloseAsync();
        }

        _nodes.ForEach(node => node.Dispose());
        Directory.Delete(_directory, recursive: true);
    }

    [Theory]
    [InlineData(BrowserKind.OffersLoopback)]
    [InlineData(BrowserKind.AsPeopleHaveIt)] // the node learns where the tab is from the tab's own checks (peer-reflexive)
    public async Task A_tab_joins_and_talks_with_its_node_over_four_channels(BrowserKind kind)
    {
        var node = await StartNodeAsync("a");
        var tab = await OpenTabAsync(await OpenProfileAsync(kind), node);

        await tab.WaitForPeerAsync(node.Id, "connected");

        Assert.Equal(FourOpenChannels, await tab.ReadChannelsAsync(node.Id));
        await AssertDeliveredAsync(node, tab, "hello tab");
        await tab.SendAsync(node.Id, "hello node");
        await node.WaitForLogAsync("hello node");
    }

    [Theory]
    [InlineData(BrowserKind.OffersLoopback, true)]
    [InlineData(BrowserKind.OffersLoopback, false)]
    [InlineData(BrowserKind.AsPeopleHaveIt, true)]
    public async Task Two_tabs_are_two_peers_and_talk_without_the_node_that_introduced_them(BrowserKind kind, bool sameProfile)
    {
        var node = await StartNodeAsync("a");
        var profile = await OpenProfileAsync(kind);
        var one = await OpenTabAsync(profile, node, "one");
        var other = await OpenTabAsync(sameProfile ? profile : await OpenProfileAsync(kind), node, "other");
        Assert.NotEqual(one.Id, other.Id);

        await one.ConnectToKnownAsync(other.Id);
        await one.WaitForPeerAsync(other.Id, "connected");
        await other.WaitForPeerAsync(one.Id, "connected");
        node.Dispose();

        Assert.Equal(FourOpenChannels, await one.ReadChannelsAsync(other.Id));
        await one.SendAsync(other.Id, "from one");
        await other.WaitForMessageAsync("from one");
        await other.SendAsync(one.Id, "from other");
        await one.WaitForMessageAsync("from other");
    }

    [Fact]
    public async Task A_tab_talks_directly_with_a_node_that_it_knows_by_id_only()
    {
        var node = await StartNodeAsync("a");
        var far = await StartNodeAsync("c", "--join", node.JoinUrl);
        var tab = await OpenTabAsync(await OpenProfileAsync(), node);
        await tab.WaitForPeerAsync(node.Id, "connected");

        await tab.ConnectByIdAsync(far.Id);
        await tab.WaitForPeerAsync(far.Id, "connected");

        Assert.Equal(FourOpenChannels, await tab.ReadChannelsAsync(far.Id));
        await tab.SendAsync(far.Id, "hello far node");
        await far.WaitForLogAsync("hello far node");
        await AssertDeliveredAsync(far, tab, "hello tab");
    }

    [Fact]
    public async Task A_node_that_was_not_asked_reaches_a_tab_through_the_mesh()
    {
        var node = await StartNodeAsync("a");
        var far = await StartNodeAsync("c", "--join", node.JoinUrl);
        var tab = await OpenTabAsync(await OpenProfileAsync(), node);
        await tab.WaitForPeerAsync(far.Id, "new");

        await AssertDeliveredAsync(far, tab, "out of the blue");

        await tab.WaitForPeerAsync(far.Id, "connected");
    }

    [Fact]
    public async Task A_tab_keeps_its_id_and_comes_back_when_it_is_loaded_again()
    {
        var node = await StartNodeAsync("a");
        var profile = await OpenProfileAsync();
        var one = await OpenTabAsync(profile, node, "one");
        var other = await OpenTabAsync(profile, node, "other");
        var ids = (one.Id, other.Id);

        await other.ReloadAsync();
        await one.ReloadAsync();

        Assert.Equal(ids, (one.Id, other.Id));
        await one.WaitForPeerAsync(node.Id, "connected");
        await AssertDeliveredAsync(node, one, "welcome back");
    }

    [Fact]
    public async Task A_tab_returns_to_a_node_that_crashed_and_was_started_again()
    {
        var node = await StartNodeAsync("a");
        var tab = await OpenTabAsync(await OpenProfileAsync(), node);
        await tab.WaitForPeerAsync(node.Id, "connected");

        node.Dispose();
        var again = await NodeProgram.StartAsync(node.Data, "a", node.ConsoleUrl.Authority);
        _nodes.Add(again);

        Assert.Equal(node.Id, again.Id);
        await tab.WaitForPeerAsync(node.Id, "reconnecting");
        await tab.WaitForPeerAsync(node.Id, "connected");
        await AssertDeliveredAsync(again, tab, "here again");
    }

    [Fact]
    public async Task A_node_that_wants_an_invite_lets_in_the_tab_that_has_it()
    {
        var node = await StartNodeAsync("a", "--admission", "invite");
        var profile = await OpenProfileAsync();
        var stranger = await OpenTabAsync(profile, node, "stranger");
        await stranger.WaitForEntryAsync("failed");

        var token = (await File.ReadAllTextAsync(Path.Combine(node.Data, "invite-token"))).Trim();
        var guest = await ConsolePage.OpenAsync(profile, node, "guest", token);

        await guest.WaitForPeerAsync(node.Id, "connected");
    }

    [Fact]
    public async Task A_message_is_shown_as_text_whatever_it_holds()
    {
        const string Markup = "<img src=x onerror=\"document.title='taken'\"><b>bold</b>";
        var node = await StartNodeAsync("a");
        var tab = await OpenTabAsync(await OpenProfileAsync(), node);
        await tab.WaitForPeerAsync(node.Id, "connected");

        await AssertDeliveredAsync(node, tab, Markup);

        Assert.Equal(0, await tab.Message("bold").Locator("img, b").CountAsync());
    }

    [Theory]
    [InlineData(1280, 800)]
    [InlineData(390, 844)]
    public async Task The_page_fits_the_screen(int width, int height)
    {
        var node = await StartNodeAsync("a-node-with-a-name-that-is-as-long-as-names-may-be-in-this-mesh");
        var tab = await OpenTabAsync(await OpenProfileAsync(), node, new string('w', 64));
        await tab.WaitForPeerAsync(node.Id, "connected");
        await AssertDeliveredAsync(node, tab, new string('m', 300));

        Assert.Equal(0, await tab.MeasureOverflowAsync(width, height));
    }

    private static async Task AssertDeliveredAsync(NodeProgram node, ConsolePage tab, string text)
    {
        var (code, output) = await node.SendAsync(tab.Id, text);
        Assert.True(code == 0, $"{output}{node.Log}");
        await tab.WaitForMessageAsync(text);
    }

    private static Task<ConsolePage> OpenTabAsync(IBrowserContext profile, NodeProgram node, string name = "tab") => ConsolePage.OpenAsync(profile, node, name);

    private async Task<NodeProgram> StartNodeAsync(string name, params string[] extra)
    {
        var node = await NodeProgram.StartAsync(Path.Combine(_directory, name), name, extra: extra);
        _nodes.Add(node);
        return node;
    }

    private async Task<IBrowserContext> OpenProfileAsync(BrowserKind kind = BrowserKind.OffersLoopback)
    {
        var profile = await browser.OpenProfileAsync(kind);
        _profiles.Add(profile);
        return profile;
    }
}
