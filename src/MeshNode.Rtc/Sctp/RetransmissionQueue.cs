using MeshNode.Rtc.Sctp.Chunks;
using MeshNode.Rtc.Sctp.Congestion;

namespace MeshNode.Rtc.Sctp;

/// <summary>
/// DATA chunks from their first transmission until they are cumulatively acknowledged: a ring indexed by TSN. Knows what is in
/// flight, what a SACK acknowledges, what is lost (RFC 8985) and what was given up (RFC 3758 §3.5).
/// </summary>
internal sealed class RetransmissionQueue(Tsn initialTsn, SendQueue sendQueue)
{
    /// <summary>Chunks outstanding at most: what a receiver like ours keeps track of.</summary>
    public const int MaxOutstanding = DataTracker.MaxAhead;

    private readonly OutstandingRing _ring = new(initialTsn);
    private readonly LossDetector _losses = new();
    private Tsn _lostHint = initialTsn; // no lost chunk before it
    private Tsn? _recoveryPoint; // fast recovery ends when this is acknowledged
    private Tsn _highestAcked = initialTsn.Previous;
    private int _lostCount;
    private int _ackedCount; // by gap blocks
    private int _abandonedCount;

    /// <summary>Cumulative TSN ack point.</summary>
    public Tsn CumulativeTsnAck => _ring.CumulativeTsnAck;

    public Tsn NextTsn => _ring.NextTsn;

    /// <summary>Last TSN that was given to a chunk.</summary>
    public Tsn LastAssignedTsn => NextTsn.Previous;

    public int Count => _ring.Count;

    public bool IsEmpty => Count == 0;

    /// <summary>In wire bytes: sent, not acknowledged, not declared lost.</summary>
    public int BytesInFlight { get; private set; }

    /// <summary>In chunks.</summary>
    public int InFlightCount => _ring.InFlightCount;

    /// <summary>Rates and totals of what the far side acknowledges.</summary>
    public DeliveryRateSampler Delivery { get; } = new();

    public bool HasLost => _lostCount > 0;

    public bool IsInFastRecovery => _recoveryPoint is not null;

    /// <summary>The first lost chunk may leave at once, whatever the window (RFC 9260 §7.2.4, step 3; RFC 8985 §7.3).</summary>
    public bool IsFastRetransmitPending { get; private set; }

    /// <summary>When a chunk that was overtaken will count as lost; null when none was.</summary>
    public MonotonicTime? ReorderingDeadline { get; private set; }

    /// <summary>A FORWARD TSN would tell something new.</summary>
    public bool IsForwardTsnDue { get; private set; }

    public long Retransmissions { get; private set; }

    public long MessagesAbandoned { get; private set; }

    /// <summary>FORWARD TSN was announced by both sides (RFC 3758 §3.3.1).</summary>
    public bool IsPartialReliabilitySupported { get; set; }

    /// <summary>What is appended and sent again from now on leaves in one packet.</summary>
    public void BeginPacket(MonotonicTime now) => Delivery.BeginPacket(now, BytesInFlight == 0);

    /// <summary>Gives the next fragment of a message a TSN, in flight from now on. The caller writes it.</summary>
    public ref readonly OutstandingChunk Append(MonotonicTime now, OutgoingMessage message, int length, out Tsn tsn)
    {
        ref var chunk = ref _ring.Append(message, message.FragmentedLength, length, out tsn);
        chunk.Flags = FragmentFlags(message, length);
        chunk.Fsn = message.NextFsn++;
        chunk.HeaderLength = (byte)sendQueue.DataHeaderLength;
        NoteSent(now, tsn, ref chunk);
        sendQueue.Advance(message, length);
        return ref chunk;
    }

    /// <summary>
    /// The lost chunk to send next. Gives up messages whose limits are reached instead (RFC 3758 §3.5, A3).
    /// </summary>
    public bool TryPeekLost(MonotonicTime now, out Tsn tsn, out int wireLength)
    {
        for (; _lostCount > 0 && _lostHint < NextTsn; _lostHint = _lostHint.Next)
        {
            if (_lostHint <= CumulativeTsnAck)
            {
                _lostHint = CumulativeTsnAck;
                continue;
            }

            ref var chunk = ref _ring[_lostHint];
            if (chunk.State != OutstandingState.Lost)
            {
                continue;
            }

            if (IsPartialReliabilitySupported && IsExhausted(now, chunk))
            {
                Abandon(_lostHint);
                continue;
            }

            tsn = _lostHint;
            wireLength = chunk.WireLength;
            return true;
        }

        IsFastRetransmitPending = false;
        tsn = default;
        wireLength = 0;
        return false;
    }

    /// <summary>The chunk that TryPeekLost gave is sent again.</summary>
    public ref readonly OutstandingChunk Retransmit(MonotonicTime now, Tsn tsn)
    {
        ref var chunk = ref _ring[tsn];
        chunk.State = OutstandingState.InFlight;
        chunk.Retransmissions += (ushort)(chunk.Retransmissions < ushort.MaxValue ? 1 : 0);
        NoteSent(now, tsn, ref chunk);
        _lostCount--;
        Retransmissions++;
        return ref chunk;
    }

    /// <summary>The first packet of a fast retransmission has left; from now on the congestion window counts.</summary>
    public void EndFastRetransmit() => IsFastRetransmitPending = false;

    /// <param name="now">The time.</param>
    /// <param name="sack">Its gap blocks ascend.</param>
    /// <param name="newest">What it tells about time; for <see cref="DetectLosses"/>, too.</param>
    public SackResult HandleSack(MonotonicTime now, in SackChunk sack, out NewestAcked newest)
    {
        newest = default;
        var cumulative = sack.CumulativeTsnAck;
        if (cumulative >= NextTsn)
        {
            return default;
        }

        if (cumulative < CumulativeTsnAck)
        {
            return new SackResult(true, true, 0, false);
        }

        var bytesAcknowledged = 0;
        var advanced = cumulative > CumulativeTsnAck;
        while (CumulativeTsnAck < cumulative)
        {
            bytesAcknowledged += AcknowledgeFirst(ref newest);
        }

        var covered = 0;
        var highest = cumulative;
        for (var i = 0; i < sack.GapBlockCount; i++)
        {
            var (start, end) = sack.GapBlock(i);
            if (end > Count)
            {
                return default;
            }

            covered += end - start + 1;
            highest = cumulative + end;
            for (var tsn = cumulative + start; tsn <= highest; tsn = tsn.Next)
            {
                bytesAcknowledged += AcknowledgeByGap(tsn, ref newest);
            }
        }

        _highestAcked = highest > _highestAcked ? highest : _highestAcked;
        if (_ackedCount + _abandonedCount > covered)
        {
            FindReneged(sack);
        }

        if (_recoveryPoint is { } point && cumulative >= point)
        {
            _recoveryPoint = null;
            _losses.OnRecoveryEnded();
        }

        if (sack.DuplicateCount > 0)
        {
            _losses.OnDuplicateReport(Delivery.Packet.Order);
        }

        if (newest.IsAny)
        {
            _losses.OnAcknowledged(now, newest);
        }

        IsForwardTsnDue = _abandonedCount > 0 && _ring[CumulativeTsnAck.Next].State == OutstandingState.Abandoned;
        return new SackResult(true, false, bytesAcknowledged, advanced);
    }

    /// <summary>
    /// Declares lost what was overtaken for too long (RFC 8985 §6.2, step 5): after a SACK, and at <see cref="ReorderingDeadline"/>.
    /// Returns the bytes; <paramref name="entersRecovery"/> for the first since fast recovery ended.
    /// </summary>
    public int DetectLosses(MonotonicTime now, TimeSpan? smoothedRoundTrip, out bool entersRecovery)
    {
        ReorderingDeadline = null;
        var lost = 0;
        var window = _losses.ReorderingWindow(IsInFastRecovery, _ackedCount, smoothedRoundTrip);
        while (_ring.InFlightCount > 0)
        {
            var tsn = _ring.FirstSent;
            ref var chunk = ref _ring[tsn];
            if (!_losses.IsOvertaken(chunk))
            {
                break;
            }

            var lostAt = _losses.LostAt(chunk, window);
            if (lostAt > now.Ticks)
            {
                ReorderingDeadline = new MonotonicTime(lostAt);
                break;
            }

            lost += chunk.WireLength;
            MarkLost(tsn, ref chunk);
        }

        Delivery.NoteLost(lost);
        entersRecovery = lost > 0 && !IsInFastRecovery;
        if (entersRecovery)
        {
            _recoveryPoint = LastAssignedTsn;
            IsFastRetransmitPending = true;
        }

        return lost;
    }

    /// <summary>
    /// Nothing was heard for a while (RFC 8985 §7.3): what left last is sent again, so that its SACK shows what else is missing. False
    /// when nothing is in flight, or when it may not be sent again.
    /// </summary>
    public bool TryProbe(MonotonicTime now)
    {
        if (_ring.InFlightCount == 0)
        {
            return false;
        }

        var tsn = _ring.LastSent;
        ref var chunk = ref _ring[tsn];
        if (IsPartialReliabilitySupported && IsExhausted(now, chunk))
        {
            return false;
        }

        MarkLost(tsn, ref chunk);
        IsFastRetransmitPending = true;
        return true;
    }

    /// <summary>T3-rtx expired: all that is in flight counts as lost (RFC 9260 §6.3.3), and a FORWARD TSN is repeated.</summary>
    public void HandleTimeout()
    {
        while (_ring.InFlightCount > 0)
        {
            var tsn = _ring.FirstSent;
            MarkLost(tsn, ref _ring[tsn]);
        }

        _recoveryPoint = null;
        ReorderingDeadline = null;
        IsFastRetransmitPending = false;
        IsForwardTsnDue = _abandonedCount > 0 && _ring[CumulativeTsnAck.Next].State == OutstandingState.Abandoned;
    }

    /// <summary>The association is idle: memory that only bursts need is given back.</summary>
    public void Trim() => _ring.Trim();

    /// <summary>
    /// RFC 3758 §3.5, C2: the abandoned chunks next to the cumulative point, and of each ordered stream among them the last message
    /// (with I-DATA of unordered ones, too: RFC 8260 §2.3.1). Returns how many were written; stops early where they do not fit.
    /// </summary>
    public int CollectForwardTsn(Span<SkippedMessage> skipped, out Tsn newCumulative)
    {
        var count = 0;
        newCumulative = CumulativeTsnAck;
        for (var tsn = CumulativeTsnAck.Next; tsn < NextTsn; tsn = tsn.Next)
        {
            ref var chunk = ref _ring[tsn];
            if (chunk.State != OutstandingState.Abandoned || !SkippedMessages.TryNote(chunk.Message, sendQueue.IsInterleaving, skipped, ref count))
            {
                break;
            }

            newCumulative = tsn;
        }

        IsForwardTsnDue = false;
        return count;
    }

    /// <summary>Gives all memory back; nothing may be appended afterwards.</summary>
    public void Clear()
    {
        while (!IsEmpty)
        {
            var unused = default(NewestAcked);
            AcknowledgeFirst(ref unused);
        }

        _recoveryPoint = null;
        ReorderingDeadline = null;
        IsForwardTsnDue = false;
        IsFastRetransmitPending = false;
    }

    private static byte FragmentFlags(OutgoingMessage message, int length)
    {
        var flags = message.FragmentedLength == 0 ? DataChunk.BeginningFlag : (byte)0;
        if (message.FragmentedLength + length == message.Length)
        {
            flags |= DataChunk.EndFlag;
        }

        return message.Options.IsUnordered ? (byte)(flags | DataChunk.UnorderedFlag) : flags;
    }

    private int AcknowledgeFirst(ref NewestAcked newest)
    {
        var tsn = CumulativeTsnAck.Next;
        ref var chunk = ref _ring[tsn];
        var bytes = Settle(tsn, ref chunk, ref newest);
        if (chunk.State == OutstandingState.Acked)
        {
            _ackedCount--;
        }
        else if (chunk.State == OutstandingState.Abandoned)
        {
            _abandonedCount--;
        }

        _ring.RemoveFirst();
        return bytes;
    }

    private int AcknowledgeByGap(Tsn tsn, ref NewestAcked newest)
    {
        ref var chunk = ref _ring[tsn];
        if (chunk.State is OutstandingState.Acked or OutstandingState.Abandoned)
        {
            return 0;
        }

        var bytes = Settle(tsn, ref chunk, ref newest);
        chunk.State = OutstandingState.Acked;
        _ackedCount++;
        return bytes;
    }

    /// <summary>Takes a chunk that is acknowledged for the first time out of the flight or the lost ones; returns its bytes.</summary>
    private int Settle(Tsn tsn, ref OutstandingChunk chunk, ref NewestAcked newest)
    {
        if (chunk.State == OutstandingState.InFlight)
        {
            BytesInFlight -= chunk.WireLength;
            _ring.NoteSettled(tsn, ref chunk);
        }
        else if (chunk.State == OutstandingState.Lost)
        {
            _lostCount--;
            newest.HasLateArrival = true;
        }
        else
        {
            return 0;
        }

        if (!newest.IsAny || SendStamp.IsLater(chunk.Stamp.Order, newest.Stamp.Order))
        {
            newest.IsAny = true;
            newest.SentAt = chunk.SentAt;
            newest.IsRetransmission = chunk.Retransmissions > 0;
            newest.Stamp = chunk.Stamp;
        }

        if (chunk.Retransmissions == 0) // Karn's algorithm
        {
            newest.SentOnceAt = newest.HasRoundTrip ? Math.Max(newest.SentOnceAt, chunk.SentAt) : chunk.SentAt;
            newest.HasRoundTrip = true;
            newest.HasReordering |= tsn < _highestAcked;
        }

        return chunk.WireLength;
    }

    private void NoteSent(MonotonicTime now, Tsn tsn, ref OutstandingChunk chunk)
    {
        chunk.SentAt = now.Ticks;
        BytesInFlight += chunk.WireLength;
        chunk.Stamp = Delivery.Packet;
        chunk.Stamp.SetInFlight(BytesInFlight, Delivery.IsApplicationLimited);
        _ring.NoteSent(tsn, ref chunk);
    }

    /// <summary>RFC 9260 §6.2.1: what earlier gap blocks acknowledged and this SACK does not, was dropped and is lost.</summary>
    private void FindReneged(in SackChunk sack)
    {
        var tsn = CumulativeTsnAck.Next;
        for (var i = 0; i <= sack.GapBlockCount; i++)
        {
            var (start, end) = i < sack.GapBlockCount ? sack.GapBlock(i) : (Count + 1, Count + 1);
            for (; tsn < CumulativeTsnAck + start && _ackedCount > 0; tsn = tsn.Next)
            {
                ref var chunk = ref _ring[tsn];
                if (chunk.State == OutstandingState.Acked)
                {
                    _ackedCount--;
                    chunk.State = OutstandingState.Lost;
                    _lostCount++;
                    NoteLost(tsn);
                }
            }

            tsn = CumulativeTsnAck + end + 1;
        }
    }

    private void MarkLost(Tsn tsn, ref OutstandingChunk chunk)
    {
        BytesInFlight -= chunk.WireLength;
        _ring.NoteSettled(tsn, ref chunk);
        chunk.State = OutstandingState.Lost;
        _lostCount++;
        NoteLost(tsn);
    }

    private void NoteLost(Tsn tsn)
    {
        if (tsn < _lostHint)
        {
            _lostHint = tsn;
        }
    }

    private static bool IsExhausted(MonotonicTime now, in OutstandingChunk chunk) =>
        chunk.Message.IsAbandoned || chunk.Message.ExpiresAt <= now.Ticks
        || (chunk.Message.Options.MaxRetransmissions is { } limit && chunk.Retransmissions >= limit);

    /// <summary>
    /// Gives up the whole message that a chunk belongs to. When a part of it has no TSN yet, one more TSN stands for that part:
    /// otherwise nothing would tell a receiver that has acknowledged all the rest.
    /// </summary>
    private void Abandon(Tsn tsn)
    {
        var message = _ring[tsn].Message;
        if (!message.IsFullyFragmented)
        {
            sendQueue.Abandon(message);
            _ring.Append(message, message.Length, 0, out var placeholder);
            _ring[placeholder].State = OutstandingState.Abandoned;
            _abandonedCount++;
        }

        message.IsAbandoned = true;
        MessagesAbandoned++;
        // A message's fragments ascend with their TSNs; with I-DATA those of other messages lie between them.
        for (var earlier = tsn; earlier > CumulativeTsnAck; earlier = earlier.Previous)
        {
            if (TryAbandonChunk(earlier, message) && _ring[earlier].Offset == 0)
            {
                break;
            }
        }

        for (var later = tsn.Next; later < NextTsn; later = later.Next)
        {
            if (TryAbandonChunk(later, message) && _ring[later].Offset + _ring[later].Length == message.Length)
            {
                break;
            }
        }

        IsForwardTsnDue |= _ring[CumulativeTsnAck.Next].State == OutstandingState.Abandoned;
    }

    /// <summary>False when the chunk is another message's.</summary>
    private bool TryAbandonChunk(Tsn tsn, OutgoingMessage message)
    {
        ref var chunk = ref _ring[tsn];
        if (!ReferenceEquals(chunk.Message, message))
        {
            return false;
        }

        switch (chunk.State)
        {
            case OutstandingState.InFlight:
                BytesInFlight -= chunk.WireLength;
                _ring.NoteSettled(tsn, ref chunk);
                break;
            case OutstandingState.Lost:
                _lostCount--;
                break;
            case OutstandingState.Acked:
                _ackedCount--;
                break;
            default:
                return true;
        }

        chunk.State = OutstandingState.Abandoned;
        _abandonedCount++;
        return true;
    }

    /// <summary>Recounts everything; for tests.</summary>
    internal bool IsConsistent()
    {
        var (inFlight, lost, acked, abandoned) = (0, 0, 0, 0);
        for (var tsn = CumulativeTsnAck.Next; tsn < NextTsn; tsn = tsn.Next)
        {
            ref var chunk = ref _ring[tsn];
            inFlight += chunk.State == OutstandingState.InFlight ? chunk.WireLength : 0;
            lost += chunk.State == OutstandingState.Lost ? 1 : 0;
            acked += chunk.State == OutstandingState.Acked ? 1 : 0;
            abandoned += chunk.State == OutstandingState.Abandoned ? 1 : 0;
            if (chunk.State == OutstandingState.Lost && tsn < _lostHint)
            {
                return false;
            }
        }

        return (inFlight, lost, acked, abandoned) == (BytesInFlight, _lostCount, _ackedCount, _abandonedCount);
    }
}
