using System.Text.RegularExpressions;

namespace MeshNode.Actors.Tests;

/// <summary>The kernel's README names the test of each guarantee.</summary>
public sealed partial class ReadmeTests
{
    [Fact]
    public void Tests_that_the_readme_names_exist()
    {
        var named = TestName().Matches(File.ReadAllText(Readme())).Select(match => match.Groups[1].Value).ToHashSet();
        var existing = typeof(ReadmeTests).Assembly.GetTypes()
            .SelectMany(type => type.GetMethods())
            .Where(method => method.IsDefined(typeof(FactAttribute), inherit: false))
            .Select(method => method.Name)
            .ToHashSet();
        Assert.NotEmpty(named);
        Assert.Empty(named.Except(existing));
    }

    private static string Readme()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var readme = Path.Combine(folder.FullName, "src", "MeshNode.Actors", "README.md");
            if (File.Exists(readme))
            {
                return readme;
            }
        }

        throw new FileNotFoundException("src/MeshNode.Actors/README.md is not above the tests.");
    }

    [GeneratedRegex("`([A-Z][A-Za-z]*_[A-Za-z_]+)`")]
    private static partial Regex TestName();
}
