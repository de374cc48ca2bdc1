namespace MeshNode.Interop.Tests.Peers;

/// <summary>Where the far sides' scripts lie: in the checkout, because their packages are installed beside them.</summary>
internal static class FarSideScripts
{
    public static string Folder { get; } = Find();

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var scripts = Path.Combine(folder.FullName, "tests", "MeshNode.Interop.Tests", "js");
            if (Directory.Exists(Path.Combine(scripts, "node_modules", "node-datachannel")))
            {
                return scripts;
            }
        }

        throw new InvalidOperationException("The far sides' npm packages are not installed: run tests/run.sh once.");
    }
}
