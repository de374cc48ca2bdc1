using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace MeshNode.Node.Hosting;

/// <summary>How this program was started, so that a printed command starts it again the same way.</summary>
internal static class LaunchCommand
{
    /// <summary>
    /// The words before the program's own arguments: <c>dotnet run -c Release --project src/MeshNode.Node --</c> where that
    /// started us, otherwise the executable (with its dll where dotnet runs one).
    /// </summary>
    public static IReadOnlyList<string> Detect()
    {
        var commandLine = Environment.GetCommandLineArgs();
        if (TryReadParent(out var parent) && TryFindDotnetRun(parent, commandLine[1..], out var words))
        {
            return words;
        }

        var executable = Environment.ProcessPath ?? "meshnode";
        return Path.GetFileNameWithoutExtension(executable) == "dotnet"
            ? ["dotnet", Path.GetFullPath(commandLine[0])]
            : [executable];
    }

    /// <summary>Takes our own arguments off the end of a <c>dotnet run</c> command line.</summary>
    public static bool TryFindDotnetRun(
        IReadOnlyList<string> parent, IReadOnlyList<string> own, [NotNullWhen(true)] out IReadOnlyList<string>? words)
    {
        words = null;
        if (parent.Count < 2
            || Path.GetFileNameWithoutExtension(parent[0]) != "dotnet"
            || parent[1] != "run"
            || parent.Count - own.Count < 2
            || !parent.Skip(parent.Count - own.Count).SequenceEqual(own))
        {
            return false;
        }

        var before = parent.Take(parent.Count - own.Count).ToList();
        if (before[^1] != "--")
        {
            before.Add("--");
        }

        words = ["dotnet", .. before.Skip(1)];
        return true;
    }

    // Linux only: elsewhere the executable's own command does.
    private static bool TryReadParent([NotNullWhen(true)] out string[]? words)
    {
        words = null;
        try
        {
            // proc(5): pid (comm) state ppid …; comm may hold spaces and parentheses, so count from the last one.
            var stat = File.ReadAllText("/proc/self/stat");
            var fields = stat[(stat.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (!int.TryParse(fields[1], NumberStyles.None, CultureInfo.InvariantCulture, out var parent))
            {
                return false;
            }

            words = File.ReadAllText($"/proc/{parent.ToString(CultureInfo.InvariantCulture)}/cmdline").TrimEnd('\0').Split('\0');
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or IndexOutOfRangeException)
        {
            return false;
        }
    }
}
