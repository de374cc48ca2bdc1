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

        DurableDirectory.Flush(Path.GetDirectoryName(Path.GetFullPath(path))!);
    }
}
