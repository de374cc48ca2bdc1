using System.Globalization;
using MeshNode.Rtc.Dtls;
using MeshNode.Rtc.Ice;
using MeshNode.Rtc.Sdp;

namespace MeshNode.Rtc;

/// <summary>
/// The offer/answer state machine of RFC 9429 section 4.1 for one data-channel section. It knows descriptions only;
/// <see cref="PeerConnection"/> applies what they mean.
/// </summary>
internal sealed class SessionNegotiation(DtlsFingerprint fingerprint, ushort sctpPort, int maxMessageSize, ulong sessionId)
{
    private const string OwnMid = "0";

    private readonly string _sessionId = sessionId.ToString(CultureInfo.InvariantCulture);
    private ulong _version = 1;
    private DataChannelSdp? _created;
    private SdpType _createdType;

    public SignalingState State { get; private set; }

    public DataChannelSdp? CurrentLocal { get; private set; }

    public DataChannelSdp? CurrentRemote { get; private set; }

    public DataChannelSdp? PendingLocal { get; private set; }

    public DataChannelSdp? PendingRemote { get; private set; }

    /// <summary>Ours: pending before current.</summary>
    public DataChannelSdp? Local => PendingLocal ?? CurrentLocal;

    public SdpType LocalType { get; private set; }

    /// <summary>As received: pending before current.</summary>
    public SessionDescription? RemoteDescription => _pendingRemoteText ?? _currentRemoteText;

    private SessionDescription? _pendingRemoteText;
    private SessionDescription? _currentRemoteText;
    private SdpType _currentLocalType;

    /// <summary>Of several the strongest; null before negotiation.</summary>
    public DtlsFingerprint? RemoteFingerprint => (CurrentRemote ?? PendingRemote)?.Fingerprints.MaxBy(f => f.Algorithm);

    /// <summary>Ours, fixed by the first negotiation.</summary>
    public DtlsRole? Role { get; private set; }

    /// <summary>Whether the answer that is due must carry new ICE credentials, because the remote offer does.</summary>
    public bool IsRemoteRestart => PendingRemote is { } remote && CurrentRemote is { } current && remote.Credentials != current.Credentials;

    /// <summary>Ours, pending before current, with the candidates known by now.</summary>
    public SessionDescription? LocalDescription(IReadOnlyList<IceCandidate> candidates, bool candidatesComplete) => Local is { } local
        ? new(LocalType, (local with { Candidates = candidates, EndOfCandidates = candidatesComplete }).ToSdp())
        : null;

    /// <exception cref="InvalidOperationException">The state allows no offer.</exception>
    public SessionDescription CreateOffer(IceCredentials credentials, IReadOnlyList<IceCandidate> candidates, bool candidatesComplete)
    {
        Require(State is SignalingState.Stable or SignalingState.HaveLocalOffer, "create an offer");
        var (sections, data) = OfferLayout();
        return Created(SdpType.Offer, Describe(sections, data, SdpSetup.ActPass, credentials, candidates, candidatesComplete));
    }

    /// <exception cref="InvalidOperationException">There is no remote offer to answer.</exception>
    public SessionDescription CreateAnswer(IceCredentials credentials, IReadOnlyList<IceCandidate> candidates, bool candidatesComplete)
    {
        Require(State == SignalingState.HaveRemoteOffer, "create an answer");
        var offer = PendingRemote!;
        // Every other m-line is rejected (RFC 3264 section 6), the data section mirrored.
        var sections = offer.Sections.Select((s, i) => s with { IsRejected = i != offer.DataSection }).ToArray();
        var setup = AnswerRole(offer) == DtlsRole.Client ? SdpSetup.Active : SdpSetup.Passive;
        return Created(SdpType.Answer, Describe(sections, offer.DataSection, setup, credentials, candidates, candidatesComplete));
    }

    /// <summary>Takes what was created last. Returns its parsed form; the state is Stable afterwards when it was an answer.</summary>
    /// <exception cref="InvalidOperationException">It is not the description created last, or the state does not allow it.</exception>
    public DataChannelSdp SetLocal(SessionDescription description)
    {
        if (_created is null || description.Type != _createdType || description.Sdp != _created.ToSdp())
        {
            throw new InvalidOperationException("SetLocalDescription takes exactly what CreateOffer or CreateAnswer returned last.");
        }

        var created = _created;
        if (description.Type == SdpType.Offer)
        {
            Require(State is SignalingState.Stable or SignalingState.HaveLocalOffer, "set a local offer");
            PendingLocal = created;
            LocalType = SdpType.Offer;
            State = SignalingState.HaveLocalOffer;
        }
        else
        {
            Require(State == SignalingState.HaveRemoteOffer, "set a local answer");
            Complete(created, PendingRemote!, AnswerRole(PendingRemote!), SdpType.Answer);
        }

        _created = null;
        return created;
    }

    /// <summary>Checks and takes a peer's offer or answer. An offer while ours is pending rolls ours back first (RFC 9429 section 4.1.10.2).</summary>
    public RtcError? SetRemote(SessionDescription description)
    {
        if (State == SignalingState.Closed)
        {
            return new RtcError(RtcErrorCode.Signaling, "the connection is closed");
        }

        if (description.Type == SdpType.Pranswer)
        {
            return new RtcError(RtcErrorCode.Signaling, "provisional answers are not supported");
        }

        if (description.Type == SdpType.Answer && State != SignalingState.HaveLocalOffer)
        {
            return new RtcError(RtcErrorCode.AnswerSet, $"an answer came in state {State}");
        }

        if (!DataChannelSdp.TryParse(description.Type, description.Sdp, out var remote, out var error))
        {
            return error;
        }

        return description.Type == SdpType.Offer ? SetRemoteOffer(description, remote) : SetRemoteAnswer(description, remote);
    }

    /// <summary>Returns to the last stable state. False when nothing is pending.</summary>
    public bool TryRollback()
    {
        if (State is not (SignalingState.HaveLocalOffer or SignalingState.HaveRemoteOffer))
        {
            return false;
        }

        PendingLocal = null;
        PendingRemote = null;
        _pendingRemoteText = null;
        _created = null;
        LocalType = _currentLocalType;
        State = SignalingState.Stable;
        return true;
    }

    /// <summary>Why a peer may not take its offer back now; null when it may.</summary>
    public RtcError? RefuseRemoteRollback() => State == SignalingState.HaveRemoteOffer
        ? null
        : new RtcError(RtcErrorCode.Signaling, $"nothing to roll back in state {State}");

    public void Close()
    {
        State = SignalingState.Closed;
        _created = null;
    }

    private void Require(bool allowed, string what)
    {
        if (!allowed)
        {
            throw new InvalidOperationException($"Cannot {what} in signaling state {State}; {Advice()}.");
        }
    }

    private string Advice() => State switch
    {
        SignalingState.HaveRemoteOffer => "answer the remote offer, or roll it back, first",
        SignalingState.HaveLocalOffer => "wait for the answer, or roll the offer back, first",
        SignalingState.Stable => "set a remote offer first",
        _ => "make a new connection",
    };

    private SessionDescription Created(SdpType type, DataChannelSdp description)
    {
        _created = description;
        _createdType = type;
        return new SessionDescription(type, description.ToSdp());
    }

    // RFC 9429 section 5.2.2: a subsequent offer repeats all m-sections in their order.
    private (IReadOnlyList<SdpMediaSection> Sections, int Data) OfferLayout() => CurrentLocal is { } current
        ? (current.Sections, current.DataSection)
        : ([new SdpMediaSection("application", SdpMediaSection.UdpDtlsSctp, SdpMediaSection.DataChannelFormat, OwnMid, false)], 0);

    private DataChannelSdp Describe(
        IReadOnlyList<SdpMediaSection> sections,
        int data,
        SdpSetup setup,
        IceCredentials credentials,
        IReadOnlyList<IceCandidate> candidates,
        bool candidatesComplete) => new()
        {
            SessionId = _sessionId,
            SessionVersion = ++_version,
            Sections = sections,
            DataSection = data,
            Credentials = credentials,
            Fingerprints = [fingerprint],
            Setup = setup,
            SctpPort = sctpPort,
            MaxMessageSize = maxMessageSize,
            MaxDatagramSize = PathMtuSizes.LargestDatagram, // every record fits into what we read into
            Candidates = [.. candidates],
            EndOfCandidates = candidatesComplete,
        };

    // RFC 9429 section 5.3.1: active unless the association that exists, or the offer, says otherwise.
    private DtlsRole AnswerRole(DataChannelSdp offer) => offer.Setup switch
    {
        SdpSetup.Active => DtlsRole.Server,
        SdpSetup.Passive => DtlsRole.Client,
        _ => Role ?? DtlsRole.Client,
    };

    private RtcError? SetRemoteOffer(SessionDescription text, DataChannelSdp offer)
    {
        if (CurrentRemote is { } current && RefuseChange(current, offer, AnswerRole(offer)) is { } refused)
        {
            return new RtcError(RtcErrorCode.Signaling, refused);
        }

        if (State == SignalingState.HaveLocalOffer)
        {
            TryRollback();
        }

        PendingRemote = offer;
        _pendingRemoteText = text;
        State = SignalingState.HaveRemoteOffer;
        return null;
    }

    private RtcError? SetRemoteAnswer(SessionDescription text, DataChannelSdp answer)
    {
        var offer = PendingLocal!;
        if (answer.Sections.Count != offer.Sections.Count || answer.DataSection != offer.DataSection)
        {
            return new RtcError(RtcErrorCode.AnswerSet, "the answer's m-lines do not match the offer's");
        }

        if (answer.Mid is not null && answer.Mid != offer.Mid)
        {
            return new RtcError(RtcErrorCode.AnswerSet, "the answer's mid does not match the offer's");
        }

        var role = answer.Setup == SdpSetup.Active ? DtlsRole.Server : DtlsRole.Client;
        if (CurrentRemote is { } current && RefuseChange(current, answer, role) is { } refused)
        {
            return new RtcError(RtcErrorCode.AnswerSet, refused);
        }

        // RFC 8839 section 4.4.1.1.1: only an offer that restarts ICE lets the answer change its credentials.
        if (CurrentRemote is { } before && answer.Credentials != before.Credentials && offer.Credentials == CurrentLocal!.Credentials)
        {
            return new RtcError(RtcErrorCode.IceRestart, "the answer restarts ICE, which the offer did not ask for");
        }

        _pendingRemoteText = text;
        Complete(offer, answer, role, SdpType.Offer);
        return null;
    }

    // RFC 8842 section 3.1: new fingerprints or other roles mean a new DTLS association; we make a new connection for that.
    private string? RefuseChange(DataChannelSdp current, DataChannelSdp next, DtlsRole role)
    {
        if (role != Role || !next.Fingerprints.All(current.Fingerprints.Contains))
        {
            return "a new DTLS association over an existing connection is not supported";
        }

        if (next.SctpPort != current.SctpPort)
        {
            return "a new SCTP association over an existing connection is not supported";
        }

        return next.Sections.Count < current.Sections.Count || next.DataSection != current.DataSection
            ? "the m-lines of the session may not be reordered or dropped"
            : null;
    }

    private void Complete(DataChannelSdp local, DataChannelSdp remote, DtlsRole role, SdpType localType)
    {
        CurrentLocal = local;
        CurrentRemote = remote;
        _currentRemoteText = _pendingRemoteText;
        _pendingRemoteText = null;
        PendingLocal = null;
        PendingRemote = null;
        LocalType = _currentLocalType = localType;
        Role = role;
        State = SignalingState.Stable;
    }
}
