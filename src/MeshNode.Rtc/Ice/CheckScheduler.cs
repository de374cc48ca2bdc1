using MeshNode.Rtc.Stun;

namespace MeshNode.Rtc.Ice;

/// <summary>Which check is sent when, RFC 8445 §6.1.4 and §14: retransmissions, consent, triggered, then ordinary ones at the pace Ta.</summary>
internal sealed class CheckScheduler(IceAgentConfiguration configuration, IceRole role, uint transactionTag, RandomSource secure)
{
    private readonly TransactionTable _transactions = new(configuration);
    private MonotonicTime _nextOrdinary;

    /// <summary>What new checks claim.</summary>
    public IceRole Role { get; set; } = role;

    public ulong TieBreaker { get; private set; } = secure.NextUInt64();

    public long ChecksSent { get; private set; }

    /// <summary>RFC 8445 §7.2.5.1: having switched, "the agent MUST change the tiebreaker value".</summary>
    public void RenewTieBreaker() => TieBreaker = secure.NextUInt64();

    /// <param name="checking">The generation whose ordinary checks may go out; null when none may.</param>
    public MonotonicTime? NextTimeout(IceGeneration? checking) =>
        MonotonicTime.Earliest(_transactions.NextDeadline, checking?.Checks.HasOrdinary == true ? _nextOrdinary : null);

    /// <summary>The request to write now; null when none is due.</summary>
    public CheckTransaction? Next(MonotonicTime now, IceGeneration current, IceSelection selection)
    {
        var transaction = _transactions.TakeRetransmission(now) ?? NextConsent(now, selection) ?? NextCheck(now, current);
        ChecksSent += transaction is null ? 0 : 1;
        return transaction;
    }

    public CheckTransaction? Find(StunTransactionId id) => id.Tag == transactionTag ? _transactions.Find(id) : null;

    public void Remove(CheckTransaction transaction) => _transactions.Remove(transaction);

    /// <summary>Forgets all but the consent checks, and those on pairs that a nomination leaves alone.</summary>
    public void ForgetChecks(CandidatePair? nominated = null) =>
        _transactions.RemoveAll(transaction => !transaction.IsConsent && !CheckList.GoesOn(transaction.Pair, nominated));

    public void Clear() => _transactions.RemoveAll(_ => true);

    /// <summary>Its check is neither retransmitted nor missed any more; a late answer still counts.</summary>
    public void Cancel(MonotonicTime now, CandidatePair pair)
    {
        if (pair.Current is { } current)
        {
            _transactions.Cancel(now, current);
            pair.Current = null;
        }
    }

    /// <summary>Fails the pairs whose checks were sent often enough.</summary>
    public void FailOverdue(MonotonicTime now)
    {
        while (_transactions.TakeFailed(now) is { } overdue)
        {
            Fail(overdue);
        }
    }

    /// <summary>The check has failed, and so has its pair unless a newer check is under way.</summary>
    public static void Fail(CheckTransaction transaction)
    {
        var pair = transaction.Pair;
        if (pair.Current == transaction)
        {
            pair.Current = null;
            pair.State = CandidatePairState.Failed; // a valid pair whose nomination was never answered, too
        }
    }

    private CheckTransaction? NextConsent(MonotonicTime now, IceSelection selection)
    {
        if (selection.Pair is not { } pair || !(selection.Consent.NextCheck <= now))
        {
            return null;
        }

        selection.Consent.OnCheckSent(now);
        return Start(now, pair, pair.Generation, Role == IceRole.Controlling && pair.IsNominated, isConsent: true);
    }

    private CheckTransaction? NextCheck(MonotonicTime now, IceGeneration current)
    {
        if (current.Remote is null)
        {
            return null;
        }

        // Ta paces what opens NAT bindings (RFC 8445 Appendix B.1). A triggered check or a nomination goes where an
        // authenticated datagram came from and opens none, so it does not wait for its turn.
        if (current.Checks.TakeTriggered() is { } triggered)
        {
            return StartCheck(now, triggered, current);
        }

        if (now < _nextOrdinary || current.Checks.TakeOrdinary() is not { } ordinary)
        {
            return null;
        }

        _nextOrdinary = now + configuration.CheckInterval;
        return StartCheck(now, ordinary, current);
    }

    private CheckTransaction StartCheck(MonotonicTime now, CandidatePair pair, IceGeneration current)
    {
        pair.WantsNomination |= Role == IceRole.Controlling && Nomination.IsDueWithFirstCheck(pair, configuration);
        Cancel(now, pair);
        if (pair.State != CandidatePairState.Succeeded)
        {
            pair.State = CandidatePairState.InProgress;
        }

        pair.Current = Start(now, pair, current, pair.WantsNomination, isConsent: false);
        return pair.Current;
    }

    private CheckTransaction Start(MonotonicTime now, CandidatePair pair, IceGeneration generation, bool useCandidate, bool isConsent)
    {
        var id = new StunTransactionId(transactionTag, secure.NextUInt64());
        var transaction = _transactions.Create(id, pair, Role, TieBreaker, useCandidate, isConsent);
        // §14.3: RTO = MAX (500ms, Ta * N * (Num-Waiting + Num-In-Progress))
        var load = configuration.CheckInterval * generation.Checks.ActiveCount;
        _transactions.Start(now, transaction, load > configuration.InitialRto ? load : configuration.InitialRto);
        return transaction;
    }
}
