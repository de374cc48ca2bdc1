using System.CommandLine;
using MeshNode.Benchmarks.Commands;

var root = new RootCommand("MeshNode's benchmarks: what the transport does on this machine, as a table and as JSON.")
{
    QuickCommand.Create(),
};
return await root.Parse(args).InvokeAsync().ConfigureAwait(false);
