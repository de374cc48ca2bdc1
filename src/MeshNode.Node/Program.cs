using MeshNode.Node.Cli;
using MeshNode.Node.Hosting;

return await CommandLine.RunAsync(args, Terminal.OfProcess, MeshComposition.StartAsync);
