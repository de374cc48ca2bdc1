using System.CommandLine;
using MeshNode.Benchmarks.Commands;

var root = new RootCommand("MeshNode's benchmarks: what the transport, the actors and the journal do on this machine, as a table and as JSON.")
{
    QuickCommand.Create(),
    ActorsCommand.Create(),
    JournalCommand.Create(),
    PeersCommand.Create(),
    LinkCommand.Create(),
    IdleCommand.Create(),
    AllocationsCommand.Create(),
    StdioCommand.Create(),
};
return await root.Parse(args).InvokeAsync().ConfigureAwait(false);
