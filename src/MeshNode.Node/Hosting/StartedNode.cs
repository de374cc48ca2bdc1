namespace MeshNode.Node.Hosting;

/// <summary>What a node tells when it has started.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its display name.</param>
/// <param name="Data">Its data directory.</param>
/// <param name="Http">ADDR:PORT of its HTTP server.</param>
/// <param name="Udp">ADDR:PORT of its UDP port, with commas between where there are two.</param>
/// <param name="ConsoleUrl">Where a browser on this machine finds its console.</param>
/// <param name="Admission">Whom it lets in, in words.</param>
/// <param name="IsLoopbackOnly">Nobody beyond this machine reaches it.</param>
/// <param name="JoinCommand">What a second node is started with.</param>
internal sealed record StartedNode(
    string Id,
    string Name,
    string Data,
    string Http,
    string Udp,
    string ConsoleUrl,
    string Admission,
    bool IsLoopbackOnly,
    string JoinCommand)
{
    /// <summary>The start-up text.</summary>
    public void WriteTo(TextWriter output, string version)
    {
        output.WriteLine($"MeshNode {version} is running.");
        output.WriteLine($"  id       {Id}");
        output.WriteLine($"  name     {Name}");
        output.WriteLine($"  data     {Data}");
        output.WriteLine($"  http     {Http}");
        output.WriteLine($"  udp      {Udp}");
        output.WriteLine($"  admits   {Admission}");
        output.WriteLine($"  console  {ConsoleUrl}");
        if (IsLoopbackOnly)
        {
            output.WriteLine("Only this machine reaches it; to open it to others: --http '*:7280' --udp '*:7280' (joining then takes an invite).");
        }

        output.WriteLine("A second node joins with:");
        output.WriteLine($"  {JoinCommand}");
        output.Flush();
    }
}
