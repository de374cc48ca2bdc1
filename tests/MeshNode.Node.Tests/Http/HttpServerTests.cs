using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using MeshNode.Mesh;
using MeshNode.Node.Tests.Support;

namespace MeshNode.Node.Tests.Http;

public sealed class HttpServerTests : IAsyncLifetime
{
    private const string Peer = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    private RunningNode _node = null!;
    private HttpClient _client = null!;

    public async Task InitializeAsync()
    {
        _node = await RunningNode.StartAsync("--name", "ada");
        _client = _node.CreateClient();
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _node.DisposeAsync();
    }

    [Theory]
    [InlineData("healthz", "ok")]
    [InlineData("readyz", "ready")]
    public async Task Health_answers_without_a_token(string path, string status)
    {
        _client.DefaultRequestHeaders.Authorization = null;
        using var answer = await GetJsonAsync(path);
        Assert.Equal(status, answer.RootElement.GetProperty("status").GetString());
    }

    [Fact]
    public async Task Status_shows_the_node()
    {
        _node.Mesh.Peers.Add(new MeshPeer(Peer, "bob", "connected", "direct", 1.5, []));
        using var answer = await GetJsonAsync("api/control/status");
        var status = answer.RootElement;
        Assert.Equal(_node.Mesh.Id, status.GetProperty("id").GetString());
        Assert.Equal("0.1.0", status.GetProperty("version").GetString());
        Assert.True(status.GetProperty("uptimeSeconds").GetDouble() >= 0);
        Assert.Equal(_node.Http, status.GetProperty("http").GetString());
        Assert.Equal(_node.Mesh.UdpEndPoints[0].ToString(), status.GetProperty("udp").GetString());
        Assert.Equal(1, status.GetProperty("peerCount").GetInt32());
        Assert.Equal("ada", status.GetProperty("name").GetString());
    }

    [Fact]
    public async Task Peers_and_topology_have_the_agreed_shapes()
    {
        _node.Mesh.Peers.Add(new MeshPeer(Peer, "bob", "connected", "direct", 1.5, [new MeshChannel("control", "open", 7)]));
        using var peers = await GetJsonAsync("api/control/peers");
        Assert.Equal(
            $$"""[{"id":"{{Peer}}","name":"bob","state":"connected","path":"direct","rttMs":1.5,"channels":[{"label":"control","state":"open","bufferedBytes":7}]}]""",
            peers.RootElement.GetRawText());
        using var topology = await GetJsonAsync("api/control/topology");
        Assert.Equal(
            $$"""{"nodes":[{"id":"{{_node.Mesh.Id}}","name":"ada","kind":"node"},{"id":"{{Peer}}","name":"bob","kind":"node"}],"links":[{"from":"{{_node.Mesh.Id}}","to":"{{Peer}}","rttMs":1.5}]}""",
            topology.RootElement.GetRawText());
    }

    [Fact]
    public async Task Send_hands_the_text_to_the_mesh_and_tells_what_became_of_it()
    {
        using var response = await PostSendAsync($$"""{"to":"{{Peer}}","text":"hello","timeoutMs":2500}""");
        Assert.Equal("""{"delivered":true,"reason":null,"path":"direct","tookMs":12}""", await response.Content.ReadAsStringAsync());
        Assert.Equal((Peer, "hello", TimeSpan.FromSeconds(2.5)), Assert.Single(_node.Mesh.Sent));
    }

    [Theory]
    [InlineData("{", HttpStatusCode.BadRequest)]
    [InlineData("null", HttpStatusCode.BadRequest)]
    [InlineData("[]", HttpStatusCode.BadRequest)]
    [InlineData("{\"text\":\"x\"}", HttpStatusCode.BadRequest)]
    [InlineData("{\"to\":\"x\"}", HttpStatusCode.BadRequest)]
    [InlineData("{\"to\":\"x\",\"text\":\"x\",\"timeoutMs\":0}", HttpStatusCode.BadRequest)]
    [InlineData("{\"to\":\"x\",\"text\":\"x\",\"timeoutMs\":1e99}", HttpStatusCode.BadRequest)]
    public async Task A_body_that_is_wrong_is_a_problem(string body, HttpStatusCode status)
    {
        using var response = await PostSendAsync(body);
        await AssertProblemAsync(response, status);
        Assert.Empty(_node.Mesh.Sent);
    }

    [Fact]
    public async Task A_body_that_is_too_large_is_a_problem()
    {
        using var response = await PostSendAsync($$"""{"to":"x","text":"{{new string('x', 600_000)}}"}""");
        await AssertProblemAsync(response, HttpStatusCode.RequestEntityTooLarge);
    }

    [Fact]
    public async Task A_form_cannot_send()
    {
        using var content = new StringContent("{}", Encoding.UTF8, "text/plain"); // what a foreign page can post without asking
        using var response = await _client.PostAsync(new Uri("api/control/send", UriKind.Relative), content);
        await AssertProblemAsync(response, HttpStatusCode.UnsupportedMediaType);
    }

    [Theory]
    [InlineData("status")]
    [InlineData("peers")]
    [InlineData("topology")]
    [InlineData("send")]
    public async Task Control_without_or_with_a_wrong_token_is_refused(string path)
    {
        foreach (var token in new[] { null, "wrong" })
        {
            _client.DefaultRequestHeaders.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
            using var response = path == "send"
                ? await PostSendAsync("{}")
                : await _client.GetAsync(new Uri($"api/control/{path}", UriKind.Relative));
            await AssertProblemAsync(response, HttpStatusCode.Unauthorized);
            Assert.Equal("Bearer", response.Headers.WwwAuthenticate.Single().Scheme);
        }

        Assert.Empty(_node.Mesh.Sent);
    }

    [Theory]
    [InlineData("api/control/status")]
    [InlineData("API/CONTROL/STATUS")]
    [InlineData("")]
    [InlineData("healthz")]
    public async Task A_rebound_name_gets_nothing(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(path, UriKind.Relative));
        request.Headers.Host = $"attacker.example:{_node.Http.Split(':')[1]}";
        using var response = await _client.SendAsync(request);
        await AssertProblemAsync(response, HttpStatusCode.MisdirectedRequest);
    }

    [Fact]
    public async Task A_foreign_page_gets_nothing_from_control()
    {
        _client.DefaultRequestHeaders.Add("Origin", "http://attacker.example");
        using var response = await _client.GetAsync(new Uri("api/control/status", UriKind.Relative));
        await AssertProblemAsync(response, HttpStatusCode.Forbidden);
        Assert.False(response.Headers.Contains("Access-Control-Allow-Origin"));
    }

    [Fact]
    public async Task An_own_page_may_control_with_the_token()
    {
        _client.DefaultRequestHeaders.Add("Origin", $"http://{_node.Http}");
        using var response = await _client.GetAsync(new Uri("api/control/status", UriKind.Relative));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Theory]
    [InlineData("nothing.html", HttpStatusCode.NotFound)]
    [InlineData("../appsettings.json", HttpStatusCode.NotFound)]
    [InlineData("%2e%2e/%2e%2e/etc/passwd", HttpStatusCode.NotFound)]
    [InlineData("api/control/none", HttpStatusCode.NotFound)]
    [InlineData("mesh", HttpStatusCode.UpgradeRequired)]
    public async Task What_is_not_there_is_a_problem_too(string path, HttpStatusCode status)
    {
        using var response = await _client.GetAsync(new Uri(path, UriKind.Relative));
        await AssertProblemAsync(response, status);
    }

    [Theory]
    [InlineData("healthz")]
    [InlineData("none")]
    [InlineData("api/control/status")]
    public async Task Every_answer_tells_the_browser_what_not_to_do(string path)
    {
        using var response = await _client.GetAsync(new Uri(path, UriKind.Relative));
        Assert.Contains("default-src 'none'", response.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.Equal("nosniff", response.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Equal("DENY", response.Headers.GetValues("X-Frame-Options").Single());
        Assert.Equal("no-referrer", response.Headers.GetValues("Referrer-Policy").Single());
        Assert.Equal("same-origin", response.Headers.GetValues("Cross-Origin-Resource-Policy").Single());
        Assert.False(response.Headers.Contains("Server"));
    }

    [Fact]
    public async Task A_mesh_that_fails_is_a_problem_without_details()
    {
        _node.Mesh.Failure = new InvalidOperationException("inner secret");
        using var response = await _client.GetAsync(new Uri("api/control/status", UriKind.Relative));
        var body = await AssertProblemAsync(response, HttpStatusCode.InternalServerError);
        Assert.DoesNotContain("inner secret", body, StringComparison.Ordinal);
    }

    private static async Task<string> AssertProblemAsync(HttpResponseMessage response, HttpStatusCode status)
    {
        var body = await response.Content.ReadAsStringAsync();
        Assert.True(status == response.StatusCode, $"{response.StatusCode}: {body}");
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        using var problem = JsonDocument.Parse(body);
        Assert.Equal((int)status, problem.RootElement.GetProperty("status").GetInt32());
        return body;
    }

    private async Task<JsonDocument> GetJsonAsync(string path)
    {
        using var response = await _client.GetAsync(new Uri(path, UriKind.Relative));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        return JsonDocument.Parse(await response.Content.ReadAsStringAsync());
    }

    private async Task<HttpResponseMessage> PostSendAsync(string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        return await _client.PostAsync(new Uri("api/control/send", UriKind.Relative), content);
    }
}
