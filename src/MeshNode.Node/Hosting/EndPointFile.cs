using System.Diagnostics;
using System.Text.Json;
using MeshNode.Mesh.Identity;
using MeshNode.Node.Http;
using MeshNode.Node.Settings;

namespace MeshNode.Node.Hosting;

/// <summary>
/// <c>endpoint.json</c> in the data directory of a running node: where the command line finds it. Removed on shutdown;
/// one that is left over names a process that is gone.
/// </summary>
internal static class EndPointFile
{
    /// <param name="Address">ADDR:PORT of the HTTP server, reachable from this machine.</param>
    /// <param name="Pid">The node's process.</param>
    /// <param name="Id">The node's id.</param>
    public sealed record Content(string Address, int Pid, string Id);

    /// <exception cref="IdentityException">It cannot be written.</exception>
    public static void Write(string data, Content content) =>
        OwnerOnlyFile.Write(DataDirectory.EndPoint(data), JsonSerializer.Serialize(content, ControlJson.Default.Content));

    public static void Remove(string data)
    {
        try
        {
            File.Delete(DataDirectory.EndPoint(data));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // What is left over is recognised by its process.
        }
    }

    /// <summary>Null when there is none.</summary>
    /// <exception cref="IdentityException">It is there and cannot be read.</exception>
    public static Content? Read(string data)
    {
        var path = DataDirectory.EndPoint(data);
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize(OwnerOnlyFile.ReadText(path), ControlJson.Default.Content) is { Address: not null } content
                ? content
                : throw new IdentityException($"{path} is empty; stop the node and start it again");
        }
        catch (JsonException exception)
        {
            throw new IdentityException($"{path} is damaged; stop the node and start it again", exception);
        }
    }

    /// <summary>Whether the process that wrote it still lives (or another has got its number since).</summary>
    public static bool IsAlive(Content content)
    {
        try
        {
            using var process = Process.GetProcessById(content.Pid);
            return !process.HasExited;
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException)
        {
            return false;
        }
    }
}
