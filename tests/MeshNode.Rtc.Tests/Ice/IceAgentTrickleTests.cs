using System.Net;
using MeshNode.Rtc.Ice;

namespace MeshNode.Rtc.Tests.Ice;

public sealed class IceAgentTrickleTests
{
    private readonly IceHarness _net = new();
    private readonly IceEndpoint _a;
    private readonly IceEndpoint _b;

    public IceAgentTrickleTests()
    {
        _a = _net.Add(IceRole.Controlling, null, "192.0.2.1:5000", "[2001:db8::1]:5000");
        _b = _net.Add(IceRole.Controlled, null, "192.0.2.2:6000", "[2001:db8::2]:6000");
    }

    [Fact]
    public void Signals_in_any_order_connect()
    {
        for (var seed = 0UL; seed < 720; seed++)
        {
            var net = new IceHarness(seed);
            var random = new SeededRandomSource(seed);
            var a = net.Add(IceRole.Controlling, null, "192.0.2.1:5000", "[2001:db8::1]:5000");
            var b = net.Add(IceRole.Controlled, null, "192.0.2.2:6000", "[2001:db8::2]:6000");
            List<Action> signals =
            [
                () => a.Agent.SetRemoteCredentials(net.Now, b.Agent.LocalCredentials),
                () => a.Agent.AddRemoteCandidate(net.Now, b.Candidates[0]),
                () => a.Agent.AddRemoteCandidate(net.Now, b.Candidates[1] with { UsernameFragment = b.Agent.LocalCredentials.UsernameFragment }),
                () => a.Agent.SetRemoteCandidatesComplete(net.Now),
                () => b.Agent.SetRemoteCredentials(net.Now, a.Agent.LocalCredentials),
                () => b.Agent.AddRemoteCandidate(net.Now, a.Candidates[0] with { UsernameFragment = a.Agent.LocalCredentials.UsernameFragment }),
                () => b.Agent.AddRemoteCandidate(net.Now, a.Candidates[1]),
                () => b.Agent.SetRemoteCandidatesComplete(net.Now),
            ];
            while (signals.Count > 0)
            {
                var next = random.NextInt32(signals.Count);
                signals[next]();
                signals.RemoveAt(next);
                net.RunFor(TimeSpan.FromMilliseconds(random.NextInt32(40)));
            }

            Assert.True(net.RunUntil(() => a.IsCompleted && b.IsCompleted, TimeSpan.FromSeconds(2)), $"seed {seed}: {a.Agent.State} {b.Agent.State}");
            net.RunFor(TimeSpan.FromSeconds(7)); // a consent check repeats the nomination where the sides ranked pairs differently
            Assert.True(a.Agent.SelectedPath!.Value.Remote == b.Agent.SelectedPath!.Value.Local, $"seed {seed}");
        }
    }

    [Fact]
    public void Early_candidate_is_kept_and_its_duplicate_refused()
    {
        Assert.True(_a.Agent.AddRemoteCandidate(_net.Now, _b.Candidates[0]));
        Assert.False(_a.Agent.AddRemoteCandidate(_net.Now, _b.Candidates[0]));
        _a.Agent.SetRemoteCredentials(_net.Now, _b.Agent.LocalCredentials);
        Assert.False(_a.Agent.AddRemoteCandidate(_net.Now, _b.Candidates[0]));
        Assert.False(_a.Agent.AddRemoteCandidate(_net.Now, _b.Candidates[0] with { Foundation = "other", Priority = 5 }), "same address");
        Assert.True(_a.Agent.AddRemoteCandidate(_net.Now, _b.Candidates[1]));
    }

    [Fact]
    public void Candidate_of_another_generation_waits_for_it()
    {
        var next = IceCredentials.Create(_b.Secure);
        _net.Introduce(_a, _b);
        var early = IceCandidate.Host(IceEndpoint.Address("198.51.100.7:7000")) with { UsernameFragment = next.UsernameFragment };
        Assert.True(_a.Agent.AddRemoteCandidate(_net.Now, early));
        _net.RunFor(TimeSpan.FromSeconds(1));
        Assert.False(_a.Agent.IsPathAuthenticated(new TransportPath(_a.Candidates[0].Address, early.Address)));

        _b.AddLocal("198.51.100.7:7000");
        _b.Agent.Restart(_net.Now, next);
        _a.Agent.Restart(_net.Now, IceCredentials.Create(_a.Secure));
        _a.Agent.SetRemoteCredentials(_net.Now, next);
        _b.Agent.SetRemoteCredentials(_net.Now, _a.Agent.LocalCredentials);
        Assert.True(_net.RunUntil(() => _a.Agent.SelectedPath?.Remote == early.Address, TimeSpan.FromSeconds(2)));
    }

    [Theory]
    [InlineData("candidate:1 1 tcp 1518280447 192.0.2.9 9 typ host tcptype active")]
    [InlineData("candidate:1 2 udp 2130706431 192.0.2.9 5000 typ host")]
    [InlineData("candidate:1 1 udp 2130706431 192.0.2.9 0 typ host")]
    [InlineData("candidate:1 1 udp 2130706431 0.0.0.0 5000 typ host")]
    [InlineData("candidate:1 1 udp 2130706431 :: 5000 typ host")]
    [InlineData("candidate:1 1 udp 2130706431 224.0.0.251 5353 typ host")]
    [InlineData("candidate:1 1 udp 2130706431 255.255.255.255 5000 typ host")]
    [InlineData("candidate:1 1 udp 2130706431 ff02::1 5000 typ host")]
    [InlineData("candidate:1 1 udp 2130706431 ::ffff:192.0.2.9 5000 typ host")]
    public void Unusable_candidate_is_refused(string line)
    {
        Assert.True(IceCandidate.TryParse(line, out var candidate));
        Assert.False(_a.Agent.AddRemoteCandidate(_net.Now, candidate!));
    }

    [Fact]
    public void Remote_loopback_address_is_never_checked_from_another_address()
    {
        _a.Agent.SetRemoteCredentials(_net.Now, _b.Agent.LocalCredentials);
        Assert.True(_a.Agent.AddRemoteCandidate(_net.Now, IceCandidate.Host(IceEndpoint.Address("127.0.0.1:22"))));
        _net.RunFor(TimeSpan.FromSeconds(5));

        Assert.Equal(0, _net.DatagramsSent);
    }

    [Fact]
    public void Mdns_candidate_is_kept_and_used_once_it_is_resolved()
    {
        Assert.True(IceCandidate.TryParse("candidate:1 1 udp 2113937151 8f0c.local 6000 typ host", out var candidate));
        _a.Agent.SetRemoteCredentials(_net.Now, _b.Agent.LocalCredentials);
        Assert.True(_a.Agent.AddRemoteCandidate(_net.Now, candidate!));
        Assert.False(_a.Agent.AddRemoteCandidate(_net.Now, candidate!));
        Assert.Equal(["8f0c.local"], _a.Agent.UnresolvedHostNames);
        _net.RunFor(TimeSpan.FromSeconds(1));
        Assert.Equal(0, _net.DatagramsSent);

        _b.Agent.SetRemoteCredentials(_net.Now, _a.Agent.LocalCredentials);
        Assert.False(_a.Agent.ResolveRemoteHostName(_net.Now, "other.local", IPAddress.Parse("192.0.2.2")));
        Assert.True(_a.Agent.ResolveRemoteHostName(_net.Now, "8F0C.local", IPAddress.Parse("192.0.2.2")));
        Assert.True(_net.RunUntil(() => _a.IsCompleted && _b.IsCompleted, TimeSpan.FromSeconds(1)));
        Assert.Empty(_a.Agent.UnresolvedHostNames);
    }

    [Fact]
    public void Flood_of_candidates_is_bounded_and_the_checks_are_paced()
    {
        _a.Agent.SetRemoteCredentials(_net.Now, _b.Agent.LocalCredentials);
        var taken = 0;
        for (var i = 0; i < 1000; i++)
        {
            taken += _a.Agent.AddRemoteCandidate(_net.Now, IceCandidate.Host(IceEndpoint.Address($"10.9.{i / 250}.{1 + (i % 250)}:5000"))) ? 1 : 0;
        }

        Assert.Equal(100, taken);
        _net.RunFor(TimeSpan.FromMilliseconds(100));
        Assert.InRange(_net.DatagramsSent, 15, 21); // one each 5 ms
        _net.RunFor(TimeSpan.FromSeconds(10));
        Assert.InRange(_a.Agent.Statistics.ChecksSent, 100, 800);
    }
}
