using MeshNode.Rtc.Ice;

namespace MeshNode.Rtc.Tests.Ice;

/// <summary>
/// Agents on a simulated network in virtual time. Each datagram takes <see cref="OneWayDelay"/>, may be lost, doubled or
/// late, and reaches the agent that has its destination address. Time moves from deadline to deadline.
/// </summary>
internal sealed class IceHarness(ulong seed = 1)
{
    private readonly SeededRandomSource _random = new(seed);
    private readonly List<IceEndpoint> _endpoints = [];
    private readonly PriorityQueue<(TransportPath Path, byte[] Bytes), (long, int)> _flight = new();
    private int _order;

    public ulong Seed { get; } = seed;

    public MonotonicTime Now { get; private set; } = MonotonicTime.FromMilliseconds(1000);

    public TimeSpan OneWayDelay { get; set; } = TimeSpan.FromMilliseconds(10);

    /// <summary>Extra delay up to this, which reorders.</summary>
    public TimeSpan Jitter { get; set; } = TimeSpan.Zero;

    public double Loss { get; set; }

    public double Duplication { get; set; }

    /// <summary>False for datagrams that the network does not carry.</summary>
    public Func<TransportPath, bool> Carries { get; set; } = _ => true;

    /// <summary>Rewrites the path of a datagram on its way, as a NAT does; seen from the sender.</summary>
    public Func<TransportPath, TransportPath> Translate { get; set; } = path => path;

    /// <summary>Looks at (and may change) each datagram as it is sent.</summary>
    public Func<TransportPath, byte[], byte[]?>? Tap { get; set; }

    public int DatagramsSent { get; private set; }

    public IceEndpoint Add(IceRole role, IceAgentConfiguration? configuration, params string[] addresses)
    {
        var endpoint = new IceEndpoint(this, role, configuration ?? new IceAgentConfiguration(), (uint)_endpoints.Count + 0xA0B0_0000, _random.NextUInt64());
        foreach (var address in addresses)
        {
            endpoint.AddLocal(address);
        }

        _endpoints.Add(endpoint);
        return endpoint;
    }

    /// <summary>Gives each of the two the other's credentials and candidates, at this moment.</summary>
    public void Introduce(IceEndpoint a, IceEndpoint b)
    {
        a.Agent.SetRemoteCredentials(Now, b.Agent.LocalCredentials);
        b.Agent.SetRemoteCredentials(Now, a.Agent.LocalCredentials);
        foreach (var candidate in b.Candidates)
        {
            a.Agent.AddRemoteCandidate(Now, candidate);
        }

        foreach (var candidate in a.Candidates)
        {
            b.Agent.AddRemoteCandidate(Now, candidate);
        }

        a.Agent.SetRemoteCandidatesComplete(Now);
        b.Agent.SetRemoteCandidatesComplete(Now);
    }

    /// <summary>Runs until the condition holds; false when it has not after <paramref name="limit"/> of virtual time.</summary>
    public bool RunUntil(Func<bool> condition, TimeSpan limit)
    {
        var end = Now + limit;
        for (var steps = 0; ; steps++)
        {
            Assert.True(steps < 1_000_000, $"seed {Seed}: time stands still at {Now}");
            Pump();
            if (condition())
            {
                return true;
            }

            if (NextMoment() is not { } next || next > end)
            {
                Now = end;
                return false;
            }

            Now = next > Now ? next : Now;
            Deliver();
            foreach (var endpoint in _endpoints)
            {
                if (endpoint.Agent.NextTimeout <= Now)
                {
                    endpoint.Agent.HandleTimeout(Now);
                }
            }
        }
    }

    public void RunFor(TimeSpan duration) => RunUntil(() => false, duration);

    /// <summary>Puts a datagram on its way.</summary>
    public void Send(TransportPath path, ReadOnlySpan<byte> datagram)
    {
        DatagramsSent++;
        var bytes = Tap is { } tap ? tap(path, datagram.ToArray()) : datagram.ToArray();
        path = Translate(path);
        if (bytes is null || !Carries(path))
        {
            return;
        }

        for (var copies = _random.NextDouble() < Duplication ? 2 : 1; copies > 0; copies--)
        {
            if (_random.NextDouble() >= Loss)
            {
                var arrival = Now + OneWayDelay + (Jitter * _random.NextDouble());
                _flight.Enqueue((path, bytes), (arrival.Ticks, _order++));
            }
        }
    }

    private MonotonicTime? NextMoment()
    {
        MonotonicTime? next = _flight.TryPeek(out _, out var first) ? new MonotonicTime(first.Item1) : null;
        foreach (var endpoint in _endpoints)
        {
            next = MonotonicTime.Earliest(next, endpoint.Agent.NextTimeout);
        }

        return next;
    }

    private void Deliver()
    {
        while (_flight.TryPeek(out var item, out var due) && due.Item1 <= Now.Ticks)
        {
            _flight.Dequeue();
            var arrived = new TransportPath(item.Path.Remote, item.Path.Local);
            foreach (var endpoint in _endpoints)
            {
                if (endpoint.Owns(arrived.Local))
                {
                    endpoint.Agent.HandleDatagram(Now, arrived, item.Bytes);
                    Pump();
                }
            }
        }
    }

    private void Pump()
    {
        Span<byte> buffer = stackalloc byte[1500];
        foreach (var endpoint in _endpoints)
        {
            while (endpoint.Agent.TryTransmit(Now, buffer, out var transmit))
            {
                Send(transmit.Path, buffer[..transmit.Length]);
            }

            while (endpoint.Agent.TryReadEvent(out var iceEvent))
            {
                endpoint.Events.Add((Now, iceEvent));
            }
        }
    }
}
