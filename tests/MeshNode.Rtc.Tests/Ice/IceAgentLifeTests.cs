using MeshNode.Rtc.Ice;

namespace MeshNode.Rtc.Tests.Ice;

/// <summary>Consent, silence, failure, restart and close.</summary>
public sealed class IceAgentLifeTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly IceHarness _net = new();
    private readonly IceEndpoint _a;
    private readonly IceEndpoint _b;

    public IceAgentLifeTests()
    {
        _a = _net.Add(IceRole.Controlling, null, "192.0.2.1:5000");
        _b = _net.Add(IceRole.Controlled, null, "192.0.2.2:6000");
    }

    [Fact]
    public void Consent_checks_every_four_to_six_seconds_keep_the_path_for_an_hour()
    {
        Connect();
        var sent = _a.Agent.Statistics.ChecksSent;
        _net.RunFor(TimeSpan.FromHours(1));

        Assert.InRange(_a.Agent.Statistics.ChecksSent - sent, 3600 / 6, 3600 / 4);
        Assert.True(_a.IsCompleted && _b.IsCompleted);
        Assert.DoesNotContain(IceConnectionState.Disconnected, _a.States);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void A_path_that_loses_one_datagram_in_five_keeps_its_consent_for_an_hour(ulong seed)
    {
        var net = new IceHarness(seed) { Loss = 0.2 };
        var a = net.Add(IceRole.Controlling, null, "192.0.2.1:5000");
        var b = net.Add(IceRole.Controlled, null, "192.0.2.2:6000");
        net.Introduce(a, b);
        Assert.True(net.RunUntil(() => a.IsCompleted && b.IsCompleted, TimeSpan.FromSeconds(30)));
        net.RunFor(TimeSpan.FromHours(1));

        Assert.DoesNotContain(IceConnectionState.Failed, a.States.Concat(b.States));
        Assert.InRange(a.Agent.Statistics.ChecksSent, 3600 / 6, 3600 / 2);
    }

    [Fact]
    public void Silence_disconnects_within_eleven_seconds_and_fails_when_consent_expires()
    {
        Connect();
        _net.RunFor(TimeSpan.FromSeconds(20));
        var cut = _net.Now;
        _net.Carries = _ => false;
        Assert.True(_net.RunUntil(() => _a.Agent.State == IceConnectionState.Failed && _b.Agent.State == IceConnectionState.Failed, Limit));

        Assert.InRange((_a.TimeOf(IceConnectionState.Disconnected)!.Value - cut).TotalSeconds, 5, 11.1);
        Assert.InRange((_a.TimeOf(IceConnectionState.Failed)!.Value - cut).TotalSeconds, 23, 30.1);
        Assert.Null(_a.Agent.SelectedPath);
        Assert.Contains(_a.Events, e => e.Event.Kind == IceEventKind.SelectedPathChanged && e.Event.Path == default);
        var before = _net.DatagramsSent;
        _net.RunFor(TimeSpan.FromMinutes(1));
        Assert.Equal(before, _net.DatagramsSent);
        Assert.Null(_a.Agent.NextTimeout);
    }

    [Fact]
    public void Path_that_comes_back_restores_the_state()
    {
        Connect();
        _net.Carries = _ => false;
        Assert.True(_net.RunUntil(() => _a.Agent.State == IceConnectionState.Disconnected, Limit));
        _net.Carries = _ => true;

        Assert.True(_net.RunUntil(() => _a.IsCompleted && _b.IsCompleted, TimeSpan.FromSeconds(7)));
        Assert.NotNull(_a.Agent.SelectedPath);
    }

    [Fact]
    public void Requests_alone_are_no_consent()
    {
        Connect();
        _net.Carries = path => path.Local == _b.Candidates[0].Address; // b is heard, and hears nothing
        _net.RunFor(TimeSpan.FromSeconds(35));

        Assert.Equal(IceConnectionState.Failed, _a.Agent.State);
    }

    [Fact]
    public void Agent_without_any_answer_fails_after_the_checking_timeout()
    {
        var start = _net.Now;
        _net.Carries = _ => false;
        _net.Introduce(_a, _b);
        Assert.True(_net.RunUntil(() => _a.Agent.State == IceConnectionState.Failed, Limit));

        Assert.Equal(TimeSpan.FromSeconds(30), _net.Now - start);
        Assert.Equal([IceConnectionState.Checking, IceConnectionState.Failed], _a.States);
        Assert.InRange(_a.Agent.Statistics.ChecksSent, 10, 20);
    }

    [Fact]
    public void Agent_that_is_never_given_a_candidate_fails_too()
    {
        _a.Agent.SetRemoteCredentials(_net.Now, _b.Agent.LocalCredentials);
        Assert.True(_net.RunUntil(() => _a.Agent.State == IceConnectionState.Failed, TimeSpan.FromSeconds(31)));
    }

    [Fact]
    public void Restart_keeps_the_path_until_the_new_generation_is_nominated()
    {
        Connect();
        var old = _a.Agent.SelectedPath;
        var previous = _a.Agent.LocalCredentials;
        _a.Agent.Restart(_net.Now, IceCredentials.Create(_a.Secure));
        _net.RunFor(TimeSpan.FromSeconds(8)); // the offer is under way; consent goes on with the old credentials
        Assert.Equal(old, _a.Agent.SelectedPath);
        Assert.True(_a.IsCompleted);
        Assert.Null(_a.Agent.RemoteCredentials);
        Assert.NotEqual(previous, _a.Agent.LocalCredentials);

        _b.Agent.Restart(_net.Now, IceCredentials.Create(_b.Secure));
        var events = _a.Events.Count;
        _net.Introduce(_a, _b);
        Assert.True(_net.RunUntil(
            () => _a.Events.Skip(events).Any(e => e.Event.Kind == IceEventKind.SelectedPathChanged), TimeSpan.FromSeconds(1)));
        Assert.Equal(old, _a.Agent.SelectedPath);
        _net.RunFor(TimeSpan.FromMinutes(5));
        Assert.True(_a.IsCompleted && _b.IsCompleted);
        Assert.DoesNotContain(IceConnectionState.Disconnected, _a.States);
    }

    [Fact]
    public void Restart_after_failure_connects_again()
    {
        Connect();
        _net.Carries = _ => false;
        Assert.True(_net.RunUntil(() => _a.Agent.State == IceConnectionState.Failed && _b.Agent.State == IceConnectionState.Failed, Limit));
        _net.Carries = _ => true;
        _a.Agent.Restart(_net.Now, IceCredentials.Create(_a.Secure));
        Assert.Equal(IceConnectionState.New, _a.Agent.State);
        _b.Agent.Restart(_net.Now, IceCredentials.Create(_b.Secure));
        _net.Introduce(_a, _b);

        Assert.True(_net.RunUntil(() => _a.IsCompleted && _b.IsCompleted, TimeSpan.FromSeconds(1)));
    }

    [Fact]
    public void Restart_moves_to_a_new_address_when_the_old_one_is_gone()
    {
        Connect();
        _net.Carries = path => !path.Local.Equals(_a.Candidates[0].Address) && !path.Remote.Equals(_a.Candidates[0].Address);
        _a.AddLocal("198.51.100.1:5000");
        _a.Agent.Restart(_net.Now, IceCredentials.Create(_a.Secure));
        _b.Agent.Restart(_net.Now, IceCredentials.Create(_b.Secure));
        _net.Introduce(_a, _b);

        Assert.True(_net.RunUntil(() => _a.Agent.SelectedPath?.Local == _a.Candidates[1].Address
            && _b.Agent.SelectedPath?.Remote == _a.Candidates[1].Address, TimeSpan.FromSeconds(1)));
    }

    [Fact]
    public void Peer_whose_address_changes_is_followed_when_the_old_path_goes_silent()
    {
        Connect();
        _a.Listen("203.0.113.9:777");
        var (inner, outer) = (_a.Candidates[0].Address, IceEndpoint.Address("203.0.113.9:777"));
        // From now on a NAT stands before a: what a sends comes from outside, and only that way leads back.
        _net.Translate = path => path.Local == inner ? path with { Local = outer } : path.Remote == outer ? path with { Remote = inner } : path;
        var blocked = new TransportPath(_b.Candidates[0].Address, inner);
        _net.Tap = (path, bytes) => path == blocked ? null : bytes;

        Assert.True(_net.RunUntil(() => _b.Agent.SelectedPath?.Remote == outer, TimeSpan.FromSeconds(30)), $"{_b.Agent.SelectedPath}");
        _net.RunFor(TimeSpan.FromMinutes(2));
        Assert.Equal(outer, _b.Agent.SelectedPath?.Remote);
        Assert.True(_a.Agent.State is IceConnectionState.Completed, $"{_a.Agent.State}");
    }

    [Fact]
    public void Closed_agent_is_silent()
    {
        Connect();
        _a.Agent.Close();
        _net.RunFor(TimeSpan.FromSeconds(20));

        Assert.Equal(IceConnectionState.Closed, _a.States.Last());
        Assert.Null(_a.Agent.NextTimeout);
        Assert.Equal(IceConnectionState.Disconnected, _b.Agent.State);
        Assert.False(_a.Agent.AddRemoteCandidate(_net.Now, IceCandidate.Host(IceEndpoint.Address("192.0.2.9:1"))));
    }

    [Fact]
    public void Misuse_says_what_to_do_instead()
    {
        Connect();
        Assert.Throws<InvalidOperationException>(() => _a.Agent.SetRole(IceRole.Controlled));
        Assert.Throws<InvalidOperationException>(() => _a.Agent.SetRemoteCredentials(_net.Now, IceCredentials.Create(_a.Secure)));
        Assert.Throws<ArgumentException>(() => _a.Agent.Restart(_net.Now, new IceCredentials("x", "y")));
        Assert.Throws<ArgumentException>(() => _a.Agent.AddLocalCandidate(_net.Now, IceCandidate.Host(IceEndpoint.Address("0.0.0.0:5"))));
        Assert.Throws<ArgumentOutOfRangeException>(() => _a.Agent.TryTransmit(_net.Now, new byte[100], out _));
    }

    private void Connect()
    {
        _net.Introduce(_a, _b);
        Assert.True(_net.RunUntil(() => _a.IsCompleted && _b.IsCompleted, TimeSpan.FromSeconds(1)));
    }
}
