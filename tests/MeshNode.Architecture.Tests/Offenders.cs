namespace MeshNode.Architecture.Tests;

internal static class Offenders
{
    /// <summary>Fails with every offender on a line of its own (xunit's own message cuts long collections short).</summary>
    public static void None(IEnumerable<string> offenders)
    {
        var found = offenders.ToArray();
        Assert.True(found.Length == 0, $"{found.Length} found:{Environment.NewLine}{string.Join(Environment.NewLine, found)}");
    }
}
