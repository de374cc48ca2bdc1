namespace MeshNode.Mesh.Tests;

/// <summary>Finds files of the repository from wherever the tests were built to.</summary>
internal static class TestFiles
{
    public static string Root { get; } = FindRoot();

    public static string InTests(params string[] path) => Path.Combine([Root, "tests", "MeshNode.Mesh.Tests", .. path]);

    private static string FindRoot()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "MeshNode.sln")))
        {
            directory = directory.Parent;
        }

        return directory?.FullName ?? throw new DirectoryNotFoundException("MeshNode.sln is in no directory above the tests.");
    }
}
