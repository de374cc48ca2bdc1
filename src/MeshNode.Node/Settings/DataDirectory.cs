using MeshNode.Mesh.Identity;

namespace MeshNode.Node.Settings;

/// <summary>Where a node keeps its state when nobody says so, and what is in there.</summary>
internal static class DataDirectory
{
    /// <summary>
    /// <c>$MESHNODE_DATA</c>, or <c>meshnode</c> in <c>$XDG_STATE_HOME</c> or <c>~/.local/state</c>
    /// (XDG Base Directory Specification: "All paths set in these environment variables must be absolute").
    /// </summary>
    /// <exception cref="NodeStartException">There is neither a variable nor a home.</exception>
    public static string Default(Func<string, string?> environment)
    {
        if (environment("MESHNODE_DATA") is { Length: > 0 } chosen)
        {
            return Path.GetFullPath(chosen);
        }

        if (environment("XDG_STATE_HOME") is { Length: > 0 } state && Path.IsPathRooted(state))
        {
            return Path.Combine(state, "meshnode");
        }

        var home = environment("HOME") is { Length: > 0 } variable
            ? variable
            : Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        return home.Length > 0
            ? Path.Combine(home, ".local", "state", "meshnode")
            : throw new NodeStartException("no data directory: HOME and MESHNODE_DATA are not set; give one with --data DIR");
    }

    /// <summary>
    /// Makes an empty directory that is there already the owner's alone, as a new one would be made. One with files in it is
    /// left as it is, and refused by the identity store where others have access.
    /// </summary>
    public static void Prepare(string data)
    {
        try
        {
            if (!OperatingSystem.IsWindows() && Directory.Exists(data) && !Directory.EnumerateFileSystemEntries(data).Any())
            {
                File.SetUnixFileMode(data, OwnerOnlyFile.DirectoryMode);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Not ours: the identity store says what is wrong with it.
        }
    }

    public static string ControlToken(string data) => Path.Combine(data, "control-token");

    public static string InviteToken(string data) => Path.Combine(data, "invite-token");

    public static string EndPoint(string data) => Path.Combine(data, "endpoint.json");
}
