using MeshNode.Rtc.Sctp;
using MeshNode.SimNet;

namespace MeshNode.Rtc.Tests.Sctp.Congestion;

/// <summary>
/// Flows that share one bottleneck in virtual time; their SACKs return over a link of the same kind. The links carry SCTP packets,
/// so a rate is one of SCTP bytes: with DTLS, UDP and IP the same goodput needs about 6 % more.
/// </summary>
internal sealed class BottleneckNetwork(ulong seed, SimulatedLinkOptions forward, SimulatedLinkOptions? backward = null)
{
    private readonly byte[] _buffer = new byte[65536];
    private readonly List<BottleneckFlow> _flows = [];

    public SimulatedLink Forward { get; } = new(seed ^ 0xF0, forward);

    public SimulatedLink Backward { get; } = new(seed ^ 0xB0, backward ?? new SimulatedLinkOptions { Delay = forward.Delay, Rate = forward.Rate });

    public MonotonicTime Now { get; private set; } = MonotonicTime.FromMilliseconds(1000);

    /// <summary>Sees every instant at which something happened.</summary>
    public Action? OnStep { get; set; }

    public BottleneckFlow Add(BottleneckFlow flow)
    {
        _flows.Add(flow);
        return flow;
    }

    public void RunFor(TimeSpan time) => RunUntil(() => false, time);

    /// <summary>False when the time is over first.</summary>
    public bool RunUntil(Func<bool> condition, TimeSpan limit)
    {
        var end = Now + limit;
        while (true)
        {
            Pump();
            OnStep?.Invoke();
            if (condition())
            {
                return true;
            }

            var next = NextTime() ?? end;
            if (next > end)
            {
                Now = end;
                return false;
            }

            Now = next > Now ? next : Now;
            Deliver();
        }
    }

    private MonotonicTime? NextTime()
    {
        var next = MonotonicTime.Earliest(Forward.NextArrival, Backward.NextArrival);
        foreach (var flow in _flows)
        {
            if (!flow.IsStarted)
            {
                next = MonotonicTime.Earliest(next, flow.StartAt);
                continue;
            }

            next = MonotonicTime.Earliest(next, flow.NextControl);
            next = MonotonicTime.Earliest(next, MonotonicTime.Earliest(flow.A.NextTimeout, flow.B.NextTimeout));
        }

        return next;
    }

    private void Deliver()
    {
        while (Forward.TryReceive(Now, out var packet, out var flow))
        {
            _flows[flow].B.HandlePacket(Now, packet);
        }

        while (Backward.TryReceive(Now, out var packet, out var flow))
        {
            _flows[flow].A.HandlePacket(Now, packet);
        }

        foreach (var flow in _flows)
        {
            if (!flow.IsStarted && flow.StartAt <= Now)
            {
                flow.IsStarted = true;
                flow.A.Associate(Now);
            }

            HandleTimeout(flow.A);
            HandleTimeout(flow.B);
        }
    }

    private void HandleTimeout(SctpAssociation association)
    {
        if (association.NextTimeout <= Now)
        {
            association.HandleTimeout(Now);
        }
    }

    private void Pump()
    {
        for (var i = 0; i < _flows.Count; i++)
        {
            var flow = _flows[i];
            bool moved;
            do
            {
                flow.Offer(Now);
                moved = flow.ReadEvents(Now);
                moved |= Drain(flow.A, Forward, i);
                moved |= Drain(flow.B, Backward, i);
            }
            while (moved);
        }
    }

    private bool Drain(SctpAssociation association, SimulatedLink link, int flow)
    {
        var moved = false;
        while (association.TryTransmit(Now, _buffer, out var length))
        {
            link.Send(Now, _buffer.AsSpan(0, length), flow);
            moved = true;
        }

        return moved;
    }
}
