using System.Net;
using MeshNode.Mesh.Links;

namespace MeshNode.Mesh;

/// <summary>What the program decides about the mesh that it starts; every value has been validated.</summary>
public sealed record MeshHostOptions
{
    /// <summary>Display name, 0 to 64 bytes of UTF-8.</summary>
    public required string Name { get; init; }

    /// <summary>Where the UDP port is bound; all have the same port, 0 for any free one.</summary>
    public required IReadOnlyList<IPEndPoint> Udp { get; init; }

    /// <summary>Other nodes' <c>/mesh</c> WebSockets (<c>ws</c> or <c>wss</c>), which the node keeps trying to enter through.</summary>
    public IReadOnlyList<Uri> Seeds { get; init; } = [];

    /// <summary>Whom the node lets in.</summary>
    public required AdmissionPolicy Admission { get; init; }

    /// <summary>Proves to a seed that this node was invited; null for none. A secret.</summary>
    public InviteToken? Invite { get; init; }

    /// <summary>The actors' numbers.</summary>
    public MeshOptions Mesh { get; init; } = new();

    /// <summary>How long a graceful shutdown may take.</summary>
    public TimeSpan ShutdownTimeout { get; init; } = TimeSpan.FromSeconds(5);
}
