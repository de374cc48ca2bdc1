using System.Diagnostics;
using MeshNode.Rtc.Sctp.Chunks;
using MeshNode.Rtc.Sctp.Congestion;

namespace MeshNode.Rtc.Sctp;

/// <summary>
/// One direction's flow: what may leave now under the congestion window, the pacer, the far side's receive window and partial
/// reliability, and what SACKs and the loss timer do to it (RFC 9260 §6.1, §6.3, §7; RFC 8985). Lives as long as the association is up.
/// </summary>
internal sealed class TransmissionControl(
    SctpConfiguration configuration, Tsn initialTsn, uint peerReceiveWindow, SendQueue sendQueue, ICongestionController congestion, RtoEstimator rto, TimerTable timers)
{
    /// <summary>A fragment is cut to fill a packet only when at least this many bytes of it fit.</summary>
    private const int MinimumFragment = 192; // what an Ethernet packet has beside a chunk of the base size is 252

    private const int MaxSkippedStreams = 128;

    private readonly RetransmissionQueue _outstanding = new(initialTsn, sendQueue);
    private readonly LossTimer _lossTimer = new(rto, timers);
    private readonly Pacer _pacer = new();
    private int _packetSize = configuration.MaxPacketSize;
    private bool _isPacingWaited;
    private bool _isProbeDue;
    private bool _isAfterTimeout;
    private long _peerReceiveWindow = peerReceiveWindow;
    private MonotonicTime _lastSent;

    /// <summary>Nothing waits for an acknowledgement.</summary>
    public bool IsIdle => _outstanding.IsEmpty;

    public Tsn CumulativeTsnAck => _outstanding.CumulativeTsnAck;

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

    /// <summary>When the pacer lets go of what waits for it; null when nothing does.</summary>
    public MonotonicTime? PacingDeadline => _isPacingWaited ? new MonotonicTime(_pacer.ReleaseAt) : null;

    /// <summary>Bytes of a packet from now on. Fragments stay at the configured size, so that those in flight fit again when it shrinks.</summary>
    public void OnPacketSizeChanged(int size)
    {
        _packetSize = size;
        congestion.OnPacketSizeChanged(size);
    }

    /// <summary>Whether a packet with DATA could leave now, if there is room in it; gives up what is exhausted on the way.</summary>
    public bool HasDataToSend(MonotonicTime now)
    {
        if (_pacer.IsBlocked(now) && !_isProbeDue && !_outstanding.IsFastRetransmitPending)
        {
            _isPacingWaited = _outstanding.HasLost || !sendQueue.IsEmpty;
            return false;
        }

        _isPacingWaited = false;
        return (_outstanding.HasLost && _outstanding.TryPeekLost(now, out _, out var length) && MayRetransmit(length))
            || (!sendQueue.IsEmpty && MaySendNew(sendQueue.DataHeaderLength) && sendQueue.Peek(now, IsPartialReliabilitySupported) is not null);
    }

    /// <summary>False when the SACK acknowledges what was never sent.</summary>
    public bool TryHandleSack(MonotonicTime now, in SackChunk sack, out bool progressed)
    {
        var inFlightBefore = _outstanding.BytesInFlight;
        var wasRecovering = _outstanding.IsInFastRecovery;
        var result = _outstanding.HandleSack(now, sack, out var newest);
        progressed = result.BytesAcknowledged > 0 || result.CumulativeAdvanced;
        if (!result.IsValid || result.IsOld)
        {
            return result.IsValid;
        }

        _peerReceiveWindow = sack.AdvertisedReceiverWindow;
        TimeSpan? roundTrip = newest.HasRoundTrip ? new TimeSpan(now.Ticks - newest.SentOnceAt) : null;
        if (roundTrip is { } measured)
        {
            rto.Observe(measured);
        }
        else if (result.CumulativeAdvanced)
        {
            rto.EndBackoff();
        }

        var lost = _outstanding.DetectLosses(now, rto.SmoothedRoundTripTime, out var entersRecovery);
        if (_isAfterTimeout && progressed)
        {
            _isAfterTimeout = false;
            if (newest.HasLateArrival)
            {
                congestion.OnSpuriousTimeout();
            }
        }

        if (result.BytesAcknowledged > 0 || lost > 0)
        {
            var delivery = _outstanding.Delivery;
            var interval = 0L;
            var rate = result.BytesAcknowledged > 0 ? delivery.NoteDelivered(now, result.BytesAcknowledged, newest.SentAt, newest.Stamp, out interval) : 0;
            congestion.OnDelivery(new DeliverySample
            {
                Now = now,
                BytesAcknowledged = result.BytesAcknowledged,
                BytesLost = lost,
                BytesInFlightBefore = inFlightBefore,
                BytesInFlight = _outstanding.BytesInFlight,
                CumulativeAdvanced = result.CumulativeAdvanced,
                IsInFastRecovery = wasRecovering || _outstanding.IsInFastRecovery,
                EntersFastRecovery = entersRecovery,
                RoundTrip = roundTrip,
                SmoothedRoundTrip = rto.SmoothedRoundTripTime,
                Rate = rate,
                RateInterval = interval,
                IsApplicationLimited = newest.Stamp.IsApplicationLimited,
                Delivered = delivery.Delivered,
                DeliveredWhenSent = delivery.DeliveredBefore(newest.Stamp),
                InFlightWhenSent = newest.Stamp.InFlight,
                LostSinceSent = delivery.LostSince(newest.Stamp),
            });
            _pacer.SetRate(congestion.PacingRate, _packetSize);
        }

        if (_outstanding.IsEmpty)
        {
            _lossTimer.Stop(); // §6.3.2, R2
        }
        else if (progressed || lost > 0)
        {
            _lossTimer.OnProgress(now, _outstanding, MayProbe); // R3
        }

        // RFC 9260 §6.1, A: a sender that gets SACKs while it probes a zero window has a live peer.
        progressed |= _peerReceiveWindow < configuration.MaxPacketSize;
        return true;
    }

    /// <summary>The loss timer expired. True when it was as T3-rtx (RFC 9260 §6.3.3), which counts as an error of the path.</summary>
    public bool HandleTimeout(MonotonicTime now)
    {
        switch (_lossTimer.HandleTimeout(now, _lastSent, _outstanding, MayProbe))
        {
            case LossTimerVerdict.Reordering:
                HandleReordering(now);
                return false;
            case LossTimerVerdict.Probe:
                // RFC 8985 §7.3: new data if there is some, otherwise what was sent last.
                _isProbeDue = !sendQueue.IsEmpty && _peerReceiveWindow > _outstanding.BytesInFlight + _packetSize;
                if (!_isProbeDue)
                {
                    _outstanding.TryProbe(now);
                }

                return false;
            case LossTimerVerdict.Retransmission:
                rto.Backoff();
                if (_peerReceiveWindow >= configuration.MaxPacketSize)
                {
                    congestion.OnRetransmissionTimeout(0); // else the window's probe was dropped for want of room
                    _pacer.SetRate(congestion.PacingRate, _packetSize);
                }

                _outstanding.HandleTimeout();
                _isAfterTimeout = true;
                if (!_outstanding.IsEmpty)
                {
                    _lossTimer.StartRetransmission(now);
                }

                return true;
            default:
                return false;
        }
    }

    /// <summary>The pacer's time came, or something else did: whether it still has to be waited for is found out anew.</summary>
    public void EndPacingWait(MonotonicTime now) => _isPacingWaited &= _pacer.IsBlocked(now);

    /// <summary>The association is idle; memory that bursts needed is given back.</summary>
    public void Trim() => _outstanding.Trim();

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

        _lossTimer.OnSent(now); // RFC 3758 §3.5, C4
    }

    /// <summary>Fills the packet with lost chunks first, then with new ones.</summary>
    public void WriteData(MonotonicTime now, ref PacketWriter writer, bool isShuttingDown)
    {
        var wasIdle = _outstanding.IsEmpty;
        var lengthBefore = writer.Length;
        _outstanding.BeginPacket(now);
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
        var immediate = isShuttingDown || _isProbeDue ? DataChunk.ImmediateFlag : (byte)0;
        while (!isBlocked && !sendQueue.IsEmpty && MaySendNew(sendQueue.DataHeaderLength) && TryCutFragment(now, writer, out var message, out var length))
        {
            if (wasIdle)
            {
                wasIdle = false;
                NoteEndOfIdleness(now);
            }

            ref readonly var chunk = ref _outstanding.Append(now, message, length, out var tsn);
            _isProbeDue = false;
            BytesSent += length;
            WriteChunk(ref writer, chunk, tsn, immediate);
        }

        if (writer.Length != lengthBefore)
        {
            _lastSent = now;
            _pacer.OnSent(now, writer.Length - lengthBefore);
            _lossTimer.OnSent(now);
        }

        if (!_outstanding.HasLost && sendQueue.IsEmpty && _outstanding.BytesInFlight < congestion.CongestionWindow)
        {
            _outstanding.Delivery.NoteApplicationLimited(_outstanding.BytesInFlight);
        }
    }

    /// <summary>All that is in flight is to be sent again, without a verdict on the path.</summary>
    public void Requeue() => _outstanding.HandleTimeout();

    public void Clear() => _outstanding.Clear();

    /// <summary>For tests.</summary>
    internal bool IsConsistent() => _outstanding.IsConsistent();

    /// <summary>A probe asks about the path, which is known once, and not about a closed receive window.</summary>
    private bool MayProbe => rto.SmoothedRoundTripTime is not null && _outstanding.InFlightCount > 0 && _peerReceiveWindow >= configuration.MaxPacketSize;

    /// <summary>RFC 9260 §6.1, B: cwnd limits retransmissions too, except the first packet of a fast retransmission.</summary>
    private bool MayRetransmit(int wireLength) =>
        _outstanding.IsFastRetransmitPending || _outstanding.BytesInFlight == 0
        || _outstanding.BytesInFlight + wireLength <= congestion.CongestionWindow;

    /// <summary>RFC 9260 §6.1: within both windows, or, "regardless of the value of rwnd", one chunk alone.</summary>
    private bool MaySendNew(int wireLength) =>
        _outstanding.Count < RetransmissionQueue.MaxOutstanding
        && (_outstanding.BytesInFlight == 0
            || ((_outstanding.BytesInFlight < congestion.CongestionWindow || _isProbeDue) && _outstanding.BytesInFlight + wireLength <= _peerReceiveWindow));

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

    private void HandleReordering(MonotonicTime now)
    {
        var inFlightBefore = _outstanding.BytesInFlight;
        var lost = _outstanding.DetectLosses(now, rto.SmoothedRoundTripTime, out var entersRecovery);
        if (lost > 0)
        {
            congestion.OnDelivery(new DeliverySample
            {
                Now = now,
                BytesLost = lost,
                BytesInFlightBefore = inFlightBefore,
                BytesInFlight = _outstanding.BytesInFlight,
                IsInFastRecovery = true,
                EntersFastRecovery = entersRecovery,
                SmoothedRoundTrip = rto.SmoothedRoundTripTime,
                Delivered = _outstanding.Delivery.Delivered,
            });
            _pacer.SetRate(congestion.PacingRate, _packetSize);
        }

        _lossTimer.OnProgress(now, _outstanding, MayProbe);
    }
}
