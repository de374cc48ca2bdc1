using MeshNode.Rtc.Sctp.Chunks;

namespace MeshNode.Rtc.Sctp;

/// <summary>
/// The other direction's flow: takes DATA within the receive window, and decides when a SACK leaves (RFC 9260 §6.2). Lives as
/// long as the association is up.
/// </summary>
internal sealed class ReceptionControl
{
    private readonly SctpConfiguration _configuration;
    private readonly TimerTable _timers;
    private readonly DataTracker _tracker;
    private readonly ReassemblyQueue? _plain; // DATA
    private readonly InterleavedReassemblyQueue? _interleaved; // I-DATA
    private uint _lastAdvertisedWindow;

    public ReceptionControl(SctpConfiguration configuration, Tsn peerInitialTsn, bool isInterleaving, Queue<SctpEvent> events, TimerTable timers)
    {
        _configuration = configuration;
        _timers = timers;
        _tracker = new DataTracker(peerInitialTsn);
        Window = new ReceiveWindow(configuration);
        if (isInterleaving)
        {
            Reassembly = _interleaved = new InterleavedReassemblyQueue(configuration, Window, events);
        }
        else
        {
            Reassembly = _plain = new ReassemblyQueue(peerInitialTsn, configuration, Window, events);
        }

        _lastAdvertisedWindow = Window.Advertised;
    }

    public IReassemblyQueue Reassembly { get; }

    public ReceiveWindow Window { get; }

    /// <summary>The far side sends I-DATA and I-FORWARD-TSN; DATA and FORWARD TSN would break RFC 8260.</summary>
    public bool IsInterleaving => _interleaved is not null;

    public Tsn CumulativeTsn => _tracker.CumulativeTsn;

    /// <summary>A SACK must leave with the next packet.</summary>
    public bool IsSackDue => _tracker.IsSackDue;

    /// <summary>A SACK should leave with the next packet that leaves anyway.</summary>
    public bool IsSackPending => _tracker.IsSackPending;

    /// <summary>Set when the far side broke the protocol; the association ends.</summary>
    public string? Violation => Reassembly.Violation;

    /// <summary>Unfinished messages fill the window, and nothing that the application could read would make room: the association ends.</summary>
    public bool IsExhausted { get; private set; }

    public void RequestSack() => _tracker.RequestSack();

    /// <summary>Not in an association with I-DATA.</summary>
    public void HandleData(in DataChunk data)
    {
        if (TryTake(data.Tsn, data.Payload.Length))
        {
            _plain!.Add(data);
        }
    }

    /// <summary>Only in an association with I-DATA.</summary>
    public void HandleIData(in IDataChunk data)
    {
        if (TryTake(data.Tsn, data.Payload.Length))
        {
            _interleaved!.Add(data);
        }
    }

    public void HandleForwardTsn(in ForwardTsnChunk forwardTsn)
    {
        _tracker.RequestSack(); // RFC 3758 §3.6: also for one that is out of date
        if (_tracker.Forward(forwardTsn.NewCumulativeTsn))
        {
            _plain!.Forward(forwardTsn.NewCumulativeTsn, forwardTsn);
        }
    }

    public void HandleIForwardTsn(in IForwardTsnChunk forwardTsn)
    {
        _tracker.RequestSack();
        if (_tracker.Forward(forwardTsn.NewCumulativeTsn))
        {
            _interleaved!.Forward(forwardTsn);
        }
    }

    /// <summary>A packet with DATA has been read.</summary>
    /// <param name="now">When it came.</param>
    /// <param name="length">Of the packet, in bytes.</param>
    /// <param name="isImmediate">The far side wants a SACK at once.</param>
    /// <param name="roundTrip">Of the path; null while unknown.</param>
    public void NotePacket(MonotonicTime now, int length, bool isImmediate, TimeSpan? roundTrip)
    {
        Window.Tune(now, roundTrip);
        if (_tracker.NotePacket(isImmediate || length > 2 * _configuration.MaxPacketSize) && !_timers.IsRunning(SctpTimer.DelayedSack))
        {
            _timers.Start(SctpTimer.DelayedSack, now + _configuration.SackDelay);
        }
    }

    public void WriteSack(ref PacketWriter writer)
    {
        var window = Window.Advertised;
        if (_tracker.TryWriteSack(ref writer, window))
        {
            _lastAdvertisedWindow = window;
            _timers.Stop(SctpTimer.DelayedSack);
        }
    }

    /// <summary>
    /// The application took a message. A window that was all but closed and is open again is told at once: the far side may have
    /// nothing in flight that would be acknowledged.
    /// </summary>
    public void ReleaseWindow(int length)
    {
        Window.Release(length);
        if (_lastAdvertisedWindow < Window.Limit / 8 && Window.Advertised >= Window.Limit / 4)
        {
            _tracker.RequestSack();
        }
    }

    /// <summary>The association is idle; memory that bursts needed is given back.</summary>
    public void Trim()
    {
        _tracker.Trim();
        Reassembly.Trim();
    }

    /// <summary>Every count agrees with what it counts; for tests.</summary>
    internal bool IsConsistent() => Reassembly.TryRecount(out var bytes) && bytes + Window.Unread == Window.Buffered;

    /// <summary>Records a TSN whose chunk is new and finds room; what does not is dropped, and a SACK says what the window is.</summary>
    private bool TryTake(Tsn tsn, int payloadLength)
    {
        if (_tracker.IsDuplicate(tsn))
        {
            _tracker.NoteDuplicate(tsn);
            return false;
        }

        if (!DataTracker.IsWithinReach(tsn, _tracker.CumulativeTsn) || !MakeRoom(tsn, payloadLength))
        {
            _tracker.RequestSack();
            return false;
        }

        _tracker.Record(tsn);
        return true;
    }

    /// <summary>
    /// The next TSN in sequence finds room before all others: without I-DATA that of chunks that wait for it, which are dropped
    /// again (RFC 9260 §6.2), with I-DATA some beyond the window, because messages in the making cannot be told by TSN.
    /// </summary>
    private bool MakeRoom(Tsn tsn, int payloadLength)
    {
        if (Window.HasRoom(payloadLength))
        {
            return true;
        }

        if (tsn != _tracker.CumulativeTsn.Next)
        {
            return false;
        }

        if (_plain is null)
        {
            return Window.HasRoomForGap(payloadLength) || TryOutgrow();
        }

        while (!Window.HasRoom(payloadLength))
        {
            if (!_plain.TryRenege(out var dropped))
            {
                return false;
            }

            _tracker.Renege(dropped);
        }

        return true;
    }

    /// <summary>Messages that have begun on many streams may need more than a window to be finished.</summary>
    private bool TryOutgrow()
    {
        if (Window.Unread > 0)
        {
            return false; // the application's reading will make room
        }

        IsExhausted = !Window.TryGrow();
        return !IsExhausted;
    }
}
