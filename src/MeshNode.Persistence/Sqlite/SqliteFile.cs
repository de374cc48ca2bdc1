using System.Runtime.InteropServices;
using System.Text;

namespace MeshNode.Persistence.Sqlite;

/// <summary>Makes the store's file: only its owner may read it, and its name is durable before anything is in it.</summary>
internal static class SqliteFile
{
    /// <summary>Makes it when it is missing. SQLite gives the files beside it the same mode.</summary>
    /// <exception cref="IOException">The folder is missing or cannot be written.</exception>
    public static void CreateIfMissing(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        // Never opened when it exists: closing it would let go of the locks that another store of this process has on it.
        if (File.Exists(path))
        {
            return;
        }

        try
        {
            using var stream = new FileStream(path, options);
        }
        catch (IOException) when (File.Exists(path))
        {
            return; // somebody else made it at this moment
        }

        FlushDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
    }

    // A new name is durable once its directory is. .NET cannot open a directory, so this asks the C library.
    private static void FlushDirectory(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var descriptor = NativeMethods.Open([.. Encoding.UTF8.GetBytes(path), 0], 0);
        if (descriptor < 0)
        {
            throw new IOException($"open {path}: error {Marshal.GetLastPInvokeError()}");
        }

        var result = NativeMethods.Fsync(descriptor);
        var error = Marshal.GetLastPInvokeError();
        _ = NativeMethods.Close(descriptor);
        const int InvalidArgument = 22; // EINVAL: this file system has nothing to flush for a directory
        if (result != 0 && error != InvalidArgument)
        {
            throw new IOException($"fsync {path}: error {error}");
        }
    }

    private static class NativeMethods
    {
        [DllImport("libc", EntryPoint = "open", SetLastError = true)]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        public static extern int Open(byte[] path, int flags);

        [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        public static extern int Fsync(int descriptor);

        [DllImport("libc", EntryPoint = "close", SetLastError = true)]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        public static extern int Close(int descriptor);
    }
}
