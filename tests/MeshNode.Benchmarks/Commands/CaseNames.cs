namespace MeshNode.Benchmarks.Commands;

internal static class CaseNames
{
    /// <summary>Those named between commas, all without names; null, with a message, when one is unknown.</summary>
    public static T[]? Select<T>(T[] cases, Func<T, string> nameOf, string? names)
    {
        if (names is null)
        {
            return cases;
        }

        var wanted = names.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (Array.Find(wanted, name => !Array.Exists(cases, one => nameOf(one) == name)) is { } unknown)
        {
            Console.Error.WriteLine($"--cases: {unknown} is none of {string.Join(", ", cases.Select(nameOf))}");
            return null;
        }

        return [.. cases.Where(one => wanted.Contains(nameOf(one)))];
    }
}
