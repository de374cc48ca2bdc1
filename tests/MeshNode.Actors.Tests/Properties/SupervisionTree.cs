namespace MeshNode.Actors.Tests.Properties;

/// <summary>One actor of a generated tree: whom it supervises, and how.</summary>
/// <param name="Decisions">By the kind of failure.</param>
/// <param name="Retries">-1 for no limit.</param>
/// <param name="Window">Zero for none.</param>
/// <param name="KeepsChildren">A restart leaves its children, which are restarted too; otherwise it stops them and makes them anew.</param>
internal sealed record SupervisionTree(
    string Name, SupervisionTree[] Children, Directive[] Decisions, bool AllForOne, int Retries, TimeSpan Window, bool KeepsChildren)
{
    public const int Kinds = 3;

    public static SupervisionTree Generate(Random random, string name = "t", int depth = 0)
    {
        var width = depth == 3 ? 0 : random.Next(depth == 0 ? 1 : 0, 4);
        return new SupervisionTree(
            name,
            [.. Enumerable.Range(0, width).Select(index => Generate(random, $"{name}.{index}", depth + 1))],
            [.. Enumerable.Range(0, Kinds).Select(_ => (Directive)random.Next(4))],
            random.Next(2) == 0,
            random.Next(-1, 4),
            TimeSpan.FromMilliseconds(random.Next(3) * 150),
            random.Next(3) == 0);
    }

    public IEnumerable<SupervisionTree> All() => Children.SelectMany(child => child.All()).Prepend(this);

    public SupervisorStrategy Strategy()
    {
        var decider = Decider.From(cause => Decisions[((NodeFailure)cause).Kind]);
        return AllForOne
            ? new AllForOneStrategy(Retries, Window, decider, loggingEnabled: false)
            : new OneForOneStrategy(Retries, Window, decider, loggingEnabled: false);
    }
}
