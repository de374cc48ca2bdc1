using MeshNode.Rtc.Stun;

namespace MeshNode.Rtc.Ice;

/// <summary>
/// The requests that wait for an answer, with their clocks. A plain list: one pair has a few, and in the steady state
/// there is the consent check alone.
/// </summary>
internal sealed class TransactionTable(IceAgentConfiguration configuration)
{
    private readonly List<CheckTransaction> _transactions = [];
    private CheckTransaction? _spare; // an answered consent check, whose memory serves the next: no allocation in the steady state

    /// <summary>Old answers are worth remembering only up to here; the oldest cancelled or consent checks go first.</summary>
    private int Limit => 4 * configuration.MaximumPairs;

    /// <summary>A request to be started at once.</summary>
    public CheckTransaction Create(
        StunTransactionId id, CandidatePair pair, IceRole role, ulong tieBreaker, bool useCandidate, bool isConsent)
    {
        var transaction = _spare ?? new CheckTransaction();
        _spare = null;
        transaction.Reset(id, pair, role, tieBreaker, useCandidate, isConsent);
        return transaction;
    }

    public void Start(MonotonicTime now, CheckTransaction transaction, TimeSpan rto)
    {
        if (_transactions.Count >= Limit)
        {
            var oldest = _transactions.FindIndex(known => known.IsCancelled || known.IsConsent);
            _transactions.RemoveAt(Math.Max(oldest, 0));
        }

        transaction.SentAt = now;
        transaction.Transmissions = 1;
        transaction.Rto = rto;
        transaction.Deadline = now + (transaction.IsConsent ? configuration.ConsentTimeout : rto);
        _transactions.Add(transaction);
    }

    public CheckTransaction? Find(StunTransactionId id)
    {
        foreach (var transaction in _transactions)
        {
            if (transaction.Id == id)
            {
                return transaction;
            }
        }

        return null;
    }

    /// <summary>Forgets an answered request, which the caller may use until the next is created.</summary>
    public void Remove(CheckTransaction transaction)
    {
        if (_transactions.Remove(transaction) && transaction.IsConsent)
        {
            _spare = transaction; // no pair holds on to a consent check
        }
    }

    public void RemoveAll(Predicate<CheckTransaction> match) => _transactions.RemoveAll(match);

    public void Cancel(MonotonicTime now, CheckTransaction transaction)
    {
        transaction.IsCancelled = true;
        transaction.Deadline = now + configuration.CheckingTimeout;
    }

    /// <summary>The next request that is due again; its clock is set for the time after.</summary>
    public CheckTransaction? TakeRetransmission(MonotonicTime now)
    {
        foreach (var transaction in _transactions)
        {
            if (transaction.Deadline <= now && CanRetransmit(transaction))
            {
                transaction.Transmissions++;
                transaction.Rto = Min(2 * transaction.Rto, Max(configuration.MaximumRto, configuration.InitialRto));
                transaction.Deadline = now + transaction.Rto;
                return transaction;
            }
        }

        return null;
    }

    /// <summary>Removes what has waited long enough; the result is a check whose pair has failed, until null.</summary>
    public CheckTransaction? TakeFailed(MonotonicTime now)
    {
        for (var i = 0; i < _transactions.Count;)
        {
            var transaction = _transactions[i];
            if (transaction.Deadline > now || CanRetransmit(transaction))
            {
                i++;
                continue;
            }

            _transactions.RemoveAt(i);
            if (!transaction.IsCancelled && !transaction.IsConsent)
            {
                return transaction;
            }
        }

        return null;
    }

    public MonotonicTime? NextDeadline
    {
        get
        {
            MonotonicTime? next = null;
            foreach (var transaction in _transactions)
            {
                if (!transaction.IsCancelled && !transaction.IsConsent) // nobody needs to wake up to forget
                {
                    next = MonotonicTime.Earliest(next, transaction.Deadline);
                }
            }

            return next;
        }
    }

    private bool CanRetransmit(CheckTransaction transaction) =>
        !transaction.IsCancelled && !transaction.IsConsent && transaction.Transmissions < configuration.MaximumTransmissions;

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;

    private static TimeSpan Max(TimeSpan a, TimeSpan b) => a > b ? a : b;
}
