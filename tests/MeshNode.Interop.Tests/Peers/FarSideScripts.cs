namespace MeshNode.Interop.Tests.Peers;

/// <summary>Where the far sides' scripts lie: in the checkout, because their packages are installed beside them.</summary>
internal static class FarSideScripts
{
    private static readonly string Project = Find();

    public static string JavaScript { get; } = Path.Combine(Project, "js");

    public static string Python { get; } = Path.Combine(Project, "py");

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var project = Path.Combine(folder.FullName, "tests", "MeshNode.Interop.Tests");
            if (Directory.Exists(Path.Combine(project, "js", "node_modules", "node-datachannel")))
            {
                return project;
            }
        }

        throw new InvalidOperationException("The far sides' npm packages are not installed: run tests/run.sh once.");
    }
}
