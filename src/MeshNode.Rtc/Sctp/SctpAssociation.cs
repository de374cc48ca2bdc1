using MeshNode.Rtc.Sctp.Chunks;
using MeshNode.Rtc.Sctp.Congestion;
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
    private readonly AssociationLifecycle _lifecycle;
    private readonly TimerTable _timers = new();
    private readonly Queue<SctpEvent> _events = new();
    private readonly ReplyQueue _replies;
    private readonly InboundData _inboundData;
    private readonly PacketGate _gate;
    private readonly SendQueue _sendQueue;
    private readonly RtoEstimator _rto;
    private readonly HeartbeatHandler _heartbeat;
    private readonly PathMtuDiscovery _pathMtu;
    private readonly IdleMemory _idleMemory;
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
        // RFC 9260 §3.3.2 asks for 1,500 at least; a message must fit, or it could never be completed.
        ArgumentOutOfRangeException.ThrowIfLessThan(configuration.ReceiveWindow, Math.Max(1500, configuration.MaxMessageSize + 1024), nameof(configuration));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(configuration.MaxReceiveWindow, 1 << 30, nameof(configuration));
        _configuration = configuration;
        _maxPacketSize = configuration.MaxPacketSize;
        _handshake = new HandshakeState(configuration, secure);
        _sendQueue = new SendQueue(configuration, _events);
        _rto = new RtoEstimator(configuration);
        _heartbeat = new HeartbeatHandler(configuration, jitter, secure, _rto, _timers);
        _pathMtu = new PathMtuDiscovery(configuration, secure, _rto, _timers);
        _idleMemory = new IdleMemory(_timers);
        _replies = new ReplyQueue(configuration);
        _lifecycle = new AssociationLifecycle(configuration, _handshake, _sendQueue, _rto, _timers, _replies, _events, BeginTransfer);
        _gate = new PacketGate(_lifecycle, _handshake, _replies);
        _inboundData = new InboundData(_lifecycle, _handshake);
    }

    public SctpState State => _lifecycle.State;

    /// <summary>Streams that may be sent on; 0 before the handshake said so.</summary>
    public int OutboundStreams => _handshake.OutboundStreams;

    /// <summary>The far side can reset streams (RFC 6525).</summary>
    public bool SupportsStreamReset => _handshake.SupportsReConfig;

    public MonotonicTime? NextTimeout => MonotonicTime.Earliest(_timers.Next, Transfer?.Transmission.PacingDeadline);

    /// <summary>
    /// Bytes of a packet; at least the configuration's at any time, since no fragment is larger than fits in that, and a packet of a
    /// larger path bundles several. Lower it further only before data was sent: a chunk in flight is never cut anew.
    /// Path MTU discovery moves it.
    /// </summary>
    public int MaxPacketSize
    {
        get => _maxPacketSize;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, MinimumPacketSize);
            _maxPacketSize = value;
            Transfer?.Transmission.OnPacketSizeChanged(value);
        }
    }

    /// <summary>Received bytes that wait for the application or for their other fragments, with overhead.</summary>
    public int BufferedBytes => Transfer?.Reception.Window.Buffered ?? 0;

    /// <summary>Grows when the association has long been idle: its owner, too, may give memory back.</summary>
    public int TimesTrimmed { get; private set; }

    public SctpStatistics Statistics => new(
        _packetsSent,
        _packetsReceived,
        _packetsDiscarded,
        Transfer?.Transmission.BytesSent ?? 0,
        _bytesReceived,
        _messagesSent,
        _messagesReceived,
        Transfer?.Transmission.Retransmissions ?? 0,
        _sendQueue.MessagesAbandoned + (Transfer?.Transmission.MessagesAbandoned ?? 0),
        Transfer?.Transmission.CongestionWindow ?? 0,
        Transfer?.Transmission.BytesInFlight ?? 0,
        Transfer?.Transmission.PeerReceiveWindow ?? 0,
        _rto.SmoothedRoundTripTime,
        _rto.Rto);

    private Transfer? Transfer => _lifecycle.Transfer;

    /// <summary>Sends INIT. In WebRTC both sides do; RFC 9260 §5.2.1 makes one association of it.</summary>
    public void Associate(MonotonicTime now) => _lifecycle.Associate(now);

    /// <summary>Copies a message into the send buffer. False when it is full or the association is ending.</summary>
    public bool TrySend(MonotonicTime now, StreamId streamId, uint ppid, ReadOnlySpan<byte> payload, in SendOptions options)
    {
        if (!_lifecycle.MayEnqueue || !_sendQueue.TryEnqueue(now, streamId, ppid, payload, options))
        {
            return false;
        }

        _messagesSent++;
        return true;
    }

    public OutgoingStream OutgoingStream(StreamId streamId) => _sendQueue.Stream(streamId);

    /// <summary>Resets the outgoing stream when what it has queued was sent. The far side must support it.</summary>
    public void ResetOutgoingStream(StreamId streamId) => Transfer?.StreamReset.Request(streamId);

    /// <summary>Forgets an empty stream after its reset.</summary>
    public void RemoveOutgoingStream(StreamId streamId) => _sendQueue.RemoveStream(streamId);

    /// <summary>Sends what is queued, then ends (RFC 9260 §9.2), within T5-shutdown-guard.</summary>
    public void Shutdown(MonotonicTime now) => _lifecycle.Shutdown(now);

    /// <summary>Ends at once with an ABORT (RFC 9260 §9.1).</summary>
    public void Abort(string reason) => _lifecycle.Abort(ErrorCauseCode.UserInitiatedAbort, reason, SctpErrorKind.LocalAbort);

    public void HandlePacket(MonotonicTime now, ReadOnlySpan<byte> packet)
    {
        if (!CommonHeader.TryParse(packet, _configuration.ZeroChecksum, out var header)
            || header.DestinationPort != _configuration.LocalPort
            || header.SourcePort != _configuration.RemotePort)
        {
            _packetsDiscarded++;
            return;
        }

        var reader = new ChunkReader(packet[CommonHeader.Length..]);
        var (isFirst, hasData, isImmediate) = (true, false, false);
        while (reader.TryRead(out var type, out var chunk))
        {
            if (isFirst && !_gate.IsTagAcceptable(header.VerificationTag, type, chunk, reader.IsAtEnd))
            {
                _packetsDiscarded++;
                _gate.AnswerOutOfTheBlue(header.VerificationTag, type, packet[CommonHeader.Length..]);
                return;
            }

            isFirst = false;
            if (type == ChunkType.Data || (type == ChunkType.IData && _configuration.Interleaving))
            {
                hasData |= _inboundData.HandleData(type, chunk, ref isImmediate);
            }
            else if (!HandleControl(now, header.VerificationTag, type, chunk))
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

        if (hasData && State != SctpState.Closed)
        {
            _lifecycle.NoteData(now);
            Transfer!.Reception.NotePacket(now, packet.Length, isImmediate, _rto.SmoothedRoundTripTime ?? _handshake.RoundTrip);
        }

        _lifecycle.AdvanceShutdown(now);
        if (SctpStateMachine.MaySendData(State))
        {
            _idleMemory.NotePacket(now);
        }
    }

    public void HandleTimeout(MonotonicTime now)
    {
        while (_timers.TryTakeExpired(now, out var timer))
        {
            HandleTimer(now, timer);
        }

        Transfer?.Transmission.EndPacingWait(now);
    }

    /// <summary>The far side takes no packets of more bytes than this, whatever the path does; before any data is sent.</summary>
    public void LimitPacketSize(int size) => _pathMtu.Limit(size);

    /// <summary>Packets take another way from now on.</summary>
    public void HandlePathChange(MonotonicTime now)
    {
        if (SctpStateMachine.MaySendData(State))
        {
            _pathMtu.OnPathChanged(now);
            ApplyPathMtu();
        }
    }

    /// <summary>The edge could not send a packet of this size: the first hop takes less.</summary>
    public void HandlePacketTooBig(MonotonicTime now, int size)
    {
        if (SctpStateMachine.MaySendData(State))
        {
            _pathMtu.OnTooBig(now, size);
            ApplyPathMtu();
        }
    }

    /// <summary>
    /// Fills one packet, straight in <paramref name="destination"/>, which holds at least the configured MaxPacketSize; where it
    /// holds less than the path takes, packets are that much smaller.
    /// </summary>
    public bool TryTransmit(MonotonicTime now, Span<byte> destination, out int length)
    {
        if (_replies.TryDequeue(out var reply))
        {
            reply.CopyTo(destination);
            length = reply!.Length;
            _packetsSent++;
            return true;
        }

        length = 0;
        var writer = new PacketWriter(destination[..Math.Min(_maxPacketSize, destination.Length)]);
        var tag = _handshake.PeerTag;
        var isZeroChecksum = false;
        switch (State)
        {
            case SctpState.Closed:
                return false;
            case SctpState.CookieWait:
                _lifecycle.TryWriteHandshake(ref writer);
                tag = default;
                break;
            case SctpState.CookieEchoed:
                // RFC 9260 §5.1: DATA may travel with the COOKIE ECHO, and nothing may leave without one until COOKIE ACK.
                if (_lifecycle.TryWriteHandshake(ref writer))
                {
                    Transfer!.Transmission.WriteData(now, ref writer, false);
                }

                break;
            case SctpState.Established when _pathMtu.TryWriteProbe(now, destination, _handshake.Header(tag), out length):
                _packetsSent++;
                return true;
            default:
                isZeroChecksum = _handshake.IsZeroChecksum;
                WriteChunks(now, ref writer);
                break;
        }

        if (writer.IsEmpty)
        {
            return false;
        }

        length = writer.Finish(_handshake.Header(tag), isZeroChecksum);
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
        Transfer!.Reception.ReleaseWindow(length);
    }

    /// <summary>Every count agrees with what it counts; for tests.</summary>
    internal bool IsConsistent() => _lifecycle.IsConsistent();

    /// <summary>The far side's first TSN and window are known; <paramref name="former"/> is from an earlier attempt at set-up.</summary>
    private Transfer BeginTransfer(Transfer? former)
    {
        former?.Reception.Reassembly.Clear();
        former?.Transmission.Requeue(); // DATA left with an earlier COOKIE ECHO
        _sendQueue.Begin(_handshake.IsInterleaving, _handshake.PeerReceiveWindow);
        var transmission = former?.Transmission ?? new TransmissionControl(
            _configuration,
            _handshake.LocalInitialTsn,
            _handshake.PeerReceiveWindow,
            _sendQueue,
            _configuration.CongestionControl switch
            {
                CongestionControl.NewReno => new NewRenoCongestionController(_maxPacketSize, _configuration.InitialWindowPackets),
                _ => new BbrCongestionController(_maxPacketSize, _configuration.InitialWindowPackets),
            },
            _rto,
            _timers);
        transmission.IsPartialReliabilitySupported = _handshake.IsPartialReliabilitySupported;
        var reception = new ReceptionControl(_configuration, _handshake.PeerInitialTsn, _handshake.IsInterleaving, _events, _timers);
        return new Transfer(
            transmission,
            reception,
            new StreamResetHandler(_handshake.LocalInitialTsn, _handshake.PeerInitialTsn, _sendQueue, reception.Reassembly, _events));
    }

    /// <summary>Returns false when the rest of the packet is not to be read.</summary>
    private bool HandleControl(MonotonicTime now, VerificationTag tag, ChunkType type, ReadOnlySpan<byte> chunk)
    {
        var before = State;
        switch (type)
        {
            case ChunkType.Init:
                _lifecycle.HandleInit(now, chunk);
                return false;
            case ChunkType.InitAck:
                _lifecycle.HandleInitAck(now, chunk, _maxPacketSize);
                return false;
            case ChunkType.CookieEcho:
                if (!_lifecycle.HandleCookieEcho(now, tag, chunk))
                {
                    _packetsDiscarded++;
                    return false;
                }

                break;
            case ChunkType.CookieAck:
                _lifecycle.HandleCookieAck(chunk);
                break;
            case ChunkType.Sack:
                HandleSack(now, chunk);
                break;
            case ChunkType.Heartbeat:
            case ChunkType.HeartbeatAck:
                HandleHeartbeat(now, type, chunk);
                break;
            case ChunkType.Abort:
                _lifecycle.HandleAbort(chunk);
                return false;
            case ChunkType.Error:
                _lifecycle.HandleError(now, chunk);
                break;
            case ChunkType.Shutdown:
                HandleShutdown(now, chunk);
                break;
            case ChunkType.ShutdownAck:
                _lifecycle.HandleShutdownAck(tag, chunk);
                break;
            case ChunkType.ShutdownComplete:
                _lifecycle.HandleShutdownComplete();
                return false;
            case ChunkType.ForwardTsn:
            case ChunkType.IForwardTsn when _configuration.Interleaving:
                _inboundData.HandleForwardTsn(type, chunk);
                break;
            case ChunkType.ReConfig:
                HandleReConfig(now, chunk);
                break;
            default:
                return _lifecycle.HandleUnknown(type, chunk);
        }

        if (before is not SctpState.Established && State is SctpState.Established)
        {
            _heartbeat.Restart(now);
        }

        return State is not (SctpState.Closed or SctpState.CookieWait);
    }

    private void HandleSack(MonotonicTime now, ReadOnlySpan<byte> chunk)
    {
        if (State == SctpState.CookieEchoed || !SackChunk.TryParse(chunk, out var sack))
        {
            return;
        }

        if (!Transfer!.Transmission.TryHandleSack(now, sack, out var progressed))
        {
            _lifecycle.Abort(ErrorCauseCode.ProtocolViolation, "a SACK acknowledges what was not sent", SctpErrorKind.ProtocolViolation);
        }
        else if (progressed)
        {
            _lifecycle.ClearErrors();
        }
    }

    private void HandleHeartbeat(MonotonicTime now, ChunkType type, ReadOnlySpan<byte> chunk)
    {
        if (State == SctpState.CookieEchoed || !HeartbeatChunk.TryParse(chunk, type, out var heartbeat))
        {
            return;
        }

        if (type == ChunkType.Heartbeat)
        {
            _heartbeat.HandleHeartbeat(heartbeat.Info);
        }
        else if (_heartbeat.TryHandleAck(now, heartbeat.Info, SctpStateMachine.MaySendData(State))
            || (SctpStateMachine.MaySendData(State) && _pathMtu.TryHandleAck(heartbeat.Info, now)))
        {
            _lifecycle.ClearErrors();
            ApplyPathMtu();
        }
    }

    private void HandleReConfig(MonotonicTime now, ReadOnlySpan<byte> chunk)
    {
        if (!SctpStateMachine.MaySendData(State) || !ReConfigChunk.TryParse(chunk, out var reConfig))
        {
            return;
        }

        Transfer!.StreamReset.Handle(reConfig, Transfer.Reception.CumulativeTsn, out var answered);
        if (answered)
        {
            _timers.Stop(SctpTimer.ReConfig);
            _lifecycle.ClearErrors();
            _rto.EndBackoff();
        }
    }

    private void HandleShutdown(MonotonicTime now, ReadOnlySpan<byte> chunk)
    {
        if (State == SctpState.CookieEchoed || !ShutdownChunk.TryParse(chunk, out var cumulativeTsnAck))
        {
            return;
        }

        // It acknowledges like a SACK without gap blocks, and says nothing of the window.
        Span<byte> sack = stackalloc byte[SackChunk.FixedLength];
        SackChunk.Write(sack, cumulativeTsnAck, (uint)Transfer!.Transmission.PeerReceiveWindow, [], []);
        HandleSack(now, sack);
        _lifecycle.HandleShutdown(now);
    }

    private void HandleTimer(MonotonicTime now, SctpTimer timer)
    {
        switch (timer)
        {
            case SctpTimer.T3Retransmission:
                if (Transfer!.Transmission.HandleTimeout(now))
                {
                    _pathMtu.OnRetransmissionTimeout();
                    ApplyPathMtu();
                    _lifecycle.CountError();
                }

                break;
            case SctpTimer.Idle:
                if (_idleMemory.HandleTimeout(now))
                {
                    Transfer!.Transmission.Trim();
                    Transfer.Reception.Trim();
                    TimesTrimmed++;
                }

                break;
            case SctpTimer.DelayedSack:
                Transfer!.Reception.RequestSack();
                break;
            case SctpTimer.Heartbeat:
                if (_heartbeat.HandleTimeout(now, Transfer!.Transmission.LastSent))
                {
                    _lifecycle.CountError();
                }

                break;
            case SctpTimer.PathMtu:
                _pathMtu.HandleTimeout(now);
                ApplyPathMtu();
                break;
            case SctpTimer.ReConfig:
                Transfer!.StreamReset.HandleTimeout();
                _rto.Backoff();
                _lifecycle.CountError();
                break;
            default:
                _lifecycle.HandleTimer(now, timer);
                break;
        }
    }

    private void WriteChunks(MonotonicTime now, ref PacketWriter writer)
    {
        _lifecycle.AdvanceShutdown(now); // what was queued last may have expired
        _lifecycle.WritePending(ref writer);
        var (transmission, reception, streamReset) = Transfer!;
        var maySendData = SctpStateMachine.MaySendData(State);
        var hasData = maySendData && transmission.HasDataToSend(now);
        if (reception.IsSackDue || (hasData && reception.IsSackPending))
        {
            reception.WriteSack(ref writer);
        }

        if (_heartbeat.IsDue)
        {
            _heartbeat.Write(now, ref writer);
        }

        if (!maySendData)
        {
            return;
        }

        if (streamReset.IsDue(transmission))
        {
            streamReset.Write(ref writer, transmission, out var requestSent);
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
            var before = transmission.Retransmissions;
            transmission.WriteData(now, ref writer, State == SctpState.ShutdownPending);
            _pathMtu.OnDataSent(now, transmission.BytesSent);
            if (transmission.Retransmissions != before)
            {
                _pathMtu.OnLoss(now);
            }
        }
    }

    private void ApplyPathMtu()
    {
        if (_pathMtu.State != PathMtuState.Disabled && _pathMtu.PacketSize != _maxPacketSize)
        {
            MaxPacketSize = _pathMtu.PacketSize;
        }
    }
}
