using System.Reflection;
using System.Runtime.InteropServices;
using SQLitePCL;

namespace MeshNode.Persistence.Sqlite;

/// <summary>
/// Which SQLite this process runs on. The operating system's library gets security fixes; the one in the package is from
/// 2021 and serves where the system has none.
/// </summary>
public static class SqliteLibrary
{
    /// <summary>Upserts and JSON by default; Debian 11's is 3.34.</summary>
    private static readonly Version Oldest = new(3, 31);

    private static readonly Lazy<Loaded> Current = new(Load);

    private sealed record Loaded(string Version, bool IsSystem, string? Warning);

    /// <summary>Such as <c>3.40.1</c>, as the library says.</summary>
    public static string Version => Current.Value.Version;

    /// <summary>Whether it is the operating system's.</summary>
    public static bool IsSystem => Current.Value.IsSystem;

    /// <summary>Why it is not the system's; null when it is.</summary>
    public static string? Warning => Current.Value.Warning;

    /// <summary>Loads it, once for the process.</summary>
    internal static void EnsureLoaded() => _ = Current.Value;

    /// <summary>The system's library, if there is one that is new enough.</summary>
    /// <param name="names">To try, in order.</param>
    internal static (nint Handle, string? Warning) FindSystem(IReadOnlyList<string> names)
    {
        foreach (var name in names)
        {
            if (!NativeLibrary.TryLoad(name, out var handle))
            {
                continue;
            }

            var version = VersionOf(handle);
            if (version >= Oldest)
            {
                return (handle, null);
            }

            NativeLibrary.Free(handle);
            return (0, $"The system's SQLite {version} is older than {Oldest}: the bundled one is used, which gets no security fixes from the system.");
        }

        return (0, $"The system has no SQLite library ({string.Join(", ", names)}): the bundled one is used, which gets no security fixes from the system. On Debian, install libsqlite3-0.");
    }

    private static Loaded Load()
    {
        string[] names = OperatingSystem.IsWindows() ? ["winsqlite3"] : OperatingSystem.IsMacOS() ? ["libsqlite3.dylib"] : ["libsqlite3.so.0"];
        var (system, warning) = FindSystem(names);
        if (system != 0)
        {
            try
            {
                NativeLibrary.SetDllImportResolver(
                    typeof(SQLite3Provider_e_sqlite3).Assembly,
                    (string library, Assembly _, DllImportSearchPath? _) => library == "e_sqlite3" ? system : 0);
            }
            catch (InvalidOperationException)
            {
                system = 0;
                warning = "Another part of this program has chosen the SQLite library already.";
            }
        }

        raw.SetProvider(new SQLite3Provider_e_sqlite3());
        return new Loaded(raw.sqlite3_libversion().utf8_to_string(), system != 0, warning);
    }

    private static Version VersionOf(nint handle)
    {
        var number = Marshal.GetDelegateForFunctionPointer<LibVersionNumber>(NativeLibrary.GetExport(handle, "sqlite3_libversion_number"))();
        return new Version(number / 1_000_000, number / 1_000 % 1_000, number % 1_000); // 3040001 is 3.40.1
    }

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate int LibVersionNumber();
}
