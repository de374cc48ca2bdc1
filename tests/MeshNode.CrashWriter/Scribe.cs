using MeshNode.Actors;
using MeshNode.Persistence;
using MeshNode.Persistence.Journal;

namespace MeshNode.CrashWriter;

/// <summary>Persists groups one after the other until it has persisted enough, and tells of each when it is durable.</summary>
public sealed class Scribe : ReceivePersistentActor
{
    private readonly Random _random;
    private readonly int _events;
    private readonly Action<int, long> _acknowledged;
    private readonly Action<Exception> _failed;
    private readonly int _number;
    private readonly List<(long SequenceNr, Entry Entry)> _recovered = [];

    /// <param name="number">Of the actor; its persistence id is <c>scribe-</c> and this.</param>
    /// <param name="seed">Of the sizes of its groups.</param>
    /// <param name="events">That it persists before it rests; 0 to recover only.</param>
    /// <param name="acknowledged">Gets the number and the last sequence number of each group, in the actor's run.</param>
    /// <param name="recovered">Gets what was recovered, with sequence numbers, in the actor's run.</param>
    /// <param name="failed">Gets why recovery or a write failed.</param>
    public Scribe(
        int number,
        int seed,
        int events,
        Action<int, long> acknowledged,
        Action<int, IReadOnlyList<(long SequenceNr, Entry Entry)>> recovered,
        Action<Exception> failed)
    {
        ArgumentNullException.ThrowIfNull(recovered);
        _number = number;
        _random = new Random(HashCode.Combine(seed, number));
        _events = events;
        _acknowledged = acknowledged;
        _failed = failed;
        PersistenceId = $"scribe-{number}";
        Recover<Entry>(entry => _recovered.Add((LastSequenceNr, entry)));
        Recover<RecoveryCompleted>(_ =>
        {
            recovered(number, _recovered);
            WriteGroup();
        });
        Command<object>(_ => { });
    }

    public override string PersistenceId { get; }

    /// <summary>A system whose persistence knows the events; the caller terminates it.</summary>
    public static ActorSystem CreateSystem(IEventStore store) => ActorSystem.Create("crash", ActorSystemSetup.Empty.And(new PersistenceSetup
    {
        Store = store,
        Events = new EventTypes().Add("entry", version: 1, EntryJson.Default.Entry),
    }));

    protected override void OnPersistFailure(Exception cause, object @event, long sequenceNr) => _failed(cause);

    protected override void OnRecoveryFailure(Exception reason, object? message = null) => _failed(reason);

    private void WriteGroup()
    {
        if (LastSequenceNr >= _events)
        {
            return;
        }

        var first = LastSequenceNr + 1;
        var size = _random.Next(1, 6);
        PersistAll(Enumerable.Repeat(new Entry(first, size), size), entry =>
        {
            if (LastSequenceNr == entry.First + entry.Size - 1)
            {
                _acknowledged(_number, LastSequenceNr);
                WriteGroup();
            }
        });
    }
}
