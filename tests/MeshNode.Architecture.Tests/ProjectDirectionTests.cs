using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Xml.Linq;

namespace MeshNode.Architecture.Tests;

/// <summary>Node → Mesh → {Rtc.Sockets → Rtc, Cluster → Persistence → Actors, Hocon}: arrows point one way.</summary>
public sealed class ProjectDirectionTests
{
    /// <summary>What each project may name in its project file; what these name in turn comes with them.</summary>
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["MeshNode.Rtc"] = [],
        ["MeshNode.Rtc.Sockets"] = ["MeshNode.Rtc"],
        ["MeshNode.Actors"] = [],
        ["MeshNode.Actors.TestKit"] = ["MeshNode.Actors"],
        ["MeshNode.Persistence"] = ["MeshNode.Actors"],
        ["MeshNode.Cluster"] = ["MeshNode.Persistence"],
        ["MeshNode.Hocon"] = [],
        ["MeshNode.Mesh"] = ["MeshNode.Rtc.Sockets", "MeshNode.Cluster", "MeshNode.Hocon"],
        ["MeshNode.Node"] = ["MeshNode.Mesh"],
    };

    public static TheoryData<string> SourceProjects => [.. Repository.SourceProjects];

    [Fact]
    public void Every_source_project_has_its_place_in_the_direction() =>
        Assert.Equal(Allowed.Keys.Order(StringComparer.Ordinal), Repository.SourceProjects);

    [Theory]
    [MemberData(nameof(SourceProjects))]
    public void Project_file_references_only_what_the_direction_allows(string project)
    {
        var references = ProjectFile($"src/{project}/{project}.csproj").Descendants("ProjectReference")
            .Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value.Replace('\\', '/')));
        Offenders.None(references.Except(Allowed[project]));
    }

    [Theory]
    [MemberData(nameof(SourceProjects))]
    public void Compiled_assembly_references_only_what_the_direction_allows(string project)
    {
        using var file = File.OpenRead(AssemblyPath(project));
        using var image = new PEReader(file);
        var metadata = image.GetMetadataReader();
        var references = metadata.AssemblyReferences
            .Select(handle => metadata.GetString(metadata.GetAssemblyReference(handle).Name))
            .Where(name => name.StartsWith("MeshNode", StringComparison.Ordinal));
        Offenders.None(references.Except(Reachable(project)));
    }

    [Theory]
    [MemberData(nameof(SourceProjects))]
    public void Source_files_import_only_what_the_direction_allows(string project)
    {
        // An import of a namespace that shares a project's name, longest first: MeshNode.Rtc.Sockets is not MeshNode.Rtc.
        var projects = Allowed.Keys.OrderByDescending(name => name.Length).ToArray();
        var mayUse = Reachable(project).Append(project).ToHashSet();
        var wrong =
            from path in Repository.TrackedFiles
            where path.StartsWith($"src/{project}/", StringComparison.Ordinal) && path.EndsWith(".cs", StringComparison.Ordinal)
            from line in Repository.ReadText(path).Split('\n')
            where line.StartsWith("using MeshNode.", StringComparison.Ordinal)
            let space = line["using ".Length..].TrimEnd(';', '\r') + "."
            let owner = projects.FirstOrDefault(name => space.StartsWith(name + ".", StringComparison.Ordinal))
            where owner is not null && !mayUse.Contains(owner)
            select $"{path}: {line.Trim()}";
        Offenders.None(wrong);
    }

    [Theory]
    [MemberData(nameof(SourceProjects))]
    public void Only_the_test_kit_refers_to_a_test_package(string project)
    {
        var packages = ProjectFile($"src/{project}/{project}.csproj").Descendants("PackageReference")
            .Select(reference => reference.Attribute("Include")!.Value)
            .Where(name => name.StartsWith("xunit", StringComparison.OrdinalIgnoreCase) || name.Contains("Test", StringComparison.Ordinal));
        Offenders.None(project == "MeshNode.Actors.TestKit" ? packages.Except(["xunit.abstractions", "xunit.assert"]) : packages);
    }

    [Fact]
    public void Every_project_is_in_the_solution()
    {
        var solution = Repository.ReadText("MeshNode.sln");
        var projects = Repository.SourceProjects.Concat(Repository.TestProjects);
        Offenders.None(projects.Where(name => !solution.Contains($"{name}.csproj", StringComparison.Ordinal)));
    }

    [Fact]
    public void Package_versions_stand_in_one_place()
    {
        var versioned =
            from path in Repository.TrackedFiles
            where path.EndsWith(".csproj", StringComparison.Ordinal)
            from reference in ProjectFile(path).Descendants("PackageReference")
            where reference.Attribute("Version") is not null
            select $"{path}: {reference}";
        Offenders.None(versioned);
    }

    private static XDocument ProjectFile(string relativePath) => XDocument.Load(Path.Combine(Repository.Root, relativePath));

    private static string AssemblyPath(string project) =>
        Path.Combine(AppContext.BaseDirectory, (project == "MeshNode.Node" ? "meshnode" : project) + ".dll");

    private static IEnumerable<string> Reachable(string project) =>
        Allowed[project].SelectMany(name => Reachable(name).Append(name)).Distinct();
}
