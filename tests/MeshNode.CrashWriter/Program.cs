using System.Globalization;
using MeshNode.Actors;
using MeshNode.CrashWriter;
using MeshNode.Persistence.Journal;
using MeshNode.Persistence.PostgreSql;
using MeshNode.Persistence.Sqlite;

if (args is not [var engine, var target, var seedText, var actorsText, var eventsText])
{
    await Console.Error.WriteLineAsync("MeshNode.CrashWriter sqlite PATH | postgresql CONNECTION_STRING  SEED ACTORS EVENTS_PER_ACTOR").ConfigureAwait(false);
    return 2;
}

var (seed, actors, events) = (Number(seedText), Number(actorsText), Number(eventsText));
IEventStore store = engine == "sqlite" ? new SqliteStore(target) : new PostgreSqlStore(target);
using var output = Console.OpenStandardOutput();
var gate = new Lock();
var system = Scribe.CreateSystem(store);
for (var number = 0; number < actors; number++)
{
    var mine = number;
    system.ActorOf(Props.Create(() => new Scribe(mine, seed, events, Acknowledge, (_, _) => { }, Fail)));
}

await system.WhenTerminated.ConfigureAwait(false); // never: whoever started this kills it
return 0;

// One write of a whole line each, unbuffered: a pipe takes so few bytes at once or not at all.
void Acknowledge(int number, long sequenceNr)
{
    Span<byte> line = stackalloc byte[64];
    System.Text.Encoding.ASCII.TryGetBytes(string.Create(CultureInfo.InvariantCulture, $"{number} {sequenceNr}\n"), line, out var length);
    lock (gate)
    {
        output.Write(line[..length]);
    }
}

void Fail(Exception cause)
{
    Console.Error.WriteLine(cause);
    Environment.Exit(1);
}

static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
