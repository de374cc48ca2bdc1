using System.CommandLine;
using MeshNode.Benchmarks.Stacks;

namespace MeshNode.Benchmarks.Commands;

/// <summary>What the commands that compare stacks have in common.</summary>
/// <param name="rounds">Default number of rounds.</param>
/// <param name="seconds">Default time that a case measures.</param>
/// <param name="secondsHelp">What that time is of.</param>
/// <param name="cases">Their names.</param>
internal sealed class StackOptions(int rounds, double seconds, string secondsHelp, IEnumerable<string> cases)
{
    public Option<FileInfo?> Json { get; } = new("--json") { Description = "Also write the results, with every round, to this file as JSON." };

    public Option<int> Rounds { get; } = new("--rounds") { Description = "Rounds of each case, 1 or more.", DefaultValueFactory = _ => rounds };

    public Option<double> Seconds { get; } = new("--seconds") { Description = secondsHelp, DefaultValueFactory = _ => seconds };

    public Option<string?> Stacks { get; } = new("--stacks")
    {
        Description = $"Only these, between commas: {string.Join(", ", PeerStack.All.Select(stack => stack.Name))}; the last only when named.",
    };

    public Option<string?> Cases { get; } = new("--cases") { Description = $"Only these, between commas: {string.Join(", ", cases)}." };

    public Command Command(
        string name, string description, Func<FileInfo?, int, TimeSpan, string?, string?, CancellationToken, Task<int>> run, double leastSeconds)
    {
        var command = new Command(name, description) { Json, Rounds, Seconds, Stacks, Cases };
        command.SetAction((result, cancellation) => run(
            result.GetValue(Json),
            Math.Max(1, result.GetValue(Rounds)),
            TimeSpan.FromSeconds(Math.Max(leastSeconds, result.GetValue(Seconds))),
            result.GetValue(Stacks),
            result.GetValue(Cases),
            cancellation));
        return command;
    }
}
