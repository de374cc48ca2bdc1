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
    private uint _lastAdvertisedWindow;

    public ReceptionControl(SctpConfiguration configuration, Tsn peerInitialTsn, Queue<SctpEvent> events, TimerTable timers)
    {
        _configuration = configuration;
        _timers = timers;
        _tracker = new DataTracker(peerInitialTsn);
        Reassembly = new ReassemblyQueue(peerInitialTsn, configuration, events);
        _lastAdvertisedWindow = Reassembly.AdvertisedWindow;
    }

    public ReassemblyQueue Reassembly { get; }

    public Tsn CumulativeTsn => _tracker.CumulativeTsn;

    /// <summary>A SACK must leave with the next packet.</summary>
    public bool IsSackDue => _tracker.IsSackDue;

    /// <summary>A SACK should leave with the next packet that leaves anyway.</summary>
    public bool IsSackPending => _tracker.IsSackPending;

    /// <summary>Set when the far side broke the protocol; the association ends.</summary>
    public string? Violation => Reassembly.Violation;

    public void RequestSack() => _tracker.RequestSack();

    public void HandleData(in DataChunk data)
    {
        if (_tracker.IsDuplicate(data.Tsn))
        {
            _tracker.NoteDuplicate(data.Tsn);
        }
        else if (!DataTracker.IsWithinReach(data.Tsn, _tracker.CumulativeTsn) || !MakeRoom(data))
        {
            _tracker.RequestSack(); // dropped; the SACK says what the window is
        }
        else
        {
            _tracker.Record(data.Tsn);
            Reassembly.Add(data);
        }
    }

    public void HandleForwardTsn(in ForwardTsnChunk forwardTsn)
    {
        _tracker.RequestSack(); // RFC 3758 §3.6: also for one that is out of date
        if (_tracker.Forward(forwardTsn.NewCumulativeTsn))
        {
            Reassembly.Forward(forwardTsn.NewCumulativeTsn, forwardTsn);
        }
    }

    /// <summary>A packet with DATA has been read.</summary>
    public void NotePacket(MonotonicTime now, bool isImmediate)
    {
        if (_tracker.NotePacket(isImmediate) && !_timers.IsRunning(SctpTimer.DelayedSack))
        {
            _timers.Start(SctpTimer.DelayedSack, now + _configuration.SackDelay);
        }
    }

    public void WriteSack(ref PacketWriter writer)
    {
        var window = Reassembly.AdvertisedWindow;
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
        Reassembly.Release(length);
        if (_lastAdvertisedWindow < _configuration.ReceiveWindow / 8 && Reassembly.AdvertisedWindow >= _configuration.ReceiveWindow / 4)
        {
            _tracker.RequestSack();
        }
    }

    /// <summary>For tests.</summary>
    internal bool IsConsistent() => Reassembly.IsConsistent();

    /// <summary>The next TSN in sequence always finds room, if need be that of chunks that wait for it; nothing else may push.</summary>
    private bool MakeRoom(in DataChunk data)
    {
        while (!Reassembly.HasRoom(data.Payload.Length))
        {
            if (data.Tsn != _tracker.CumulativeTsn.Next || !Reassembly.TryRenege(out var dropped))
            {
                return false;
            }

            _tracker.Renege(dropped);
        }

        return true;
    }
}
