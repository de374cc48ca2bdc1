// A peer's transitions in one screen (SPEC 1.6), the same as PeerStateMachine.cs has.

/** "new", "connecting", "connected", "disconnected", "reconnecting", "failed", "closed". @typedef {string} PeerState */

const transitions = {
  connectRequested: { new: "connecting", failed: "connecting", closed: "connecting" },

  // To a connected peer: the far side lost the connection first, or restarted, and its new one replaces ours.
  offerReceived: {
    new: "connecting",
    failed: "connecting",
    closed: "connecting",
    connecting: "connecting",
    connected: "reconnecting",
    disconnected: "reconnecting",
    reconnecting: "reconnecting",
  },

  linkEstablished: { connecting: "connected", reconnecting: "connected" },
  pathLost: { connected: "disconnected" },
  pathRestored: { disconnected: "connected", reconnecting: "connected" },
  retryStarted: { connected: "reconnecting", disconnected: "reconnecting", reconnecting: "reconnecting" },
  connectionLost: { connecting: "reconnecting", connected: "reconnecting", disconnected: "reconnecting", reconnecting: "reconnecting" },
  attemptsExhausted: { connecting: "failed", disconnected: "failed", reconnecting: "failed" },
  refused: { connecting: "failed", reconnecting: "failed" },
  goodbyeReceived: { connecting: "closed", connected: "closed", disconnected: "closed", reconnecting: "closed" },
  closeRequested: { new: "closed", connecting: "closed", connected: "closed", disconnected: "closed", reconnecting: "closed", failed: "closed" },
};

/** @returns {PeerState | null} null where the trigger is not legal and nothing happens. */
export const nextPeerState = (state, trigger) => transitions[trigger][state] ?? null;
