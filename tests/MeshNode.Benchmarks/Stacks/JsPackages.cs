using System.Diagnostics;

namespace MeshNode.Benchmarks.Stacks;

/// <summary>The other stacks' npm packages, pinned by the interop tests, and the scripts that use them.</summary>
internal static class JsPackages
{
    private static readonly string Tests = FindTests();

    public static string Scripts { get; } = Path.Combine(Tests, "MeshNode.Benchmarks", "js");

    private static string Folder => Path.Combine(Tests, "MeshNode.Interop.Tests", "js");

    /// <summary>Installs what the lock file says when nothing is installed.</summary>
    /// <returns>False, with a message, when that fails.</returns>
    public static async Task<bool> EnsureAsync(CancellationToken cancellation)
    {
        if (Directory.Exists(Path.Combine(Folder, "node_modules")))
        {
            return true;
        }

        await Console.Error.WriteLineAsync($"installing the other stacks: npm ci --ignore-scripts in {Folder}").ConfigureAwait(false);
        try
        {
            using var npm = Process.Start(new ProcessStartInfo("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"])
            {
                WorkingDirectory = Folder,
                RedirectStandardOutput = true,
            })!;
            await npm.StandardOutput.ReadToEndAsync(cancellation).ConfigureAwait(false);
            await npm.WaitForExitAsync(cancellation).ConfigureAwait(false);
            if (npm.ExitCode == 0)
            {
                return true;
            }

            await Console.Error.WriteLineAsync($"npm ended with {npm.ExitCode}; --stacks meshnode needs no packages").ConfigureAwait(false);
        }
        catch (System.ComponentModel.Win32Exception exception)
        {
            await Console.Error.WriteLineAsync($"npm: {exception.Message}; install Node.js, or use --stacks meshnode").ConfigureAwait(false);
        }

        return false;
    }

    /// <summary>The sources' folder, above where the program was built; the scripts are run from there.</summary>
    private static string FindTests()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var tests = Path.Combine(folder.FullName, "tests");
            if (Directory.Exists(Path.Combine(tests, "MeshNode.Benchmarks", "js")))
            {
                return tests;
            }
        }

        throw new DirectoryNotFoundException("tests/MeshNode.Benchmarks/js is not above the program: run it from the repository.");
    }
}
