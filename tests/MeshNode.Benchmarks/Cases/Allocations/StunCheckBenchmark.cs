using BenchmarkDotNet.Attributes;
using MeshNode.Rtc;
using MeshNode.Rtc.Ice;

namespace MeshNode.Benchmarks.Cases.Allocations;

/// <summary>Two connected agents in virtual time: one sends a check, the other answers it, the answer is taken.</summary>
public class StunCheckBenchmark
{
    private readonly byte[] _datagram = new byte[1500];
    private readonly Agent _a = new(IceRole.Controlling, 1, "127.0.0.1:1000");
    private readonly Agent _b = new(IceRole.Controlled, 2, "127.0.0.1:2000");
    private MonotonicTime _now = MonotonicTime.FromMilliseconds(1000);

    [GlobalSetup]
    public void Connect()
    {
        foreach (var (agent, other) in new[] { (_a, _b), (_b, _a) })
        {
            agent.Ice.AddLocalCandidate(_now, agent.Candidate);
            agent.Ice.SetRemoteCredentials(_now, other.Ice.LocalCredentials);
            agent.Ice.AddRemoteCandidate(_now, other.Candidate);
            agent.Ice.SetRemoteCandidatesComplete(_now);
        }

        for (var i = 0; i < 1000 && (_a.Ice.State != IceConnectionState.Completed || _b.Ice.State != IceConnectionState.Completed); i++)
        {
            Advance();
        }

        if (_a.Ice.State != IceConnectionState.Completed || _b.Ice.State != IceConnectionState.Completed)
        {
            throw new InvalidOperationException($"not connected: {_a.Ice.State}, {_b.Ice.State}");
        }
    }

    /// <summary>A request and its answer; both ends check, so each call has one of either.</summary>
    [Benchmark(Description = "STUN check: request, answer, both handled")]
    public int Check()
    {
        var answers = 0;
        while (answers == 0)
        {
            answers = Advance();
        }

        return answers;
    }

    /// <summary>To the next deadline, and all that follows from it.</summary>
    /// <returns>Answers.</returns>
    private int Advance()
    {
        if (MonotonicTime.Earliest(_a.Ice.NextTimeout, _b.Ice.NextTimeout) is { } next && next > _now)
        {
            _now = next;
        }

        _a.Ice.HandleTimeout(_now);
        _b.Ice.HandleTimeout(_now);
        var answers = 0;
        for (var moved = true; moved;)
        {
            moved = Carry(_a, _b, ref answers) | Carry(_b, _a, ref answers);
        }

        return answers;
    }

    private bool Carry(Agent from, Agent to, ref int answers)
    {
        var moved = false;
        while (from.Ice.TryTransmit(_now, _datagram, out var transmit))
        {
            moved = true;
            answers += _datagram[0] == 1 ? 1 : 0; // RFC 8489 section 5: class success is bit 8 of the type
            to.Ice.HandleDatagram(_now, new TransportPath(transmit.Path.Remote, transmit.Path.Local), _datagram.AsSpan(0, transmit.Length));
        }

        while (from.Ice.TryReadEvent(out _))
        {
        }

        return moved;
    }

    private sealed class Agent
    {
        public Agent(IceRole role, ulong seed, string address)
        {
            var secure = new SeededRandomSource(seed);
            Ice = new IceAgent(new IceAgentConfiguration(), role, IceCredentials.Create(secure), (uint)seed, new SeededRandomSource(seed + 10), secure);
            Candidate = IceCandidate.Host(TransportAddress.TryParse(address, out var parsed) ? parsed : throw new ArgumentException(address));
        }

        public IceAgent Ice { get; }

        public IceCandidate Candidate { get; }
    }
}
