using System.CommandLine;
using MeshNode.Mesh;
using MeshNode.Node.Http;

namespace MeshNode.Node.Cli;

/// <summary><c>meshnode peers</c>.</summary>
internal static class PeersCommand
{
    public static Command Create(Terminal terminal) => ClientCommand.Create(
        "peers", "List the peers of a running node.", terminal, client => client.GetPeersAsync(), ControlJson.Default.IReadOnlyListMeshPeer, Print);

    private static void Print(IReadOnlyList<MeshPeer> peers, TextWriter output)
    {
        if (peers.Count == 0)
        {
            output.WriteLine("No peers.");
            return;
        }

        Table.Write(output, ["ID", "NAME", "STATE", "PATH", "RTT", "CHANNELS"], peers.Select(peer => (IReadOnlyList<string>)
        [
            peer.Id,
            peer.Name,
            peer.State,
            peer.Path,
            Table.Milliseconds(peer.RttMs),
            string.Join(' ', peer.Channels.Select(channel => $"{channel.Label}:{channel.State}")),
        ]));
    }
}
