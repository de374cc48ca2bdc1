using MeshNode.Rtc.Stun;

namespace MeshNode.Rtc.Ice;

/// <summary>
/// The requests that wait for an answer, with their clocks. A plain list: one pair has a few, and in the steady state
/// there is the consent check alone.
/// </summary>
internal sealed class TransactionTable(IceAgentConfiguration configuration)
{
    private readonly List<CheckTransaction> _transactions = [];

    /// <summary>Old answers are worth remembering only up to here; the oldest cancelled or consent checks go first.</summary>
    private int Limit => 4 * configuration.MaximumPairs;

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

    public CheckTransaction? Find(StunTransactionId id) => _transactions.Find(transaction => transaction.Id == id);

    public void Remove(CheckTransaction transaction) => _transactions.Remove(transaction);

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
        _transactions.RemoveAll(transaction => transaction.Deadline <= now && (transaction.IsCancelled || transaction.IsConsent));
        var index = _transactions.FindIndex(transaction => transaction.Deadline <= now && !CanRetransmit(transaction));
        if (index < 0)
        {
            return null;
        }

        var failed = _transactions[index];
        _transactions.RemoveAt(index);
        return failed;
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
