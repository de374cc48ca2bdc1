using System.Globalization;

namespace MeshNode.Mesh.Identity;

/// <summary>
/// Keeps a data directory for one process: an flock on its file <c>lock</c>, which the system lets go when the process ends,
/// however it ends. The file <c>pid</c> beside it says who has it, for the message of who comes second.
/// </summary>
internal sealed class DirectoryLock : IDisposable
{
    private readonly FileStream _file;

    private DirectoryLock(FileStream file) => _file = file;

    /// <exception cref="IdentityException">Another process has it, or it cannot be made.</exception>
    public static DirectoryLock Acquire(string directory)
    {
        var pidPath = Path.Combine(directory, "pid");
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnlyFile.Mode;
        }

        FileStream file;
        try
        {
            file = new FileStream(Path.Combine(directory, "lock"), options);
        }
        catch (UnauthorizedAccessException error)
        {
            throw new IdentityException($"Cannot lock {directory}: {error.Message}", error);
        }
        catch (IOException error)
        {
            throw new IdentityException($"The data directory {directory} is locked by {Describe(pidPath)}; stop it, or take another directory with --data", error);
        }

        var held = new DirectoryLock(file);
        try
        {
            OwnerOnlyFile.Write(pidPath, Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
        }
        catch
        {
            held.Dispose();
            throw;
        }

        return held;
    }

    public void Dispose() => _file.Dispose();

    private static string Describe(string pidPath)
    {
        try
        {
            return int.TryParse(File.ReadAllText(pidPath), CultureInfo.InvariantCulture, out var pid) ? $"process {pid}" : "another process";
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return "another process";
        }
    }
}
