using System.Net;
using MeshNode.Node.Http;

namespace MeshNode.Node.Tests.Http;

public sealed class RequestGuardTests
{
    private const string Token = "0123456789abcdef0123456789abcdef";
    private static readonly IPEndPoint Loopback = new(IPAddress.Loopback, 7280);
    private static readonly IPEndPoint Lan = new(IPAddress.Parse("192.0.2.7"), 7280);

    [Theory]
    [InlineData("127.0.0.1:7280")]
    [InlineData("localhost:7280")]
    [InlineData("LOCALHOST:7280")]
    public void An_own_host_with_the_token_controls(string host) =>
        Assert.Equal(RequestVerdict.Allowed, Guard().JudgeControl(Facts(host)));

    [Theory]
    [InlineData("attacker.example:7280")] // a name whose DNS record was changed to 127.0.0.1
    [InlineData("127.0.0.1")]
    [InlineData("127.0.0.1:7281")]
    [InlineData("localhost.attacker.example:7280")]
    [InlineData("127.0.0.1:7280.attacker.example")]
    [InlineData("[::1]:7280")]
    [InlineData("0.0.0.0:7280")]
    [InlineData("")]
    public void A_foreign_host_gets_nothing_on_loopback_even_with_the_token(string host)
    {
        Assert.Equal(RequestVerdict.ForeignHost, Guard().JudgeControl(Facts(host)));
        Assert.Equal(RequestVerdict.ForeignHost, Guard().JudgeMesh(Facts(host)));
        Assert.Equal(RequestVerdict.ForeignHost, Guard().JudgePublic(Facts(host)));
    }

    [Theory]
    [InlineData("http://attacker.example")]
    [InlineData("http://localhost:7280")] // another origin than that of the page at 127.0.0.1
    [InlineData("http://127.0.0.1:7281")]
    [InlineData("https://127.0.0.1:7280")]
    [InlineData("http://127.0.0.1:7280/")]
    [InlineData("null")]
    [InlineData("")]
    public void A_foreign_origin_neither_controls_nor_opens_the_mesh(string origin)
    {
        var facts = Facts("127.0.0.1:7280") with { Origin = [origin] };
        Assert.Equal(RequestVerdict.ForeignOrigin, Guard().JudgeControl(facts));
        Assert.Equal(RequestVerdict.ForeignOrigin, Guard().JudgeMesh(facts));
    }

    [Fact]
    public void Two_origins_are_foreign() => Assert.Equal(
        RequestVerdict.ForeignOrigin,
        Guard().JudgeMesh(Facts("127.0.0.1:7280") with { Origin = ["http://127.0.0.1:7280", "http://attacker.example"] }));

    [Theory]
    [InlineData("127.0.0.1:7280")]
    [InlineData("localhost:7280")]
    public void An_own_page_opens_the_mesh(string host) =>
        Assert.Equal(RequestVerdict.Allowed, Guard().JudgeMesh(Facts(host) with { Origin = [$"http://{host}"], Authorization = "" }));

    [Fact]
    public void A_program_that_is_no_browser_opens_the_mesh_without_origin_and_token() =>
        Assert.Equal(RequestVerdict.Allowed, Guard().JudgeMesh(Facts("127.0.0.1:7280") with { Authorization = "" }));

    [Fact]
    public void A_configured_origin_opens_the_mesh_and_does_not_control()
    {
        var guard = Guard(origins: ["https://chat.example.org"]);
        var facts = Facts("127.0.0.1:7280") with { Origin = ["https://chat.example.org"] };
        Assert.Equal(RequestVerdict.Allowed, guard.JudgeMesh(facts));
        Assert.Equal(RequestVerdict.ForeignOrigin, guard.JudgeControl(facts));
    }

    [Theory]
    [InlineData("", RequestVerdict.TokenMissing)]
    [InlineData("Basic abc", RequestVerdict.TokenMissing)]
    [InlineData("Bearer ", RequestVerdict.TokenWrong)]
    [InlineData("Bearer 0123456789abcdef0123456789abcdee", RequestVerdict.TokenWrong)]
    [InlineData("Bearer 0123456789abcdef0123456789abcdef0", RequestVerdict.TokenWrong)]
    [InlineData("bearer 0123456789abcdef0123456789abcdef", RequestVerdict.Allowed)]
    public void Control_takes_the_exact_token(string authorization, object verdict) =>
        Assert.Equal(verdict, Guard().JudgeControl(Facts("127.0.0.1:7280") with { Authorization = authorization }));

    [Fact]
    public void Beyond_loopback_files_and_mesh_answer_to_any_name_and_control_does_not()
    {
        var guard = Guard(isLoopback: false);
        var facts = Facts("anything.example") with { Local = Lan };
        Assert.Equal(RequestVerdict.Allowed, guard.JudgePublic(facts));
        Assert.Equal(RequestVerdict.Allowed, guard.JudgeMesh(facts));
        Assert.Equal(RequestVerdict.ForeignHost, guard.JudgeControl(facts));
        Assert.Equal(RequestVerdict.ForeignOrigin, guard.JudgeMesh(facts with { Origin = ["http://anything.example"] }));
    }

    [Fact]
    public void Beyond_loopback_control_still_needs_the_token()
    {
        var guard = Guard(isLoopback: false);
        var facts = Facts("192.0.2.7:7280") with { Local = Lan };
        Assert.Equal(RequestVerdict.Allowed, guard.JudgeControl(facts));
        Assert.Equal(RequestVerdict.TokenMissing, guard.JudgeControl(facts with { Authorization = "" }));
        Assert.Equal(RequestVerdict.ForeignHost, guard.JudgeControl(facts with { Host = "localhost:7280" }));
    }

    [Fact]
    public void A_configured_name_is_an_own_one_over_http_and_https()
    {
        var guard = Guard(hosts: ["mesh.example.org"]);
        var facts = Facts("mesh.example.org");
        Assert.Equal(RequestVerdict.Allowed, guard.JudgeControl(facts));
        Assert.Equal(RequestVerdict.Allowed, guard.JudgeMesh(facts with { Origin = ["https://mesh.example.org"] }));
        Assert.Equal(RequestVerdict.Allowed, guard.JudgeMesh(facts with { Origin = ["http://mesh.example.org"] }));
    }

    [Theory]
    [InlineData("::1", "[::1]:7280")]
    [InlineData("::ffff:127.0.0.1", "127.0.0.1:7280")]
    [InlineData("::1", "localhost:7280")]
    [InlineData("fe80::1%2", "[fe80::1]:7280")]
    public void The_address_that_the_connection_came_to_is_an_own_host(string local, string host) => Assert.Equal(
        RequestVerdict.Allowed,
        Guard().JudgeControl(Facts(host) with { Local = new IPEndPoint(IPAddress.Parse(local), 7280) }));

    [Fact]
    public void The_default_port_may_be_left_out() => Assert.Equal(
        RequestVerdict.Allowed,
        Guard().JudgeControl(Facts("localhost") with { Local = new IPEndPoint(IPAddress.Loopback, 80) }));

    private static RequestGuard Guard(string[]? hosts = null, string[]? origins = null, bool isLoopback = true) =>
        new(new ControlToken(Token), hosts ?? [], origins ?? [], isLoopback);

    private static RequestFacts Facts(string host) => new(Loopback, host, [], $"Bearer {Token}");
}
