using System.Diagnostics;

namespace MeshNode.Architecture.Tests;

/// <summary>The checkout that these tests were built from, as git sees it.</summary>
internal static class Repository
{
    private static readonly string[] TextExtensions =
        [".cs", ".csproj", ".props", ".targets", ".json", ".md", ".mjs", ".js", ".html", ".css", ".sh", ".yml", ".yaml", ".conf", ".hocon", ".sln", ".txt", ".service"];

    public static string Root { get; } = FindRoot();

    /// <summary>Paths relative to the root, with '/', of every tracked file that is still there.</summary>
    public static IReadOnlyList<string> TrackedFiles { get; } = ListTrackedFiles();

    public static IEnumerable<string> TrackedTextFiles =>
        TrackedFiles.Where(path => TextExtensions.Contains(Path.GetExtension(path)) || Path.GetExtension(path).Length == 0 || Path.GetFileName(path).StartsWith('.'));

    /// <summary>Names of the folders directly under <c>src</c> that hold a project.</summary>
    public static IEnumerable<string> SourceProjects => ProjectsUnder("src");

    public static IEnumerable<string> TestProjects => ProjectsUnder("tests");

    public static string ReadText(string relativePath) => File.ReadAllText(Path.Combine(Root, relativePath));

    public static bool Exists(string relativePath) =>
        File.Exists(Path.Combine(Root, relativePath)) || Directory.Exists(Path.Combine(Root, relativePath));

    /// <summary>Folders directly under <paramref name="folder"/> that hold at least one tracked C# file, at any depth.</summary>
    public static IEnumerable<string> CodeFoldersUnder(string folder) =>
        TrackedFiles.Where(path => path.StartsWith(folder + "/", StringComparison.Ordinal) && path.EndsWith(".cs", StringComparison.Ordinal))
            .Select(path => path[(folder.Length + 1)..].Split('/'))
            .Where(parts => parts.Length > 1)
            .Select(parts => parts[0])
            .Distinct();

    private static IEnumerable<string> ProjectsUnder(string folder) =>
        TrackedFiles.Where(path => path.StartsWith(folder + "/", StringComparison.Ordinal) && path.EndsWith(".csproj", StringComparison.Ordinal))
            .Select(path => Path.GetFileNameWithoutExtension(path))
            .Order(StringComparer.Ordinal);

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "MeshNode.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"No MeshNode.sln above {AppContext.BaseDirectory}: run the tests from a checkout.");
    }

    private static List<string> ListTrackedFiles()
    {
        using var git = Process.Start(new ProcessStartInfo("git", ["-C", Root, "ls-files", "-z"]) { RedirectStandardOutput = true })
            ?? throw new InvalidOperationException("git did not start: these tests ask it which files are tracked.");
        var output = git.StandardOutput.ReadToEnd();
        git.WaitForExit();
        return git.ExitCode == 0
            ? [.. output.Split('\0', StringSplitOptions.RemoveEmptyEntries).Where(Exists)]
            : throw new InvalidOperationException($"git ls-files ended with {git.ExitCode} in {Root}.");
    }
}
