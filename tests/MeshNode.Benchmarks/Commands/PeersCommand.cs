using System.CommandLine;
using System.Diagnostics;
using MeshNode.Benchmarks.Cases.Peers;
using MeshNode.Benchmarks.Reporting;
using MeshNode.Benchmarks.Stacks;

namespace MeshNode.Benchmarks.Commands;

/// <summary>MeshNode, libdatachannel and libwebrtc at the same work: two processes each on loopback, alternating.</summary>
internal static class PeersCommand
{
    /// <summary>Each step of a case has a limit of its own; this is for all of them.</summary>
    private static readonly TimeSpan CaseLimit = TimeSpan.FromSeconds(90);

    private static readonly BulkCase WarmUp = new("warm-up", 16 * 1024, both: false, TimeSpan.FromSeconds(1), null, null, null);

    public static Command Create() =>
        new StackOptions(3, 3, "How long each bulk case measures, after a second to warm up.", Cases(TimeSpan.Zero).Select(one => one.Name)).Command(
            "peers",
            "MeshNode beside libdatachannel and libwebrtc, two processes each on loopback, in about nine minutes.",
            RunAsync,
            leastSeconds: 0.1);

    private static PeersCase[] Cases(TimeSpan duration) =>
    [
        new BulkCase("bulk16", 16 * 1024, both: false, duration, bytesGoal: 5, messagesGoal: null, cpuGoal: 0.2),
        new BulkCase("bulk64", 64 * 1024, both: false, duration, bytesGoal: 5, messagesGoal: null, cpuGoal: 0.2),
        new BulkCase("both16", 16 * 1024, both: true, duration, bytesGoal: 4, messagesGoal: null, cpuGoal: null),
        new BulkCase("both64", 64 * 1024, both: true, duration, bytesGoal: 4, messagesGoal: null, cpuGoal: null),
        new BulkCase("small", 100, both: false, duration, bytesGoal: null, messagesGoal: 3, cpuGoal: null),
        new PeersPingCase("ping", size: 64, warmUp: 5_000, count: 10_000),
        new PeersSetupCase("setup", warmUp: 30, count: 100),
        new PeersBurstCase("burst", count: 50),
        new PeersIdleCase("idle", warmUp: 100, count: 300),
    ];

    private static async Task<int> RunAsync(
        FileInfo? json, int rounds, TimeSpan duration, string? stackNames, string? caseNames, CancellationToken cancellation)
    {
        if (PeerStack.Parse(stackNames) is not { } stacks || CaseNames.Select(Cases(duration), one => one.Name, caseNames) is not { } cases)
        {
            return 2;
        }

        if (stacks.Any(stack => stack.NeedsPackages) && !await JsPackages.EnsureAsync(cancellation).ConfigureAwait(false))
        {
            return 1;
        }

        var machine = MachineContext.Read();
        Console.WriteLine(machine);
        var comparison = new Comparison();
        for (var round = 0; round < rounds; round++)
        {
            await RunRoundAsync(comparison, cases, [.. stacks.Skip(round % stacks.Count), .. stacks.Take(round % stacks.Count)], $"round {round + 1} of {rounds}", cancellation).ConfigureAwait(false);
        }

        string[] names = [.. stacks.Select(stack => stack.Name)];
        var rows = comparison.Rows(names);
        StackTable.Write(Console.Out, rows, names);
        foreach (var line in comparison.Fruitless())
        {
            Console.WriteLine($"  {line}");
        }

        Console.WriteLine("Median of the rounds, in brackets the lowest and the highest; stacks take turns in each case. CPU of a GB is that of 10^9 bytes, both processes.");
        if (json is not null)
        {
            await StackJson.WriteAsync(json, machine, rows, cancellation).ConfigureAwait(false);
        }

        return 0;
    }

    /// <summary>Every case with every stack in turn. Processes live as long as the round; one that failed is started anew.</summary>
    private static async Task RunRoundAsync(
        Comparison comparison, PeersCase[] cases, IReadOnlyList<PeerStack> stacks, string round, CancellationToken cancellation)
    {
        var pairs = new Dictionary<string, PeerPair>();
        try
        {
            foreach (var one in cases)
            {
                foreach (var stack in stacks)
                {
                    if (one.NeedsFreshProcesses && pairs.Remove(stack.Name, out var used))
                    {
                        await used.DisposeAsync().ConfigureAwait(false);
                    }

                    if (!pairs.TryGetValue(stack.Name, out var pair))
                    {
                        pairs.Add(stack.Name, pair = new PeerPair(stack));
                        if (!one.NeedsFreshProcesses && !stack.CrashesWhenBusy)
                        {
                            await WarmUpAsync(pair, cancellation).ConfigureAwait(false);
                        }
                    }

                    if (!await TryRunAsync(comparison, one, pair, round, cancellation).ConfigureAwait(false) || one.NeedsFreshProcesses || pair.IsSpent)
                    {
                        pairs.Remove(stack.Name);
                        await pair.DisposeAsync().ConfigureAwait(false);
                    }
                }
            }
        }
        finally
        {
            foreach (var pair in pairs.Values)
            {
                await pair.DisposeAsync().ConfigureAwait(false);
            }
        }
    }

    /// <summary>Compilers that work in the background get some work before anything counts.</summary>
    private static async Task WarmUpAsync(PeerPair pair, CancellationToken cancellation)
    {
        try
        {
            await WarmUp.RunAsync(pair, cancellation).ConfigureAwait(false);
        }
        catch (PeerException exception)
        {
            await Console.Error.WriteLineAsync($"warming up {pair.Stack.Name}: {exception.Message}").ConfigureAwait(false);
        }
    }

    private static async Task<bool> TryRunAsync(Comparison comparison, PeersCase one, PeerPair pair, string round, CancellationToken cancellation)
    {
        var (stack, start) = (pair.Stack.Name, Stopwatch.GetTimestamp());
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limited.CancelAfter(CaseLimit);
        try
        {
            var values = await one.RunAsync(pair, limited.Token).ConfigureAwait(false);
            comparison.Add(stack, one.Name, values);
            Console.Error.WriteLine($"{round}, {one.Name}, {stack}: {string.Join(", ", values.Select(value => $"{value.Value:#,0.##} {value.Metric.Unit}"))} ({Stopwatch.GetElapsedTime(start).TotalSeconds:0.0} s)");
            return true;
        }
        catch (Exception exception) when (exception is PeerException || (exception is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            var reason = exception is PeerException ? exception.Message : $"timed out: not done within {CaseLimit.TotalSeconds:0} s";
            comparison.Fail(stack, one.Name, reason);
            Console.Error.WriteLine($"{round}, {one.Name}, {stack}: {reason}");
            return false;
        }
    }
}
