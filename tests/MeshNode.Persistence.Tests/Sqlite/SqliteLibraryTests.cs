using System.Runtime.InteropServices;
using MeshNode.Persistence.Sqlite;

namespace MeshNode.Persistence.Tests.Sqlite;

public sealed class SqliteLibraryTests
{
    [Fact]
    public void The_systems_library_is_used()
    {
        Assert.True(SqliteLibrary.IsSystem, SqliteLibrary.Warning);
        Assert.Null(SqliteLibrary.Warning);
        Assert.Equal(Marshal.PtrToStringUTF8(LibVersion()), SqliteLibrary.Version);
        // The bundled one is 3.35.5: were it loaded, this process would hold it beside the other.
        var loaded = File.ReadLines("/proc/self/maps").Where(line => line.Contains("sqlite3", StringComparison.Ordinal)).ToArray();
        Assert.Contains(loaded, line => line.Contains("libsqlite3.so.0", StringComparison.Ordinal));
        Assert.DoesNotContain(loaded, line => line.Contains("libe_sqlite3", StringComparison.Ordinal));
    }

    [Fact]
    public void Without_a_systems_library_there_is_a_warning_that_says_what_to_install()
    {
        var (handle, warning) = SqliteLibrary.FindSystem(["libsqlite3-that-is-not-there.so.0"]);

        Assert.Equal(0, handle);
        Assert.Contains("libsqlite3-0", warning, StringComparison.Ordinal);
    }

    [DllImport("libsqlite3.so.0", EntryPoint = "sqlite3_libversion")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nint LibVersion();
}
