using MeshNode.Rtc;

namespace MeshNode.SimNet.Simulation;

/// <summary>
/// Datagrams between addresses in virtual time: each directed pair of addresses is a path of its own, under the conditions of
/// its direction, and one host may stand behind a NAT whose binding moves.
/// </summary>
public sealed class SimulatedNetwork(ulong seed)
{
    private readonly SeededRandomSource _random = new(seed);
    private readonly Dictionary<TransportPath, Lane> _lanes = [];
    private readonly byte[] _scratch = new byte[65536];
    private readonly HashSet<TransportAddress> _retired = []; // outer addresses of former bindings

    /// <summary>Conditions of a direction that has none of its own.</summary>
    public PathConditions Default { get; set; } = new();

    /// <summary>The inner address behind the NAT and the outer one by which the world knows it; null without NAT.</summary>
    public (TransportAddress Inner, TransportAddress Outer)? Nat { get; set; }

    /// <summary>Datagrams given to the network, and those that arrived.</summary>
    public (long Sent, long Arrived) Counts { get; private set; }

    /// <summary>Bytes of the largest datagram given to the network.</summary>
    public int LargestDatagram { get; private set; }

    public MonotonicTime? NextArrival
    {
        get
        {
            MonotonicTime? next = null;
            foreach (var lane in _lanes.Values)
            {
                next = MonotonicTime.Earliest(next, lane.Link.NextArrival);
            }

            return next;
        }
    }

    /// <summary>Sets the conditions of one direction between outer addresses from now on; what is under way arrives as it was sent.</summary>
    public void SetConditions(TransportAddress from, TransportAddress to, PathConditions conditions)
    {
        var lane = LaneOf(new TransportPath(from, to));
        lane.Conditions = conditions;
        lane.Link.Options = conditions.Link;
    }

    /// <summary>Sets the conditions of every direction, those that are not known yet as well.</summary>
    public void SetAll(PathConditions conditions)
    {
        Default = conditions;
        foreach (var lane in _lanes.Values)
        {
            lane.Conditions = conditions;
            lane.Link.Options = conditions.Link;
        }
    }

    /// <summary>Directions for which this holds, by outer addresses, carry nothing until their conditions are set again.</summary>
    public void Silence(Func<TransportPath, bool> isMeant)
    {
        foreach (var (path, lane) in _lanes)
        {
            if (isMeant(path) || (Nat is { } nat && isMeant(Translate(path, nat))))
            {
                lane.Conditions = lane.Conditions with { IsSilent = true };
            }
        }
    }

    /// <param name="now">The time.</param>
    /// <param name="path">As the sender sees it.</param>
    /// <param name="datagram">Copied.</param>
    public void Send(MonotonicTime now, in TransportPath path, ReadOnlySpan<byte> datagram)
    {
        Counts = Counts with { Sent = Counts.Sent + 1 };
        LargestDatagram = Math.Max(LargestDatagram, datagram.Length);
        var from = Nat is { } source && path.Local == source.Inner ? source.Outer : path.Local;
        if (Nat is { } target && path.Remote == target.Inner)
        {
            return; // a private address leads nowhere
        }

        var lane = LaneOf(new TransportPath(from, path.Remote));
        var conditions = lane.Conditions;
        if (conditions.IsSilent || datagram.Length > conditions.MaximumDatagram)
        {
            return;
        }

        if (conditions.Corruption > 0 && _random.NextDouble() < conditions.Corruption)
        {
            datagram.CopyTo(_scratch);
            for (var flips = 1 + _random.NextInt32(4); flips > 0; flips--)
            {
                _scratch[_random.NextInt32(datagram.Length)] ^= (byte)(1 << _random.NextInt32(8));
            }

            datagram = _scratch.AsSpan(0, datagram.Length);
        }

        lane.Link.Send(now, datagram);
    }

    /// <summary>The next datagram that has arrived, with its path as the receiver sees it; its bytes stay valid until the following call.</summary>
    public bool TryReceive(MonotonicTime now, out TransportPath path, out ReadOnlySpan<byte> datagram)
    {
        foreach (var (lanePath, lane) in _lanes)
        {
            while (lane.Link.TryReceive(now, out datagram))
            {
                var to = lanePath.Remote;
                if (Nat is { } nat)
                {
                    to = to == nat.Outer ? nat.Inner : to;
                }

                if (_retired.Contains(to))
                {
                    continue; // a binding of the past
                }

                Counts = Counts with { Arrived = Counts.Arrived + 1 };
                path = new TransportPath(to, lanePath.Local);
                return true;
            }
        }

        path = default;
        datagram = default;
        return false;
    }

    /// <summary>The NAT gives the inner address another outer one; datagrams to the former are lost from now on.</summary>
    public void Rebind(TransportAddress inner, TransportAddress outer)
    {
        if (Nat is { } old && old.Outer != outer)
        {
            _retired.Add(old.Outer);
        }

        Nat = (inner, outer);
        _retired.Remove(outer);
    }

    private static TransportPath Translate(in TransportPath path, (TransportAddress Inner, TransportAddress Outer) nat) => new(
        path.Local == nat.Outer ? nat.Inner : path.Local,
        path.Remote == nat.Outer ? nat.Inner : path.Remote);

    private Lane LaneOf(in TransportPath path)
    {
        if (!_lanes.TryGetValue(path, out var lane))
        {
            lane = new Lane(new SimulatedLink(_random.NextUInt64(), Default.Link), Default);
            _lanes.Add(path, lane);
        }

        return lane;
    }

    private sealed class Lane(SimulatedLink link, PathConditions conditions)
    {
        public SimulatedLink Link { get; } = link;

        public PathConditions Conditions { get; set; } = conditions;
    }
}
