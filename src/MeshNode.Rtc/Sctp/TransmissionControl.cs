using System.Diagnostics;
using MeshNode.Rtc.Sctp.Chunks;

namespace MeshNode.Rtc.Sctp;

/// <summary>
/// One direction's flow: what may leave now under the congestion window, the far side's receive window and partial reliability,
/// and what SACKs and T3-rtx do to it (RFC 9260 §6.1, §6.3, §7). Lives as long as the association is up.
/// </summary>
internal sealed class TransmissionControl(
    SctpConfiguration configuration, Tsn initialTsn, uint peerReceiveWindow, SendQueue sendQueue, ICongestionController congestion, RtoEstimator rto, TimerTable timers)
{
    /// <summary>A fragment is cut to fill a packet only when at least this many bytes of it fit.</summary>
    private const int MinimumFragment = 256;

    private const int MaxSkippedStreams = 128;

    private readonly RetransmissionQueue _outstanding = new(initialTsn, sendQueue);
    private long _peerReceiveWindow = peerReceiveWindow;
    private MonotonicTime _lastSent;

    /// <summary>Nothing waits for an acknowledgement.</summary>
    public bool IsIdle => _outstanding.IsEmpty;

    public Tsn LastAssignedTsn => _outstanding.LastAssignedTsn;

    public int CongestionWindow => congestion.CongestionWindow;

    public int BytesInFlight => _outstanding.BytesInFlight;

    public long PeerReceiveWindow => _peerReceiveWindow;

    public long Retransmissions => _outstanding.Retransmissions;

    public long MessagesAbandoned => _outstanding.MessagesAbandoned;

    public long BytesSent { get; private set; }

    /// <summary>When DATA last left.</summary>
    public MonotonicTime LastSent => _lastSent;

    public bool IsPartialReliabilitySupported
    {
        get => _outstanding.IsPartialReliabilitySupported;
        set => _outstanding.IsPartialReliabilitySupported = value;
    }

    public bool IsForwardTsnDue => _outstanding.IsForwardTsnDue;

    public void OnPacketSizeChanged(int size) => congestion.OnPacketSizeChanged(size);

    /// <summary>Whether a packet with DATA could leave now, if there is room in it; gives up what is exhausted on the way.</summary>
    public bool HasDataToSend(MonotonicTime now) =>
        (_outstanding.HasLost && _outstanding.TryPeekLost(now, out _, out var length) && MayRetransmit(length))
        || (!sendQueue.IsEmpty && MaySendNew(sendQueue.DataHeaderLength) && sendQueue.Peek(now, IsPartialReliabilitySupported) is not null);

    /// <summary>False when the SACK acknowledges what was never sent.</summary>
    public bool TryHandleSack(MonotonicTime now, in SackChunk sack, out bool progressed)
    {
        var inFlightBefore = _outstanding.BytesInFlight;
        var wasRecovering = _outstanding.IsInFastRecovery;
        var result = _outstanding.HandleSack(now, sack);
        progressed = result.BytesAcknowledged > 0 || result.CumulativeAdvanced;
        if (!result.IsValid || result.IsOld)
        {
            return result.IsValid;
        }

        _peerReceiveWindow = sack.AdvertisedReceiverWindow;
        // RFC 9260 §6.1, A: a sender that gets SACKs while it probes a zero window has a live peer.
        progressed |= _peerReceiveWindow < configuration.MaxPacketSize;
        if (result.RoundTrip is { } roundTrip)
        {
            rto.Observe(roundTrip);
        }
        else if (result.CumulativeAdvanced)
        {
            rto.EndBackoff();
        }

        if (result.HasLoss)
        {
            congestion.OnFastRetransmit();
        }
        else if (result.BytesAcknowledged > 0)
        {
            congestion.OnAcknowledged(result.BytesAcknowledged, inFlightBefore, result.CumulativeAdvanced, wasRecovering || _outstanding.IsInFastRecovery);
        }

        if (_outstanding.IsEmpty)
        {
            timers.Stop(SctpTimer.T3Retransmission); // §6.3.2, R2
        }
        else if (result.CumulativeAdvanced || result.HasLoss)
        {
            timers.Start(SctpTimer.T3Retransmission, now + rto.Rto); // R3
        }

        return true;
    }

    /// <summary>T3-rtx expired (RFC 9260 §6.3.3).</summary>
    public void HandleTimeout(MonotonicTime now)
    {
        rto.Backoff();
        congestion.OnRetransmissionTimeout();
        _outstanding.HandleTimeout();
        if (!_outstanding.IsEmpty)
        {
            timers.Start(SctpTimer.T3Retransmission, now + rto.Rto);
        }
    }

    public void WriteForwardTsn(MonotonicTime now, ref PacketWriter writer)
    {
        var entryLength = sendQueue.IsInterleaving ? IForwardTsnChunk.EntryLength : ForwardTsnChunk.EntryLength;
        var room = Math.Min(MaxSkippedStreams, (writer.Available - ForwardTsnChunk.FixedLength) / entryLength);
        if (room < 1)
        {
            return;
        }

        Span<SkippedMessage> skipped = stackalloc SkippedMessage[room];
        var count = _outstanding.CollectForwardTsn(skipped, out var newCumulative);
        writer.TryReserve(ForwardTsnChunk.FixedLength + (count * entryLength), out var chunk);
        if (sendQueue.IsInterleaving)
        {
            IForwardTsnChunk.Write(chunk, newCumulative, skipped[..count]);
        }
        else
        {
            ForwardTsnChunk.Write(chunk, newCumulative, skipped[..count]);
        }

        EnsureT3(now); // RFC 3758 §3.5, C4
    }

    /// <summary>Fills the packet with lost chunks first, then with new ones.</summary>
    public void WriteData(MonotonicTime now, ref PacketWriter writer, bool isShuttingDown)
    {
        var wasIdle = _outstanding.IsEmpty;
        var lengthBefore = writer.Length;
        var isBlocked = false;
        while (_outstanding.HasLost && _outstanding.TryPeekLost(now, out var tsn, out var wireLength))
        {
            if (!MayRetransmit(wireLength) || wireLength > writer.Available)
            {
                isBlocked = true;
                break;
            }

            WriteChunk(ref writer, _outstanding.Retransmit(now, tsn), tsn, 0);
        }

        _outstanding.EndFastRetransmit();
        var immediate = isShuttingDown ? DataChunk.ImmediateFlag : (byte)0;
        while (!isBlocked && !sendQueue.IsEmpty && MaySendNew(sendQueue.DataHeaderLength) && TryCutFragment(now, writer, out var message, out var length))
        {
            if (wasIdle)
            {
                wasIdle = false;
                NoteEndOfIdleness(now);
            }

            ref readonly var chunk = ref _outstanding.Append(now, message, length, out var tsn);
            BytesSent += length;
            WriteChunk(ref writer, chunk, tsn, immediate);
        }

        if (writer.Length != lengthBefore)
        {
            _lastSent = now;
            EnsureT3(now);
        }
    }

    /// <summary>All that is in flight is to be sent again, without a verdict on the path.</summary>
    public void Requeue() => _outstanding.HandleTimeout();

    public void Clear() => _outstanding.Clear();

    /// <summary>For tests.</summary>
    internal bool IsConsistent() => _outstanding.IsConsistent();

    /// <summary>RFC 9260 §6.1, B: cwnd limits retransmissions too, except the first packet of a fast retransmission.</summary>
    private bool MayRetransmit(int wireLength) =>
        _outstanding.IsFastRetransmitPending || _outstanding.BytesInFlight == 0
        || _outstanding.BytesInFlight + wireLength <= congestion.CongestionWindow;

    /// <summary>RFC 9260 §6.1: within both windows, or, "regardless of the value of rwnd", one chunk alone.</summary>
    private bool MaySendNew(int wireLength) =>
        _outstanding.Count < RetransmissionQueue.MaxOutstanding
        && (_outstanding.BytesInFlight == 0
            || (_outstanding.BytesInFlight < congestion.CongestionWindow && _outstanding.BytesInFlight + wireLength <= _peerReceiveWindow));

    private bool TryCutFragment(MonotonicTime now, in PacketWriter writer, out OutgoingMessage message, out int length)
    {
        length = 0;
        message = null!;
        // A chunk never exceeds the base size, whatever the path takes now: it cannot be cut anew when the path takes less.
        var room = Math.Min(writer.Available, configuration.MaxPacketSize - CommonHeader.Length) - sendQueue.DataHeaderLength;
        if (room <= 0 || sendQueue.Peek(now, IsPartialReliabilitySupported) is not { } next)
        {
            return false;
        }

        message = next;
        var rest = next.Length - next.FragmentedLength;
        length = Math.Min(rest, room);
        var isPoorCut = length < rest && length < MinimumFragment && !writer.IsEmpty;
        return !isPoorCut && MaySendNew(sendQueue.DataHeaderLength + length);
    }

    private static void WriteChunk(ref PacketWriter writer, in OutstandingChunk chunk, Tsn tsn, byte flags)
    {
        var isReserved = writer.TryReserve(chunk.HeaderLength + chunk.Length, out var destination);
        Debug.Assert(isReserved, "the room was checked");
        var message = chunk.Message;
        var payload = message.Buffer.AsSpan(chunk.Offset, chunk.Length);
        flags |= chunk.Flags;
        if (chunk.HeaderLength == IDataChunk.HeaderLength)
        {
            IDataChunk.Write(destination, flags, tsn, message.StreamId, message.Mid, message.Ppid, chunk.Fsn, payload);
        }
        else
        {
            DataChunk.Write(destination, flags, tsn, message.StreamId, message.Ssn, message.Ppid, payload);
        }
    }

    private void NoteEndOfIdleness(MonotonicTime now)
    {
        var idle = (now - _lastSent).Ticks / Math.Max(1, rto.Rto.Ticks);
        if (idle > 0 && _lastSent != default)
        {
            congestion.OnIdle((int)Math.Min(idle, 30));
        }
    }

    private void EnsureT3(MonotonicTime now)
    {
        if (!_outstanding.IsEmpty && !timers.IsRunning(SctpTimer.T3Retransmission))
        {
            timers.Start(SctpTimer.T3Retransmission, now + rto.Rto); // §6.3.2, R1
        }
    }
}
