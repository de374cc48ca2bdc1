using System.Text;
using MeshNode.Persistence;

namespace MeshNode.Mesh.Identity;

/// <summary>
/// Files that only their owner may read: keys and tokens. Written whole or not at all: created exclusively with mode 0600 under a
/// temporary name, flushed, renamed, and the directory flushed. Read only when the mode is still that tight.
/// On Windows the directory's access rules take the place of modes.
/// </summary>
public static class OwnerOnlyFile
{
    /// <summary>rw-------</summary>
    public const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>rwx------</summary>
    public const UnixFileMode DirectoryMode = Mode | UnixFileMode.UserExecute;

    private const UnixFileMode Others =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    /// <summary>Writes or replaces a file, atomically and durably.</summary>
    /// <exception cref="IdentityException">It cannot be written; the message says why.</exception>
    public static void Write(string path, ReadOnlySpan<byte> content)
    {
        var temporary = path + ".new";
        try
        {
            File.Delete(temporary); // left over from a crash
            using (var stream = CreateExclusive(temporary))
            {
                stream.Write(content);
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: true);
            DurableDirectory.Flush(Path.GetDirectoryName(Path.GetFullPath(path))!);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new IdentityException($"Cannot write {path}: {error.Message}", error);
        }
    }

    /// <summary>Writes text as UTF-8; see <see cref="Write(string, ReadOnlySpan{byte})"/>.</summary>
    public static void Write(string path, string content) => Write(path, Encoding.UTF8.GetBytes(content));

    /// <summary>Reads a file that nobody else may read.</summary>
    /// <exception cref="IdentityException">It is missing, unreadable, or its mode lets others in.</exception>
    public static byte[] Read(string path)
    {
        try
        {
            using var handle = File.OpenHandle(path);
            if (!OperatingSystem.IsWindows())
            {
                CheckMode(path, File.GetUnixFileMode(handle), "600"); // of the open file: no time between check and use
            }

            var content = new byte[RandomAccess.GetLength(handle)];
            for (var at = 0; at < content.Length;)
            {
                var read = RandomAccess.Read(handle, content.AsSpan(at), at);
                at += read > 0 ? read : throw new IOException("the file became shorter while it was read");
            }

            return content;
        }
        catch (FileNotFoundException error)
        {
            throw new IdentityException($"{path} does not exist", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new IdentityException($"Cannot read {path}: {error.Message}", error);
        }
    }

    /// <summary>Reads UTF-8 text; see <see cref="Read"/>.</summary>
    public static string ReadText(string path) => Encoding.UTF8.GetString(Read(path));

    /// <summary>Makes the directory with mode 0700, or checks that others have no access to the one that is there.</summary>
    /// <exception cref="IdentityException">It cannot be made, is no directory, or its mode lets others in.</exception>
    public static void EnsureDirectory(string path)
    {
        try
        {
            if (OperatingSystem.IsWindows())
            {
                Directory.CreateDirectory(path);
                return;
            }

            Directory.CreateDirectory(path, DirectoryMode);
            CheckMode(path, File.GetUnixFileMode(path), "700");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new IdentityException($"Cannot use the directory {path}: {error.Message}", error);
        }
    }

    private static FileStream CreateExclusive(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = Mode;
        }

        return new FileStream(path, options);
    }

    private static void CheckMode(string path, UnixFileMode mode, string wanted)
    {
        if ((mode & Others) != 0)
        {
            throw new IdentityException($"{path} has mode 0{Convert.ToString((int)mode, 8)}, so others have access to it; run: chmod {wanted} {path}");
        }
    }
}
