using MeshNode.Rtc.Sockets.Udp;

namespace MeshNode.Rtc.Sockets;

/// <summary>
/// The connections of a loop: routes datagrams to them, fires their timeouts, announces their events and sends their
/// datagrams, each in bounded portions. Touched by the loop's thread only.
/// </summary>
internal sealed class ConnectionTable(IUdpPort port, Action<Exception> report) : IDatagramReceiver
{
    /// <summary>Bytes of one connection before the next has its turn: one full message of UDP GSO, 54 datagrams of 1,200.</summary>
    private const int PortionSize = 64_800;

    /// <summary>Bytes between two receives.</summary>
    private const int TurnSize = 10 * PortionSize;

    /// <summary>What looking after a connection counts beside what it sends, in bytes.</summary>
    private const int VisitSize = 1200;

    private readonly PeerDemultiplexer _demultiplexer = new();
    private readonly HashSet<RtcRegistration> _registrations = [];
    private readonly Dictionary<PeerConnection, RtcRegistration> _byConnection = [];
    private readonly TimeoutHeap<RtcRegistration> _timeouts = new();
    private readonly Queue<RtcRegistration> _queued = new(); // to be asked for datagrams
    private List<RtcRegistration> _touched = []; // may have events
    private List<RtcRegistration> _announcing = [];
    private RtcRegistration? _reading; // whose owner reads at the moment
    private MonotonicTime _receivedAt;

    /// <summary>Attached now.</summary>
    public int Count => _registrations.Count;

    /// <summary>Datagrams for nobody here.</summary>
    public long Unroutable { get; private set; }

    /// <summary>When the next connection is due at the latest.</summary>
    public MonotonicTime? NextTimeout => _timeouts.Earliest;

    /// <exception cref="InvalidOperationException">It is attached already.</exception>
    public void Add(RtcRegistration registration)
    {
        _demultiplexer.Add(registration.Connection);
        _registrations.Add(registration);
        _byConnection.Add(registration.Connection, registration);
    }

    public void Remove(RtcRegistration registration)
    {
        if (_registrations.Remove(registration))
        {
            registration.IsAttached = false;
            _byConnection.Remove(registration.Connection);
            _demultiplexer.Remove(registration.Connection);
            _timeouts.Remove(registration);
        }
    }

    public void Clear()
    {
        foreach (var registration in _registrations.ToArray())
        {
            Remove(registration);
        }
    }

    /// <summary>Something was given to the connection: it may have events, datagrams and another deadline.</summary>
    public void Touch(RtcRegistration registration)
    {
        Enqueue(registration);
        // Whoever reads events now sees those that his own calls make.
        if (!registration.IsTouched && registration.IsAttached && registration != _reading)
        {
            registration.IsTouched = true;
            _touched.Add(registration);
        }
    }

    /// <summary>Takes one batch from the port.</summary>
    public void Receive(MonotonicTime now)
    {
        _receivedAt = now;
        port.Receive(this);
    }

    void IDatagramReceiver.HandleDatagram(in TransportPath path, ReadOnlySpan<byte> datagram)
    {
        if (_demultiplexer.Route(path, datagram) is not { } connection)
        {
            Unroutable++;
            return;
        }

        var registration = _byConnection[connection];
        try
        {
            connection.HandleDatagram(_receivedAt, path, datagram);
        }
        catch (Exception exception)
        {
            Fail(registration, exception);
        }

        Touch(registration);
    }

    /// <summary>Lets the owners of what was touched read events.</summary>
    public void Announce()
    {
        (_announcing, _touched) = (_touched, _announcing);
        foreach (var registration in _announcing)
        {
            registration.IsTouched = false;
            if (registration.IsAttached)
            {
                Announce(registration);
                Enqueue(registration); // reading opens the receive window
            }
        }

        _announcing.Clear();
    }

    /// <summary>Sends what the connections have, in portions, and arms their timeouts.</summary>
    /// <returns>False when there is more to do at once.</returns>
    public bool Transmit(MonotonicClock clock)
    {
        port.Flush(); // what an earlier turn could not get rid of
        for (var budget = TurnSize; budget > 0 && port.CanSend;)
        {
            if (!_queued.TryDequeue(out var registration))
            {
                if (_touched.Count == 0)
                {
                    break;
                }

                Announce(); // sending may have made events: a low buffer, an end
                continue;
            }

            registration.IsQueued = false;
            budget -= VisitSize + Transmit(registration, clock.Now);
        }

        port.Flush();
        TellTooBig(clock);
        // Without room in the kernel's queue the port says when there is some; nobody else's datagrams would get further.
        return (_queued.Count == 0 || !port.CanSend) && _touched.Count == 0;
    }

    /// <summary>What a path's first hop did not take is told to the connection whose path it is.</summary>
    private void TellTooBig(MonotonicClock clock)
    {
        while (port.TryTakeTooBig(out var path, out var size))
        {
            if (_demultiplexer.RouteData(path) is { } connection)
            {
                var registration = _byConnection[connection];
                Touch(registration);
                try
                {
                    connection.HandleDatagramTooBig(clock.Now, size);
                }
                catch (Exception exception)
                {
                    Fail(registration, exception);
                }
            }
        }
    }

    /// <summary>Lets the connections that are due do what they have to.</summary>
    public void FireTimeouts(MonotonicTime now)
    {
        while (_timeouts.TryTakeDue(now, out var registration))
        {
            try
            {
                if (registration.Connection.NextTimeout <= now)
                {
                    registration.Connection.HandleTimeout(now);
                    Touch(registration);
                }
                else
                {
                    Arm(registration); // it has moved later since it was armed
                }
            }
            catch (Exception exception)
            {
                Fail(registration, exception);
            }
        }
    }

    /// <returns>Bytes sent.</returns>
    private int Transmit(RtcRegistration registration, MonotonicTime now)
    {
        var sent = 0;
        try
        {
            var connection = registration.Connection;
            var state = connection.ConnectionState;
            while (registration.IsAttached)
            {
                if (sent >= PortionSize || !port.CanSend)
                {
                    Enqueue(registration);
                    break;
                }

                if (!connection.TryTransmit(now, port.GetSendBuffer()[..port.MaxDatagramSize], out var transmit))
                {
                    break;
                }

                port.Send(transmit);
                sent += transmit.Length;
            }

            if (sent > 0 || connection.ConnectionState != state)
            {
                Touch(registration);
            }

            Arm(registration);
        }
        catch (Exception exception)
        {
            Fail(registration, exception);
        }

        return sent;
    }

    private void Announce(RtcRegistration registration)
    {
        _reading = registration;
        try
        {
            registration.Readable(registration);
        }
        catch (Exception exception)
        {
            report(exception);
        }
        finally
        {
            _reading = null;
        }
    }

    private void Arm(RtcRegistration registration)
    {
        if (registration.IsAttached && registration.Connection.NextTimeout is { } deadline)
        {
            _timeouts.Arm(registration, deadline);
        }
    }

    private void Enqueue(RtcRegistration registration)
    {
        if (!registration.IsQueued && registration.IsAttached)
        {
            registration.IsQueued = true;
            _queued.Enqueue(registration);
        }
    }

    /// <summary>A connection that throws is at fault itself; it is taken off, so that it cannot do so in every turn.</summary>
    private void Fail(RtcRegistration registration, Exception exception)
    {
        Remove(registration);
        report(exception);
    }
}
