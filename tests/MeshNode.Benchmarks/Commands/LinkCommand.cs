using System.CommandLine;
using System.Diagnostics;
using MeshNode.Benchmarks.Cases.Links;
using MeshNode.Benchmarks.Cases.Peers;
using MeshNode.Benchmarks.Links;
using MeshNode.Benchmarks.Reporting;
using MeshNode.Benchmarks.Stacks;

namespace MeshNode.Benchmarks.Commands;

/// <summary>The stacks over a link of limited rate, with delay, a queue and losses, emulated in user space.</summary>
internal static class LinkCommand
{
    /// <summary>Each step of a case has a limit of its own; this is for all of them.</summary>
    private static readonly TimeSpan CaseLimit = TimeSpan.FromSeconds(90);

    private static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(25); // one way

    /// <summary>100 Mbit/s, 50 ms round trip, a queue of one bandwidth-delay product.</summary>
    private static readonly LinkSettings Fast = new(100_000_000, Delay, QueueBytes: 625_000);

    /// <summary>1 Mbit/s, 50 ms round trip, and a queue that holds two seconds.</summary>
    private static readonly LinkSettings Slow = new(1_000_000, Delay, QueueBytes: 250_000);

    public static Command Create() =>
        new StackOptions(1, 10, "How long each case measures, after its start.", Cases(TimeSpan.FromSeconds(1)).Select(one => one.Name)).Command(
            "link",
            "The same stacks over an emulated link: goodput with and without losses, standing queue, fairness, short messages beside long ones.",
            RunAsync,
            leastSeconds: 1);

    private static LinkCase[] Cases(TimeSpan duration)
    {
        var rampUp = TimeSpan.FromSeconds(3);
        var messages = (int)(duration.TotalMilliseconds / 20);
        return
        [
            new GoodputCase("clean", Fast, "100 Mbit/s", rampUp, duration, goodputGoal: 95, queueGoal: null),
            new GoodputCase("jumbo", Fast with { MaxDatagram = LinkSettings.JumboDatagram }, "100 Mbit/s, jumbo frames", rampUp, duration, goodputGoal: 95, queueGoal: null),
            new GoodputCase("loss", Fast with { Loss = 0.01 }, "100 Mbit/s, 1 % random loss", rampUp, duration, goodputGoal: 80, queueGoal: null),
            new GoodputCase("bursts", Fast with { Bursts = GilbertElliott.Of(0.01, 8) }, "100 Mbit/s, 1 % loss in bursts", rampUp, duration, goodputGoal: null, queueGoal: null),
            new GoodputCase("slow", Slow, "1 Mbit/s", TimeSpan.FromSeconds(5), duration * 1.5, goodputGoal: null, queueGoal: 200),
            new ShareCase("share", Fast, TimeSpan.FromSeconds(5), duration * 1.5),
            new ControlCase("control", Fast, "control message beside a file", ahead: null, rampUp, messages),
            new ControlCase("control-one", Fast, "control message beside a file, 1 message ahead, no I-DATA", ahead: 1, rampUp, messages),
        ];
    }

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
        Console.WriteLine($"emulator, raw UDP, {Fast}: {LinkSelfTest.Run(Fast)}");
        var comparison = new Comparison();
        for (var round = 0; round < rounds; round++)
        {
            foreach (var one in cases)
            {
                for (var i = 0; i < stacks.Count; i++)
                {
                    await RunAsync(comparison, one, stacks[(i + round) % stacks.Count], $"round {round + 1} of {rounds}", cancellation).ConfigureAwait(false);
                }
            }
        }

        string[] names = [.. stacks.Select(stack => stack.Name)];
        var rows = comparison.Rows(names);
        StackTable.Write(Console.Out, rows, names);
        foreach (var line in comparison.Fruitless())
        {
            Console.WriteLine($"  {line}");
        }

        Array.ForEach(cases, one => Console.WriteLine($"  {one.Name}: {one.Settings}"));
        if (json is not null)
        {
            await StackJson.WriteAsync(json, machine, rows, cancellation).ConfigureAwait(false);
        }

        return 0;
    }

    private static async Task RunAsync(Comparison comparison, LinkCase one, PeerStack stack, string round, CancellationToken cancellation)
    {
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limited.CancelAfter(CaseLimit);
        var start = Stopwatch.GetTimestamp();
        var link = new LinkedPair(stack, one.Settings, one.Interleaving);
        await using (link.ConfigureAwait(false))
        {
            try
            {
                var values = await one.RunAsync(link, limited.Token).ConfigureAwait(false);
                comparison.Add(stack.Name, one.Name, values);
                await Console.Error.WriteLineAsync($"{round}, {one.Name}, {stack.Name}: {string.Join(", ", values.Select(value => $"{value.Value:#,0.##} {value.Metric.Unit}"))} ({Stopwatch.GetElapsedTime(start).TotalSeconds:0.0} s)").ConfigureAwait(false);
            }
            catch (Exception exception) when (exception is PeerException || (exception is OperationCanceledException && !cancellation.IsCancellationRequested))
            {
                var reason = exception is PeerException ? exception.Message : $"timed out: not done within {CaseLimit.TotalSeconds:0} s";
                comparison.Fail(stack.Name, one.Name, reason);
                await Console.Error.WriteLineAsync($"{round}, {one.Name}, {stack.Name}: {reason}").ConfigureAwait(false);
            }
        }
    }
}
