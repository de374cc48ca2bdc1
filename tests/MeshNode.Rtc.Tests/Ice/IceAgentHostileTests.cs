using System.Text;
using MeshNode.Rtc.Ice;
using MeshNode.Rtc.Stun;
using MeshNode.SimNet;

namespace MeshNode.Rtc.Tests.Ice;

/// <summary>What strangers, and a peer that lies, can send.</summary>
public sealed class IceAgentHostileTests
{
    private static readonly StunTransactionId Id = new(1, 2);

    private readonly IceHarness _net = new();
    private readonly IceEndpoint _a;
    private readonly IceEndpoint _b;
    private readonly TransportPath _path;

    public IceAgentHostileTests()
    {
        _a = _net.Add(IceRole.Controlling, null, "192.0.2.1:5000");
        _b = _net.Add(IceRole.Controlled, null, "192.0.2.2:6000");
        _path = new TransportPath(_a.Candidates[0].Address, IceEndpoint.Address("203.0.113.66:666"));
    }

    private enum Flaw
    {
        None,
        NoUsername,
        NoIntegrity,
        WrongPassword,
        WrongReceiver,
    }

    [Theory]
    [InlineData(1, 400)]
    [InlineData(2, 400)]
    [InlineData(3, 401)]
    [InlineData(4, 401)]
    public void Request_without_valid_credentials_is_refused_shortly_and_leaves_no_trace(int flaw, int expected)
    {
        var request = Request((Flaw)flaw);
        _a.Agent.HandleDatagram(_net.Now, _path, request);

        var buffer = new byte[1200];
        var isAnswered = _a.Agent.TryTransmit(_net.Now, buffer, out var transmit);
        Assert.True(!isAnswered || transmit.Length <= request.Length);
        if (isAnswered)
        {
            Assert.True(StunReader.TryParse(buffer.AsSpan(0, transmit.Length), out var response));
            Assert.True(response.TryReadErrorCode(out var code));
            Assert.Equal(expected, code);
            Assert.Equal(Id, response.TransactionId);
            Assert.Equal(StunIntegrityResult.Missing, response.VerifyIntegrity("x"u8));
        }

        Assert.False(_a.Agent.IsPathAuthenticated(_path));
        Assert.False(_a.Agent.TryReadEvent(out _));
        Assert.Equal(1, _a.Agent.Statistics.Unauthenticated);
        _a.Agent.SetRemoteCredentials(_net.Now, _b.Agent.LocalCredentials);
        Assert.False(_a.Agent.TryTransmit(_net.Now, buffer, out _), "no check was triggered");
    }

    [Fact]
    public void Bare_request_is_not_answered_with_more_than_it_is()
    {
        var buffer = new byte[1200];
        var length = new StunWriter(buffer, StunMessageClass.Request, StunMethod.Binding, Id).Length;
        _a.Agent.HandleDatagram(_net.Now, _path, buffer.AsSpan(0, length));
        Assert.False(_a.Agent.TryTransmit(_net.Now, buffer, out _));
    }

    [Fact]
    public void Attribute_that_must_be_understood_and_is_not_gets_420_with_its_type()
    {
        _a.Agent.HandleDatagram(_net.Now, _path, Request(Flaw.None, (ref StunWriter writer) => writer.WriteUInt32((StunAttributeType)0x0003, 6)));

        var buffer = new byte[1200];
        Assert.True(_a.Agent.TryTransmit(_net.Now, buffer, out var transmit));
        Assert.True(StunReader.TryParse(buffer.AsSpan(0, transmit.Length), out var response));
        Assert.True(response.TryReadErrorCode(out var code));
        Assert.Equal(StunErrorCode.UnknownAttribute, code);
        Assert.True(response.TryFind(StunAttributeType.UnknownAttributes, out var unknown));
        Assert.Equal("0003", Convert.ToHexString(unknown.Value));
        Assert.Equal(StunIntegrityResult.Valid, response.VerifyIntegrity(Encoding.ASCII.GetBytes(_a.Agent.LocalCredentials.Password)));
        Assert.False(_a.Agent.IsPathAuthenticated(_path));
    }

    [Fact]
    public void Valid_request_from_an_unknown_source_makes_a_peer_reflexive_candidate()
    {
        _a.Agent.SetRemoteCredentials(_net.Now, _b.Agent.LocalCredentials);
        _a.Agent.HandleDatagram(_net.Now, _path, Request(Flaw.None));

        var buffer = new byte[1200];
        Assert.True(_a.Agent.TryTransmit(_net.Now, buffer, out var response));
        Assert.Equal(_path, response.Path);
        Assert.True(_a.Agent.TryTransmit(_net.Now, buffer, out var check));
        Assert.Equal(_path, check.Path);
        Assert.True(StunReader.TryParse(buffer.AsSpan(0, check.Length), out var message));
        Assert.Equal(StunMessageClass.Request, message.Class);
        Assert.True(_a.Agent.IsPathAuthenticated(_path));
    }

    [Fact]
    public void Peer_that_checks_from_a_thousand_addresses_is_bounded()
    {
        _a.Agent.SetRemoteCredentials(_net.Now, _b.Agent.LocalCredentials);
        var (buffer, request, checks) = (new byte[1200], Request(Flaw.None), 0);
        for (var i = 0; i < 1000; i++)
        {
            _a.Agent.HandleDatagram(_net.Now, _path with { Remote = IceEndpoint.Address($"203.0.113.66:{1000 + i}") }, request);
            while (_a.Agent.TryTransmit(_net.Now, buffer, out var transmit))
            {
                checks += StunDatagram.ReadClass(buffer) == StunMessageClass.Request ? 1 : 0;
            }
        }

        Assert.Equal(100, checks);
    }

    [Fact]
    public void Answer_that_comes_from_elsewhere_or_is_forged_selects_nothing()
    {
        _a.Agent.SetRemoteCredentials(_net.Now, _b.Agent.LocalCredentials);
        _a.Agent.AddRemoteCandidate(_net.Now, _b.Candidates[0]);
        var buffer = new byte[1200];
        Assert.True(_a.Agent.TryTransmit(_net.Now, buffer, out var check));
        var id = StunTransactionId.Read(buffer.AsSpan(8));

        _a.Agent.HandleDatagram(_net.Now, check.Path, Response(id, "not the password of b"));
        Assert.Equal(IceConnectionState.Checking, _a.Agent.State);
        _a.Agent.HandleDatagram(_net.Now, check.Path, Response(id with { Random = id.Random + 1 }, _b.Agent.LocalCredentials.Password));
        Assert.Equal(1, _a.Agent.Statistics.Unmatched);
        _a.Agent.HandleDatagram(_net.Now, _path, Response(id, _b.Agent.LocalCredentials.Password));
        Assert.Null(_a.Agent.SelectedPath);
        Assert.False(_a.Agent.IsPathAuthenticated(_path));
    }

    [Fact]
    public void Two_controlling_agents_settle_by_the_tie_breaker_with_487()
    {
        var (refusals, c) = (0, _net.Add(IceRole.Controlling, null, "192.0.2.3:7000"));
        _net.Tap = (_, bytes) =>
        {
            refusals += StunReader.TryParse(bytes, out var message) && message.TryReadErrorCode(out var code) && code == 487 ? 1 : 0;
            return bytes;
        };
        _net.Introduce(_a, c);

        Assert.True(_net.RunUntil(() => _a.IsCompleted && c.IsCompleted, TimeSpan.FromSeconds(2)));
        Assert.NotEqual(_a.Agent.Role, c.Agent.Role);
        Assert.InRange(refusals, 1, 2);
    }

    [Fact]
    public void Two_controlled_agents_settle_too()
    {
        var c = _net.Add(IceRole.Controlled, null, "192.0.2.3:7000");
        _net.Introduce(_b, c);

        Assert.True(_net.RunUntil(() => _b.IsCompleted && c.IsCompleted, TimeSpan.FromSeconds(2)));
        Assert.NotEqual(_b.Agent.Role, c.Agent.Role);
    }

    [Fact]
    public void Agent_behind_a_NAT_learns_its_reflexive_address()
    {
        var (inner, outer) = (_a.Candidates[0].Address, IceEndpoint.Address("198.51.100.4:40000"));
        _net.Translate = path => path.Local == inner ? path with { Local = outer } : path.Remote == outer ? path with { Remote = inner } : path;
        _net.Tap = (path, bytes) => path.Remote == inner ? null : bytes; // the private address leads nowhere
        _net.Introduce(_a, _b);

        Assert.True(_net.RunUntil(() => _a.IsCompleted && _b.IsCompleted, TimeSpan.FromSeconds(2)));
        Assert.Equal(IceCandidateType.PeerReflexive, _a.Agent.SelectedLocalCandidate!.Type);
        Assert.Equal(outer, _a.Agent.SelectedLocalCandidate!.Address);
        Assert.Equal(inner, _a.Agent.SelectedPath!.Value.Local);
        Assert.Equal(outer, _b.Agent.SelectedPath!.Value.Remote);
        Assert.Equal(IceCandidateType.PeerReflexive, _b.Agent.SelectedRemoteCandidate!.Type);
    }

    [Fact]
    public void Mutated_checks_and_answers_do_not_throw()
    {
        var corpus = new List<byte[]>();
        _net.Tap = (_, bytes) =>
        {
            corpus.Add(bytes);
            return bytes;
        };
        _net.Introduce(_a, _b);
        _net.RunFor(TimeSpan.FromSeconds(20));
        Assert.InRange(corpus.Count, 8, 100);

        var (mutator, buffer) = (new Mutator(8445, corpus), new byte[1200]);
        var count = TestScale.Count("mutated datagrams into an ICE agent", 1_000_000, 100_000);
        for (var i = 0; i < count; i++)
        {
            var now = _net.Now + TimeSpan.FromTicks(i);
            _a.Agent.HandleDatagram(now, i % 2 == 0 ? _path : _a.Agent.SelectedPath ?? _path, mutator.Next());
            while (_a.Agent.TryTransmit(now, buffer, out _) || _a.Agent.TryReadEvent(out _))
            {
            }
        }

        Assert.True(_a.IsCompleted, $"{_a.Agent.State}");
    }

    private delegate void Extra(ref StunWriter writer);

    private byte[] Request(Flaw flaw, Extra? extra = null)
    {
        var buffer = new byte[1200];
        var (ours, theirs) = (_a.Agent.LocalCredentials, _b.Agent.LocalCredentials);
        var writer = new StunWriter(buffer, StunMessageClass.Request, StunMethod.Binding, Id);
        if (flaw != Flaw.NoUsername)
        {
            var receiver = flaw == Flaw.WrongReceiver ? "somebody" : ours.UsernameFragment;
            writer.WriteBytes(StunAttributeType.Username, Encoding.ASCII.GetBytes($"{receiver}:{theirs.UsernameFragment}"));
        }

        writer.WriteUInt32(StunAttributeType.Priority, 1_862_270_975);
        writer.WriteUInt64(StunAttributeType.IceControlled, 42);
        extra?.Invoke(ref writer);
        if (flaw != Flaw.NoIntegrity)
        {
            writer.WriteMessageIntegrity(Encoding.ASCII.GetBytes(flaw == Flaw.WrongPassword ? theirs.Password : ours.Password));
        }

        writer.WriteFingerprint();
        return buffer[..writer.Length];
    }

    private byte[] Response(StunTransactionId id, string password)
    {
        var buffer = new byte[1200];
        var writer = new StunWriter(buffer, StunMessageClass.SuccessResponse, StunMethod.Binding, id);
        writer.WriteXorMappedAddress(_a.Candidates[0].Address);
        writer.WriteMessageIntegrity(Encoding.ASCII.GetBytes(password));
        writer.WriteFingerprint();
        return buffer[..writer.Length];
    }
}
