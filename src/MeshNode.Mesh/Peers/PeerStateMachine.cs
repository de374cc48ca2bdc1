using static MeshNode.Mesh.Peers.PeerState;
using static MeshNode.Mesh.Peers.PeerTrigger;

namespace MeshNode.Mesh.Peers;

/// <summary>
/// The peer's transitions in one screen. Pure: <see cref="PeerActor"/> keeps the current state, publishes each
/// transition and runs the timers that belong to it (table in the README).
/// </summary>
public static class PeerStateMachine
{
    /// <summary>The state after a trigger, or null where the trigger is not legal and nothing happens.</summary>
    public static PeerState? Next(PeerState state, PeerTrigger trigger) => (state, trigger) switch
    {
        (New or Failed or Closed, ConnectRequested) => Connecting,
        (New or Failed or Closed, OfferReceived) => Connecting,

        // The far side lost the connection first, or restarted: its new one replaces ours.
        (Connected or Disconnected, OfferReceived) => Reconnecting,
        (Connecting or Reconnecting, OfferReceived) => state,

        (Connecting or Reconnecting, LinkEstablished) => Connected,

        (Connected, PathLost) => Disconnected,
        (Disconnected or Reconnecting, PathRestored) => Connected,
        (Connected or Disconnected, RetryStarted) => Reconnecting,
        (Connected or Disconnected or Connecting, ConnectionLost) => Reconnecting,
        (Reconnecting, ConnectionLost or RetryStarted) => Reconnecting,

        (Connecting or Reconnecting or Disconnected, AttemptsExhausted) => Failed,
        (Connecting or Reconnecting, Refused) => Failed,

        (not Closed, CloseRequested) => Closed,
        (not New and not Failed and not Closed, GoodbyeReceived) => Closed,
        _ => null,
    };
}
