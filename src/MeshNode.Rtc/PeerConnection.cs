using System.Runtime.CompilerServices;
using MeshNode.Rtc.DataChannels;
using MeshNode.Rtc.Dtls;
using MeshNode.Rtc.Ice;
using MeshNode.Rtc.Sctp;
using MeshNode.Rtc.Stun;

namespace MeshNode.Rtc;

/// <summary>
/// One WebRTC connection with data channels: ICE finds a path, DTLS secures it, SCTP carries the channels. Sans-IO:
/// the owner loops input, transmits, events and one timer. Touched by one thread only; method names are W3C's.
/// </summary>
public sealed class PeerConnection : IDisposable
{
    private readonly PeerConnectionConfiguration _configuration;
    private readonly IceAgent _ice;
    private readonly DtlsGate _gate;
    private readonly DataChannelTransport _channels;
    private readonly SessionNegotiation _negotiation;
    private readonly EarlyCandidates _earlyCandidates = new();
    private readonly List<IceCandidate> _localCandidates = [];
    private readonly List<IceCandidate> _remoteCandidates = []; // of the generation in use
    private readonly PeerConnectionProgress _progress;
    private readonly Queue<PeerConnectionEvent> _events = new();

    private IceCredentials _localCredentials;
    private IceCredentials? _restartCredentials; // for the next offer or answer, when it restarts ICE
    private IceCredentials? _previousCredentials; // of the generation before, until a new path is selected
    private bool _localCandidatesComplete;
    private bool _remoteCandidatesComplete;
    private bool _associationStarted;
    private TransportPath? _replyPath; // where DTLS came from while no path is selected
    private long _datagramsSent;
    private long _datagramsReceived;
    private long _datagramsDropped;
    private long _bytesSent;
    private long _bytesReceived;

    /// <param name="configuration">May be shared by connections of one loop.</param>
    /// <param name="now">The time of the call.</param>
    public PeerConnection(PeerConnectionConfiguration configuration, MonotonicTime now)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        _configuration = configuration;
        _localCredentials = IceCredentials.Create(configuration.Secure);
        TransactionTag = configuration.Secure.NextUInt32();
        _ice = new IceAgent(configuration.Ice, IceRole.Controlled, _localCredentials, TransactionTag, configuration.Jitter, configuration.Secure);
        _gate = new DtlsGate(configuration.DtlsFactory, configuration.Certificate);
        _channels = new DataChannelTransport(configuration.DataChannels, configuration.Jitter, configuration.Secure)
        {
            // SCTP packets are whole words (RFC 9260 section 3.2).
            MaxPacketSize = (configuration.DatagramSize - DtlsTransport.RecordOverhead) & ~3,
        };
        _negotiation = new SessionNegotiation(
            configuration.Certificate.Fingerprint,
            configuration.DataChannels.Sctp.LocalPort,
            configuration.DataChannels.MaxMessageSize,
            configuration.Secure.NextUInt64() >> 1);
        _progress = new PeerConnectionProgress(configuration);
        CreatedAt = now;
    }

    public MonotonicTime CreatedAt { get; }

    /// <summary>By which a shared port routes STUN requests to this connection.</summary>
    public string LocalUsernameFragment => _localCredentials.UsernameFragment;

    /// <summary>By which a shared port routes STUN responses: the first four bytes of our transaction ids, big-endian.</summary>
    public uint TransactionTag { get; }

    public PeerConnectionState ConnectionState => _progress.State;

    public IceConnectionState IceConnectionState => _ice.State;

    public SignalingState SignalingState => _negotiation.State;

    /// <summary>Pending before current, with every local candidate known by now.</summary>
    public SessionDescription? LocalDescription => (_negotiation.PendingLocal ?? _negotiation.CurrentLocal) is { } local
        ? new SessionDescription(
            _negotiation.LocalType,
            (local with { Candidates = _localCandidates, EndOfCandidates = _localCandidatesComplete }).ToSdp())
        : null;

    /// <summary>Pending before current, as received.</summary>
    public SessionDescription? RemoteDescription => _negotiation.RemoteDescription;

    public DtlsFingerprint LocalFingerprint => _configuration.Certificate.Fingerprint;

    /// <summary>The fingerprint that the peer's certificate has to match, or did; of several the strongest. Null before negotiation.</summary>
    public DtlsFingerprint? RemoteFingerprint =>
        (_negotiation.CurrentRemote ?? _negotiation.PendingRemote)?.Fingerprints.MaxBy(f => f.Algorithm);

    /// <summary>Null before negotiation.</summary>
    public DtlsRole? DtlsRole => _negotiation.Role;

    public TransportPath? SelectedPath => _ice.SelectedPath;

    public IReadOnlyCollection<DataChannel> DataChannels => _channels.Channels;

    /// <summary>mDNS names of remote candidates that wait for <see cref="ResolveRemoteHostName"/>.</summary>
    public IReadOnlyList<string> UnresolvedHostNames => _ice.UnresolvedHostNames;

    public MonotonicTime? NextTimeout
    {
        get
        {
            if (_progress.IsOver)
            {
                return null;
            }

            var next = MonotonicTime.Earliest(_ice.NextTimeout, _progress.Deadline);
            next = MonotonicTime.Earliest(next, _gate.Transport?.NextTimeout);
            return _associationStarted ? MonotonicTime.Earliest(next, _channels.NextTimeout) : next;
        }
    }

    /// <summary>The previous generation's fragment while it may still be used; null otherwise.</summary>
    internal string? PreviousUsernameFragment => _previousCredentials?.UsernameFragment;

    internal IPeerConnectionRouting? Routing { get; set; }

    private TransportPath? SendPath =>
        _ice.SelectedPath ?? (_ice.State is IceConnectionState.Disconnected or IceConnectionState.Failed ? null : _replyPath);

    /// <summary>An offer with the local candidates known by now; others trickle.</summary>
    /// <param name="iceRestart">Asks for new ICE credentials, and with them for a new path.</param>
    /// <exception cref="InvalidOperationException">The signaling state allows no offer.</exception>
    public SessionDescription CreateOffer(bool iceRestart = false)
    {
        // Nothing was negotiated yet: there is nothing to restart.
        var restarts = iceRestart && _negotiation.CurrentRemote is not null;
        var credentials = restarts ? IceCredentials.Create(_configuration.Secure) : _localCredentials;
        var offer = _negotiation.CreateOffer(credentials, _localCandidates, _localCandidatesComplete);
        _restartCredentials = restarts ? credentials : null;
        return offer;
    }

    /// <exception cref="InvalidOperationException">There is no remote offer to answer.</exception>
    public SessionDescription CreateAnswer()
    {
        // RFC 8839 section 4.4.1.1.1: an answer to an offer that restarts carries new credentials, any other the same.
        var restarts = _negotiation.IsRemoteRestart;
        var credentials = restarts ? IceCredentials.Create(_configuration.Secure) : _localCredentials;
        var answer = _negotiation.CreateAnswer(credentials, _localCandidates, _localCandidatesComplete);
        _restartCredentials = restarts ? credentials : null;
        return answer;
    }

    /// <summary>Takes what CreateOffer or CreateAnswer returned last, or <see cref="SessionDescription.Rollback"/>.</summary>
    /// <exception cref="InvalidOperationException">It is another description, or the signaling state does not allow it.</exception>
    public void SetLocalDescription(MonotonicTime now, SessionDescription description)
    {
        ArgumentNullException.ThrowIfNull(description);
        if (description.Type == SdpType.Rollback)
        {
            Rollback(now);
            return;
        }

        var local = _negotiation.SetLocal(description);
        if (_restartCredentials is { } restart)
        {
            RestartIce(now, restart);
        }
        else if (_negotiation is { CurrentRemote: null })
        {
            _ice.SetRole(IceRole.Controlling); // RFC 8445 section 6.1.1: the one that offers first controls
        }

        _restartCredentials = null;
        AnnounceCandidates(local.Candidates.Count);
        _progress.Begin(now);
        if (description.Type == SdpType.Answer)
        {
            ApplyNegotiation(now, isOfferer: false);
        }

        Update(now);
    }

    /// <summary>Takes a peer's description. What is wrong with it is a value; nothing has changed then.</summary>
    public bool TrySetRemoteDescription(MonotonicTime now, SessionDescription description, out RtcError? error)
    {
        ArgumentNullException.ThrowIfNull(description);
        error = null;
        if (description.Type == SdpType.Rollback)
        {
            if (SignalingState != SignalingState.HaveRemoteOffer)
            {
                error = new RtcError(RtcErrorCode.Signaling, $"nothing to roll back in state {SignalingState}");
                return false;
            }

            Rollback(now);
            return true;
        }

        var hadLocalOffer = SignalingState == SignalingState.HaveLocalOffer;
        error = _negotiation.SetRemote(description);
        if (error is not null)
        {
            return false;
        }

        if (description.Type == SdpType.Offer && hadLocalOffer)
        {
            UndoRestart(now);
        }

        _progress.Begin(now);
        if (description.Type == SdpType.Answer)
        {
            ApplyNegotiation(now, isOfferer: true);
        }

        Update(now);
        return true;
    }

    /// <summary>Takes a trickled candidate; one that overtook its description is kept for it.</summary>
    /// <param name="now">The time of the call.</param>
    /// <param name="candidate">With or without <c>candidate:</c>; empty for end-of-candidates.</param>
    /// <param name="usernameFragment">The generation that it belongs to; null when the peer did not say.</param>
    /// <param name="error">Why false was returned: the candidate is malformed.</param>
    public bool TryAddIceCandidate(MonotonicTime now, string candidate, string? usernameFragment, out RtcError? error)
    {
        ArgumentNullException.ThrowIfNull(candidate);
        error = null;
        IceCandidate? parsed = null;
        if (candidate.Length > 0 && (candidate.Length > 2048 || !IceCandidate.TryParse(candidate, out parsed)))
        {
            error = new RtcError(RtcErrorCode.IceCandidate, "the candidate is malformed");
            return false;
        }

        var generation = usernameFragment ?? parsed?.UsernameFragment;
        var inUse = _ice.RemoteCredentials?.UsernameFragment;
        if (inUse is null || SignalingState == SignalingState.HaveRemoteOffer || (generation is not null && generation != inUse))
        {
            _earlyCandidates.Keep(generation, parsed);
            return true;
        }

        AddRemoteCandidate(now, parsed);
        Update(now);
        return true;
    }

    /// <summary>Gives one of this machine's candidates; it becomes part of later descriptions, and trickles when one is set already.</summary>
    public void AddLocalCandidate(MonotonicTime now, IceCandidate candidate)
    {
        ArgumentNullException.ThrowIfNull(candidate);
        if ((_configuration.IceTransportPolicy == IceTransportPolicy.Relay && candidate.Type != IceCandidateType.Relayed)
            || _localCandidates.Contains(candidate))
        {
            return;
        }

        _localCandidates.Add(candidate);
        _ice.AddLocalCandidate(now, candidate);
        if (LocalDescriptionIsSet)
        {
            AnnounceCandidates(_localCandidates.Count - 1);
        }

        Update(now);
    }

    /// <summary>No more local candidates will come; later descriptions say so.</summary>
    public void SetLocalCandidatesComplete(MonotonicTime now)
    {
        _localCandidatesComplete = true;
        Update(now);
    }

    /// <summary>The edge has resolved a name of <see cref="UnresolvedHostNames"/>.</summary>
    public bool ResolveRemoteHostName(MonotonicTime now, string hostName, System.Net.IPAddress address)
    {
        var resolved = _ice.ResolveRemoteHostName(now, hostName, address);
        Update(now);
        return resolved;
    }

    /// <summary>Creates a channel, before or after the connection is up.</summary>
    /// <exception cref="InvalidOperationException">The connection is closed or closing.</exception>
    public DataChannel CreateDataChannel(MonotonicTime now, string label, DataChannelInit init)
    {
        if (_progress.IsClosing || _progress.IsOver)
        {
            throw new InvalidOperationException("The connection is closed; make a new one.");
        }

        return _channels.CreateDataChannel(now, label, init);
    }

    public PeerConnectionStatistics GetStatistics() => new(
        _datagramsSent,
        _datagramsReceived,
        _bytesSent,
        _bytesReceived,
        _datagramsDropped,
        _ice.RoundTripTime,
        _progress.SetupTime,
        _channels.Statistics);

    /// <summary>Takes one datagram that a shared port has routed here (RFC 7983).</summary>
    public void HandleDatagram(MonotonicTime now, in TransportPath path, ReadOnlySpan<byte> datagram)
    {
        _datagramsReceived++;
        _bytesReceived += datagram.Length;
        if (_progress.IsOver || datagram.IsEmpty)
        {
            _datagramsDropped++;
        }
        else if (StunDatagram.IsStun(datagram))
        {
            _ice.HandleDatagram(now, path, datagram);
        }
        else if (datagram[0] is >= 20 and <= 63)
        {
            HandleDtls(now, path, datagram);
        }
        else
        {
            _datagramsDropped++;
        }

        Update(now);
    }

    public void HandleTimeout(MonotonicTime now)
    {
        if (_progress.IsOver)
        {
            return;
        }

        _ice.HandleTimeout(now);
        _gate.Transport?.HandleTimeout(now);
        if (_associationStarted)
        {
            _channels.HandleTimeout(now);
        }

        if (_progress.HandleTimeout(now) == PeerConnectionProgress.Expiry.CloseTimedOut)
        {
            _channels.Abort(now, "close timed out");
        }

        Update(now);
    }

    /// <summary>Writes the next datagram that is to be sent.</summary>
    /// <param name="now">The time of the call.</param>
    /// <param name="destination">At least <see cref="PeerConnectionConfiguration.DatagramSize"/> bytes, 1,280 or more.</param>
    /// <param name="transmit">Where it goes.</param>
    public bool TryTransmit(MonotonicTime now, Span<byte> destination, out Transmit transmit)
    {
        transmit = default;
        if (_progress.IsOver)
        {
            return false;
        }

        if (!_ice.TryTransmit(now, destination, out transmit) && !TryTransmitSecured(now, destination, out transmit))
        {
            FinishWhenDrained(now);
            return false;
        }

        _datagramsSent++;
        _bytesSent += transmit.Length;
        return true;
    }

    /// <summary>The next event. A message's data stays valid until the following call.</summary>
    public bool TryReadEvent(out PeerConnectionEvent rtcEvent)
    {
        while (!_events.TryDequeue(out rtcEvent))
        {
            if (!_channels.TryReadEvent(out var channelEvent))
            {
                return _progress.TryTakeFinalEvent(out rtcEvent);
            }

            if (channelEvent.Kind == DataChannelEventKind.Closed)
            {
                _progress.AssociationEnded(channelEvent.Error);
            }
            else if (channelEvent.Kind != DataChannelEventKind.Connected)
            {
                rtcEvent = Translate(channelEvent);
                return true;
            }
        }

        return true;
    }

    /// <summary>
    /// Closes gracefully: what is queued is sent, SCTP shuts down, DTLS says close_notify. Keep transmitting until
    /// <see cref="ConnectionState"/> is Closed; that takes <see cref="PeerConnectionConfiguration.CloseTimeout"/> at most.
    /// </summary>
    public void Close(MonotonicTime now)
    {
        if (_progress.IsClosing || _progress.IsOver)
        {
            return;
        }

        _negotiation.Close();
        _progress.BeginClose(now);
        if (_associationStarted && SendPath is not null)
        {
            _channels.Shutdown(now);
        }
        else
        {
            _channels.Abort(now, "closed");
        }

        Update(now);
    }

    /// <summary>Ends at once and frees the native state; nothing is sent any more.</summary>
    public void Dispose()
    {
        _negotiation.Close();
        _progress.Finish();
        _ice.Close();
        _gate.Dispose();
    }

    private static PeerConnectionEvent Translate(in DataChannelEvent channelEvent) => new(
        channelEvent.Kind switch
        {
            DataChannelEventKind.ChannelAnnounced => PeerConnectionEventKind.DataChannelAnnounced,
            DataChannelEventKind.ChannelOpened => PeerConnectionEventKind.ChannelOpened,
            DataChannelEventKind.ChannelClosing => PeerConnectionEventKind.ChannelClosing,
            DataChannelEventKind.ChannelClosed => PeerConnectionEventKind.ChannelClosed,
            DataChannelEventKind.BufferedAmountLow => PeerConnectionEventKind.BufferedAmountLow,
            _ => PeerConnectionEventKind.Message,
        },
        channelEvent.Channel,
        channelEvent.Data,
        channelEvent.MessageKind);

    private bool LocalDescriptionIsSet => _negotiation.PendingLocal is not null || _negotiation.CurrentLocal is not null;

    private void AnnounceCandidates(int from)
    {
        foreach (var candidate in _localCandidates.Skip(from))
        {
            _events.Enqueue(new(
                PeerConnectionEventKind.IceCandidateGathered,
                Candidate: candidate with { UsernameFragment = LocalUsernameFragment }));
        }
    }

    private void AddRemoteCandidate(MonotonicTime now, IceCandidate? candidate)
    {
        if (candidate is null)
        {
            _remoteCandidatesComplete = true;
            _ice.SetRemoteCandidatesComplete(now);
        }
        else if (_ice.AddRemoteCandidate(now, candidate))
        {
            _remoteCandidates.Add(candidate);
        }
    }

    /// <summary>Both descriptions are known: gives every layer what they say.</summary>
    private void ApplyNegotiation(MonotonicTime now, bool isOfferer)
    {
        var remote = _negotiation.CurrentRemote!;
        if (_gate.Transport is null)
        {
            // RFC 8445 section 6.1.1: the offerer controls; a full agent always controls a lite one.
            _ice.SetRole(isOfferer || remote.IsIceLite ? IceRole.Controlling : IceRole.Controlled);
            _channels.SetDtlsRole(_negotiation.Role == Dtls.DtlsRole.Client);
            _gate.Open(_negotiation.Role!.Value, remote.Fingerprints);
        }

        _channels.SetRemoteMaxMessageSize(remote.MaxMessageSize);
        if (_ice.RemoteCredentials != remote.Credentials)
        {
            _remoteCandidates.Clear();
            _remoteCandidatesComplete = false;
            _ice.SetRemoteCredentials(now, remote.Credentials);
        }

        foreach (var candidate in remote.Candidates)
        {
            AddRemoteCandidate(now, candidate);
        }

        foreach (var candidate in _earlyCandidates.Take(remote.Credentials.UsernameFragment))
        {
            AddRemoteCandidate(now, candidate);
        }

        if (remote.EndOfCandidates)
        {
            AddRemoteCandidate(now, null);
        }

        foreach (var datagram in _gate.TakeEarly())
        {
            ReceiveSecured(now, datagram);
        }
    }

    private void RestartIce(MonotonicTime now, IceCredentials credentials)
    {
        _previousCredentials = _localCredentials;
        _localCredentials = credentials;
        _ice.Restart(now, credentials);
        foreach (var candidate in _localCandidates)
        {
            _ice.AddLocalCandidate(now, candidate);
        }

        _progress.Restart(now);
        Routing?.LocalCredentialsChanged(this);
        _events.Enqueue(new(PeerConnectionEventKind.LocalCredentialsChanged));
    }

    private void Rollback(MonotonicTime now)
    {
        var hadLocalOffer = SignalingState == SignalingState.HaveLocalOffer;
        if (!_negotiation.TryRollback())
        {
            throw new InvalidOperationException($"There is nothing to roll back in signaling state {SignalingState}.");
        }

        if (hadLocalOffer)
        {
            UndoRestart(now);
        }

        Update(now);
    }

    /// <summary>
    /// An offer that restarted ICE was taken back: the peer never saw its credentials answered, so the old ones,
    /// which it still knows, check the path again.
    /// </summary>
    private void UndoRestart(MonotonicTime now)
    {
        _restartCredentials = null;
        if (_negotiation.CurrentLocal is not { } local || local.Credentials == _localCredentials)
        {
            return;
        }

        RestartIce(now, local.Credentials);
        _ice.SetRemoteCredentials(now, _negotiation.CurrentRemote!.Credentials);
        foreach (var candidate in _remoteCandidates)
        {
            _ice.AddRemoteCandidate(now, candidate);
        }

        if (_remoteCandidatesComplete)
        {
            _ice.SetRemoteCandidatesComplete(now);
        }
    }

    private void HandleDtls(MonotonicTime now, in TransportPath path, ReadOnlySpan<byte> datagram)
    {
        // DESIGN: DTLS is accepted, or kept, only from paths with an integrity-valid connectivity check.
        if (_ice.SelectedPath != path && !_ice.IsPathAuthenticated(path))
        {
            _datagramsDropped++;
            return;
        }

        _replyPath = path;
        if (_gate.Transport is not null)
        {
            ReceiveSecured(now, datagram);
        }
        else if (!_gate.TryKeep(datagram))
        {
            _datagramsDropped++;
        }
    }

    [SkipLocalsInit]
    private void ReceiveSecured(MonotonicTime now, ReadOnlySpan<byte> datagram)
    {
        var transport = _gate.Transport!;
        if (transport.State == DtlsState.New && _gate.Role == Dtls.DtlsRole.Server)
        {
            transport.Start(now, _progress.DtlsTimeout(_ice.RoundTripTime));
        }

        Span<byte> small = stackalloc byte[2048];
        var plaintext = datagram.Length <= small.Length ? small : new byte[datagram.Length];
        for (var input = datagram; transport.HandleDatagram(now, input, plaintext, out var length); input = default)
        {
            StartAssociation(now);
            _channels.HandlePacket(now, plaintext[..length]);
        }
    }

    [SkipLocalsInit]
    private bool TryTransmitSecured(MonotonicTime now, Span<byte> destination, out Transmit transmit)
    {
        transmit = default;
        if (_gate.Transport is not { } transport || SendPath is not { } path)
        {
            return false;
        }

        if (!transport.TryTransmit(now, destination, out var length))
        {
            Span<byte> packet = stackalloc byte[DtlsTransport.MaxRecordLength];
            if (_associationStarted && transport.State == DtlsState.Connected
                && _channels.TryTransmit(now, packet, out var packetLength))
            {
                if (!transport.TrySeal(packet[..packetLength], destination, out length))
                {
                    return false;
                }
            }
            else if (!TryTransmitCloseNotify(now, transport, destination, out length))
            {
                return false;
            }
        }

        transmit = new Transmit(path, length);
        return true;
    }

    private bool TryTransmitCloseNotify(MonotonicTime now, IDtlsTransport transport, Span<byte> destination, out int length)
    {
        length = 0;
        if (!_progress.IsEnding || transport.State != DtlsState.Connected)
        {
            return false;
        }

        transport.Close();
        return transport.TryTransmit(now, destination, out length);
    }

    private void StartAssociation(MonotonicTime now)
    {
        if (!_associationStarted)
        {
            _associationStarted = true;
            _channels.Start(now);
        }
    }

    /// <summary>After every input: carries what one layer found to the next.</summary>
    private void Update(MonotonicTime now)
    {
        ReadIceEvents();
        if (_gate.Transport is { } transport)
        {
            UpdateSecured(now, transport);
        }

        if (_progress.IsClosing && !_progress.IsEnding && _channels.State == SctpState.Closed)
        {
            _progress.BeginEnd(now);
        }

        if (_progress.IsEnding && SendPath is null)
        {
            Finish();
            return;
        }

        if (_progress.Update(now, _ice.State, _gate.Transport?.State ?? DtlsState.New) is { } changed)
        {
            _events.Enqueue(changed);
        }
    }

    private void UpdateSecured(MonotonicTime now, IDtlsTransport transport)
    {
        if (transport.State == DtlsState.New && _gate.Role == Dtls.DtlsRole.Client && _ice.SelectedPath is not null)
        {
            transport.Start(now, _progress.DtlsTimeout(_ice.RoundTripTime));
        }

        switch (transport.State)
        {
            case DtlsState.Connected:
                StartAssociation(now);
                if (_channels.State == SctpState.Closed && !_progress.IsEnding)
                {
                    _progress.BeginEnd(now); // the far side ended the association, and with it all that we carry
                }

                break;
            case DtlsState.Closed when !_progress.IsEnding:
                _channels.Abort(now, "the peer closed DTLS");
                _progress.BeginEnd(now);
                break;
            case DtlsState.Failed when !_progress.HasFailedFinally:
                _channels.Abort(now, "DTLS failed");
                _progress.FailFinally(new RtcError(
                    transport.IsPeerMismatched ? RtcErrorCode.Authentication : RtcErrorCode.Initialization,
                    "DTLS: " + transport.FailureReason));
                break;
        }
    }

    private void ReadIceEvents()
    {
        while (_ice.TryReadEvent(out var iceEvent))
        {
            switch (iceEvent.Kind)
            {
                case IceEventKind.PathAuthenticated:
                    Routing?.PathAuthenticated(this, iceEvent.Path);
                    _events.Enqueue(new(PeerConnectionEventKind.PathAuthenticated, Path: iceEvent.Path));
                    break;
                case IceEventKind.SelectedPathChanged:
                    SelectedPathChanged(iceEvent.Path);
                    break;
            }
        }
    }

    private void SelectedPathChanged(in TransportPath path)
    {
        _replyPath = null;
        if (_ice.SelectedPath is not null && _previousCredentials is not null)
        {
            _previousCredentials = null;
            Routing?.LocalCredentialsChanged(this);
        }

        _events.Enqueue(new(PeerConnectionEventKind.SelectedPathChanged, Path: path));
    }

    /// <summary>Everything has been sent: the end can be declared.</summary>
    private void FinishWhenDrained(MonotonicTime now)
    {
        if (_progress.IsEnding)
        {
            Finish();
        }
        else if (_progress.HasFailedFinally)
        {
            _ice.Close(); // the alert is out; nothing will use the path any more
        }
    }

    private void Finish()
    {
        _negotiation.Close();
        _ice.Close();
        _progress.Finish();
    }
}
