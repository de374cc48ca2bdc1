namespace MeshNode.Interop.Tests.Peers;

/// <summary>
/// One end of a connection, whichever stack it is: MeshNode's own core behind a socket, a browser or another library.
/// What happens there comes back through <see cref="Events"/>, what must reach the other end through <see cref="Signaled"/>.
/// </summary>
public interface IRemotePeer : IAsyncDisposable
{
    /// <summary>One of <see cref="Pairs.Stack"/>'s names.</summary>
    string Stack { get; }

    EventLog Events { get; }

    /// <summary>Set before the first verb; called on any thread, in the order in which the stack made the signals.</summary>
    Action<PeerSignal>? Signaled { get; set; }

    /// <summary>Creates a channel; before <see cref="OfferAsync"/> or while connected.</summary>
    Task CreateChannelAsync(ChannelPlan plan);

    Task OfferAsync();

    /// <summary>Offers with new ICE credentials on a connection that is up.</summary>
    Task RestartIceAsync();

    /// <summary>Takes the other end's signal; an offer is answered at once.</summary>
    Task AcceptAsync(PeerSignal signal);

    /// <summary>
    /// Sends a message of <paramref name="size"/> bytes made from <paramref name="seed"/> and reports "sent" with its digest,
    /// or "error" when the stack refuses it.
    /// </summary>
    Task SendAsync(string label, bool text, int size, int seed);

    Task CloseChannelAsync(string label);

    /// <summary>Closes the connection, as an application does that leaves.</summary>
    Task CloseAsync();

    /// <summary>Ends it without a word to the other side, as a crash does. Returns when it is gone.</summary>
    Task KillAsync();
}
