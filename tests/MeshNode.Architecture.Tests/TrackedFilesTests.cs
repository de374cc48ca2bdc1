using System.Text.RegularExpressions;

namespace MeshNode.Architecture.Tests;

/// <summary>What lies in the repository, and what must not stand in it.</summary>
public sealed partial class TrackedFilesTests
{
    private const int LongestFile = 600; // lines; longer ones are split by the state they own

    private static readonly string[] TopLevel =
        ["src", "tests", "config", "docker", "MeshNode.sln", "README.md", "LICENSE", "global.json", "Directory.Build.props", "Directory.Packages.props", "BannedSymbols.txt"];

    /// <summary>Put together here, so that this file does not hold what it looks for.</summary>
    private static readonly string[] RegistryHosts =
        ["nuget" + ".org", "npmjs" + ".org", "npmjs" + ".com", "yarnpkg" + ".com", "debian" + ".org", "pypi" + ".org", "pythonhosted" + ".org", "ghcr" + ".io"];

    [Fact]
    public void Top_level_holds_only_the_house_dot_files_licence_and_build_props()
    {
        var entries = Repository.TrackedFiles.Select(path => path.Split('/')[0]).Distinct();
        Offenders.None(entries.Where(entry => !entry.StartsWith('.')).Except(TopLevel));
    }

    [Fact]
    public void No_code_file_is_longer_than_a_reader_can_hold()
    {
        var longer =
            from path in Repository.TrackedFiles
            where Path.GetExtension(path) is ".cs" or ".js" or ".mjs" or ".css" or ".html" or ".sh"
            let lines = Repository.ReadText(path).Count(character => character == '\n')
            where lines > LongestFile
            select $"{path}: {lines} lines";
        Offenders.None(longer);
    }

    [Fact]
    public void No_file_names_a_registry_host_or_a_place_on_one_machine()
    {
        var named =
            from path in Repository.TrackedTextFiles
            from line in Repository.ReadText(path).Split('\n')
            where MachinePath().IsMatch(line) || RegistryHosts.Any(host => line.Contains(host, StringComparison.OrdinalIgnoreCase))
            select $"{path}: {line.Trim()}";
        Offenders.None(named);
    }

    [Theory]
    [InlineData("see /ho" + "me/someone/mesh", true)]
    [InlineData("cd /ro" + "ot/mesh", true)]
    [InlineData("/wo" + "rk/main", true)]
    [InlineData("/usr/bin/chromium", false)]
    [InlineData("https://example.test/homepage", false)]
    public void The_search_tells_a_machine_path_from_others(string line, bool isMachinePath) =>
        Assert.Equal(isMachinePath, MachinePath().IsMatch(line));

    [Fact]
    public void Source_holds_no_words_of_unfinished_work() => Offenders.None(LinesMatching("src/", ".cs", UnfinishedWork()));

    [Fact]
    public void Tests_wait_for_events_and_never_sleep() =>
        Offenders.None(LinesMatching("tests/", ".cs", Sleep()).Where(line => !line.StartsWith("tests/MeshNode.Benchmarks/", StringComparison.Ordinal)));

    [Fact]
    public void No_test_is_switched_off() => Offenders.None(LinesMatching("tests/", ".cs", SwitchedOff()));

    private static IEnumerable<string> LinesMatching(string folder, string extension, Regex pattern) =>
        from path in Repository.TrackedFiles
        where path.StartsWith(folder, StringComparison.Ordinal) && path.EndsWith(extension, StringComparison.Ordinal)
        from line in Repository.ReadText(path).Split('\n')
        where pattern.IsMatch(line)
        select $"{path}: {line.Trim()}";

    [GeneratedRegex(@"(?<![\w.:/-])/(home/\w|root/|work/|Users/\w)")]
    private static partial Regex MachinePath();

    [GeneratedRegex(@"\b(TODO|FIXME|HACK|NotImplementedException)\b")]
    private static partial Regex UnfinishedWork();

    [GeneratedRegex(@"Thread\.Sleep|Task\.Delay")]
    private static partial Regex Sleep();

    [GeneratedRegex(@"\bSkip\s*=\s*""")]
    private static partial Regex SwitchedOff();
}
