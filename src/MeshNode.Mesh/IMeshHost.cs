using System.Net;
using System.Net.WebSockets;

namespace MeshNode.Mesh;

/// <summary>
/// A running mesh node as its program sees it: everything that the HTTP API and the command line need, and nothing of
/// actors, loops or connections. Every member may be called from any thread. Disposal is the graceful shutdown: it says
/// goodbye to the peers, closes connections and releases the UDP port, in bounded time.
/// </summary>
public interface IMeshHost : IAsyncDisposable
{
    /// <summary>The node's own id: 52 characters of lower-case base32.</summary>
    string Id { get; }

    /// <summary>The UDP addresses that the node is bound to, with their real ports.</summary>
    IReadOnlyList<IPEndPoint> UdpEndPoints { get; }

    /// <exception cref="OperationCanceledException">The token was cancelled first.</exception>
    Task<MeshStatus> GetStatusAsync(CancellationToken cancellationToken = default);

    /// <inheritdoc cref="GetStatusAsync"/>
    Task<IReadOnlyList<MeshPeer>> GetPeersAsync(CancellationToken cancellationToken = default);

    /// <inheritdoc cref="GetStatusAsync"/>
    Task<MeshTopology> GetTopologyAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// Sends a text to a peer, connecting to it first where that is needed, and waits for the acknowledgement of the far
    /// side's application.
    /// </summary>
    /// <param name="to">The peer's id; one that cannot be an id is a result with a reason, not an exception.</param>
    /// <param name="text">At most 64 KiB in UTF-8.</param>
    /// <param name="timeout">More than zero; when it passes, the result says how far the message got.</param>
    /// <param name="cancellationToken">Gives up waiting; the message may still arrive.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled first.</exception>
    Task<MeshSendResult> SendAsync(string to, string text, TimeSpan timeout, CancellationToken cancellationToken = default);

    /// <summary>
    /// Runs a WebSocket that came in at <c>/mesh</c> until it is closed; the caller has checked Host and Origin only, and
    /// proof of the key and admission happen here. Completes when the socket is no longer used; never throws for what the
    /// far side does.
    /// </summary>
    Task AcceptWebSocketAsync(WebSocket socket, EndPoint remote, CancellationToken cancellationToken);
}
