using System.CommandLine;
using MeshNode.Mesh;
using MeshNode.Node.Http;

namespace MeshNode.Node.Cli;

/// <summary><c>meshnode topology</c>.</summary>
internal static class TopologyCommand
{
    public static Command Create(Terminal terminal) => ClientCommand.Create(
        "topology", "Show who is connected to whom.", terminal, client => client.GetTopologyAsync(), ControlJson.Default.MeshTopology, Print);

    private static void Print(MeshTopology topology, TextWriter output)
    {
        Table.Write(output, ["ID", "NAME", "KIND"], topology.Nodes.Select(node => (IReadOnlyList<string>)[node.Id, node.Name, node.Kind]));
        output.WriteLine();
        Table.Write(
            output,
            ["FROM", "TO", "RTT"],
            topology.Links.Select(link => (IReadOnlyList<string>)[link.From, link.To, Table.Milliseconds(link.RttMs)]));
    }
}
