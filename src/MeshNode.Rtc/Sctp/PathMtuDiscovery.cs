using System.Buffers.Binary;
using MeshNode.Rtc.Sctp.Chunks;

namespace MeshNode.Rtc.Sctp;

/// <summary>
/// Finds the largest packet that the path takes (RFC 8899 with the probes of its §6.2: a HEARTBEAT, and a PAD chunk that fills
/// the packet). Nothing of the user's is at stake in a probe, and its loss says nothing about congestion. Data itself tells of
/// a path that takes less than before.
/// </summary>
/// <param name="configuration">Its base size stays in use until a larger one is confirmed.</param>
internal sealed class PathMtuDiscovery(SctpConfiguration configuration, RandomSource secure, RtoEstimator rto, TimerTable timers)
{
    /// <summary>MAX_PROBES.</summary>
    public const int MaxProbes = 3;

    /// <summary>User bytes after which larger packets are worth their probes; an idle connection never sends one.</summary>
    public const long WorthwhileBytes = 64 * 1024;

    /// <summary>PMTU_RAISE_TIMER (RFC 8899 §5.1.1).</summary>
    public static readonly TimeSpan RaiseTime = TimeSpan.FromSeconds(600);

    private const int InfoLength = 16;

    /// <summary>RFC 8899 §5.1.1: PROBE_TIMER "MUST NOT be smaller than 1 second".</summary>
    private static readonly TimeSpan MinProbeTime = TimeSpan.FromSeconds(1);

    /// <summary>Between two probes of a base size that was refused.</summary>
    private static readonly TimeSpan RetryTime = TimeSpan.FromSeconds(30);

    private int _count = configuration.LargerPacketSizes.Count + 1; // sizes; 0 is the base
    private int _confirmed; // index of the size in use
    private int _refused = configuration.LargerPacketSizes.Count + 1; // index of the smallest size that is known not to pass
    private int _probed = -1; // index of the size whose probe is unanswered; -1: none
    private int _probesSent;
    private ulong _nonce;
    private MonotonicTime _confirmedAt; // when a probe was last acknowledged
    private MonotonicTime _raiseAt; // while the search is complete

    public PathMtuState State { get; private set; }

    /// <summary>What packets may have, in bytes.</summary>
    public int PacketSize => Size(_confirmed);

    /// <summary>A probe waits to be sent.</summary>
    public bool IsProbeDue { get; private set; }

    private bool IsRaised => _confirmed > 0;

    /// <summary>The far side takes no larger packets than this; before any data is sent.</summary>
    public void Limit(int packetSize)
    {
        if (State == PathMtuState.Disabled)
        {
            _count = configuration.LargerPacketSizes.Count(size => size <= packetSize) + 1;
            _refused = _count;
        }
    }

    /// <summary>Data has left; the total of user bytes so far decides whether the search begins.</summary>
    public void OnDataSent(MonotonicTime now, long bytesSent)
    {
        if (State == PathMtuState.Disabled && bytesSent >= WorthwhileBytes && _count > 1)
        {
            Move(PathMtuTrigger.DataFlows);
            Probe(0);
        }
    }

    /// <summary>RFC 8899 §5.2: a new path begins with the base size.</summary>
    public void OnPathChanged(MonotonicTime now)
    {
        if (State != PathMtuState.Disabled)
        {
            Move(PathMtuTrigger.PathChanged);
            Restart();
        }
    }

    /// <summary>
    /// RFC 8899 §4.3, black hole detection: nothing at all is acknowledged any more. What is in flight leaves again in packets
    /// of the base size; if the size was not at fault, it is back a round trip after the path is.
    /// </summary>
    public void OnRetransmissionTimeout()
    {
        if (IsRaised)
        {
            Move(PathMtuTrigger.BlackHole);
            Restart();
        }
    }

    /// <summary>
    /// Something was lost while other packets arrived: larger ones alone may vanish. A probe of the size in use tells, at
    /// most one a PROBE_TIMER.
    /// </summary>
    public void OnLoss(MonotonicTime now)
    {
        if (IsRaised && _probed < 0 && now - _confirmedAt >= MinProbeTime)
        {
            Probe(_confirmed);
        }
    }

    /// <summary>The edge says that a packet of this size cannot leave.</summary>
    public void OnTooBig(MonotonicTime now, int size)
    {
        if (_probed >= 0 && size >= Size(_probed) && !IsProbeDue)
        {
            Refuse(now);
        }
        else if (IsRaised && size <= PacketSize)
        {
            Move(PathMtuTrigger.BlackHole);
            Restart();
        }
    }

    /// <summary>Writes the probe that is due, a packet of its own. False when there is none.</summary>
    public bool TryWriteProbe(MonotonicTime now, Span<byte> destination, CommonHeader header, out int length)
    {
        length = 0;
        while (IsProbeDue && Size(_probed) > destination.Length)
        {
            Refuse(now); // the owner's buffers are smaller than the size
        }

        if (!IsProbeDue)
        {
            return false;
        }

        IsProbeDue = false;
        _probesSent++;
        _nonce = secure.NextUInt64();
        timers.Start(SctpTimer.PathMtu, now + (rto.Rto > MinProbeTime ? rto.Rto : MinProbeTime));
        var writer = new PacketWriter(destination[..Size(_probed)]);
        Span<byte> info = stackalloc byte[InfoLength];
        info.Clear();
        BinaryPrimitives.WriteUInt64BigEndian(info, _nonce);
        writer.TryReserve(HeartbeatChunk.Overhead + InfoLength, out var heartbeat);
        HeartbeatChunk.Write(heartbeat, ChunkType.Heartbeat, info);
        if (writer.TryReserve(writer.Available, out var padding))
        {
            PadChunk.Write(padding);
        }

        // With its checksum also where none is needed: a receiver that cuts the packet off must not take it for whole.
        length = writer.Finish(header, isZeroChecksum: false);
        return true;
    }

    /// <summary>True when a HEARTBEAT ACK answers our probe.</summary>
    public bool TryHandleAck(ReadOnlySpan<byte> info, MonotonicTime now)
    {
        if (_probed < 0 || IsProbeDue || info.Length != InfoLength || BinaryPrimitives.ReadUInt64BigEndian(info) != _nonce)
        {
            return false;
        }

        var size = _probed;
        EndProbe();
        _confirmedAt = now;
        if (State is PathMtuState.Base or PathMtuState.Error)
        {
            Move(PathMtuTrigger.BaseConfirmed);
        }

        if (size == _confirmed && State == PathMtuState.SearchComplete)
        {
            timers.Start(SctpTimer.PathMtu, _raiseAt); // it was not the size that was lost
            return true;
        }

        _confirmed = size;
        Search(now);
        return true;
    }

    public void HandleTimeout(MonotonicTime now)
    {
        if (_probed < 0)
        {
            Raise();
        }
        else if (_probesSent >= MaxProbes)
        {
            Refuse(now);
        }
        else
        {
            IsProbeDue = true;
        }
    }

    private int Size(int index) => index == 0 ? configuration.MaxPacketSize : configuration.LargerPacketSizes[index - 1];

    private void Raise()
    {
        if (State == PathMtuState.Error)
        {
            Probe(0);
        }
        else if (State == PathMtuState.SearchComplete)
        {
            _refused = _count;
            if (_confirmed + 1 < _refused)
            {
                Move(PathMtuTrigger.RaiseDue);
                Probe(NextSize());
            }
        }
    }

    private void Restart()
    {
        EndProbe();
        _confirmed = 0;
        _refused = _count;
        Probe(0);
    }

    private void Refuse(MonotonicTime now)
    {
        var size = _probed;
        EndProbe();
        if (State is PathMtuState.Base or PathMtuState.Error)
        {
            Move(PathMtuTrigger.BaseRefused);
            timers.Start(SctpTimer.PathMtu, now + RetryTime);
        }
        else if (size == _confirmed)
        {
            Move(PathMtuTrigger.BlackHole);
            Restart();
        }
        else
        {
            _refused = Math.Min(_refused, size);
            Search(now);
        }
    }

    private void Search(MonotonicTime now)
    {
        if (_confirmed + 1 < _refused)
        {
            Probe(NextSize());
            return;
        }

        Move(PathMtuTrigger.SearchExhausted);
        _raiseAt = now + RaiseTime;
        timers.Start(SctpTimer.PathMtu, _raiseAt);
    }

    /// <summary>
    /// The largest first, which a path that takes it confirms in one round trip; then halves of what is left (RFC 8899 §5.3.2
    /// leaves the order open).
    /// </summary>
    private int NextSize() => _refused == _count ? _count - 1 : (_confirmed + _refused) / 2;

    private void Probe(int size)
    {
        _probed = size;
        _probesSent = 0;
        IsProbeDue = true;
        timers.Stop(SctpTimer.PathMtu);
    }

    private void EndProbe()
    {
        _probed = -1;
        IsProbeDue = false;
        timers.Stop(SctpTimer.PathMtu);
    }

    private void Move(PathMtuTrigger trigger) => State = PathMtuStateMachine.Next(State, trigger);
}
