using MeshNode.Mesh.Identity;
using MeshNode.Mesh.Links;

namespace MeshNode.Node.Settings;

/// <summary>What a node runs with: every value validated, every default decided.</summary>
internal sealed record NodeSettings
{
    /// <summary>Absolute.</summary>
    public required string DataDirectory { get; init; }

    public required string Name { get; init; }

    public required BindAddress Http { get; init; }

    public required BindAddress Udp { get; init; }

    /// <summary>Values of a Host header that are this server's besides its addresses.</summary>
    public required IReadOnlyList<string> Hosts { get; init; }

    /// <summary>Origins other than its own whose pages may open <c>/mesh</c>.</summary>
    public required IReadOnlyList<string> Origins { get; init; }

    public required int MeshSockets { get; init; }

    /// <summary>Absolute <c>ws</c> or <c>wss</c> addresses.</summary>
    public required IReadOnlyList<Uri> Join { get; init; }

    /// <summary>Shown to nodes that this one joins.</summary>
    public required InviteToken? Invite { get; init; }

    public required AdmissionKind Admission { get; init; }

    /// <summary>Tokens from the configuration; empty with <see cref="AdmissionKind.Invite"/> means the one in the data directory.</summary>
    public required IReadOnlyList<InviteToken> AdmittedInvites { get; init; }

    public required IReadOnlyList<PeerId> AdmittedPeers { get; init; }

    public required LogLevel LogLevel { get; init; }

    public required bool JsonLog { get; init; }

    public required TimeSpan ShutdownTimeout { get; init; }
}
