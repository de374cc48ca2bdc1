using System.Diagnostics;
using MeshNode.Actors;
using MeshNode.Benchmarks.Cases.Actors;
using MeshNode.Persistence;
using MeshNode.Persistence.Journal;

namespace MeshNode.Benchmarks.Cases.Journal;

/// <summary>
/// Real persistent actors on one engine: all write at once, then all recover in a new system, then one alone writes one
/// event after another.
/// </summary>
internal sealed class JournalCase(JournalEngine engine, int actors, int eventsPerActor, int singles)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    /// <summary>What the engine said of its durability in the last round.</summary>
    public string Durability { get; private set; } = "";

    public async Task<IReadOnlyList<(Metric Metric, double Value)>> RunAsync(CancellationToken cancellation)
    {
        var open = await engine.NewPlaceAsync().ConfigureAwait(false);
        var total = actors * (double)eventsPerActor;
        var writing = new CountingStore(open());
        var processor = Process.GetCurrentProcess().TotalProcessorTime;
        var allocated = GC.GetTotalAllocatedBytes();
        var writeSeconds = await WithSystemAsync(writing, crew: new Crew(actors), async (system, crew) =>
        {
            var accounts = Spawn(system, actors, crew);
            await crew.AllRecovered.WaitAsync(Limit, cancellation).ConfigureAwait(false);
            var begin = Stopwatch.GetTimestamp();
            Array.ForEach(accounts, account => account.Tell(new Account.Begin(eventsPerActor)));
            await crew.AllFinished.WaitAsync(Limit, cancellation).ConfigureAwait(false);
            return Stopwatch.GetElapsedTime(begin).TotalSeconds;
        }).ConfigureAwait(false);
        processor = Process.GetCurrentProcess().TotalProcessorTime - processor;
        allocated = GC.GetTotalAllocatedBytes() - allocated;

        var recoverSeconds = await WithSystemAsync(open(), new Crew(actors), async (system, crew) =>
        {
            var begin = Stopwatch.GetTimestamp();
            Spawn(system, actors, crew);
            await crew.AllRecovered.WaitAsync(Limit, cancellation).ConfigureAwait(false);
            return crew.Events == (long)total
                ? Stopwatch.GetElapsedTime(begin).TotalSeconds
                : throw new InvalidOperationException($"{crew.Events} events of {total} were recovered.");
        }).ConfigureAwait(false);

        var latencies = await WithSystemAsync(open(), new Crew(1), (system, _) => SingleAsync(system, cancellation)).ConfigureAwait(false);
        return
        [
            (new Metric($"{engine.Name}: persist, {actors:N0} actors", "events/s", AtLeast: engine.WriteGoal), total / writeSeconds),
            (new Metric($"{engine.Name}: events in a transaction", "median"), Percentile.Of([.. writing.Batches.Select(count => (double)count)], 0.5)),
            (new Metric($"{engine.Name}: processor time for an event, without the server's", "us"), processor.TotalMicroseconds / total),
            (new Metric($"{engine.Name}: allocated for an event", "B"), allocated / total),
            (new Metric($"{engine.Name}: recover, {actors:N0} actors", "events/s", AtLeast: 300_000), total / recoverSeconds),
            (new Metric($"{engine.Name}: a single persist, p50", "us"), Percentile.Of(latencies, 0.5)),
            (new Metric($"{engine.Name}: a single persist, p99", "us"), Percentile.Of(latencies, 0.99)),
        ];
    }

    private async Task<T> WithSystemAsync<T>(IEventStore store, Crew crew, Func<ActorSystem, Crew, Task<T>> work)
    {
        var events = new EventTypes().Add("deposited", version: 1, JournalJson.Default.Deposited);
        var system = ActorSystem.Create("benchmark", ActorSystemSetup.Empty.And(new PersistenceSetup { Store = store, Events = events }));
        var persistence = Persistence.Persistence.Instance.Apply(system);
        try
        {
            await persistence.Started.ConfigureAwait(false);
            Durability = persistence.Durability;
            engine.Check(Durability);
            GC.Collect();
            return await work(system, crew).ConfigureAwait(false);
        }
        finally
        {
            await system.Terminate().ConfigureAwait(false);
            await persistence.WhenStopped.ConfigureAwait(false);
        }
    }

    private static IActorRef[] Spawn(ActorSystem system, int count, Crew crew) =>
        [.. Enumerable.Range(1, count).Select(number => system.ActorOf(Props.Create(() => new Account(number, crew)), $"account-{number}"))];

    /// <summary>From telling the command until its handler has run, in microseconds.</summary>
    private async Task<double[]> SingleAsync(ActorSystem system, CancellationToken cancellation)
    {
        const int WarmUp = 200;
        var latencies = new double[singles];
        var account = system.ActorOf(Props.Create(() => new Account(0, new Crew(1))), "single");
        for (var index = -WarmUp; index < singles; index++)
        {
            var crew = new Crew(1);
            var begin = Stopwatch.GetTimestamp();
            account.Tell(new Account.BeginOne(crew));
            await crew.AllFinished.WaitAsync(Limit, cancellation).ConfigureAwait(false);
            if (index >= 0)
            {
                latencies[index] = Stopwatch.GetElapsedTime(begin).TotalMicroseconds;
            }
        }

        return latencies;
    }
}
