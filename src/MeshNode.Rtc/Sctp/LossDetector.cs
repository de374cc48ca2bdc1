using MeshNode.Rtc.Sctp.Congestion;

namespace MeshNode.Rtc.Sctp;

/// <summary>
/// Time-based loss detection after RACK (RFC 8985 §6.2), with SCTP's SACKs and duplicate reports: a chunk is lost when one that left
/// later has arrived and a reordering window has passed beyond the round trip in which that happened. Retransmissions are judged like
/// first transmissions. Knows time and order only; the chunks are the queue's.
/// </summary>
internal sealed class LossDetector
{
    private const int DuplicateThreshold = 3; // DupThresh, chunks
    private const int MaxMultiplier = 16;
    private const int RecoveriesToForget = 16; // §6.2, step 4: RACK.reo_wnd_persist
    private static readonly long MinimumAge = TimeSpan.TicksPerSecond * 30; // after which a path's least round trip is measured anew

    private uint _newestOrder; // of the latest transmission known to have arrived
    private bool _hasNewest;
    private long _newestSentAt; // ticks
    private long _roundTrip; // ticks; of that transmission
    private long _minRoundTrip = long.MaxValue; // ticks
    private long _minMeasuredAt; // ticks
    private bool _hasReordering;
    private int _multiplier = 1;
    private int _recoveriesLeft;
    private uint _widenedAtOrder;

    /// <summary>A SACK acknowledged something.</summary>
    public void OnAcknowledged(MonotonicTime now, in NewestAcked newest)
    {
        _hasReordering |= newest.HasReordering | newest.HasLateArrival;
        if (newest.HasRoundTrip)
        {
            var measured = now.Ticks - newest.SentOnceAt;
            if (measured <= _minRoundTrip || now.Ticks - _minMeasuredAt > MinimumAge)
            {
                _minRoundTrip = measured;
                _minMeasuredAt = now.Ticks;
            }
        }

        var roundTrip = now.Ticks - newest.SentAt;
        // Faster than the path: what arrived was an earlier transmission.
        var isAmbiguous = newest.IsRetransmission && roundTrip < _minRoundTrip;
        if (!isAmbiguous && (!_hasNewest || SendStamp.IsLater(newest.Stamp.Order, _newestOrder)))
        {
            _hasNewest = true;
            _newestOrder = newest.Stamp.Order;
            _newestSentAt = newest.SentAt;
            _roundTrip = roundTrip;
        }
    }

    /// <summary>The far side reports a TSN twice: something was sent again too early. Once a round trip the window grows.</summary>
    public void OnDuplicateReport(uint lastOrder)
    {
        if (_hasNewest && SendStamp.IsLater(_newestOrder, _widenedAtOrder))
        {
            _widenedAtOrder = lastOrder;
            _multiplier = Math.Min(_multiplier + 1, MaxMultiplier);
            _recoveriesLeft = RecoveriesToForget;
        }
    }

    public void OnRecoveryEnded()
    {
        if (_recoveriesLeft > 0 && --_recoveriesLeft == 0)
        {
            _multiplier = 1;
        }
    }

    /// <summary>How much later than expected a chunk may be, in ticks.</summary>
    public long ReorderingWindow(bool isRecovering, int gapAcked, TimeSpan? smoothedRoundTrip)
    {
        if (_minRoundTrip == long.MaxValue || (!_hasReordering && (isRecovering || gapAcked >= DuplicateThreshold)))
        {
            return 0;
        }

        return Math.Min(_multiplier * _minRoundTrip / 4, smoothedRoundTrip?.Ticks ?? _minRoundTrip);
    }

    /// <summary>Whether something that left later has arrived.</summary>
    public bool IsOvertaken(in OutstandingChunk chunk) => _hasNewest && SendStamp.IsLater(_newestOrder, chunk.Stamp.Order) && chunk.SentAt <= _newestSentAt;

    /// <summary>When an overtaken chunk counts as lost; ticks.</summary>
    public long LostAt(in OutstandingChunk chunk, long reorderingWindow) => chunk.SentAt + _roundTrip + reorderingWindow;
}
