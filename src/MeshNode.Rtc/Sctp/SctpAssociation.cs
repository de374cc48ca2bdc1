using MeshNode.Rtc.Sctp.Chunks;
using MeshNode.Rtc.Sctp.ErrorCauses;

namespace MeshNode.Rtc.Sctp;

/// <summary>
/// An SCTP association over DTLS (RFC 9260, RFC 8261): one path, no addresses, no socket, no clock. Moves chunks to and from the
/// classes that own the state. Used on one thread.
/// </summary>
internal sealed class SctpAssociation
{
    /// <summary>Smallest packet that every chunk written here fits into, in bytes.</summary>
    public const int MinimumPacketSize = 512;

    private readonly SctpConfiguration _configuration;
    private readonly HandshakeState _handshake;
    private readonly TimerTable _timers = new();
    private readonly Queue<SctpEvent> _events = new();
    private readonly Queue<byte[]> _replies = new(); // whole packets
    private readonly SendQueue _sendQueue;
    private readonly RtoEstimator _rto;
    private readonly HeartbeatHandler _heartbeat;

    // Exist while the far side's first TSN is known.
    private DataTracker? _tracker;
    private ReassemblyQueue? _reassembly;
    private TransmissionControl? _transmission;
    private StreamResetHandler? _streamReset;

    private PendingChunks _pending;
    private byte[]? _pendingErrorCauses;
    private int _errorCount; // consecutive, of the one path (RFC 9260 §8.1)
    private uint _lastAdvertisedWindow;
    private bool _hasEnded;
    private bool _isShutdownRequested;
    private int _maxPacketSize;
    private long _packetsSent;
    private long _packetsReceived;
    private long _packetsDiscarded;
    private long _bytesReceived;
    private long _messagesSent;
    private long _messagesReceived;

    /// <param name="configuration">Checked here; a bad value throws.</param>
    /// <param name="jitter">Spreads heartbeats.</param>
    /// <param name="secure">Makes tags, first TSNs, cookie secret and heartbeat nonces.</param>
    public SctpAssociation(SctpConfiguration configuration, RandomSource jitter, RandomSource secure)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(configuration.MaxPacketSize, MinimumPacketSize, nameof(configuration));
        ArgumentOutOfRangeException.ThrowIfLessThan(configuration.ReceiveWindow, 1500, nameof(configuration)); // RFC 9260 §3.3.2
        ArgumentOutOfRangeException.ThrowIfLessThan(configuration.ReceiveWindow, configuration.MaxMessageSize + 1024, nameof(configuration));
        _configuration = configuration;
        _maxPacketSize = configuration.MaxPacketSize;
        _handshake = new HandshakeState(configuration, secure);
        _sendQueue = new SendQueue(configuration, _events);
        _rto = new RtoEstimator(configuration);
        _heartbeat = new HeartbeatHandler(configuration, jitter, secure, _rto, _timers);
    }

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

    /// <summary>Streams that may be sent on; 0 before the handshake said so.</summary>
    public int OutboundStreams => _handshake.OutboundStreams;

    /// <summary>The far side can reset streams (RFC 6525).</summary>
    public bool SupportsStreamReset => _handshake.SupportsReConfig;

    public MonotonicTime? NextTimeout => _timers.Next;

    /// <summary>Bytes of a packet. Lower it only before data was sent: a chunk in flight is never cut anew.</summary>
    public int MaxPacketSize
    {
        get => _maxPacketSize;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, MinimumPacketSize);
            _maxPacketSize = value;
            _transmission?.OnPacketSizeChanged(value);
        }
    }

    public SctpStatistics Statistics => new(
        _packetsSent,
        _packetsReceived,
        _packetsDiscarded,
        _transmission?.BytesSent ?? 0,
        _bytesReceived,
        _messagesSent,
        _messagesReceived,
        _transmission?.Retransmissions ?? 0,
        _sendQueue.MessagesAbandoned + (_transmission?.MessagesAbandoned ?? 0),
        _transmission?.CongestionWindow ?? 0,
        _transmission?.BytesInFlight ?? 0,
        _transmission?.PeerReceiveWindow ?? 0,
        _rto.SmoothedRoundTripTime,
        _rto.Rto);

    /// <summary>Sends INIT. In WebRTC both sides do; RFC 9260 §5.2.1 makes one association of it.</summary>
    public void Associate(MonotonicTime now)
    {
        if (State != SctpState.Closed || _hasEnded)
        {
            return;
        }

        Move(SctpTrigger.Associate);
        _handshake.Attempts = 1;
        _pending |= PendingChunks.Init;
        _timers.Start(SctpTimer.T1Init, now + _rto.Rto);
    }

    /// <summary>Copies a message into the send buffer. False when it is full or the association is ending.</summary>
    public bool TrySend(MonotonicTime now, StreamId streamId, uint ppid, ReadOnlySpan<byte> payload, in SendOptions options)
    {
        if (_hasEnded || _isShutdownRequested || State is not (SctpState.Closed or SctpState.CookieWait or SctpState.CookieEchoed or SctpState.Established))
        {
            return false;
        }

        if (!_sendQueue.TryEnqueue(now, streamId, ppid, payload, options))
        {
            return false;
        }

        _messagesSent++;
        return true;
    }

    public OutgoingStream OutgoingStream(StreamId streamId) => _sendQueue.Stream(streamId);

    /// <summary>Resets the outgoing stream when what it has queued was sent. The far side must support it.</summary>
    public void ResetOutgoingStream(StreamId streamId) => _streamReset?.Request(streamId);

    /// <summary>Forgets an empty stream after its reset.</summary>
    public void RemoveOutgoingStream(StreamId streamId) => _sendQueue.RemoveStream(streamId);

    /// <summary>Sends what is queued, then ends (RFC 9260 §9.2), within T5-shutdown-guard.</summary>
    public void Shutdown(MonotonicTime now)
    {
        if (_hasEnded || _isShutdownRequested)
        {
            return;
        }

        _isShutdownRequested = true;
        if (State is SctpState.Closed)
        {
            End(null);
            return;
        }

        _timers.Start(SctpTimer.T5ShutdownGuard, now + _configuration.ShutdownGuard);
        Move(SctpTrigger.ShutdownRequested);
        AdvanceShutdown(now);
    }

    /// <summary>Ends at once with an ABORT (RFC 9260 §9.1).</summary>
    public void Abort(string reason) =>
        Abort(ErrorCauseCode.UserInitiatedAbort, reason, SctpErrorKind.LocalAbort);

    public void HandlePacket(MonotonicTime now, ReadOnlySpan<byte> packet)
    {
        if (!CommonHeader.TryParse(packet, out var header)
            || header.DestinationPort != _configuration.LocalPort
            || header.SourcePort != _configuration.RemotePort)
        {
            _packetsDiscarded++;
            return;
        }

        var reader = new ChunkReader(packet[CommonHeader.Length..]);
        var isFirst = true;
        var hasData = false;
        var isImmediate = false;
        while (reader.TryRead(out var type, out var chunk))
        {
            if (isFirst && !IsTagAcceptable(header, type, chunk, reader.IsAtEnd))
            {
                _packetsDiscarded++;
                return;
            }

            isFirst = false;
            if (type == ChunkType.Data)
            {
                hasData |= HandleData(chunk, ref isImmediate);
            }
            else if (!HandleControl(now, header, type, chunk))
            {
                break;
            }
        }

        if (isFirst || reader.IsMalformed)
        {
            _packetsDiscarded++;
        }
        else
        {
            _packetsReceived++;
        }

        FinishPacket(now, hasData, isImmediate);
    }

    public void HandleTimeout(MonotonicTime now)
    {
        while (_timers.TryTakeExpired(now, out var timer))
        {
            HandleTimer(now, timer);
        }
    }

    /// <summary>Fills one packet, straight in <paramref name="destination"/>, which holds at least MaxPacketSize bytes.</summary>
    public bool TryTransmit(MonotonicTime now, Span<byte> destination, out int length)
    {
        if (_replies.TryDequeue(out var reply))
        {
            reply.CopyTo(destination);
            length = reply.Length;
            _packetsSent++;
            return true;
        }

        length = 0;
        if (State == SctpState.Closed)
        {
            return false;
        }

        var writer = new PacketWriter(destination[.._maxPacketSize]);
        var tag = _handshake.PeerTag;
        if (State == SctpState.CookieWait)
        {
            if (!TryTake(PendingChunks.Init))
            {
                return false;
            }

            _handshake.WriteInit(ref writer);
            tag = default;
        }
        else if (State == SctpState.CookieEchoed)
        {
            // RFC 9260 §5.1: DATA may travel with the COOKIE ECHO, and nothing may leave without one until COOKIE ACK.
            if (!TryTake(PendingChunks.CookieEcho) || !writer.TryReserve(ChunkHeader.Length + _handshake.PeerCookie.Length, out var chunk))
            {
                return false;
            }

            CookieEchoChunk.Write(chunk, _handshake.PeerCookie);
            _transmission!.WriteData(now, ref writer, false);
        }
        else
        {
            WriteChunks(now, ref writer);
        }

        if (writer.IsEmpty)
        {
            return false;
        }

        length = writer.Finish(_handshake.Header(tag));
        _packetsSent++;
        return true;
    }

    /// <summary>
    /// The reader of a Message owns its buffer, and tells by <see cref="ReleaseWindow"/> when the application has taken it.
    /// </summary>
    public bool TryReadEvent(out SctpEvent sctpEvent) => _events.TryDequeue(out sctpEvent);

    /// <summary>The application took a message of this length: its bytes open the receive window again.</summary>
    public void ReleaseWindow(int length)
    {
        _messagesReceived++;
        _bytesReceived += length;
        _reassembly!.Release(length);
        AnnounceWindow();
    }

    private bool TryTake(PendingChunks chunk)
    {
        var isPending = (_pending & chunk) != 0;
        _pending &= ~chunk;
        return isPending;
    }

    /// <summary>A window that was all but closed and is open again is told at once: the far side may have nothing in flight to be acknowledged.</summary>
    private void AnnounceWindow()
    {
        if (_lastAdvertisedWindow < _configuration.ReceiveWindow / 8
            && _reassembly!.AdvertisedWindow >= _configuration.ReceiveWindow / 4
            && SctpStateMachine.MayReceiveData(State))
        {
            _tracker!.RequestSack();
        }
    }

    private void Move(SctpTrigger trigger) => State = SctpStateMachine.Next(State, trigger);

    /// <summary>Verification tag rules of RFC 9260 §8.5 and §8.5.1, by the packet's first chunk.</summary>
    private bool IsTagAcceptable(in CommonHeader header, ChunkType type, ReadOnlySpan<byte> chunk, bool isOnly)
    {
        var hasPeer = !_handshake.PeerTag.IsZero;
        switch (type)
        {
            case ChunkType.Init:
                return header.VerificationTag.IsZero && isOnly && !_hasEnded;
            case ChunkType.InitAck:
                return header.VerificationTag == _handshake.LocalTag && isOnly && State == SctpState.CookieWait;
            case ChunkType.CookieEcho:
                return !_hasEnded; // its own tag is checked against the cookie
            case ChunkType.Abort:
                return State != SctpState.Closed && AbortChunk.TryParse(chunk, out var abort)
                    && header.VerificationTag == (abort.IsTagReflected && hasPeer ? _handshake.PeerTag : _handshake.LocalTag);
            case ChunkType.ShutdownComplete:
                return State == SctpState.ShutdownAckSent && ShutdownCompleteChunk.TryParse(chunk, out var isReflected)
                    && header.VerificationTag == (isReflected ? _handshake.PeerTag : _handshake.LocalTag);
            case ChunkType.ShutdownAck when State is SctpState.Closed or SctpState.CookieWait or SctpState.CookieEchoed:
                return isOnly; // §8.5.1, E: answered with the tag reflected
            default:
                return header.VerificationTag == _handshake.LocalTag && State is not (SctpState.Closed or SctpState.CookieWait);
        }
    }

    /// <summary>Returns false when the rest of the packet is not to be read.</summary>
    private bool HandleControl(MonotonicTime now, in CommonHeader header, ChunkType type, ReadOnlySpan<byte> chunk)
    {
        switch (type)
        {
            case ChunkType.Init:
                HandleInit(now, chunk);
                return false;
            case ChunkType.InitAck:
                HandleInitAck(now, chunk);
                return false;
            case ChunkType.CookieEcho:
                return HandleCookieEcho(now, header, chunk);
            case ChunkType.CookieAck:
                HandleCookieAck(now, chunk);
                break;
            case ChunkType.Sack:
                HandleSack(now, chunk);
                break;
            case ChunkType.Heartbeat:
                if (HeartbeatChunk.TryParse(chunk, type, out var heartbeat))
                {
                    _heartbeat.HandleHeartbeat(heartbeat.Info);
                }

                break;
            case ChunkType.HeartbeatAck:
                if (HeartbeatChunk.TryParse(chunk, type, out var answer) && _heartbeat.TryHandleAck(now, answer.Info))
                {
                    _errorCount = 0;
                }

                break;
            case ChunkType.Abort:
                HandleAbort(chunk);
                return false;
            case ChunkType.Error:
                HandleError(now, chunk);
                break;
            case ChunkType.Shutdown:
                HandleShutdown(now, chunk);
                break;
            case ChunkType.ShutdownAck:
                HandleShutdownAck(header, chunk);
                break;
            case ChunkType.ShutdownComplete:
                if (State == SctpState.ShutdownAckSent)
                {
                    Move(SctpTrigger.ShutdownCompleteReceived);
                    End(null);
                }

                return false;
            case ChunkType.ForwardTsn:
                HandleForwardTsn(chunk);
                break;
            case ChunkType.ReConfig:
                HandleReConfig(now, chunk);
                break;
            default:
                return HandleUnknown(type, chunk);
        }

        return State != SctpState.Closed;
    }

    private void HandleInit(MonotonicTime now, ReadOnlySpan<byte> chunk)
    {
        if (!InitChunk.TryParse(chunk, out var init) || init.InitiateTag.IsZero || State == SctpState.ShutdownAckSent)
        {
            return; // a zero tag cannot be answered (RFC 9260 §3.3.2)
        }

        if (init.OutboundStreams == 0 || init.InboundStreams == 0)
        {
            QueueAbort(init.InitiateTag, ErrorCause.Create(ErrorCauseCode.InvalidMandatoryParameter, []), false);
            return;
        }

        if (_replies.Count < 4)
        {
            _replies.Enqueue(_handshake.CreateInitAck(now, init, State));
        }
    }

    private void HandleInitAck(MonotonicTime now, ReadOnlySpan<byte> chunk)
    {
        if (State != SctpState.CookieWait || !InitAckChunk.TryParse(chunk, out var initAck))
        {
            return;
        }

        if (!_handshake.TryTakeInitAck(initAck) || _handshake.PeerCookie.Length + CommonHeader.Length + ChunkHeader.Length > _maxPacketSize)
        {
            Abort(ErrorCauseCode.InvalidMandatoryParameter, "INIT ACK lacks a mandatory value", SctpErrorKind.ProtocolViolation);
            return;
        }

        BeginTransfer();
        Move(SctpTrigger.InitAckReceived);
        _timers.Stop(SctpTimer.T1Init);
        _pending = PendingChunks.CookieEcho;
        _timers.Start(SctpTimer.T1Cookie, now + _rto.Rto);
    }

    /// <summary>Returns whether the rest of the packet may be read. The actions are those of RFC 9260 §5.2.4.</summary>
    private bool HandleCookieEcho(MonotonicTime now, in CommonHeader header, ReadOnlySpan<byte> chunk)
    {
        if (!CookieEchoChunk.TryParse(chunk, out var echo) || !_handshake.TryOpenCookie(echo.Cookie, out var cookie)
            || header.VerificationTag != cookie.LocalTag)
        {
            _packetsDiscarded++;
            return false;
        }

        var isLocal = cookie.LocalTag == _handshake.LocalTag;
        var isPeer = cookie.PeerTag == _handshake.PeerTag;
        if (isLocal && isPeer && State is not (SctpState.Closed or SctpState.CookieWait or SctpState.CookieEchoed))
        {
            _pending |= PendingChunks.CookieAck; // action D: our COOKIE ACK was lost
            return true;
        }

        if (now - cookie.Created > _configuration.ValidCookieLife)
        {
            QueueReply(cookie.PeerTag, ChunkType.Error, ErrorCause.Create(ErrorCauseCode.StaleCookie, new byte[4]));
            return false;
        }

        if (!isLocal)
        {
            if (!isPeer && cookie.TieTag == _handshake.LocalTag && State != SctpState.Closed)
            {
                // Action A. RFC 8831 has no use for a restart under the same DTLS connection; channels could not survive it.
                Abort(ErrorCauseCode.RestartWithNewAddresses, "the far side restarted the association", SctpErrorKind.PeerRestarted);
            }

            return false; // action C
        }

        if (State is not (SctpState.Closed or SctpState.CookieWait or SctpState.CookieEchoed))
        {
            return false; // action B needs a set-up; here another far side guessed nothing useful
        }

        if (!isPeer || _transmission is null)
        {
            _handshake.TakeCookie(cookie); // action B, or no set-up of our own
            BeginTransfer();
        }

        Establish(now, SctpTrigger.CookieEchoReceived);
        _pending = PendingChunks.CookieAck;
        return true;
    }

    private void HandleCookieAck(MonotonicTime now, ReadOnlySpan<byte> chunk)
    {
        if (State == SctpState.CookieEchoed && CookieAckChunk.IsValid(chunk))
        {
            Establish(now, SctpTrigger.CookieAckReceived);
        }
    }

    /// <summary>The far side's first TSN and window are known.</summary>
    private void BeginTransfer()
    {
        _tracker = new DataTracker(_handshake.PeerInitialTsn);
        _reassembly?.Clear();
        _reassembly = new ReassemblyQueue(_handshake.PeerInitialTsn, _configuration, _events);
        _transmission?.Requeue(); // DATA left with an earlier COOKIE ECHO
        _transmission ??= new TransmissionControl(
            _configuration,
            _handshake.LocalInitialTsn,
            _handshake.PeerReceiveWindow,
            _sendQueue,
            new NewRenoCongestionController(_maxPacketSize, _configuration.InitialWindowPackets),
            _rto,
            _timers);
        _transmission.IsPartialReliabilitySupported = _handshake.SupportsForwardTsn;
        _streamReset = new StreamResetHandler(_handshake.LocalInitialTsn, _handshake.PeerInitialTsn, _sendQueue, _reassembly, _events);
        _lastAdvertisedWindow = (uint)_configuration.ReceiveWindow;
    }

    private void Establish(MonotonicTime now, SctpTrigger trigger)
    {
        Move(trigger);
        _timers.Stop(SctpTimer.T1Init);
        _timers.Stop(SctpTimer.T1Cookie);
        _pending = PendingChunks.None;
        _errorCount = 0;
        _heartbeat.Restart(now);
        _events.Enqueue(new SctpEvent(SctpEventKind.Connected));
        if (_isShutdownRequested)
        {
            Move(SctpTrigger.ShutdownRequested);
        }
    }

    /// <summary>True when the chunk is to be acknowledged.</summary>
    private bool HandleData(ReadOnlySpan<byte> chunk, ref bool isImmediate)
    {
        if (!SctpStateMachine.MayReceiveData(State) || !DataChunk.TryParse(chunk, out var data))
        {
            return false;
        }

        if (data.Payload.IsEmpty)
        {
            // RFC 9260 §6.2: "it SHOULD send an ABORT with its error cause set to 'No User Data'".
            Abort(ErrorCauseCode.NoUserData, "a DATA chunk has no user data", SctpErrorKind.ProtocolViolation);
            return false;
        }

        var tracker = _tracker!;
        var reassembly = _reassembly!;
        isImmediate |= data.IsImmediate;
        if (tracker.IsDuplicate(data.Tsn))
        {
            tracker.NoteDuplicate(data.Tsn);
            return true;
        }

        if (!DataTracker.IsWithinReach(data.Tsn, tracker.CumulativeTsn) || !MakeRoom(data))
        {
            tracker.RequestSack(); // dropped; the SACK says what the window is
            return true;
        }

        tracker.Record(data.Tsn);
        reassembly.Add(data);
        if (reassembly.Violation is { } violation)
        {
            Abort(ErrorCauseCode.ProtocolViolation, violation, SctpErrorKind.ProtocolViolation);
            return false;
        }

        _streamReset!.HandleCumulativeAdvance(tracker.CumulativeTsn);
        return true;
    }

    private bool MakeRoom(in DataChunk data)
    {
        while (!_reassembly!.HasRoom(data.Payload.Length))
        {
            if (data.Tsn != _tracker!.CumulativeTsn.Next || !_reassembly.TryRenege(out var dropped))
            {
                return false;
            }

            _tracker.Renege(dropped);
        }

        return true;
    }

    private void HandleSack(MonotonicTime now, ReadOnlySpan<byte> chunk)
    {
        if (State is SctpState.CookieEchoed || !SackChunk.TryParse(chunk, out var sack))
        {
            return;
        }

        if (!_transmission!.TryHandleSack(now, sack, out var progressed))
        {
            Abort(ErrorCauseCode.ProtocolViolation, "a SACK acknowledges what was not sent", SctpErrorKind.ProtocolViolation);
            return;
        }

        if (progressed)
        {
            _errorCount = 0;
        }
    }

    private void HandleForwardTsn(ReadOnlySpan<byte> chunk)
    {
        if (!SctpStateMachine.MayReceiveData(State) || !ForwardTsnChunk.TryParse(chunk, out var forwardTsn))
        {
            return;
        }

        _tracker!.RequestSack(); // RFC 3758 §3.6: also for one that is out of date
        if (_tracker.Forward(forwardTsn.NewCumulativeTsn))
        {
            _reassembly!.Forward(forwardTsn.NewCumulativeTsn, forwardTsn);
            if (_reassembly.Violation is { } violation)
            {
                Abort(ErrorCauseCode.ProtocolViolation, violation, SctpErrorKind.ProtocolViolation);
                return;
            }

            _streamReset!.HandleCumulativeAdvance(_tracker.CumulativeTsn);
        }
    }

    private void HandleReConfig(MonotonicTime now, ReadOnlySpan<byte> chunk)
    {
        if (State is SctpState.CookieEchoed || !ReConfigChunk.TryParse(chunk, out var reConfig))
        {
            return;
        }

        _streamReset!.Handle(reConfig, _tracker!.CumulativeTsn, out var answered);
        if (answered)
        {
            _timers.Stop(SctpTimer.ReConfig);
            _errorCount = 0;
        }
        else if (_streamReset.IsRequestOutstanding && _timers.IsRunning(SctpTimer.ReConfig))
        {
            _timers.Start(SctpTimer.ReConfig, now + _rto.Rto);
        }
    }

    private void HandleShutdown(MonotonicTime now, ReadOnlySpan<byte> chunk)
    {
        if (!ShutdownChunk.TryParse(chunk, out var cumulativeTsnAck) || State is SctpState.CookieEchoed or SctpState.ShutdownAckSent)
        {
            return;
        }

        Span<byte> sackBytes = stackalloc byte[SackChunk.FixedLength];
        SackChunk.Write(sackBytes, cumulativeTsnAck, (uint)_transmission!.PeerReceiveWindow, [], []);
        HandleSack(now, sackBytes);
        if (State == SctpState.Closed)
        {
            return;
        }

        var wasSent = State == SctpState.ShutdownSent;
        Move(SctpTrigger.ShutdownReceived);
        _isShutdownRequested = true;
        if (wasSent)
        {
            _pending = (_pending & ~PendingChunks.Shutdown) | PendingChunks.ShutdownAck;
            _timers.Start(SctpTimer.T2Shutdown, now + _rto.Rto);
        }

        if (!_timers.IsRunning(SctpTimer.T5ShutdownGuard))
        {
            _timers.Start(SctpTimer.T5ShutdownGuard, now + _configuration.ShutdownGuard);
        }
    }

    private void HandleShutdownAck(in CommonHeader header, ReadOnlySpan<byte> chunk)
    {
        if (!ShutdownAckChunk.IsValid(chunk))
        {
            return;
        }

        if (State is SctpState.ShutdownSent or SctpState.ShutdownAckSent)
        {
            QueueReply(_handshake.PeerTag, ChunkType.ShutdownComplete, []);
            Move(SctpTrigger.ShutdownAckReceived);
            End(null);
        }
        else if (State is SctpState.Closed or SctpState.CookieWait or SctpState.CookieEchoed)
        {
            // §8.5.1, E: our SHUTDOWN COMPLETE was lost.
            QueueReply(header.VerificationTag, ChunkType.ShutdownComplete, [], ShutdownCompleteChunk.ReflectedTagFlag);
        }
    }

    private void HandleAbort(ReadOnlySpan<byte> chunk)
    {
        if (!AbortChunk.TryParse(chunk, out var abort))
        {
            return;
        }

        var reader = new ErrorCauseReader(abort.Causes);
        reader.TryRead(out var code, out var value);
        var text = code is ErrorCauseCode.UserInitiatedAbort or ErrorCauseCode.ProtocolViolation ? System.Text.Encoding.UTF8.GetString(value) : code.ToString();
        Move(SctpTrigger.Failed);
        End(new SctpError(SctpErrorKind.PeerAborted, (ushort)code, text));
    }

    private void HandleError(MonotonicTime now, ReadOnlySpan<byte> chunk)
    {
        if (!ErrorChunk.TryParse(chunk, out var error))
        {
            return;
        }

        var reader = new ErrorCauseReader(error.Causes);
        while (reader.TryRead(out var code, out _))
        {
            if (code == ErrorCauseCode.StaleCookie && State == SctpState.CookieEchoed)
            {
                // RFC 9260 §5.2.6 (1): begin again with INIT; the count of attempts goes on and bounds it.
                Move(SctpTrigger.StaleCookieReceived);
                _timers.Stop(SctpTimer.T1Cookie);
                _timers.Stop(SctpTimer.T3Retransmission);
                RepeatHandshake(now, PendingChunks.Init, SctpTimer.T1Init);
                return;
            }
        }
    }

    /// <summary>RFC 9260 §3.2: the two highest bits of an unknown type say whether to go on and whether to report.</summary>
    private bool HandleUnknown(ChunkType type, ReadOnlySpan<byte> chunk)
    {
        if (((byte)type & 0x40) != 0 && chunk.Length <= 128)
        {
            _pendingErrorCauses = ErrorCause.Create(ErrorCauseCode.UnrecognizedChunkType, chunk);
        }

        return ((byte)type & 0x80) != 0;
    }

    private void FinishPacket(MonotonicTime now, bool hasData, bool isImmediate)
    {
        if (State == SctpState.Closed)
        {
            return;
        }

        if (hasData)
        {
            if (State == SctpState.ShutdownSent)
            {
                // §9.2: "it MUST immediately respond to each received packet that contains one or more DATA chunks with a SHUTDOWN chunk and restart the T2-shutdown timer".
                _tracker!.RequestSack();
                _pending |= PendingChunks.Shutdown;
                _timers.Start(SctpTimer.T2Shutdown, now + _rto.Rto);
            }

            if (_tracker!.NotePacket(isImmediate) && !_timers.IsRunning(SctpTimer.DelayedSack))
            {
                _timers.Start(SctpTimer.DelayedSack, now + _configuration.SackDelay);
            }
        }

        AdvanceShutdown(now);
    }

    private void AdvanceShutdown(MonotonicTime now)
    {
        if (State is not (SctpState.ShutdownPending or SctpState.ShutdownReceived) || !_sendQueue.IsEmpty || !_transmission!.IsIdle)
        {
            return;
        }

        Move(SctpTrigger.AllDataAcknowledged);
        _pending |= State == SctpState.ShutdownSent ? PendingChunks.Shutdown : PendingChunks.ShutdownAck;
        _timers.Stop(SctpTimer.T3Retransmission);
        _timers.Stop(SctpTimer.Heartbeat);
        _timers.Stop(SctpTimer.ReConfig);
        _timers.Start(SctpTimer.T2Shutdown, now + _rto.Rto);
    }

    private void HandleTimer(MonotonicTime now, SctpTimer timer)
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
                _rto.Backoff();
                _timers.Start(timer, now + _rto.Rto);
                CountError();
                break;
            case SctpTimer.T3Retransmission:
                _transmission!.HandleTimeout(now);
                if (State != SctpState.CookieEchoed) // T1-cookie counts there
                {
                    CountError();
                }

                break;
            case SctpTimer.T5ShutdownGuard:
                Abort(ErrorCauseCode.UserInitiatedAbort, "shutdown took too long", SctpErrorKind.TooManyRetransmissions);
                break;
            case SctpTimer.DelayedSack:
                _tracker!.RequestSack();
                break;
            case SctpTimer.Heartbeat:
                if (_heartbeat.HandleTimeout(now, _transmission!.LastSent))
                {
                    CountError();
                }

                break;
            case SctpTimer.ReConfig:
                _streamReset!.HandleTimeout();
                _rto.Backoff();
                CountError();
                break;
            default:
                break;
        }
    }

    private void RepeatHandshake(MonotonicTime now, PendingChunks chunk, SctpTimer timer)
    {
        if (++_handshake.Attempts > _configuration.MaxInitRetransmissions + 1)
        {
            Abort(ErrorCauseCode.UserInitiatedAbort, "the far side does not answer", SctpErrorKind.TooManyRetransmissions);
            return;
        }

        _rto.Backoff();
        _pending |= chunk;
        _timers.Start(timer, now + _rto.Rto);
    }

    private void CountError()
    {
        if (State != SctpState.Closed && ++_errorCount > _configuration.MaxRetransmissions)
        {
            Abort(ErrorCauseCode.UserInitiatedAbort, "the far side does not answer", SctpErrorKind.TooManyRetransmissions);
        }
    }

    private void WriteChunks(MonotonicTime now, ref PacketWriter writer)
    {
        AdvanceShutdown(now); // what was queued last may have expired
        WriteHandshakeEnd(ref writer);
        var transmission = _transmission!;
        var maySendData = SctpStateMachine.MaySendData(State);
        var hasData = maySendData && transmission.HasDataToSend(now);
        if (_tracker!.IsSackDue || (hasData && _tracker.IsSackPending))
        {
            _lastAdvertisedWindow = _reassembly!.AdvertisedWindow;
            if (_tracker.TryWriteSack(ref writer, _lastAdvertisedWindow))
            {
                _timers.Stop(SctpTimer.DelayedSack);
            }
        }

        if (_heartbeat.IsDue)
        {
            _heartbeat.Write(now, ref writer);
        }

        if (!maySendData)
        {
            return;
        }

        if (_streamReset!.IsDue)
        {
            _streamReset.Write(ref writer, transmission.LastAssignedTsn, out var requestSent);
            if (requestSent)
            {
                _timers.Start(SctpTimer.ReConfig, now + _rto.Rto);
            }
        }

        if (transmission.IsForwardTsnDue)
        {
            transmission.WriteForwardTsn(now, ref writer);
        }

        if (hasData)
        {
            transmission.WriteData(now, ref writer, State == SctpState.ShutdownPending);
        }
    }

    private void WriteHandshakeEnd(ref PacketWriter writer)
    {
        if (TryTake(PendingChunks.CookieAck))
        {
            writer.TryReserve(CookieAckChunk.Length, out var chunk);
            CookieAckChunk.Write(chunk);
        }

        if (_pendingErrorCauses is { } causes)
        {
            _pendingErrorCauses = null;
            writer.TryReserve(ChunkHeader.Length + causes.Length, out var chunk);
            ErrorChunk.Write(chunk, causes);
        }

        if (TryTake(PendingChunks.Shutdown))
        {
            writer.TryReserve(ShutdownChunk.Length, out var chunk);
            ShutdownChunk.Write(chunk, _tracker!.CumulativeTsn);
        }

        if (TryTake(PendingChunks.ShutdownAck))
        {
            writer.TryReserve(ShutdownAckChunk.Length, out var chunk);
            ShutdownAckChunk.Write(chunk);
        }
    }

    private void Abort(ErrorCauseCode code, string reason, SctpErrorKind kind)
    {
        if (_hasEnded)
        {
            return;
        }

        if (!_handshake.PeerTag.IsZero)
        {
            QueueAbort(_handshake.PeerTag, ErrorCause.Create(code, reason), false);
        }

        Move(SctpTrigger.Failed);
        End(new SctpError(kind, (ushort)code, reason));
    }

    private void QueueAbort(VerificationTag tag, byte[] causes, bool isTagReflected) =>
        QueueReply(tag, ChunkType.Abort, causes, isTagReflected ? AbortChunk.ReflectedTagFlag : (byte)0);

    /// <summary>Queues a whole packet with one chunk; the last ones of an association leave this way, too.</summary>
    private void QueueReply(VerificationTag tag, ChunkType type, ReadOnlySpan<byte> body, byte flags = 0)
    {
        if (_replies.Count >= 8)
        {
            return;
        }

        var packet = new byte[(CommonHeader.Length + ChunkHeader.Length + body.Length + 3) & ~3];
        var chunk = packet.AsSpan(CommonHeader.Length, ChunkHeader.Length + body.Length);
        ChunkHeader.Write(chunk, type, flags);
        body.CopyTo(chunk[ChunkHeader.Length..]);
        _handshake.Header(tag).Write(packet);
        _replies.Enqueue(packet);
    }

    /// <summary>The one terminal event; messages received before it can still be read.</summary>
    private void End(SctpError? error)
    {
        _hasEnded = true;
        State = SctpState.Closed;
        _timers.StopAll();
        _pending = PendingChunks.None;
        _transmission?.Clear();
        _sendQueue.Clear();
        _reassembly?.Clear();
        _events.Enqueue(new SctpEvent(SctpEventKind.Closed, Error: error));
    }
}
