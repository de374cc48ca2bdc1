using System.Buffers.Binary;
using System.Text;
using MeshNode.Rtc.Sctp.Chunks;
using MeshNode.Rtc.Sctp.ErrorCauses;
using MeshNode.Rtc.Sctp.Parameters;

namespace MeshNode.Rtc.Sctp;

/// <summary>
/// Owns the association's state, from INIT to SHUTDOWN COMPLETE or ABORT: the handshake (RFC 9260 §5), the shutdown (§9), errors
/// of the path (§8.1), and the chunks and timers of all three.
/// </summary>
internal sealed class AssociationLifecycle(
    SctpConfiguration configuration,
    HandshakeState handshake,
    SendQueue sendQueue,
    RtoEstimator rto,
    TimerTable timers,
    ReplyQueue replies,
    Queue<SctpEvent> events,
    Func<Transfer?, Transfer> beginTransfer)
{
    private PendingChunks _pending;
    private byte[]? _pendingErrorCauses;
    private int _errorCount; // consecutive, of the one path
    private bool _isShutdownRequested;

    [Flags]
    private enum PendingChunks
    {
        None = 0,
        Init = 1,
        CookieEcho = 2,
        CookieAck = 4,
        Shutdown = 8,
        ShutdownAck = 16,
    }

    public SctpState State { get; private set; }

    /// <summary>The terminal event was given; nothing begins again.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>Null before the far side's first TSN is known.</summary>
    public Transfer? Transfer { get; private set; }

    public bool MayEnqueue =>
        !HasEnded && !_isShutdownRequested
        && State is SctpState.Closed or SctpState.CookieWait or SctpState.CookieEchoed or SctpState.Established;

    /// <summary>The handshake is not over, or has not begun.</summary>
    public bool IsSettingUp => State is SctpState.Closed or SctpState.CookieWait or SctpState.CookieEchoed;

    public void Associate(MonotonicTime now)
    {
        if (State != SctpState.Closed || HasEnded)
        {
            return;
        }

        Move(SctpTrigger.Associate);
        handshake.Attempts = 1;
        handshake.Began = now;
        _pending |= PendingChunks.Init;
        timers.Start(SctpTimer.T1Init, now + rto.Rto);
    }

    public void Shutdown(MonotonicTime now)
    {
        if (HasEnded || _isShutdownRequested)
        {
            return;
        }

        _isShutdownRequested = true;
        if (State == SctpState.Closed)
        {
            End(null);
            return;
        }

        timers.Start(SctpTimer.T5ShutdownGuard, now + configuration.ShutdownGuard);
        Move(SctpTrigger.ShutdownRequested);
        AdvanceShutdown(now);
    }

    /// <summary>Ends at once, tells the far side why if it is known.</summary>
    public void Abort(ErrorCauseCode code, string reason, SctpErrorKind kind) => Abort(code, Encoding.UTF8.GetBytes(reason), reason, kind);

    /// <summary>With what the cause has to say instead of a text.</summary>
    public void Abort(ErrorCauseCode code, ReadOnlySpan<byte> value, string reason, SctpErrorKind kind)
    {
        AbortWith(handshake.PeerTag, ErrorCause.Create(code, value), reason, kind);
    }

    public void HandleInit(MonotonicTime now, ReadOnlySpan<byte> chunk)
    {
        if (!InitChunk.TryParse(chunk, ChunkType.Init, out var init) || init.InitiateTag.IsZero)
        {
            return; // a zero tag cannot be answered (RFC 9260 §3.3.2)
        }

        if (State == SctpState.ShutdownAckSent)
        {
            _pending |= PendingChunks.ShutdownAck; // §9.2: "it SHOULD discard the INIT chunk and retransmit the SHUTDOWN ACK chunk"
        }
        else if (InitParameters.Read(init.Parameters).HostName is { IsEmpty: false } hostName)
        {
            replies.Enqueue(init.InitiateTag, ChunkType.Abort, ErrorCause.UnresolvableAddress(hostName));
        }
        else if (init.OutboundStreams == 0 || init.InboundStreams == 0)
        {
            replies.Enqueue(init.InitiateTag, ChunkType.Abort, ErrorCause.Create(ErrorCauseCode.InvalidMandatoryParameter, []));
        }
        else if (!replies.IsFull)
        {
            replies.Enqueue(handshake.CreateInitAck(now, init, State));
        }
    }

    public void HandleInitAck(MonotonicTime now, ReadOnlySpan<byte> chunk, int maxPacketSize)
    {
        if (State != SctpState.CookieWait || !InitChunk.TryParse(chunk, ChunkType.InitAck, out var initAck))
        {
            return;
        }

        if (!handshake.TryTakeInitAck(now, initAck, out var cause))
        {
            // RFC 9260 §5.1: "it SHOULD … send an ABORT"; the far side's tag is in the INIT ACK.
            AbortWith(initAck.InitiateTag, cause!, "the INIT ACK lacks a mandatory value or names a host", SctpErrorKind.ProtocolViolation);
            return;
        }

        if (CommonHeader.Length + ChunkHeader.Length + handshake.PeerCookie.Length > maxPacketSize)
        {
            Abort(ErrorCauseCode.OutOfResource, [], "the state cookie is larger than a packet", SctpErrorKind.ResourceExhausted);
            return;
        }

        _pendingErrorCauses = cause;
        Transfer = beginTransfer(Transfer);
        Move(SctpTrigger.InitAckReceived);
        timers.Stop(SctpTimer.T1Init);
        _pending = PendingChunks.CookieEcho;
        timers.Start(SctpTimer.T1Cookie, now + rto.Rto);
    }

    /// <summary>Returns whether the rest of the packet may be read.</summary>
    public bool HandleCookieEcho(MonotonicTime now, VerificationTag tag, ReadOnlySpan<byte> chunk)
    {
        if (!CookieEchoChunk.TryParse(chunk, out var echo) || !handshake.TryOpenCookie(echo.Cookie, out var cookie) || tag != cookie.LocalTag)
        {
            return false;
        }

        switch (handshake.Judge(now, cookie, State))
        {
            case CookieVerdict.Adopt:
                handshake.TakeCookie(now, cookie);
                Transfer = beginTransfer(Transfer);
                Establish(SctpTrigger.CookieEchoReceived);
                _pending = PendingChunks.CookieAck;
                return true;
            case CookieVerdict.Complete:
                Establish(SctpTrigger.CookieEchoReceived);
                _pending = PendingChunks.CookieAck;
                return true;
            case CookieVerdict.Repeat:
                _pending |= PendingChunks.CookieAck;
                return true;
            case CookieVerdict.Stale:
                replies.Enqueue(cookie.PeerTag, ChunkType.Error, ErrorCause.StaleCookie(handshake.Staleness(now, cookie)));
                return false;
            case CookieVerdict.Restart when State == SctpState.ShutdownAckSent:
                // RFC 9260 §5.2.4, A: no new association, SHUTDOWN ACK again, and the far side is told why.
                replies.Enqueue(cookie.PeerTag, ChunkType.Error, ErrorCause.Create(ErrorCauseCode.CookieReceivedWhileShuttingDown, []));
                _pending |= PendingChunks.ShutdownAck;
                return false;
            case CookieVerdict.Restart:
                // Data channels could not survive it, and the far side's DTLS connection is the same: this one ends, too.
                Abort(ErrorCauseCode.ProtocolViolation, "the far side restarted the association", SctpErrorKind.PeerRestarted);
                return false;
            default:
                return false;
        }
    }

    public void HandleCookieAck(ReadOnlySpan<byte> chunk)
    {
        if (State == SctpState.CookieEchoed && CookieAckChunk.IsValid(chunk))
        {
            Establish(SctpTrigger.CookieAckReceived);
        }
    }

    public void HandleAbort(ReadOnlySpan<byte> chunk)
    {
        if (!AbortChunk.TryParse(chunk, out var abort))
        {
            return;
        }

        var reader = new TypeLengthValueReader<ErrorCauseCode>(abort.Causes);
        reader.TryRead(out var code, out var value);
        var hasText = code is ErrorCauseCode.UserInitiatedAbort or ErrorCauseCode.ProtocolViolation;
        Move(SctpTrigger.Failed);
        End(new SctpError(SctpErrorKind.PeerAborted, (ushort)code, hasText ? Encoding.UTF8.GetString(value) : code.ToString()));
    }

    public void HandleError(MonotonicTime now, ReadOnlySpan<byte> chunk)
    {
        if (State != SctpState.CookieEchoed || !ErrorChunk.TryParse(chunk, out var error))
        {
            return;
        }

        var reader = new TypeLengthValueReader<ErrorCauseCode>(error.Causes);
        while (reader.TryRead(out var code, out _))
        {
            if (code == ErrorCauseCode.StaleCookie)
            {
                // RFC 9260 §5.2.6 (1): begin again with INIT; the count of attempts goes on and bounds it.
                Move(SctpTrigger.StaleCookieReceived);
                timers.Stop(SctpTimer.T1Cookie);
                timers.Stop(SctpTimer.T3Retransmission);
                RepeatHandshake(now, PendingChunks.Init, SctpTimer.T1Init);
                return;
            }
        }
    }

    /// <summary>RFC 9260 §3.2: the two highest bits of an unknown type say whether to go on (returned) and whether to report.</summary>
    public bool HandleUnknown(ChunkType type, ReadOnlySpan<byte> chunk)
    {
        if (((byte)type & 0x40) != 0 && chunk.Length <= 128)
        {
            _pendingErrorCauses = ErrorCause.Create(ErrorCauseCode.UnrecognizedChunkType, chunk);
        }

        return ((byte)type & 0x80) != 0;
    }

    /// <summary>RFC 9260 §6.5: user data came on a stream that the far side does not have.</summary>
    public void ReportInvalidStream(StreamId streamId) => _pendingErrorCauses ??= ErrorCause.InvalidStreamIdentifier(streamId);

    /// <summary>The SHUTDOWN's cumulative TSN was dealt with by the caller.</summary>
    public void HandleShutdown(MonotonicTime now)
    {
        if (State is SctpState.Closed or SctpState.CookieEchoed or SctpState.ShutdownAckSent)
        {
            return;
        }

        var wasSent = State == SctpState.ShutdownSent;
        Move(SctpTrigger.ShutdownReceived);
        _isShutdownRequested = true;
        timers.Stop(SctpTimer.DelayedSack);
        if (wasSent)
        {
            _pending = (_pending & ~PendingChunks.Shutdown) | PendingChunks.ShutdownAck;
            timers.Start(SctpTimer.T2Shutdown, now + rto.Rto);
        }

        if (!timers.IsRunning(SctpTimer.T5ShutdownGuard))
        {
            timers.Start(SctpTimer.T5ShutdownGuard, now + configuration.ShutdownGuard);
        }
    }

    public void HandleShutdownAck(VerificationTag tag, ReadOnlySpan<byte> chunk)
    {
        if (!ShutdownAckChunk.IsValid(chunk))
        {
            return;
        }

        if (State is SctpState.ShutdownSent or SctpState.ShutdownAckSent)
        {
            replies.Enqueue(handshake.PeerTag, ChunkType.ShutdownComplete, []);
            Move(SctpTrigger.ShutdownAckReceived);
            End(null);
        }
        else if (IsSettingUp)
        {
            // §8.5.1, E: our SHUTDOWN COMPLETE was lost.
            replies.Enqueue(tag, ChunkType.ShutdownComplete, [], ShutdownCompleteChunk.ReflectedTagFlag);
        }
    }

    public void HandleShutdownComplete()
    {
        if (State == SctpState.ShutdownAckSent)
        {
            Move(SctpTrigger.ShutdownCompleteReceived);
            End(null);
        }
    }

    /// <summary>
    /// RFC 9260 §9.2: in SHUTDOWN-SENT "it MUST immediately respond to each received packet that contains one or more DATA chunks
    /// with a SHUTDOWN chunk and restart the T2-shutdown timer".
    /// </summary>
    public void NoteData(MonotonicTime now)
    {
        if (State == SctpState.ShutdownSent)
        {
            Transfer!.Reception.RequestSack();
            _pending |= PendingChunks.Shutdown;
            timers.Start(SctpTimer.T2Shutdown, now + rto.Rto);
        }
    }

    /// <summary>Goes on with a shutdown once nothing waits and nothing is outstanding.</summary>
    public void AdvanceShutdown(MonotonicTime now)
    {
        if (State is not (SctpState.ShutdownPending or SctpState.ShutdownReceived) || !sendQueue.IsEmpty || !Transfer!.Transmission.IsIdle)
        {
            return;
        }

        Move(SctpTrigger.AllDataAcknowledged);
        _pending |= State == SctpState.ShutdownSent ? PendingChunks.Shutdown : PendingChunks.ShutdownAck;
        timers.Stop(SctpTimer.T3Retransmission);
        timers.Stop(SctpTimer.Heartbeat);
        timers.Stop(SctpTimer.ReConfig);
        timers.Stop(SctpTimer.PathMtu);
        timers.Stop(SctpTimer.Idle);
        timers.Start(SctpTimer.T2Shutdown, now + rto.Rto);
    }

    public void HandleTimer(MonotonicTime now, SctpTimer timer)
    {
        switch (timer)
        {
            case SctpTimer.T1Init:
                RepeatHandshake(now, PendingChunks.Init, timer);
                break;
            case SctpTimer.T1Cookie:
                RepeatHandshake(now, PendingChunks.CookieEcho, timer);
                break;
            case SctpTimer.T2Shutdown:
                _pending |= State == SctpState.ShutdownSent ? PendingChunks.Shutdown : PendingChunks.ShutdownAck;
                rto.Backoff();
                timers.Start(timer, now + rto.Rto);
                CountError();
                break;
            case SctpTimer.T5ShutdownGuard:
                Abort(ErrorCauseCode.UserInitiatedAbort, "shutdown took too long", SctpErrorKind.TooManyRetransmissions);
                break;
            default:
                break;
        }
    }

    /// <summary>Something went unanswered (RFC 9260 §8.1). During set-up the attempts are counted instead.</summary>
    public void CountError()
    {
        if (!IsSettingUp && ++_errorCount > configuration.MaxRetransmissions)
        {
            Abort(ErrorCauseCode.UserInitiatedAbort, "the far side does not answer", SctpErrorKind.TooManyRetransmissions);
        }
    }

    /// <summary>The far side answered.</summary>
    public void ClearErrors() => _errorCount = 0;

    /// <summary>INIT or COOKIE ECHO, if one is due; no other packet may leave in their states (RFC 9260 §5.1).</summary>
    public bool TryWriteHandshake(ref PacketWriter writer)
    {
        if (State == SctpState.CookieWait && TryTake(PendingChunks.Init))
        {
            handshake.WriteInit(ref writer);
            return true;
        }

        if (State == SctpState.CookieEchoed && TryTake(PendingChunks.CookieEcho)
            && writer.TryReserve(ChunkHeader.Length + handshake.PeerCookie.Length, out var chunk))
        {
            CookieEchoChunk.Write(chunk, handshake.PeerCookie);
            WriteErrorCauses(ref writer); // §3.2.2: what the INIT ACK had and we do not know
            return true;
        }

        return false;
    }

    /// <summary>COOKIE ACK, ERROR, SHUTDOWN and SHUTDOWN ACK, if they are due.</summary>
    public void WritePending(ref PacketWriter writer)
    {
        if (TryTake(PendingChunks.CookieAck))
        {
            writer.TryReserve(CookieAckChunk.Length, out var chunk);
            CookieAckChunk.Write(chunk);
        }

        WriteErrorCauses(ref writer);

        if (TryTake(PendingChunks.Shutdown))
        {
            writer.TryReserve(ShutdownChunk.Length, out var chunk);
            ShutdownChunk.Write(chunk, Transfer!.Reception.CumulativeTsn);
        }

        if (TryTake(PendingChunks.ShutdownAck))
        {
            writer.TryReserve(ShutdownAckChunk.Length, out var chunk);
            ShutdownAckChunk.Write(chunk);
        }
    }

    /// <summary>Only timers of the state run; for tests.</summary>
    internal bool IsConsistent()
    {
        foreach (var timer in Enum.GetValues<SctpTimer>())
        {
            if (timers.IsRunning(timer) && !SctpStateMachine.MayRun(State, timer))
            {
                return false;
            }
        }

        return State == SctpState.Closed || Transfer is null || (Transfer.Transmission.IsConsistent() && Transfer.Reception.IsConsistent());
    }

    private void WriteErrorCauses(ref PacketWriter writer)
    {
        if (_pendingErrorCauses is { } causes && writer.TryReserve(ChunkHeader.Length + causes.Length, out var error))
        {
            ErrorChunk.Write(error, causes);
            _pendingErrorCauses = null;
        }
    }

    private void AbortWith(VerificationTag peerTag, byte[] cause, string reason, SctpErrorKind kind)
    {
        if (HasEnded)
        {
            return;
        }

        if (!peerTag.IsZero)
        {
            replies.Enqueue(peerTag, ChunkType.Abort, cause);
        }

        Move(SctpTrigger.Failed);
        End(new SctpError(kind, BinaryPrimitives.ReadUInt16BigEndian(cause), reason));
    }

    private void Move(SctpTrigger trigger) => State = SctpStateMachine.Next(State, trigger);

    private bool TryTake(PendingChunks chunk)
    {
        var isPending = (_pending & chunk) != 0;
        _pending &= ~chunk;
        return isPending;
    }

    private void Establish(SctpTrigger trigger)
    {
        Move(trigger);
        timers.Stop(SctpTimer.T1Init);
        timers.Stop(SctpTimer.T1Cookie);
        _pending = PendingChunks.None;
        ClearErrors();
        rto.EndBackoff();
        events.Enqueue(new SctpEvent(SctpEventKind.Connected));
        if (_isShutdownRequested)
        {
            Move(SctpTrigger.ShutdownRequested);
        }
    }

    private void RepeatHandshake(MonotonicTime now, PendingChunks chunk, SctpTimer timer)
    {
        if (++handshake.Attempts > configuration.MaxInitRetransmissions + 1)
        {
            Abort(ErrorCauseCode.UserInitiatedAbort, "the far side does not answer", SctpErrorKind.TooManyRetransmissions);
            return;
        }

        rto.Backoff();
        _pending |= chunk;
        timers.Start(timer, now + rto.Rto);
    }

    /// <summary>The one terminal event; messages received before it can still be read.</summary>
    private void End(SctpError? error)
    {
        HasEnded = true;
        State = SctpState.Closed;
        timers.StopAll();
        _pending = PendingChunks.None;
        Transfer?.Transmission.Clear();
        sendQueue.Clear();
        Transfer?.Reception.Reassembly.Clear();
        events.Enqueue(new SctpEvent(SctpEventKind.Closed, Error: error));
    }
}
