using MeshNode.Mesh;
using MeshNode.Mesh.Identity;

namespace MeshNode.Node.Hosting;

/// <summary>The one place where the program meets the mesh's implementation.</summary>
internal static class MeshComposition
{
    /// <inheritdoc cref="MeshHostFactory"/>
    public static async Task<IMeshHost> StartAsync(MeshHostOptions options, NodeIdentity identity, ILoggerFactory loggers, TimeProvider clock) =>
        await MeshHost.StartAsync(options, identity, loggers, clock).ConfigureAwait(false);
}
