using System.Diagnostics;

namespace MeshNode.Interop.Tests.Console;

/// <summary>What the console's modules decide without a browser is tested in their own language, under Node.js.</summary>
[Trait("Category", "Interop")]
public sealed class ConsoleModuleTests
{
    [Theory]
    [InlineData("channels")]
    [InlineData("decisions")]
    [InlineData("signaling")]
    [InlineData("topology")]
    public async Task The_tests_in_JavaScript_pass(string name)
    {
        var file = Path.Combine(FindScripts(), $"{name}.test.mjs");
        using var process = Process.Start(new ProcessStartInfo("node", ["--test", "--test-reporter=tap", file])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        var error = process.StandardError.ReadToEndAsync(limit.Token);
        var output = await process.StandardOutput.ReadToEndAsync(limit.Token);
        await process.WaitForExitAsync(limit.Token);

        Assert.True(process.ExitCode == 0, $"{output}{await error}");
        Assert.Matches(@"# pass [1-9]", output);
    }

    /// <summary>In the checkout, because they load the modules from there.</summary>
    private static string FindScripts()
    {
        var folder = AppContext.BaseDirectory;
        while (!Directory.Exists(Path.Combine(folder, "Console", "js")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("The tests do not run within the repository.");
        }

        return Path.Combine(folder, "Console", "js");
    }
}
