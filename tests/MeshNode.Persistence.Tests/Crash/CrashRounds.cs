using System.Diagnostics;
using System.Globalization;
using MeshNode.CrashWriter;
using MeshNode.Persistence.Journal;
using MeshNode.SimNet;

namespace MeshNode.Persistence.Tests.Crash;

/// <summary>Starts the writer, kills it while it writes, recovers with the same kind of actors and compares.</summary>
internal static class CrashRounds
{
    private const int Actors = 100;
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10); // a writer beside heavy work took two

    /// <summary>Of the issue: 50 times in the middle of 100,000 writes.</summary>
    public static (int Rounds, int Events) Scale(string store) =>
        (TestScale.Count($"kill -9 of a writer to {store}, rounds", full: 50, plain: 3), TestScale.Count($"kill -9 of a writer to {store}, events", full: 100_000, plain: 10_000));

    /// <summary>One round: the writer is killed after a number of acknowledgements that the seed gives.</summary>
    /// <param name="target">Names the place as the writer's arguments do.</param>
    /// <param name="open">Opens a store there.</param>
    public static async Task KillWriterAsync(string[] target, Func<IEventStore> open, int seed, int events)
    {
        var perActor = events / Actors;
        var killAfter = new Random(seed).Next(1, events / 4); // a group has three events, on the average
        using var writer = Process.Start(new ProcessStartInfo(
            Path.Combine(AppContext.BaseDirectory, "MeshNode.CrashWriter"),
            [.. target, .. new[] { seed, Actors, perActor }.Select(number => number.ToString(CultureInfo.InvariantCulture))])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var errors = writer.StandardError.ReadToEndAsync();
        var acknowledged = await KillAsync(writer, killAfter).WaitAsync(Limit);
        await writer.WaitForExitAsync().WaitAsync(Limit);
        Assert.True(acknowledged.Count > 0, $"seed {seed}: nothing was acknowledged: {await errors}");

        await CompareAsync(open, acknowledged, $"seed {seed}, killed after {killAfter} acknowledgements");
    }

    /// <summary>Everything acknowledged is there, nothing half is.</summary>
    /// <param name="acknowledged">The highest sequence number of each actor that was told.</param>
    public static async Task CompareAsync(Func<IEventStore> open, IReadOnlyDictionary<int, long> acknowledged, string what)
    {
        var recovered = await RecoverAsync(open()).WaitAsync(Limit);
        foreach (var (actor, sequenceNr) in acknowledged)
        {
            Assert.True(recovered[actor].Count >= sequenceNr, $"{what}: scribe-{actor} was told {sequenceNr}, {recovered[actor].Count} came back");
        }

        foreach (var (actor, entries) in recovered)
        {
            for (var index = 0; index < entries.Count; index++)
            {
                var (sequenceNr, entry) = entries[index];
                Assert.True(sequenceNr == index + 1, $"{what}: scribe-{actor} has {sequenceNr} in the place of {index + 1}");
                Assert.True(
                    entry.First <= sequenceNr && entry.First + entry.Size - 1 <= entries.Count && entries[(int)entry.First - 1].Entry == entry,
                    $"{what}: scribe-{actor} has a part of the group of {entry.Size} from {entry.First}, up to {entries.Count}");
            }
        }
    }

    private static async Task<Dictionary<int, long>> KillAsync(Process writer, int killAfter)
    {
        var acknowledged = new Dictionary<int, long>();
        // What it had printed before it died still comes; a last line without its end was cut and says nothing.
        var count = 0;
        var buffer = "";
        var characters = new char[4096];
        int read;
        while ((read = await writer.StandardOutput.ReadAsync(characters)) > 0)
        {
            buffer += new string(characters, 0, read);
            var lines = buffer.Split('\n');
            buffer = lines[^1];
            foreach (var line in lines[..^1])
            {
                var numbers = line.Split(' ');
                acknowledged[int.Parse(numbers[0], CultureInfo.InvariantCulture)] = long.Parse(numbers[1], CultureInfo.InvariantCulture);
                if (++count == killAfter)
                {
                    writer.Kill(); // SIGKILL, to this process alone
                }
            }
        }

        return acknowledged;
    }

    private static async Task<Dictionary<int, IReadOnlyList<(long SequenceNr, Entry Entry)>>> RecoverAsync(IEventStore store)
    {
        var recovered = new Dictionary<int, IReadOnlyList<(long, Entry)>>();
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var system = Scribe.CreateSystem(store);
        for (var number = 0; number < Actors; number++)
        {
            var mine = number;
            system.ActorOf(Props.Create(() => new Scribe(mine, 0, 0, (_, _) => { }, Add, cause => done.TrySetException(cause))));
        }

        await done.Task;
        await system.Terminate();
        await Persistence.Instance.Apply(system).WhenStopped;
        return recovered;

        void Add(int number, IReadOnlyList<(long, Entry)> entries)
        {
            lock (recovered)
            {
                recovered.Add(number, entries);
                if (recovered.Count == Actors)
                {
                    done.TrySetResult();
                }
            }
        }
    }
}
