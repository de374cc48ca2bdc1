using System.Net;
using MeshNode.Rtc.Stun;

namespace MeshNode.Rtc.Ice;

/// <summary>
/// A full ICE agent (RFC 8445, trickle 8838, consent 7675) for one data stream of one component. Sans-IO: it is fed
/// datagrams and the time, and asked for datagrams, events and the next timeout. After every call the owner drains
/// <see cref="TryTransmit"/> and <see cref="TryReadEvent"/>. Touched by one thread.
/// </summary>
public sealed class IceAgent
{
    /// <summary>The least length of the buffer given to <see cref="TryTransmit"/>, in bytes; a request with the longest names fits.</summary>
    public const int MinimumTransmitBuffer = 640;

    private const int MaximumPendingResponses = 64;
    private const int MaximumReportedUnknownAttributes = 8;

    private readonly IceAgentConfiguration _configuration;
    private readonly uint _transactionTag;
    private readonly RandomSource _secure;
    private readonly TransactionTable _transactions;
    private readonly AuthenticatedPaths _authenticatedPaths = new();
    private readonly Queue<PendingResponse> _responses = new();
    private readonly Queue<IceEvent> _events = new();
    private readonly List<IceCandidate> _localCandidates = [];
    private readonly List<IceCandidate> _earlyCandidates = []; // remote ones of a generation whose credentials are not known yet
    private readonly IceSelection _selection;
    private IceGeneration _current;
    private IceGeneration? _previous; // after a restart, while the selected pair is still one of its own
    private ulong _tieBreaker;
    private MonotonicTime _now; // of the latest call
    private MonotonicTime _nextOrdinary;
    private MonotonicTime? _nominationAt;
    private IceStatistics _statistics;

    /// <param name="configuration">Paces, timeouts, limits.</param>
    /// <param name="role">Offerers control, unless the far side is lite; see <see cref="SetRole"/>.</param>
    /// <param name="local">Ours for this generation.</param>
    /// <param name="transactionTag">The first four bytes of every transaction id made here, by which a shared port routes answers.</param>
    /// <param name="jitter">For timers.</param>
    /// <param name="secure">For transaction ids and tie-breaker.</param>
    public IceAgent(
        IceAgentConfiguration configuration, IceRole role, IceCredentials local, uint transactionTag, RandomSource jitter, RandomSource secure)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        ArgumentNullException.ThrowIfNull(jitter);
        ArgumentNullException.ThrowIfNull(secure);
        ThrowIfIllFormed(local, nameof(local));
        _configuration = configuration;
        _transactionTag = transactionTag;
        _secure = secure;
        _tieBreaker = secure.NextUInt64();
        _transactions = new TransactionTable(configuration);
        _selection = new IceSelection(configuration, jitter);
        _current = new IceGeneration(local, configuration, role);
        Role = role;
    }

    public IceRole Role { get; private set; }

    public IceCredentials LocalCredentials => _current.Local;

    public IceCredentials? RemoteCredentials => _current.Remote;

    public IceConnectionState State { get; private set; }

    /// <summary>Where data goes: the nominated pair's path, and before nomination that of the first pair that succeeded.</summary>
    public TransportPath? SelectedPath => _selection.Pair?.Path;

    public IceCandidate? SelectedLocalCandidate => _selection.Pair is { } pair ? pair.Reflexive ?? pair.Local : null;

    public IceCandidate? SelectedRemoteCandidate => _selection.Pair?.Remote.Candidate;

    /// <summary>Smoothed, of the selected path; null until a check was answered at its first transmission.</summary>
    public TimeSpan? RoundTripTime => _selection.RoundTrip.Value;

    /// <summary>RFC 8838 §13: the far side has said that no more candidates come in this generation.</summary>
    public bool IsRemoteComplete => _current.IsRemoteComplete;

    /// <summary>Names (mDNS) of remote candidates that wait for <see cref="ResolveRemoteHostName"/>.</summary>
    public IReadOnlyList<string> UnresolvedHostNames => [.. _current.Remotes.UnresolvedHostNames];

    public IceStatistics Statistics => _statistics;

    public MonotonicTime? NextTimeout
    {
        get
        {
            if (State == IceConnectionState.Closed)
            {
                return null;
            }

            var next = MonotonicTime.Earliest(_transactions.NextDeadline, _selection.Consent.NextTimeout);
            next = MonotonicTime.Earliest(next, _nominationAt);
            if (_selection.Pair is null && State != IceConnectionState.Failed)
            {
                next = MonotonicTime.Earliest(next, _current.Deadline);
            }

            if (CanCheck && _current.Checks.HasOrdinary)
            {
                next = MonotonicTime.Earliest(next, _nextOrdinary);
            }

            return _responses.Count > 0 || (CanCheck && _current.Checks.HasTriggered) ? MonotonicTime.Earliest(next, _now) : next;
        }
    }

    private bool CanCheck => _current.Remote is not null && State is not (IceConnectionState.Failed or IceConnectionState.Closed);

    /// <summary>Sets the role that signalling decided on. Later only a role conflict changes it.</summary>
    /// <exception cref="InvalidOperationException">Checks have started: the far side's credentials are set.</exception>
    public void SetRole(IceRole role)
    {
        if (_current.Remote is not null)
        {
            throw new InvalidOperationException("Set the ICE role before the remote credentials.");
        }

        ChangeRole(role);
    }

    /// <summary>Adds an address of ours to pair. Only host candidates are known to the agent so far.</summary>
    /// <param name="now">The time.</param>
    /// <param name="candidate">Of type host, UDP, with a unicast address; one with a known address is passed over.</param>
    public void AddLocalCandidate(MonotonicTime now, IceCandidate candidate)
    {
        ArgumentNullException.ThrowIfNull(candidate);
        if (candidate.Type != IceCandidateType.Host || candidate.HostName is not null || !RemoteCandidateSet.IsUsable(candidate, _configuration with { AcceptsLoopback = true }))
        {
            throw new ArgumentException($"Not a UDP host candidate with a unicast address: {candidate}", nameof(candidate));
        }

        _now = now;
        if (State == IceConnectionState.Closed || _localCandidates.Exists(known => known.Address == candidate.Address))
        {
            return;
        }

        _localCandidates.Add(candidate);
        if (!_current.Checks.HasNominated)
        {
            _current.Checks.AddLocal(candidate, _current.Remotes.Usable);
        }
    }

    /// <summary>Starts checks: with them our requests can be signed. The candidates that came early join.</summary>
    /// <exception cref="InvalidOperationException">Other credentials are set already; <see cref="Restart"/> comes first.</exception>
    public void SetRemoteCredentials(MonotonicTime now, IceCredentials remote)
    {
        ThrowIfIllFormed(remote, nameof(remote));
        _now = now;
        if (State == IceConnectionState.Closed || _current.Remote == remote)
        {
            return;
        }

        if (_current.Remote is not null)
        {
            throw new InvalidOperationException("Remote ICE credentials change only with a restart: call Restart first.");
        }

        _current.SetRemote(remote);
        _current.Deadline = now + _configuration.CheckingTimeout;
        foreach (var candidate in _earlyCandidates)
        {
            if (candidate.UsernameFragment is not { } fragment || fragment == remote.UsernameFragment)
            {
                TryPairRemote(candidate);
            }
        }

        _earlyCandidates.Clear();
        if (_selection.Pair is null)
        {
            SetState(IceConnectionState.Checking);
        }
    }

    /// <summary>Takes a signalled candidate, in any order relative to credentials and checks.</summary>
    /// <returns>False when it is a duplicate, unusable (TCP, another component, not unicast) or over the limit.</returns>
    public bool AddRemoteCandidate(MonotonicTime now, IceCandidate candidate)
    {
        ArgumentNullException.ThrowIfNull(candidate);
        _now = now;
        if (State == IceConnectionState.Closed || !RemoteCandidateSet.IsUsable(candidate, _configuration))
        {
            return false;
        }

        var isOfCurrent = _current.Remote is { } remote
            && (candidate.UsernameFragment is not { } fragment || fragment == remote.UsernameFragment);
        if (isOfCurrent)
        {
            return TryPairRemote(candidate);
        }

        if (_earlyCandidates.Count >= _configuration.MaximumRemoteCandidates || _earlyCandidates.Contains(candidate))
        {
            return false;
        }

        _earlyCandidates.Add(candidate);
        return true;
    }

    /// <summary>Gives the address behind a name of <see cref="UnresolvedHostNames"/>.</summary>
    /// <returns>False when no usable candidate came of it.</returns>
    public bool ResolveRemoteHostName(MonotonicTime now, string hostName, IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(hostName);
        ArgumentNullException.ThrowIfNull(address);
        _now = now;
        var isUsed = false;
        foreach (var candidate in _current.Remotes.Resolve(hostName, address))
        {
            isUsed |= RemoteCandidateSet.IsUsable(candidate, _configuration) && TryPairRemote(candidate);
        }

        return isUsed;
    }

    /// <summary>RFC 8838 §13, end-of-candidates of the current generation. Later candidates are still taken.</summary>
    public void SetRemoteCandidatesComplete(MonotonicTime now)
    {
        _now = now;
        _current.IsRemoteComplete = true;
        Nominate(now);
    }

    /// <summary>
    /// RFC 8445 §9: new credentials, new checks. Data stays on the selected path until the new generation has one.
    /// The far side's new credentials follow by <see cref="SetRemoteCredentials"/>.
    /// </summary>
    public void Restart(MonotonicTime now, IceCredentials local)
    {
        ThrowIfIllFormed(local, nameof(local));
        _now = now;
        if (State == IceConnectionState.Closed)
        {
            return;
        }

        _previous = _selection.Pair?.Generation;
        _transactions.RemoveAll(transaction => !transaction.IsConsent);
        _current = new IceGeneration(local, _configuration, Role);
        _nominationAt = null;
        foreach (var candidate in _localCandidates)
        {
            _current.Checks.AddLocal(candidate, []);
        }

        if (_selection.Pair is null)
        {
            SetState(IceConnectionState.New);
        }
    }

    /// <summary>An integrity-valid check or response was seen on the path.</summary>
    public bool IsPathAuthenticated(in TransportPath path) => _authenticatedPaths.Contains(path);

    /// <summary>Ends it at once and silently: ICE has no farewell.</summary>
    public void Close()
    {
        StopEverything();
        _responses.Clear();
        SetState(IceConnectionState.Closed);
    }

    /// <param name="now">The time.</param>
    /// <param name="path">Where the datagram came from and to.</param>
    /// <param name="datagram">One for which <see cref="StunDatagram.IsStun"/> holds; anything else is counted and dropped.</param>
    public void HandleDatagram(MonotonicTime now, in TransportPath path, ReadOnlySpan<byte> datagram)
    {
        _now = now;
        if (State == IceConnectionState.Closed)
        {
            return;
        }

        if (!StunReader.TryParse(datagram, out var message) || message.Method != StunMethod.Binding)
        {
            _statistics = _statistics with { Malformed = _statistics.Malformed + 1 };
            return;
        }

        switch (message.Class)
        {
            case StunMessageClass.Request:
                HandleRequest(now, path, message);
                break;
            case StunMessageClass.SuccessResponse or StunMessageClass.ErrorResponse:
                HandleResponse(now, path, message);
                break;
            default:
                break; // RFC 8445 §11: a Binding indication keeps a NAT open and asks for nothing
        }

        Nominate(now);
    }

    public void HandleTimeout(MonotonicTime now)
    {
        _now = now;
        if (State == IceConnectionState.Closed)
        {
            return;
        }

        while (_transactions.TakeFailed(now) is { } failed)
        {
            FailCheck(failed);
        }

        if (_selection.Consent.HasExpired(now))
        {
            LoseConsent();
        }
        else if (_selection.Consent.BecomesSilent(now))
        {
            SetState(IceConnectionState.Disconnected);
            SeekAlternative(now);
        }

        if (_selection.Pair is null && _current.Deadline <= now)
        {
            Fail();
        }

        Nominate(now);
    }

    /// <summary>Writes the next datagram that is due.</summary>
    /// <param name="now">The time.</param>
    /// <param name="destination">At least <see cref="MinimumTransmitBuffer"/> bytes.</param>
    /// <param name="transmit">How long it is and where it goes.</param>
    /// <returns>False when nothing is due.</returns>
    public bool TryTransmit(MonotonicTime now, Span<byte> destination, out Transmit transmit)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(destination.Length, MinimumTransmitBuffer);
        _now = now;
        if (_responses.TryDequeue(out var response))
        {
            transmit = new Transmit(response.Path, BindingWriter.WriteResponse(destination, response));
            return true;
        }

        if (NextRequest(now) is not { } transaction)
        {
            transmit = default;
            return false;
        }

        _statistics = _statistics with { ChecksSent = _statistics.ChecksSent + 1 };
        transmit = new Transmit(transaction.Pair.Path, BindingWriter.WriteRequest(destination, transaction));
        return true;
    }

    public bool TryReadEvent(out IceEvent iceEvent) => _events.TryDequeue(out iceEvent);

    // ---- requests of the far side, RFC 8445 §7.3 ----

    private void HandleRequest(MonotonicTime now, in TransportPath path, StunReader message)
    {
        if (BindingRequest.Authenticate(message, _current, _previous, out var request) is not 0 and var refusal)
        {
            _statistics = _statistics with { Unauthenticated = _statistics.Unauthenticated + 1 };
            // An answer to nobody in particular must not be longer than what it answers: no amplification.
            if (PendingResponse.UnsignedLength(refusal) <= message.Length)
            {
                Respond(new PendingResponse(path, message.TransactionId, refusal, null));
            }

            return;
        }

        _statistics = _statistics with { RequestsReceived = _statistics.RequestsReceived + 1 };
        Span<ushort> unknown = stackalloc ushort[MaximumReportedUnknownAttributes];
        if (message.CopyUnknownAttributes(unknown) is > 0 and var count)
        {
            Respond(new PendingResponse(
                path, message.TransactionId, StunErrorCode.UnknownAttribute, request.Generation, unknown[..count].ToArray()));
            return;
        }

        if (request.Generation == _current && IsRefusedByRole(now, request))
        {
            Respond(new PendingResponse(path, message.TransactionId, StunErrorCode.RoleConflict, request.Generation));
            return;
        }

        Authenticate(path);
        Respond(new PendingResponse(path, message.TransactionId, 0, request.Generation));
        if (_selection.Pair?.Path == path)
        {
            _selection.Consent.OnHeard();
            RestoreState();
        }

        if (request.Generation == _current && request.IsFromPeer && State != IceConnectionState.Failed)
        {
            TriggerCheck(now, path, request);
        }
    }

    private void TriggerCheck(MonotonicTime now, in TransportPath path, in BindingRequest request)
    {
        var checks = _current.Checks;
        var pair = checks.Find(path);
        if (pair is null)
        {
            if (checks.FindLocal(path.Local) is not { } local
                || _current.Remotes.FindOrAddPeerReflexive(path.Remote, request.Priority) is not { } remote)
            {
                return;
            }

            pair = checks.Add(local, remote);
            if (pair is null)
            {
                return;
            }
        }

        if (request.UseCandidate && Role == IceRole.Controlled)
        {
            pair.NominateOnSuccess = true;
            if (pair.State == CandidatePairState.Succeeded)
            {
                AcceptNomination(now, pair);
                return;
            }
        }

        var isWorthChecking = pair.State != CandidatePairState.Succeeded
            || (State == IceConnectionState.Disconnected && pair != _selection.Pair);
        if (isWorthChecking && checks.TryTrigger(now, pair) && pair.State != CandidatePairState.Succeeded)
        {
            CancelCurrent(now, pair);
            pair.State = CandidatePairState.Waiting;
        }
    }

    private bool IsRefusedByRole(MonotonicTime now, in BindingRequest request)
    {
        switch (RoleConflict.Resolve(Role, request.ClaimedRole, _tieBreaker, request.TieBreaker))
        {
            case RoleConflictResolution.Refuse:
                return true;
            case RoleConflictResolution.SwitchRole:
                SwitchRole(now);
                return false;
            default:
                return false;
        }
    }

    private void Respond(in PendingResponse response)
    {
        if (_responses.Count < MaximumPendingResponses)
        {
            _responses.Enqueue(response);
        }
    }

    // ---- answers to our requests, RFC 8445 §7.2.5 ----

    private void HandleResponse(MonotonicTime now, in TransportPath path, StunReader message)
    {
        if (message.TransactionId.Tag != _transactionTag || _transactions.Find(message.TransactionId) is not { } transaction)
        {
            _statistics = _statistics with { Unmatched = _statistics.Unmatched + 1 };
            return;
        }

        // RFC 8489 §9.1.4: without valid integrity "the response MUST be discarded, as if it had never been received".
        var pair = transaction.Pair;
        if (message.VerifyIntegrity(pair.Generation.RemotePassword) != StunIntegrityResult.Valid)
        {
            _statistics = _statistics with { Unauthenticated = _statistics.Unauthenticated + 1 };
            return;
        }

        _statistics = _statistics with { ResponsesReceived = _statistics.ResponsesReceived + 1 };
        _transactions.Remove(transaction);
        Span<ushort> unknown = stackalloc ushort[1];
        if (message.Class == StunMessageClass.ErrorResponse)
        {
            HandleErrorResponse(now, transaction, message);
        }
        // §7.2.5.2.1: "if the source and destination ... are not symmetric, the agent MUST set the candidate pair state to Failed."
        else if (path != pair.Path || !message.TryReadXorMappedAddress(out var mapped) || message.CopyUnknownAttributes(unknown) > 0)
        {
            FailCheck(transaction);
        }
        else
        {
            Authenticate(path);
            HandleSuccess(now, transaction, mapped);
        }
    }

    private void HandleErrorResponse(MonotonicTime now, CheckTransaction transaction, StunReader message)
    {
        if (!message.TryReadErrorCode(out var code) || code != StunErrorCode.RoleConflict)
        {
            FailCheck(transaction);
            return;
        }

        // §7.2.5.1: switch, unless that happened since, and check again with the new role.
        if (transaction.Role == Role)
        {
            SwitchRole(now);
        }

        if (transaction.Pair.Generation == _current && !transaction.IsConsent && transaction.Pair.State != CandidatePairState.Succeeded)
        {
            CancelCurrent(now, transaction.Pair);
            transaction.Pair.State = CandidatePairState.Waiting;
            _current.Checks.Enqueue(now, transaction.Pair);
        }
    }

    private void HandleSuccess(MonotonicTime now, CheckTransaction transaction, TransportAddress mapped)
    {
        var pair = transaction.Pair;
        pair.LastResponse = now;
        if (pair == _selection.Pair)
        {
            _selection.Consent.OnResponse(now);
            RestoreState();
        }

        if (transaction.Transmissions == 1 && (pair == _selection.Pair || _selection.Pair is null))
        {
            _selection.RoundTrip.Add(now - transaction.SentAt); // Karn: an answer after a retransmission tells nothing
        }

        if (transaction.IsConsent || pair.Generation != _current)
        {
            return;
        }

        if (pair.Current == transaction)
        {
            pair.Current = null;
        }
        else if (pair.Current is { UseCandidate: false })
        {
            CancelCurrent(now, pair);
        }

        LearnReflexive(pair, mapped);
        if (pair.State != CandidatePairState.Succeeded)
        {
            pair.State = CandidatePairState.Succeeded;
            _current.FirstValidAt ??= now;
            _current.Checks.Unfreeze(pair);
        }

        var isNominated = Role == IceRole.Controlling
            ? transaction is { UseCandidate: true, Role: IceRole.Controlling }
            : pair.NominateOnSuccess;
        if (isNominated)
        {
            AcceptNomination(now, pair);
        }
        else if (_selection.Pair is null || (State == IceConnectionState.Disconnected && pair != _selection.Pair))
        {
            Select(now, pair);
        }
    }

    /// <summary>RFC 8445 §7.2.5.3.1: a mapped address that no local candidate has makes a peer-reflexive one.</summary>
    private static void LearnReflexive(CandidatePair pair, TransportAddress mapped)
    {
        if (mapped == RemoteCandidateSet.WithoutScope(pair.Local.Address) || pair.Reflexive?.Address == mapped)
        {
            return;
        }

        pair.Reflexive = new IceCandidate
        {
            Foundation = IcePriority.Foundation(IceCandidateType.PeerReflexive, pair.Local.Address),
            Priority = IcePriority.WithType(pair.Local.Priority, IceCandidateType.PeerReflexive),
            Address = mapped,
            Type = IceCandidateType.PeerReflexive,
            RelatedAddress = pair.Local.Address,
        };
    }

    private static void FailCheck(CheckTransaction transaction)
    {
        var pair = transaction.Pair;
        if (transaction.IsConsent || transaction.IsCancelled || pair.Current != transaction)
        {
            return;
        }

        pair.Current = null;
        pair.State = CandidatePairState.Failed; // a valid pair whose nomination was never answered, too
    }

    // ---- what we send, RFC 8445 §6.1.4 and §14 ----

    private CheckTransaction? NextRequest(MonotonicTime now)
    {
        if (State is IceConnectionState.Closed or IceConnectionState.Failed)
        {
            return null;
        }

        if (_transactions.TakeRetransmission(now) is { } again)
        {
            return again;
        }

        if (_selection.Pair is { } selected && _selection.Consent.NextCheck <= now)
        {
            _selection.Consent.OnCheckSent(now);
            return StartTransaction(now, selected, useCandidate: false, isConsent: true);
        }

        if (_current.Remote is null)
        {
            return null;
        }

        // Ta paces what opens NAT bindings (RFC 8445 Appendix B.1). A triggered check or a nomination goes where an
        // authenticated datagram came from and opens none, so it does not wait for its turn.
        if (_current.Checks.TakeTriggered() is { } triggered)
        {
            return StartCheck(now, triggered);
        }

        if (now < _nextOrdinary || _current.Checks.TakeOrdinary() is not { } ordinary)
        {
            return null;
        }

        _nextOrdinary = now + _configuration.CheckInterval;
        return StartCheck(now, ordinary);
    }

    private CheckTransaction StartCheck(MonotonicTime now, CandidatePair pair)
    {
        var useCandidate = Role == IceRole.Controlling && (pair.WantsNomination || Nomination.IsDueWithFirstCheck(pair, _configuration));
        pair.WantsNomination = false;
        CancelCurrent(now, pair);
        if (pair.State != CandidatePairState.Succeeded)
        {
            pair.State = CandidatePairState.InProgress;
        }

        pair.Current = StartTransaction(now, pair, useCandidate, isConsent: false);
        return pair.Current;
    }

    private CheckTransaction StartTransaction(MonotonicTime now, CandidatePair pair, bool useCandidate, bool isConsent)
    {
        var id = new StunTransactionId(_transactionTag, _secure.NextUInt64());
        var transaction = new CheckTransaction(id, pair, Role, _tieBreaker, useCandidate, isConsent);
        // §14.3: RTO = MAX (500ms, Ta * N * (Num-Waiting + Num-In-Progress))
        var load = _configuration.CheckInterval * _current.Checks.ActiveCount;
        _transactions.Start(now, transaction, load > _configuration.InitialRto ? load : _configuration.InitialRto);
        return transaction;
    }

    private void CancelCurrent(MonotonicTime now, CandidatePair pair)
    {
        if (pair.Current is { } current)
        {
            _transactions.Cancel(now, current);
            pair.Current = null;
        }
    }

    // ---- roles, nomination, selection ----

    private void SwitchRole(MonotonicTime now)
    {
        ChangeRole(Role == IceRole.Controlling ? IceRole.Controlled : IceRole.Controlling);
        _tieBreaker = _secure.NextUInt64(); // §7.2.5.1: "the agent MUST change the tiebreaker value"
        _nominationAt = null;
        Nominate(now);
    }

    private void ChangeRole(IceRole role)
    {
        Role = role;
        _current.Checks.Reprioritize(role);
    }

    private void Nominate(MonotonicTime now)
    {
        _nominationAt = null;
        if (Role != IceRole.Controlling || !CanCheck)
        {
            return;
        }

        if (Nomination.Choose(now, _current, _configuration, out _nominationAt) is { } pair)
        {
            pair.WantsNomination = true;
            _current.Checks.Enqueue(now, pair);
        }
    }

    private void AcceptNomination(MonotonicTime now, CandidatePair pair)
    {
        // Two pairs may be nominated by an RFC 5245 agent: the one of greater priority counts, unless it has gone silent.
        var selected = _selection.Pair;
        if (selected is { IsNominated: true } && selected.Generation == pair.Generation && selected != pair
            && selected.Priority > pair.Priority && State != IceConnectionState.Disconnected)
        {
            return;
        }

        var isNew = selected != pair || !pair.IsNominated;
        if (selected is not null && selected != pair)
        {
            selected.IsNominated = false;
        }

        pair.IsNominated = true;
        if (isNew)
        {
            _current.Checks.StopChecks();
            _transactions.RemoveAll(transaction => !transaction.IsConsent && transaction.Pair != pair);
            Select(now, pair);
        }
    }

    private void Select(MonotonicTime now, CandidatePair pair)
    {
        var old = _selection.Pair;
        if (old is not null && old != pair)
        {
            old.IsNominated = false;
        }

        if (pair.Generation == _current)
        {
            _previous = null;
        }

        _selection.Choose(now, pair);
        if (old?.Path != pair.Path)
        {
            _events.Enqueue(new IceEvent(IceEventKind.SelectedPathChanged, pair.Path, State));
        }

        RestoreState();
    }

    /// <summary>The selected pair is heard of: the state is what the pair is.</summary>
    private void RestoreState()
    {
        if (_selection.Pair is { } pair)
        {
            SetState(pair.IsNominated ? IceConnectionState.Completed : IceConnectionState.Connected);
        }
    }

    /// <summary>The selected pair is silent: another that worked may still work, and takes its place when it answers.</summary>
    private void SeekAlternative(MonotonicTime now)
    {
        foreach (var pair in _current.Checks.Pairs)
        {
            if (pair.State == CandidatePairState.Succeeded && pair != _selection.Pair)
            {
                _current.Checks.Enqueue(now, pair);
            }
        }
    }

    /// <summary>RFC 7675 §5.1: "the endpoint MUST cease transmission on that 5-tuple".</summary>
    private void LoseConsent()
    {
        var lost = _selection.Pair!;
        _selection.Clear();
        _previous = null;
        _events.Enqueue(new IceEvent(IceEventKind.SelectedPathChanged, default, State));
        var restartUnderWay = lost.Generation != _current;
        if (!restartUnderWay)
        {
            Fail();
        }
        else
        {
            SetState(_current.Remote is null ? IceConnectionState.New : IceConnectionState.Checking);
        }
    }

    private void Fail()
    {
        StopEverything();
        SetState(IceConnectionState.Failed);
    }

    private void StopEverything()
    {
        if (_selection.Pair is not null)
        {
            _selection.Clear();
            _events.Enqueue(new IceEvent(IceEventKind.SelectedPathChanged, default, State));
        }

        _previous = null;
        _nominationAt = null;
        _current.Deadline = null;
        _current.Checks.StopChecks();
        _transactions.RemoveAll(_ => true);
    }

    private bool TryPairRemote(IceCandidate candidate)
    {
        if (!_current.Remotes.TryAdd(candidate, out var added, out var improved))
        {
            return false;
        }

        if (improved is not null)
        {
            _current.Checks.Reprioritize(Role);
        }
        else if (added is not null && !_current.Checks.HasNominated)
        {
            _current.Checks.AddRemote(added);
        }

        return true;
    }

    private void Authenticate(in TransportPath path)
    {
        if (_authenticatedPaths.TryAdd(path, SelectedPath))
        {
            _events.Enqueue(new IceEvent(IceEventKind.PathAuthenticated, path, State));
        }
    }

    private void SetState(IceConnectionState state)
    {
        if (State != state)
        {
            State = state;
            _events.Enqueue(new IceEvent(IceEventKind.StateChanged, SelectedPath ?? default, state));
        }
    }

    private static void ThrowIfIllFormed(IceCredentials credentials, string name)
    {
        if (!credentials.IsWellFormed)
        {
            throw new ArgumentException("ICE credentials need a ufrag of 4 to 256 and a password of 22 to 256 ice-chars (RFC 8839 §5.4).", name);
        }
    }
}
