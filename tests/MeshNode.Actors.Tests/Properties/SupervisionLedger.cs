namespace MeshNode.Actors.Tests.Properties;

/// <summary>What became of each actor of a tree, by name.</summary>
internal sealed class SupervisionLedger
{
    public SortedDictionary<string, int> Constructed { get; } = new(StringComparer.Ordinal);

    public SortedDictionary<string, int> Stopped { get; } = new(StringComparer.Ordinal);

    public SortedSet<string> Alive { get; } = new(StringComparer.Ordinal);

    public void Construct(string name)
    {
        Constructed[name] = Constructed.GetValueOrDefault(name) + 1;
        Alive.Add(name);
    }

    public void Stop(string name)
    {
        Stopped[name] = Stopped.GetValueOrDefault(name) + 1;
        Alive.Remove(name);
    }

    public override string ToString() =>
        $"constructed {string.Join(' ', Constructed)}; stopped {string.Join(' ', Stopped)}; alive {string.Join(' ', Alive)}";
}
