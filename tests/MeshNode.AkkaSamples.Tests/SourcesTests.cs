using System.Runtime.CompilerServices;

namespace AkkaSamples;

/// <summary>The samples are written for Akka.NET: only two files may know what they run on here.</summary>
public sealed class SourcesTests
{
    [Fact]
    public void No_sample_names_our_namespaces()
    {
        var folder = Path.GetDirectoryName(ThisFile())!;
        var samples = Directory.GetFiles(folder, "*.cs").Where(path =>
            Path.GetFileName(path) is not ("Usings.cs" or "Departures.cs" or "SourcesTests.cs")).ToArray();
        Assert.True(samples.Length > 15);
        Assert.DoesNotContain(samples, path => File.ReadAllText(path).Contains("MeshNode", StringComparison.Ordinal));
        Assert.All(
            File.ReadLines(Path.Combine(folder, "Usings.cs")).Skip(1),
            line => Assert.Matches("^global using MeshNode[.A-Za-z]*; // Akka[., A-Za-z0-9]*$", line));
    }

    private static string ThisFile([CallerFilePath] string path = "") => path;
}
