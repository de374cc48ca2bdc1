using System.CommandLine;
using MeshNode.Node.Http;

namespace MeshNode.Node.Cli;

/// <summary><c>meshnode status</c>.</summary>
internal static class StatusCommand
{
    public static Command Create(Terminal terminal) => ClientCommand.Create(
        "status", "Show a running node.", terminal, client => client.GetStatusAsync(), ControlJson.Default.StatusResponse, Print);

    private static void Print(StatusResponse status, TextWriter output)
    {
        output.WriteLine($"id       {status.Id}");
        output.WriteLine($"name     {status.Name}");
        output.WriteLine($"version  {status.Version}");
        output.WriteLine($"uptime   {TimeSpan.FromSeconds(Math.Floor(status.UptimeSeconds)):c}");
        output.WriteLine($"http     {status.Http}");
        output.WriteLine($"udp      {status.Udp}");
        output.WriteLine($"peers    {status.PeerCount}");
        output.WriteLine($"signals  {status.Signaling.Opened} opened, {status.Signaling.Relayed} relayed, {status.Signaling.Refused.Values.Sum()} refused");
    }
}
