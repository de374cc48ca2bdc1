using MeshNode.Rtc.DataChannels;
using MeshNode.Rtc.Dtls;
using MeshNode.Rtc.Ice;
using MeshNode.Rtc.Stun;

namespace MeshNode.Rtc;

/// <summary>
/// One WebRTC connection with data channels: ICE finds a path, DTLS secures it, SCTP carries the channels. Sans-IO:
/// the owner loops input, transmits, events and one timer. Touched by one thread only; method names are W3C's.
/// </summary>
public sealed class PeerConnection : IDisposable
{
    private readonly PeerConnectionConfiguration _configuration;
    private readonly IceSession _ice;
    private readonly SecureChannels _secure;
    private readonly SessionNegotiation _negotiation;
    private readonly PeerConnectionProgress _progress;
    private readonly PeerConnectionEvents _events;
    private readonly PeerConnectionTraffic _traffic = new();

    private TransportPath? _replyPath; // where DTLS came from while no path is selected

    /// <param name="configuration">May be shared by connections of one loop.</param>
    /// <param name="now">The time of the call.</param>
    public PeerConnection(PeerConnectionConfiguration configuration, MonotonicTime now)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        _configuration = configuration;
        _ice = new IceSession(configuration);
        _secure = new SecureChannels(configuration);
        _negotiation = new SessionNegotiation(
            configuration.Certificate.Fingerprint,
            configuration.DataChannels.Sctp.LocalPort,
            configuration.DataChannels.MaxMessageSize,
            configuration.Secure.NextUInt64() >> 1);
        _progress = new PeerConnectionProgress(configuration);
        _events = new PeerConnectionEvents(_secure.Channels, _progress);
        CreatedAt = now;
    }

    public MonotonicTime CreatedAt { get; }

    /// <summary>By which a shared port routes STUN requests to this connection.</summary>
    public string LocalUsernameFragment => _ice.LocalUsernameFragment;

    /// <summary>By which a shared port routes STUN responses: the first four bytes of our transaction ids, big-endian.</summary>
    public uint TransactionTag => _ice.TransactionTag;

    public PeerConnectionState ConnectionState => _progress.State;

    public IceConnectionState IceConnectionState => _ice.Agent.State;

    public SignalingState SignalingState => _negotiation.State;

    /// <summary>Pending before current, with every local candidate known by now.</summary>
    public SessionDescription? LocalDescription => _negotiation.LocalDescription(_ice.LocalCandidates, _ice.LocalCandidatesComplete);

    /// <summary>Pending before current, as received.</summary>
    public SessionDescription? RemoteDescription => _negotiation.RemoteDescription;

    public DtlsFingerprint LocalFingerprint => _configuration.Certificate.Fingerprint;

    /// <summary>The fingerprint that the peer's certificate has to match, or did; of several the strongest. Null before negotiation.</summary>
    public DtlsFingerprint? RemoteFingerprint => _negotiation.RemoteFingerprint;

    /// <summary>Null before negotiation.</summary>
    public DtlsRole? DtlsRole => _negotiation.Role;

    public TransportPath? SelectedPath => _ice.Agent.SelectedPath;

    public IReadOnlyCollection<DataChannel> DataChannels => _secure.Channels.Channels;

    /// <summary>mDNS names of remote candidates that wait for <see cref="ResolveRemoteHostName"/>.</summary>
    public IReadOnlyList<string> UnresolvedHostNames => _ice.Agent.UnresolvedHostNames;

    public MonotonicTime? NextTimeout => _progress.IsOver ? null
        : MonotonicTime.Earliest(MonotonicTime.Earliest(_ice.Agent.NextTimeout, _secure.NextTimeout), _progress.Deadline);

    internal string? PreviousUsernameFragment => _ice.PreviousUsernameFragment;

    internal IPeerConnectionRouting? Routing { get; set; }

    private TransportPath? SendPath => _ice.Agent.SelectedPath
        ?? (_ice.Agent.State is IceConnectionState.Disconnected or IceConnectionState.Failed ? null : _replyPath);

    /// <summary>An offer with the local candidates known by now; others trickle.</summary>
    /// <param name="iceRestart">Asks for new ICE credentials, and with them for a new path.</param>
    /// <exception cref="InvalidOperationException">The signaling state allows no offer.</exception>
    public SessionDescription CreateOffer(bool iceRestart = false)
    {
        // Nothing was negotiated yet: there is nothing to restart.
        var credentials = _ice.Offer(iceRestart && _negotiation.CurrentRemote is not null);
        return _negotiation.CreateOffer(credentials, _ice.LocalCandidates, _ice.LocalCandidatesComplete);
    }

    /// <exception cref="InvalidOperationException">There is no remote offer to answer.</exception>
    public SessionDescription CreateAnswer()
    {
        // RFC 8839 section 4.4.1.1.1: an answer to an offer that restarts carries new credentials, any other the same.
        var credentials = _ice.Offer(_negotiation.IsRemoteRestart);
        return _negotiation.CreateAnswer(credentials, _ice.LocalCandidates, _ice.LocalCandidatesComplete);
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
        if (_ice.CommitOffered(now))
        {
            IceRestarted(now);
        }
        else if (_negotiation.CurrentRemote is null)
        {
            _ice.Agent.SetRole(IceRole.Controlling); // RFC 8445 section 6.1.1: the one that offers first controls
        }

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
        if (description.Type == SdpType.Rollback)
        {
            error = _negotiation.RefuseRemoteRollback();
            if (error is null)
            {
                Rollback(now);
            }

            return error is null;
        }

        var hadLocalOffer = SignalingState == SignalingState.HaveLocalOffer;
        error = _negotiation.SetRemote(description);
        if (error is not null)
        {
            return false;
        }

        if (description.Type == SdpType.Offer && hadLocalOffer)
        {
            TakeBackOffer(now); // the negotiation has rolled it back
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

        _ice.AddTrickled(now, usernameFragment ?? parsed?.UsernameFragment, parsed, SignalingState == SignalingState.HaveRemoteOffer);
        Update(now);
        return true;
    }

    /// <summary>Gives one of this machine's candidates; it becomes part of later descriptions, and trickles when one is set already.</summary>
    public void AddLocalCandidate(MonotonicTime now, IceCandidate candidate)
    {
        ArgumentNullException.ThrowIfNull(candidate);
        if (_ice.AddLocalCandidate(now, candidate) && _negotiation.Local is not null)
        {
            AnnounceCandidates(_ice.LocalCandidates.Count - 1);
        }

        Update(now);
    }

    /// <summary>No more local candidates will come; later descriptions say so.</summary>
    public void SetLocalCandidatesComplete(MonotonicTime now)
    {
        _ice.LocalCandidatesComplete = true;
        Update(now);
    }

    /// <summary>The edge has resolved a name of <see cref="UnresolvedHostNames"/>.</summary>
    public bool ResolveRemoteHostName(MonotonicTime now, string hostName, System.Net.IPAddress address)
    {
        var resolved = _ice.Agent.ResolveRemoteHostName(now, hostName, address);
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

        return _secure.Channels.CreateDataChannel(now, label, init);
    }

    public PeerConnectionStatistics GetStatistics() =>
        _traffic.ToStatistics(_ice.Agent.RoundTripTime, _progress.SetupTime, _secure.Channels.Statistics);

    /// <summary>Takes one datagram that a shared port has routed here (RFC 7983).</summary>
    public void HandleDatagram(MonotonicTime now, in TransportPath path, ReadOnlySpan<byte> datagram)
    {
        _traffic.Received(datagram.Length);
        if (_progress.IsOver || datagram.IsEmpty)
        {
            _traffic.Dropped();
        }
        else if (StunDatagram.IsStun(datagram))
        {
            _ice.Agent.HandleDatagram(now, path, datagram);
        }
        else if (datagram[0] is < 20 or > 63 || !TryHandleDtls(now, path, datagram))
        {
            _traffic.Dropped();
        }

        Update(now);
    }

    /// <summary>
    /// A datagram could not be sent because the first hop takes no such size (EMSGSIZE): it counts as a probe that was lost, or
    /// ends the use of larger datagrams.
    /// </summary>
    public void HandleDatagramTooBig(MonotonicTime now, int size)
    {
        if (!_progress.IsOver)
        {
            _secure.HandleDatagramTooBig(now, size);
        }
    }

    public void HandleTimeout(MonotonicTime now)
    {
        if (_progress.IsOver)
        {
            return;
        }

        _ice.Agent.HandleTimeout(now);
        _secure.HandleTimeout(now);
        if (_progress.HandleTimeout(now) == PeerConnectionProgress.Expiry.CloseTimedOut)
        {
            _secure.Channels.Abort(now, "close timed out");
        }

        if (_progress.IsOver)
        {
            Finish();
        }

        Update(now);
    }

    /// <summary>Writes the next datagram that is to be sent.</summary>
    /// <param name="now">The time of the call.</param>
    /// <param name="destination">
    /// At least <see cref="PeerConnectionConfiguration.DatagramSize"/> bytes, 1,280 or more; what it has above that, up to
    /// <see cref="PeerConnectionConfiguration.MaxDatagramSize"/>, path MTU discovery may use.
    /// </param>
    /// <param name="transmit">Where it goes.</param>
    public bool TryTransmit(MonotonicTime now, Span<byte> destination, out Transmit transmit)
    {
        transmit = default;
        if (_progress.IsOver)
        {
            return false;
        }

        if (_ice.Agent.TryTransmit(now, destination, out transmit) || TryTransmitSecured(now, destination, out transmit))
        {
            _traffic.Sent(transmit.Length);
            return true;
        }

        if (_progress.IsEnding)
        {
            Finish(); // nothing is left to send: the end can be declared
        }

        return false;
    }

    /// <summary>The next event. A message's data stays valid until the following call.</summary>
    public bool TryReadEvent(out PeerConnectionEvent rtcEvent) => _events.TryRead(out rtcEvent);

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
        if (_secure.IsStarted && SendPath is not null)
        {
            _secure.Channels.Shutdown(now);
        }
        else
        {
            _secure.Channels.Abort(now, "closed");
        }

        Update(now);
    }

    /// <summary>Ends at once and frees the native state; nothing is sent any more.</summary>
    public void Dispose()
    {
        Finish();
        _secure.Dispose();
    }

    /// <summary>Every count agrees with what it counts; for tests.</summary>
    internal bool IsConsistent() => _secure.Channels.IsConsistent();

    /// <summary>With which checks of the peer are signed; for tests that play a peer.</summary>
    internal string LocalPassword => _ice.Agent.LocalCredentials.Password;

    private void AnnounceCandidates(int from)
    {
        foreach (var candidate in _ice.CandidatesToTrickle(from))
        {
            _events.Add(new(PeerConnectionEventKind.IceCandidateGathered, Candidate: candidate));
        }
    }

    /// <summary>Both descriptions are known: gives every layer what they say.</summary>
    private void ApplyNegotiation(MonotonicTime now, bool isOfferer)
    {
        var remote = _negotiation.CurrentRemote!;
        if (!_secure.IsNegotiated) // RFC 8445 section 6.1.1: the offerer controls; a full agent always controls a lite one
        {
            _ice.Agent.SetRole(isOfferer || remote.IsIceLite ? IceRole.Controlling : IceRole.Controlled);
        }

        _ice.Apply(now, remote);
        _secure.Apply(now, _negotiation.Role!.Value, remote, _ice.Agent.RoundTripTime);
    }

    private void IceRestarted(MonotonicTime now)
    {
        _progress.Restart(now);
        Routing?.LocalCredentialsChanged(this);
        _events.Add(new(PeerConnectionEventKind.LocalCredentialsChanged));
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
            TakeBackOffer(now);
        }

        Update(now);
    }

    private void TakeBackOffer(MonotonicTime now)
    {
        if (_ice.TakeBack(now, _negotiation.CurrentLocal?.Credentials, _negotiation.CurrentRemote?.Credentials))
        {
            IceRestarted(now);
        }
    }

    private bool TryHandleDtls(MonotonicTime now, in TransportPath path, ReadOnlySpan<byte> datagram)
    {
        // Accepted, or kept, only from paths with an integrity-valid connectivity check.
        if (_ice.Agent.SelectedPath != path && !_ice.Agent.IsPathAuthenticated(path))
        {
            return false;
        }

        _replyPath = path;
        return _secure.HandleDatagram(now, datagram, _ice.Agent.RoundTripTime);
    }

    private bool TryTransmitSecured(MonotonicTime now, Span<byte> destination, out Transmit transmit)
    {
        transmit = default;
        if (SendPath is not { } path || !_secure.TryTransmit(now, destination, _progress.IsEnding, out var length))
        {
            return false;
        }

        transmit = new Transmit(path, length);
        return true;
    }

    /// <summary>After every input: carries what one layer found to the next.</summary>
    private void Update(MonotonicTime now)
    {
        if (_progress.IsOver)
        {
            return;
        }

        ReadIceEvents(now);
        if (_ice.Agent.SelectedPath is not null)
        {
            _secure.PathIsUsable(now, _ice.Agent.RoundTripTime);
        }

        _secure.Advance(now);
        UpdateEnd(now);
        if (_progress.Update(now, _ice.Agent.State, _secure.State) is { } changed)
        {
            _events.Add(changed);
        }
    }

    private void UpdateEnd(MonotonicTime now)
    {
        if (_secure.Failure is { } failure && !_progress.HasFailedFinally)
        {
            _secure.Channels.Abort(now, "DTLS failed");
            _progress.FailFinally(failure);
        }

        if (_secure.State == DtlsState.Closed && !_progress.IsEnding)
        {
            _secure.Channels.Abort(now, "the peer closed DTLS");
            _progress.BeginEnd(now);
        }

        // An association that has ended, whoever ended it, takes the connection with it: it carried nothing else.
        if (!_progress.IsEnding && !_progress.HasFailedFinally && (_secure.HasEnded || (_progress.IsClosing && !_secure.IsStarted)))
        {
            _progress.BeginEnd(now);
        }

        if (_progress.IsClosing && SendPath is null)
        {
            Finish();
        }
    }

    private void ReadIceEvents(MonotonicTime now)
    {
        while (_ice.Agent.TryReadEvent(out var iceEvent))
        {
            switch (iceEvent.Kind)
            {
                case IceEventKind.PathAuthenticated:
                    Routing?.PathAuthenticated(this, iceEvent.Path);
                    _events.Add(new(PeerConnectionEventKind.PathAuthenticated, Path: iceEvent.Path));
                    break;
                case IceEventKind.PathValidated:
                    Routing?.PathValidated(this, iceEvent.Path);
                    break;
                case IceEventKind.SelectedPathChanged:
                    SelectedPathChanged(now, iceEvent.Path);
                    break;
            }
        }
    }

    private void SelectedPathChanged(MonotonicTime now, in TransportPath path)
    {
        _replyPath = null;
        _secure.HandlePathChange(now);
        if (_ice.Agent.SelectedPath is not null && _ice.EndPreviousGeneration())
        {
            Routing?.LocalCredentialsChanged(this);
        }

        _events.Add(new(PeerConnectionEventKind.SelectedPathChanged, Path: path));
    }

    private void Finish()
    {
        _negotiation.Close();
        _ice.Agent.Close();
        _progress.Finish();
    }
}
