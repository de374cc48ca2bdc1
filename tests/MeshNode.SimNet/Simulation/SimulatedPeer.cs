using MeshNode.Rtc;

namespace MeshNode.SimNet.Simulation;

/// <summary>One connection of a simulation, whose invariants are checked after every step.</summary>
internal sealed class SimulatedPeer(string name, PeerConnection connection) : IDisposable
{
    /// <summary>Events read at one instant; a connection that makes more feeds itself.</summary>
    private const int MaxEventsAtOnce = 20_000;

    /// <summary>Datagrams sent at one instant without anything received.</summary>
    private const int MaxTransmitsAtOnce = 40_000;

    /// <summary>How often in a row a deadline may lie in the past when all that was due is done; its owner would spin.</summary>
    private const int MaxPastDeadlines = 2;

    private readonly byte[] _buffer = new byte[65536];
    private int _bytesInFlight;
    private int _pastDeadlines;
    private int _transmitsWithoutInput;

    public string Name { get; } = name;

    public PeerConnection Connection { get; } = connection;

    /// <summary>False while the application is busy.</summary>
    public bool IsReading { get; set; } = true;

    /// <summary>Its process is gone: nothing is given to it any more.</summary>
    public bool HasVanished { get; private set; }

    public bool SawClosed { get; private set; }

    /// <summary>What the connection counted, for messages.</summary>
    public string Counters => HasVanished ? "" : $"{Name} {Connection.GetStatistics().Sctp}, next deadline {Connection.NextTimeout}";

    public MonotonicTime? NextTimeout => HasVanished ? null : Connection.NextTimeout;

    public void HandleDatagram(MonotonicTime now, in TransportPath path, ReadOnlySpan<byte> datagram)
    {
        _transmitsWithoutInput = 0;
        if (!HasVanished)
        {
            Connection.HandleDatagram(now, path, datagram);
        }
    }

    public void HandleTimeout(MonotonicTime now)
    {
        if (!HasVanished && Connection.NextTimeout <= now)
        {
            _transmitsWithoutInput = 0;
            Connection.HandleTimeout(now);
        }
    }

    /// <summary>Sends what there is to send. False when there was nothing.</summary>
    public bool Transmit(MonotonicTime now, SimulatedNetwork network, ref string? failure)
    {
        var any = false;
        while (!HasVanished && Connection.TryTransmit(now, _buffer, out var transmit))
        {
            any = true;
            failure ??= CheckTransmit(transmit);
            network.Send(now, transmit.Path, _buffer.AsSpan(0, transmit.Length));
            if (++_transmitsWithoutInput > MaxTransmitsAtOnce)
            {
                failure ??= $"{Name}: sends without end";
                break;
            }
        }

        return any;
    }

    /// <summary>Reads what happened. False when there was nothing.</summary>
    public bool ReadEvents(Action<SimulatedPeer, PeerConnectionEvent> onEvent, ref string? failure)
    {
        var count = 0;
        while (IsReading && !HasVanished && Connection.TryReadEvent(out var rtcEvent))
        {
            if (SawClosed)
            {
                failure ??= $"{Name}: {rtcEvent.Kind} came after Closed";
            }

            SawClosed |= rtcEvent is { Kind: PeerConnectionEventKind.ConnectionStateChanged, State: PeerConnectionState.Closed };
            onEvent(this, rtcEvent);
            if (++count > MaxEventsAtOnce)
            {
                failure ??= $"{Name}: events without end";
                break;
            }
        }

        return count > 0;
    }

    /// <summary>What must hold whenever the connection is at rest; null when it does.</summary>
    public string? Check(MonotonicTime now)
    {
        if (HasVanished)
        {
            return null;
        }

        _pastDeadlines = Connection.NextTimeout <= now ? _pastDeadlines + 1 : 0;
        if (_pastDeadlines > MaxPastDeadlines)
        {
            return $"{Name}: the deadline {Connection.NextTimeout} stays in the past";
        }

        if (!Connection.IsConsistent())
        {
            return $"{Name}: counts or timers disagree";
        }

        var sctp = Connection.GetStatistics().Sctp;
        if (sctp.BytesInFlight < 0 || sctp.PeerReceiveWindow < 0)
        {
            return $"{Name}: {sctp.BytesInFlight} bytes in flight, the far window is {sctp.PeerReceiveWindow}";
        }

        _bytesInFlight = sctp.BytesInFlight;
        if (Connection.ConnectionState == PeerConnectionState.Closed && Connection.NextTimeout is { } timeout)
        {
            return $"{Name}: closed, and waits for {timeout}";
        }

        return SawClosed && Connection.ConnectionState != PeerConnectionState.Closed ? $"{Name}: {Connection.ConnectionState} after Closed" : null;
    }

    public void Vanish()
    {
        HasVanished = true;
        Connection.Dispose();
    }

    public void Dispose() => Connection.Dispose();

    public override string ToString() =>
        $"{Name} {(HasVanished ? "vanished" : $"{Connection.ConnectionState} ({Connection.IceConnectionState}, {Connection.SignalingState})")}";

    /// <summary>RFC 9260 §6.1: what is in flight grows only within cwnd, "more than cwnd" by less than a packet, or by the one fast retransmission.</summary>
    private string? CheckTransmit(in Transmit transmit)
    {
        if (transmit.Length is < 1 || transmit.Length > _buffer.Length)
        {
            return $"{Name}: a datagram of {transmit.Length} bytes";
        }

        var before = _bytesInFlight;
        var sctp = Connection.GetStatistics().Sctp;
        _bytesInFlight = sctp.BytesInFlight;
        var limit = Math.Max(sctp.CongestionWindow, before) + (2 * transmit.Length);
        return _bytesInFlight > before && _bytesInFlight > limit
            ? $"{Name}: {_bytesInFlight} bytes in flight, {before} before, the congestion window is {sctp.CongestionWindow}"
            : null;
    }
}
