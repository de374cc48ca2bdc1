using System.Text.RegularExpressions;

namespace MeshNode.Architecture.Tests;

/// <summary>Documentation lives beside what it documents, and its links lead somewhere.</summary>
public sealed partial class DocumentationTests
{
    [Fact]
    public void Every_source_project_has_a_readme() =>
        Offenders.None(Repository.SourceProjects.Where(project => !Repository.Exists($"src/{project}/README.md")));

    [Fact]
    public void Every_layer_of_the_core_has_a_readme() =>
        Offenders.None(Repository.CodeFoldersUnder("src/MeshNode.Rtc").Where(layer => !Repository.Exists($"src/MeshNode.Rtc/{layer}/README.md")));

    [Fact]
    public void The_top_and_the_tests_have_a_readme() =>
        Offenders.None(new[] { "README.md", "tests/README.md" }.Where(path => !Repository.Exists(path)));

    [Fact]
    public void Every_relative_link_resolves()
    {
        var broken =
            from path in Repository.TrackedFiles
            where path.EndsWith(".md", StringComparison.Ordinal)
            let text = WithoutCode().Replace(Repository.ReadText(path), "")
            from Match link in Link().Matches(text)
            let target = Uri.UnescapeDataString(link.Groups["target"].Value.Split('#')[0])
            where target.Length > 0 && !target.Contains(':', StringComparison.Ordinal)
            where !Repository.Exists(Path.Combine(Path.GetDirectoryName(path)!, target))
            select $"{path}: {target}";
        Offenders.None(broken);
    }

    /// <summary>Folders of types without behaviour of their own, which the tests of those that use them cover.</summary>
    private static readonly string[] FoldersOfData =
    [
        "MeshNode.Actors.Tests/Exceptions",
        "MeshNode.Actors.Tests/Logging",
        "MeshNode.Actors.Tests/Messages",
        "MeshNode.Actors.Tests/System",
        "MeshNode.Actors.Tests/SystemMessages",
        "MeshNode.Mesh.Tests/Contracts",
        "MeshNode.Node.Tests/Logging",
    ];

    /// <summary>A layer's folder has a twin in its tests: who finds one finds the other.</summary>
    [Fact]
    public void Every_source_folder_with_code_has_a_twin_in_the_tests()
    {
        var missing =
            from project in Repository.SourceProjects
            where Repository.Exists($"tests/{project}.Tests")
            from folder in Repository.CodeFoldersUnder($"src/{project}")
            where !FoldersOfData.Contains($"{project}.Tests/{folder}") && !Repository.Exists($"tests/{project}.Tests/{folder}")
            select $"tests/{project}.Tests/{folder}";
        Offenders.None(missing);
    }

    [GeneratedRegex(@"```.*?```|`[^`\n]*`", RegexOptions.Singleline)]
    private static partial Regex WithoutCode();

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)[^)]*\)")]
    private static partial Regex Link();
}
