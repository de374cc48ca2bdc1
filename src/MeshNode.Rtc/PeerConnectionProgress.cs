using MeshNode.Rtc.Dtls;
using MeshNode.Rtc.Ice;
using MeshNode.Rtc.Sctp;

namespace MeshNode.Rtc;

/// <summary>
/// The W3C connection state with its deadlines, and the stages of the end: open, closing (data drains, SCTP shuts down),
/// ending (close_notify leaves), over.
/// </summary>
internal sealed class PeerConnectionProgress(PeerConnectionConfiguration configuration)
{
    /// <summary>How long the last datagrams may wait for the owner to take them.</summary>
    private static readonly TimeSpan EndTimeout = TimeSpan.FromSeconds(1);

    private MonotonicTime? _beganAt;
    private MonotonicTime? _connectDeadline;
    private MonotonicTime? _closeDeadline;
    private RtcError? _failure;
    private RtcError? _endError;
    private bool _finalEventPending;
    private Stage _stage;

    private enum Stage
    {
        Open,
        Closing,
        Ending,
        Over,
    }

    internal enum Expiry
    {
        None,
        CloseTimedOut,
    }

    public PeerConnectionState State { get; private set; }

    public TimeSpan? SetupTime { get; private set; }

    public bool IsClosing => _stage is Stage.Closing or Stage.Ending;

    /// <summary>The association is gone; close_notify is all that is left to send.</summary>
    public bool IsEnding => _stage == Stage.Ending;

    public bool IsOver => _stage == Stage.Over;

    /// <summary>DTLS failed: no ICE restart can help.</summary>
    public bool HasFailedFinally { get; private set; }

    public MonotonicTime? Deadline => MonotonicTime.Earliest(_connectDeadline, _closeDeadline);

    /// <summary>The first description is set: setting up begins, and its time limit.</summary>
    public void Begin(MonotonicTime now)
    {
        if (_beganAt is null)
        {
            _beganAt = now;
            _connectDeadline = now + configuration.ConnectionTimeout;
        }
    }

    /// <summary>
    /// ICE begins again: a failure of the path is forgotten, and the time limit starts anew unless the old path still works.
    /// </summary>
    public void Restart(MonotonicTime now)
    {
        if (!HasFailedFinally && State != PeerConnectionState.Connected)
        {
            _failure = null;
            _connectDeadline = now + configuration.ConnectionTimeout;
        }
    }

    public void BeginClose(MonotonicTime now)
    {
        _stage = Stage.Closing;
        _connectDeadline = null;
        _closeDeadline = now + configuration.CloseTimeout;
    }

    public void BeginEnd(MonotonicTime now)
    {
        _stage = Stage.Ending;
        _connectDeadline = null;
        _closeDeadline = now + EndTimeout;
    }

    public void FailFinally(RtcError error)
    {
        HasFailedFinally = true;
        _failure = error;
        _connectDeadline = null;
    }

    /// <summary>The association's last event was read; an error of the peer's belongs into our own last event.</summary>
    public void AssociationEnded(SctpError? error)
    {
        if (error is { Kind: not SctpErrorKind.LocalAbort })
        {
            _endError = new RtcError(RtcErrorCode.Channel, $"SCTP ended: {error.Kind}, {error.Message}");
        }
    }

    public Expiry HandleTimeout(MonotonicTime now)
    {
        if (_connectDeadline is { } connect && now >= connect)
        {
            _connectDeadline = null;
            _failure ??= new RtcError(RtcErrorCode.Timeout, $"not connected within {configuration.ConnectionTimeout.TotalSeconds:0.###} s");
        }

        if (_closeDeadline is not { } close || now < close)
        {
            return Expiry.None;
        }

        _closeDeadline = null;
        if (_stage == Stage.Closing)
        {
            return Expiry.CloseTimedOut;
        }

        Finish();
        return Expiry.None;
    }

    /// <summary>Computes the state from its layers'; returns the event when it changed.</summary>
    public PeerConnectionEvent? Update(MonotonicTime now, IceConnectionState ice, DtlsState dtls)
    {
        var next = Next(ice, dtls);
        if (next == State || IsOver)
        {
            return null;
        }

        State = next;
        if (next == PeerConnectionState.Connected)
        {
            _connectDeadline = null;
            SetupTime ??= now - _beganAt;
        }
        else if (next == PeerConnectionState.Disconnected && !IsClosing)
        {
            // Consent ends sooner, but not while a restart waits for an answer that may never come.
            _connectDeadline ??= now + configuration.ConnectionTimeout;
        }

        return new PeerConnectionEvent(
            PeerConnectionEventKind.ConnectionStateChanged,
            Error: next == PeerConnectionState.Failed ? _failure ?? new RtcError(RtcErrorCode.IceCandidate, "no path to the peer works") : null,
            State: next);
    }

    /// <summary>Nothing more happens. The final event follows when all others have been read.</summary>
    public void Finish()
    {
        if (_stage == Stage.Over)
        {
            return;
        }

        _stage = Stage.Over;
        _connectDeadline = _closeDeadline = null;
        State = PeerConnectionState.Closed;
        _finalEventPending = true;
    }

    public bool TryTakeFinalEvent(out PeerConnectionEvent finalEvent)
    {
        finalEvent = default;
        if (!_finalEventPending)
        {
            return false;
        }

        _finalEventPending = false;
        finalEvent = new PeerConnectionEvent(PeerConnectionEventKind.ConnectionStateChanged, Error: _endError, State: PeerConnectionState.Closed);
        return true;
    }

    // W3C webrtc-pc section 4.3.3, RTCPeerConnectionState, for one transport.
    private PeerConnectionState Next(IceConnectionState ice, DtlsState dtls) => (ice, dtls) switch
    {
        _ when _failure is not null => PeerConnectionState.Failed,
        (IceConnectionState.Failed, _) or (_, DtlsState.Failed) => PeerConnectionState.Failed,
        (IceConnectionState.Disconnected, _) => PeerConnectionState.Disconnected,
        (IceConnectionState.Connected or IceConnectionState.Completed, DtlsState.Connected) => PeerConnectionState.Connected,
        (_, DtlsState.Connected) when State is PeerConnectionState.Connected or PeerConnectionState.Disconnected => State, // an ICE restart keeps the path
        (IceConnectionState.New, DtlsState.New) => PeerConnectionState.New,
        _ when IsClosing => State,
        _ => PeerConnectionState.Connecting,
    };
}
