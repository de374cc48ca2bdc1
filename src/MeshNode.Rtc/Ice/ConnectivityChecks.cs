using MeshNode.Rtc.Stun;

namespace MeshNode.Rtc.Ice;

/// <summary>
/// The checks themselves, RFC 8445 §7 and §8: answers the far side's, judges the answers to ours, nominates, selects,
/// and keeps the state that comes of it. <see cref="IceAgent"/> gives it candidates and credentials.
/// </summary>
internal sealed class ConnectivityChecks
{
    private const int MaximumReportedUnknownAttributes = 8;

    private readonly IceAgentConfiguration _configuration;
    private readonly CheckScheduler _scheduler;
    private readonly IceSelection _selection;
    private readonly AuthenticatedPaths _authenticatedPaths = new();
    private readonly ResponseQueue _responses = new();
    private readonly Queue<IceEvent> _events = new();
    private IceGeneration? _previous; // after a restart, while the selected pair is still one of its own
    private MonotonicTime? _nominationAt;
    private IceStatistics _statistics;

    public ConnectivityChecks(
        IceAgentConfiguration configuration, IceRole role, IceCredentials local, uint transactionTag, RandomSource jitter, RandomSource secure)
    {
        _configuration = configuration;
        _scheduler = new CheckScheduler(configuration, role, transactionTag, secure);
        _selection = new IceSelection(configuration, jitter);
        Current = new IceGeneration(local, configuration, role);
    }

    public IceRole Role => _scheduler.Role;

    public IceConnectionState State { get; private set; }

    public IceGeneration Current { get; private set; }

    public CandidatePair? Selected => _selection.Pair;

    public TimeSpan? RoundTripTime => _selection.RoundTrip.Value;

    public IceStatistics Statistics => _statistics with { ChecksSent = _scheduler.ChecksSent };

    /// <summary>Something can be sent at once.</summary>
    public bool IsReadyToSend => _responses.Count > 0 || (CanCheck && Current.Checks.HasTriggered);

    public MonotonicTime? NextTimeout
    {
        get
        {
            if (State == IceConnectionState.Closed)
            {
                return null;
            }

            var next = MonotonicTime.Earliest(_scheduler.NextTimeout(CanCheck ? Current : null), _selection.Consent.NextTimeout);
            next = MonotonicTime.Earliest(next, _nominationAt);
            return _selection.Pair is null ? MonotonicTime.Earliest(next, Current.Deadline) : next;
        }
    }

    private bool CanCheck => Current.Remote is not null && State is not (IceConnectionState.Failed or IceConnectionState.Closed);

    public bool IsPathAuthenticated(in TransportPath path) => _authenticatedPaths.Contains(path);

    public bool TryReadEvent(out IceEvent iceEvent) => _events.TryDequeue(out iceEvent);

    /// <summary>The current generation has both sides' credentials now.</summary>
    public void Begin(MonotonicTime now)
    {
        Current.Deadline = now + _configuration.CheckingTimeout;
        if (_selection.Pair is null)
        {
            SetState(IceConnectionState.Checking);
        }
    }

    /// <summary>RFC 8445 §9: a generation without pairs takes the place of the current one.</summary>
    public void Restart(IceCredentials local)
    {
        _previous = _selection.Pair?.Generation;
        _scheduler.ForgetChecks();
        Current = new IceGeneration(local, _configuration, Role);
        _nominationAt = null;
        if (_selection.Pair is null)
        {
            SetState(IceConnectionState.New);
        }
    }

    public void Close()
    {
        StopEverything();
        _responses.Clear();
        SetState(IceConnectionState.Closed);
    }

    public void HandleDatagram(MonotonicTime now, in TransportPath path, ReadOnlySpan<byte> datagram)
    {
        if (!StunReader.TryParse(datagram, out var message) || message.Method != StunMethod.Binding)
        {
            _statistics = _statistics with { Malformed = _statistics.Malformed + 1 };
            return;
        }

        switch (message.Class)
        {
            case StunMessageClass.Request when State == IceConnectionState.Failed:
                break; // an answer would grant consent to what we gave up
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
        _scheduler.FailOverdue(now);
        if (_selection.Consent.HasExpired(now))
        {
            LoseConsent();
        }
        else if (_selection.Consent.BecomesSilent(now))
        {
            SetState(IceConnectionState.Disconnected);
            SeekAlternative(now);
        }

        if (_selection.Pair is null && Current.Deadline <= now)
        {
            Fail();
        }

        Nominate(now);
    }

    public bool TryTransmit(MonotonicTime now, Span<byte> destination, out Transmit transmit)
    {
        if (_responses.TryTake(out var response))
        {
            transmit = new Transmit(response.Path, BindingWriter.WriteResponse(destination, response));
            return true;
        }

        if (State is IceConnectionState.Closed or IceConnectionState.Failed || _scheduler.Next(now, Current, _selection) is not { } transaction)
        {
            transmit = default;
            return false;
        }

        transmit = new Transmit(transaction.Pair.Path, BindingWriter.WriteRequest(destination, transaction));
        return true;
    }

    // ---- requests of the far side, RFC 8445 §7.3 ----

    private void HandleRequest(MonotonicTime now, in TransportPath path, StunReader message)
    {
        if (BindingRequest.Authenticate(message, Current, _previous, out var request) is not 0 and var refusal)
        {
            _statistics = _statistics with { Unauthenticated = _statistics.Unauthenticated + 1 };
            _responses.AddUnsigned(now, new PendingResponse(path, message.TransactionId, refusal, null), message.Length);
            return;
        }

        _statistics = _statistics with { RequestsReceived = _statistics.RequestsReceived + 1 };
        Span<ushort> unknown = stackalloc ushort[MaximumReportedUnknownAttributes];
        if (message.CopyUnknownAttributes(unknown) is > 0 and var count)
        {
            _responses.Add(new PendingResponse(
                path, message.TransactionId, StunErrorCode.UnknownAttribute, request.Generation, unknown[..count].ToArray()));
            return;
        }

        if (request.Generation == Current && IsRefusedByRole(now, request))
        {
            _responses.Add(new PendingResponse(path, message.TransactionId, StunErrorCode.RoleConflict, request.Generation));
            return;
        }

        Authenticate(path);
        _responses.Add(new PendingResponse(path, message.TransactionId, 0, request.Generation));
        if (_selection.Pair?.Path == path)
        {
            _selection.Consent.OnHeard();
            RestoreState();
        }

        if (request.Generation == Current && request.IsFromPeer)
        {
            TriggerCheck(now, path, request);
        }
    }

    private void TriggerCheck(MonotonicTime now, in TransportPath path, in BindingRequest request)
    {
        var checks = Current.Checks;
        var pair = checks.Find(path);
        if (pair is null)
        {
            if (checks.FindLocal(path.Local) is not { } local
                || Current.Remotes.FindOrAddPeerReflexive(path.Remote, request.Priority) is not { } remote)
            {
                return;
            }

            if ((pair = checks.Add(local, remote)) is null)
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
            _scheduler.Cancel(now, pair);
            pair.State = CandidatePairState.Waiting;
        }
    }

    private bool IsRefusedByRole(MonotonicTime now, in BindingRequest request)
    {
        var resolution = RoleConflict.Resolve(Role, request.ClaimedRole, _scheduler.TieBreaker, request.TieBreaker);
        if (resolution == RoleConflictResolution.SwitchRole)
        {
            SwitchRole(now);
        }

        return resolution == RoleConflictResolution.Refuse;
    }

    // ---- answers to our requests, RFC 8445 §7.2.5 ----

    private void HandleResponse(MonotonicTime now, in TransportPath path, StunReader message)
    {
        if (_scheduler.Find(message.TransactionId) is not { } transaction)
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
        _scheduler.Remove(transaction);
        Span<ushort> unknown = stackalloc ushort[1];
        if (message.Class == StunMessageClass.ErrorResponse)
        {
            HandleErrorResponse(now, transaction, message);
        }
        // §7.2.5.2.1: "if the source and destination ... are not symmetric, the agent MUST set the candidate pair state to Failed."
        else if (path != pair.Path || !message.TryReadXorMappedAddress(out var mapped) || message.CopyUnknownAttributes(unknown) > 0)
        {
            CheckScheduler.Fail(transaction);
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
            CheckScheduler.Fail(transaction);
            return;
        }

        // §7.2.5.1: switch, unless that happened since, and check again with the new role.
        if (transaction.Role == Role)
        {
            SwitchRole(now);
        }

        if (transaction.Pair.Generation == Current && !transaction.IsConsent && transaction.Pair.State != CandidatePairState.Succeeded)
        {
            _scheduler.Cancel(now, transaction.Pair);
            transaction.Pair.State = CandidatePairState.Waiting;
            Current.Checks.Enqueue(now, transaction.Pair);
        }
    }

    private void HandleSuccess(MonotonicTime now, CheckTransaction transaction, TransportAddress mapped)
    {
        var pair = transaction.Pair;
        if (pair.LastResponse is null)
        {
            _events.Enqueue(new IceEvent(IceEventKind.PathValidated, pair.Path, State));
        }

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

        if (transaction.IsConsent || pair.Generation != Current)
        {
            return;
        }

        if (pair.Current == transaction)
        {
            pair.Current = null;
        }
        else if (pair.Current is { UseCandidate: false })
        {
            _scheduler.Cancel(now, pair);
        }

        pair.LearnMappedAddress(mapped);
        if (pair.State != CandidatePairState.Succeeded)
        {
            pair.State = CandidatePairState.Succeeded;
            Current.FirstValidAt ??= now;
            Current.Checks.Unfreeze(pair);
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

    // ---- roles, nomination, selection, RFC 8445 §8 ----

    /// <summary>Takes the role that signalling decided on.</summary>
    public void SetRole(IceRole role)
    {
        _scheduler.Role = role;
        Current.Checks.Reprioritize(role);
    }

    /// <summary>Nominates what is worth it now, or sets the clock for later.</summary>
    public void Nominate(MonotonicTime now)
    {
        _nominationAt = null;
        if (Role == IceRole.Controlling && CanCheck
            && Nomination.Choose(now, Current, _configuration, out _nominationAt) is { } pair)
        {
            pair.WantsNomination = true;
            Current.Checks.Enqueue(now, pair);
        }
    }

    private void SwitchRole(MonotonicTime now)
    {
        SetRole(Role == IceRole.Controlling ? IceRole.Controlled : IceRole.Controlling);
        _scheduler.RenewTieBreaker();
        Nominate(now);
    }

    private void AcceptNomination(MonotonicTime now, CandidatePair pair)
    {
        if (_selection.Pair is { } selected && State != IceConnectionState.Disconnected && Nomination.IsOutranked(pair, selected, now - _selection.Since))
        {
            return;
        }

        var isNew = _selection.Pair != pair || !pair.IsNominated;
        pair.IsNominated = true;
        if (isNew)
        {
            Current.Checks.StopChecks(pair);
            _scheduler.ForgetChecks(pair);
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

        _previous = null; // only a pair of the current generation is ever chosen
        _selection.Choose(now, pair);
        if (old?.Path != pair.Path || old.Generation != pair.Generation)
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
        foreach (var pair in Current.Checks.Pairs)
        {
            if (pair.State == CandidatePairState.Succeeded && pair != _selection.Pair)
            {
                Current.Checks.Enqueue(now, pair);
            }
        }
    }

    /// <summary>RFC 7675 §5.1: "the endpoint MUST cease transmission on that 5-tuple".</summary>
    private void LoseConsent()
    {
        var lost = _selection.Pair!.Generation;
        _selection.Clear();
        _previous = null;
        _events.Enqueue(new IceEvent(IceEventKind.SelectedPathChanged, default, State));
        if (lost != Current)
        {
            SetState(Current.Remote is null ? IceConnectionState.New : IceConnectionState.Checking); // a restart is under way
        }
        else
        {
            Fail();
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
        Current.Deadline = null;
        Current.Checks.StopChecks(null);
        _scheduler.Clear();
    }

    private void Authenticate(in TransportPath path)
    {
        if (_authenticatedPaths.TryAdd(path, _selection.Pair?.Path))
        {
            _events.Enqueue(new IceEvent(IceEventKind.PathAuthenticated, path, State));
        }
    }

    private void SetState(IceConnectionState state)
    {
        if (State != state)
        {
            State = state;
            _events.Enqueue(new IceEvent(IceEventKind.StateChanged, _selection.Pair?.Path ?? default, state));
        }
    }
}
