using MeshNode.Rtc.Ice;
using MeshNode.SimNet;

namespace MeshNode.Rtc.Tests.Ice;

public sealed class IceAgentConnectTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    [Fact]
    public void Two_agents_with_one_address_each_complete_in_about_one_round_trip()
    {
        var net = new IceHarness();
        var a = net.Add(IceRole.Controlling, null, "192.0.2.1:5000");
        var b = net.Add(IceRole.Controlled, null, "192.0.2.2:6000");
        var start = net.Now;
        net.Introduce(a, b);

        Assert.True(net.RunUntil(() => a.IsCompleted && b.IsCompleted, Limit));

        Assert.Equal(new TransportPath(IceEndpoint.Address("192.0.2.1:5000"), IceEndpoint.Address("192.0.2.2:6000")), a.Agent.SelectedPath);
        Assert.Equal(new TransportPath(IceEndpoint.Address("192.0.2.2:6000"), IceEndpoint.Address("192.0.2.1:5000")), b.Agent.SelectedPath);
        Assert.True(net.Now - start <= net.OneWayDelay * 2, $"took {net.Now - start}");
        Assert.Equal(net.OneWayDelay * 2, a.Agent.RoundTripTime);
        Assert.Equal([IceConnectionState.Checking, IceConnectionState.Completed], a.States);
    }

    [Fact]
    public void Answerer_whose_checks_come_before_the_answer_is_answered_and_the_offerer_completes_one_round_trip_after_it()
    {
        var net = new IceHarness();
        var offerer = net.Add(IceRole.Controlling, null, "192.0.2.1:5000");
        var answerer = net.Add(IceRole.Controlled, null, "192.0.2.2:6000");
        answerer.Agent.SetRemoteCredentials(net.Now, offerer.Agent.LocalCredentials);
        answerer.Agent.AddRemoteCandidate(net.Now, offerer.Candidates[0]);
        net.RunFor(TimeSpan.FromMilliseconds(100));
        Assert.Equal(IceConnectionState.New, offerer.Agent.State);
        Assert.Equal(IceConnectionState.Connected, answerer.Agent.State);
        Assert.True(offerer.Agent.IsPathAuthenticated(new TransportPath(offerer.Candidates[0].Address, answerer.Candidates[0].Address)));

        var answered = net.Now;
        offerer.Agent.SetRemoteCredentials(net.Now, answerer.Agent.LocalCredentials); // no candidate yet: the check taught it
        Assert.True(net.RunUntil(() => offerer.IsCompleted && answerer.IsCompleted, Limit));

        Assert.Equal(net.OneWayDelay * 2, net.Now - answered);
        Assert.Equal(IceCandidateType.PeerReflexive, offerer.Agent.SelectedRemoteCandidate!.Type);
        Assert.True(offerer.Agent.AddRemoteCandidate(net.Now, answerer.Candidates[0]));
        Assert.Equal(IceCandidateType.Host, offerer.Agent.SelectedRemoteCandidate!.Type);
        Assert.False(offerer.Agent.AddRemoteCandidate(net.Now, answerer.Candidates[0]), "now it is a duplicate");
    }

    [Fact]
    public void Agents_with_both_families_prefer_what_the_local_preference_prefers()
    {
        var net = new IceHarness();
        var a = net.Add(IceRole.Controlling, null, "[2001:db8::1]:5000", "192.0.2.1:5000");
        var b = net.Add(IceRole.Controlled, null, "[2001:db8::2]:6000", "192.0.2.2:6000");
        net.Introduce(a, b);

        Assert.True(net.RunUntil(() => a.IsCompleted && b.IsCompleted, Limit));
        net.RunFor(TimeSpan.FromSeconds(2));

        Assert.Equal("[2001:db8::2]:6000", a.Agent.SelectedPath!.Value.Remote.ToString());
        Assert.Equal("[2001:db8::1]:5000", b.Agent.SelectedPath!.Value.Remote.ToString());
    }

    [Fact]
    public void Link_local_addresses_connect_with_the_scope_of_their_own_interface()
    {
        var net = new IceHarness();
        var a = net.Add(IceRole.Controlling, null, "[fe80::1%3]:5000");
        var b = net.Add(IceRole.Controlled, null, "[fe80::2%7]:6000");
        // Each side's scope is its own; on the wire there is none.
        net.Translate = path => path.Local.ScopeId == 3
            ? new TransportPath(IceEndpoint.Address("[fe80::1%7]:5000"), IceEndpoint.Address("[fe80::2%7]:6000"))
            : new TransportPath(IceEndpoint.Address("[fe80::2%3]:6000"), IceEndpoint.Address("[fe80::1%3]:5000"));
        net.Introduce(a, b);

        Assert.True(net.RunUntil(() => a.IsCompleted && b.IsCompleted, Limit));

        Assert.Equal(3u, a.Agent.SelectedPath!.Value.Remote.ScopeId);
        Assert.DoesNotContain("%", a.Candidates[0].ToSdp(), StringComparison.Ordinal);
        Assert.Equal(IceCandidateType.Host, a.Agent.SelectedLocalCandidate!.Type);
    }

    [Fact]
    public void When_the_best_pair_is_dead_the_next_is_nominated_after_the_patience()
    {
        var net = new IceHarness();
        var a = net.Add(IceRole.Controlling, null, "10.1.0.1:5000", "10.2.0.1:5000", "192.0.2.1:5000");
        var b = net.Add(IceRole.Controlled, null, "10.3.0.1:5000", "192.0.2.2:6000");
        net.Carries = path => path.Local.ToString().StartsWith("192.", StringComparison.Ordinal)
            && path.Remote.ToString().StartsWith("192.", StringComparison.Ordinal);
        var start = net.Now;
        net.Introduce(a, b);

        Assert.True(net.RunUntil(() => a.IsCompleted && b.IsCompleted, Limit));

        Assert.Equal("192.0.2.2:6000", a.Agent.SelectedPath!.Value.Remote.ToString());
        Assert.Equal("192.0.2.1:5000", b.Agent.SelectedPath!.Value.Remote.ToString());
        Assert.True(a.TimeOf(IceConnectionState.Connected) - start < TimeSpan.FromMilliseconds(60), "data may flow before nomination");
        Assert.True(net.Now - start < TimeSpan.FromMilliseconds(250), $"took {net.Now - start}");
    }

    [Fact]
    public void Without_nomination_at_once_a_pair_is_nominated_by_a_second_check()
    {
        var net = new IceHarness();
        var configuration = new IceAgentConfiguration { NominatesBestPairAtOnce = false };
        var a = net.Add(IceRole.Controlling, configuration, "192.0.2.1:5000");
        var b = net.Add(IceRole.Controlled, configuration, "192.0.2.2:6000");
        var start = net.Now;
        net.Introduce(a, b);

        Assert.True(net.RunUntil(() => a.IsCompleted && b.IsCompleted, Limit));

        Assert.Equal([IceConnectionState.Checking, IceConnectionState.Connected, IceConnectionState.Completed], a.States);
        Assert.Equal([IceConnectionState.Checking, IceConnectionState.Connected, IceConnectionState.Completed], b.States);
        Assert.Equal(net.OneWayDelay * 4, net.Now - start);
    }

    [Fact]
    public void Thousands_of_seeded_pairs_complete_over_loss_reordering_and_duplication()
    {
        var runs = TestScale.Count("ICE pairs over a lossy link", 10_000, 2_000);
        var slowest = TimeSpan.Zero;
        for (var seed = 1UL; seed <= (ulong)runs; seed++)
        {
            var choice = new SeededRandomSource(seed * 7919);
            var net = new IceHarness(seed)
            {
                Loss = 0.2 * choice.NextDouble(),
                Duplication = 0.05,
                OneWayDelay = TimeSpan.FromMilliseconds(1 + choice.NextInt32(100)),
                Jitter = TimeSpan.FromMilliseconds(choice.NextInt32(50)),
            };
            // One run in four starts with a role conflict, one in three has several addresses.
            var roleOfB = seed % 4 == 0 ? IceRole.Controlling : IceRole.Controlled;
            var a = net.Add(IceRole.Controlling, null, seed % 3 == 0 ? ["192.0.2.1:5000", "[2001:db8::1]:5000"] : ["192.0.2.1:5000"]);
            var b = net.Add(roleOfB, null, seed % 3 == 0 ? ["192.0.2.2:5000", "[2001:db8::2]:5000"] : ["192.0.2.2:5000"]);
            var start = net.Now;
            net.Introduce(a, b);

            Assert.True(
                net.RunUntil(() => a.IsCompleted && b.IsCompleted, Limit),
                $"seed {seed}: {a.Agent.State} {b.Agent.State} at {net.Now}");
            Assert.NotEqual(a.Agent.Role, b.Agent.Role);
            Assert.True(
                net.RunUntil(() => a.Agent.SelectedPath!.Value.Local == b.Agent.SelectedPath!.Value.Remote
                    && a.Agent.SelectedPath!.Value.Remote == b.Agent.SelectedPath!.Value.Local, Limit),
                $"seed {seed}: {a.Agent.SelectedPath} and {b.Agent.SelectedPath}");
            slowest = net.Now - start > slowest ? net.Now - start : slowest;
        }

        Console.WriteLine($"[ice] slowest of {runs}: {slowest}");
    }
}
