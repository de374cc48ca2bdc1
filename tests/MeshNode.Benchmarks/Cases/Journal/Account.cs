using MeshNode.Actors;
using MeshNode.Persistence;

namespace MeshNode.Benchmarks.Cases.Journal;

/// <summary>Persists one event for each command, and asks itself for the next one when it is handled: one under way at a time.</summary>
internal sealed class Account : ReceivePersistentActor
{
    /// <summary>Persist so many, then count down the crew.</summary>
    public sealed record Begin(int Count);

    /// <summary>Persist one, and count down this crew instead.</summary>
    public sealed record BeginOne(Crew Crew);

    private static readonly object Next = new();
    private Crew _crew;
    private long _balance;
    private int _left;

    public Account(int number, Crew crew)
    {
        _crew = crew;
        PersistenceId = $"account-{number}";
        Recover<Deposited>(Apply);
        Recover<RecoveryCompleted>(_ => crew.Recovered(LastSequenceNr));
        Command<Begin>(begin =>
        {
            _left = begin.Count;
            Deposit();
        });
        Command<BeginOne>(one =>
        {
            _crew = one.Crew;
            _left = 1;
            Deposit();
        });
        Command<object>(message => ReferenceEquals(message, Next), _ => Deposit());
    }

    public override string PersistenceId { get; }

    protected override void OnPersistFailure(Exception cause, object @event, long sequenceNr) => _crew.Fail(cause);

    protected override void OnRecoveryFailure(Exception reason, object? message = null) => _crew.Fail(reason);

    private void Deposit() => Persist(new Deposited(_left, "EUR", "RF18539007547034"), deposited =>
    {
        Apply(deposited);
        if (--_left > 0)
        {
            Self.Tell(Next);
        }
        else
        {
            _crew.Finished();
        }
    });

    private void Apply(Deposited deposited) => _balance += deposited.Amount;
}
