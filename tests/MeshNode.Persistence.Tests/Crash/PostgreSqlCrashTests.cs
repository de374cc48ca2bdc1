using MeshNode.CrashWriter;
using MeshNode.Persistence.PostgreSql;
using MeshNode.SimNet;

namespace MeshNode.Persistence.Tests.Crash;

/// <summary>On a server of its own, which is killed too.</summary>
public sealed class PostgreSqlCrashTests : IAsyncLifetime
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private PostgresServer.PostgresServer? _server;

    private PostgresServer.PostgresServer Server => _server!;

    public async Task InitializeAsync() => _server = await PostgresServer.PostgresServer.StartAsync();

    public async Task DisposeAsync() => await Server.DisposeAsync();

    [Fact]
    public async Task A_killed_writer_leaves_all_that_was_acknowledged_and_nothing_half()
    {
        var (rounds, events) = CrashRounds.Scale("PostgreSQL");
        for (var seed = 1; seed <= rounds; seed++)
        {
            var database = await Server.CreateDatabaseAsync();
            await CrashRounds.KillWriterAsync(["postgresql", database], () => new PostgreSqlStore(database), seed, events);
        }
    }

    /// <summary>The postmaster and its backends get SIGKILL while actors of this process write.</summary>
    [Fact]
    public async Task A_killed_server_comes_back_with_all_that_was_acknowledged_and_nothing_half()
    {
        const int Actors = 100;
        var rounds = TestScale.Count("kill -9 of the PostgreSQL server, rounds", full: 50, plain: 3);
        for (var seed = 1; seed <= rounds; seed++)
        {
            var database = await Server.CreateDatabaseAsync();
            var acknowledged = new Dictionary<int, long>();
            var count = 0;
            var failed = 0;
            var killAfter = new Random(seed).Next(1, 3_000);
            var kill = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var system = Scribe.CreateSystem(new PostgreSqlStore(new PostgreSqlStoreOptions(database) { CommitResolution = TimeSpan.FromSeconds(60) }));
            for (var number = 0; number < Actors; number++)
            {
                var mine = number;
                system.ActorOf(Props.Create(() => new Scribe(mine, seed, int.MaxValue, Acknowledge, (_, _) => { }, Fail)));
            }

            await kill.Task.WaitAsync(Limit);
            await Server.KillAsync();
            // Every actor had a write under way, or sends one now: with the server gone it fails, or its fate is asked for.
            await Server.StartAgainAsync();
            await system.Terminate().WaitAsync(Limit);
            await Persistence.Instance.Apply(system).WhenStopped.WaitAsync(Limit);

            await CrashRounds.CompareAsync(() => new PostgreSqlStore(database), acknowledged, $"seed {seed}, killed after {killAfter} acknowledgements, {failed} failed");

            void Acknowledge(int actor, long sequenceNr)
            {
                lock (acknowledged)
                {
                    acknowledged[actor] = sequenceNr;
                    if (++count == killAfter)
                    {
                        kill.SetResult();
                    }
                }
            }

            void Fail(Exception cause) => Interlocked.Increment(ref failed);
        }
    }
}
