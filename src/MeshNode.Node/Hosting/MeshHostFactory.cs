using MeshNode.Mesh;
using MeshNode.Mesh.Identity;

namespace MeshNode.Node.Hosting;

/// <summary>Starts the mesh: its UDP port is bound when the task completes.</summary>
/// <param name="options">What the program decided.</param>
/// <param name="identity">The node's keys; owned by the caller, and alive until the host is disposed of.</param>
/// <param name="loggers">For the mesh's own categories.</param>
/// <param name="clock">The process's clock.</param>
/// <exception cref="System.Net.Sockets.SocketException">The UDP address cannot be bound (or an <see cref="IOException"/> around it).</exception>
internal delegate Task<IMeshHost> MeshHostFactory(
    MeshHostOptions options, NodeIdentity identity, ILoggerFactory loggers, TimeProvider clock);
