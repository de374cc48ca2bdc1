using System.Runtime.InteropServices;
using System.Text;

namespace MeshNode.Persistence;

/// <summary>Makes the names in a directory durable.</summary>
public static class DurableDirectory
{
    private const int InvalidArgument = 22; // EINVAL: this file system has nothing to flush for a directory

    /// <summary>
    /// A new or renamed file keeps its name through a power failure once its directory was flushed. .NET cannot open a directory,
    /// so this asks the C library; on Windows it does nothing, the file system's journal has it.
    /// </summary>
    /// <exception cref="IOException">The directory is missing, or its device failed.</exception>
    public static void Flush(string path)
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
