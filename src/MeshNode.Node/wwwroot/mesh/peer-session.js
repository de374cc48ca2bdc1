// Owns one remote peer: its state machine, timers, connection and four channels, as PeerActor.cs does in a node. Transitions
// are decided by peer-state.js, whose turn it is by peer-negotiation.js, and nothing passes before hello has proved the key.

import { equal } from "./bytes.js";
import { ChannelKind, channels } from "./channel-kind.js";
import { EarlyFrames } from "./early-frames.js";
import { EnvelopeType } from "./envelope.js";
import { FrameKind, GoodbyeReason, describeGoodbye, writeGoodbye } from "./frame.js";
import { LinkHandshake, LinkRole } from "./hello.js";
import { Mailbox, Timers } from "./mailbox.js";
import { PeerChannels } from "./peer-channels.js";
import { OfferOutcome, PeerNegotiation } from "./peer-negotiation.js";
import { nextPeerState } from "./peer-state.js";
import { ReconnectSchedule, ReconnectStep, iceRestartInterval } from "./reconnect-schedule.js";
import { LinkKind } from "./routing.js";
import { RtcEvent } from "./rtc-connection.js";

const connectionTimeout = 30_000; // ms from the first offer to hello on `control`
const offerInterval = 2000; // ms; an offer without an answer is repeated this often
const qualityInterval = 5000; // ms
const maxWaitingBytes = 32 << 20; // of frames that wait in the mailbox

export class PeerSession {
  kind = LinkKind.dataChannel;
  state = "new";
  cause = "known";
  rttMs = null;

  #context;
  #mailbox = new Mailbox((error) => this.#handleError(error));
  #timers = new Timers(this.#mailbox);
  #schedule = new ReconnectSchedule();
  #negotiation;
  #channels;
  #handshake = null;
  #proved = false;
  #early = new EarlyFrames();
  #waitingBytes = 0;

  /**
   * @param {string} id Whose key must be proved.
   * @param {object} context What the sessions of a tab share: identity, routing, signaling, invite, received(from, text), changed().
   */
  constructor(id, context) {
    this.id = id;
    this.#context = context;
    this.#negotiation = new PeerNegotiation(context.identity.id < id, (port, event) => this.#post(port, event));
    this.#channels = new PeerChannels(this.#timers, (kind) => this.#openChannel(kind), {
      envelope: (body) => context.routing.handleEnvelope(id, body),
      advert: (body) => context.routing.handleAdvert(id, body),
      text: (text) => context.received(id, text),
    });
  }

  /** Wants the peer connected; a peer that is being brought back is tried at once. */
  connect() {
    return this.#mailbox.post(() => this.#connect());
  }

  /** Connects first if need be. @returns {Promise<{delivered: boolean, reason: string | null, tookMs: number}>} */
  sendText(text) {
    return new Promise((done) => this.#mailbox.post(() => {
      this.#channels.sendText(text, () => `${this.state} (${this.cause})`).then(done);
      return this.#connect();
    }));
  }

  /** A frame on `control`, as any link sends it; dropped while there is none. */
  send(kind, body) {
    if (this.#proved) {
      this.#channels.sendControl(kind, body);
    }
  }

  /** @param {number} type One of EnvelopeType. */
  handleSignal(sequence, type, payload) {
    return this.#mailbox.post(() => this.#handleSignal(sequence, type, payload));
  }

  /** A peer that has started anew knows nothing of the connection that its former self had. */
  handleRecord(bootNonce) {
    return this.#mailbox.post(() =>
      this.#proved && !equal(bootNonce, this.#handshake.peer.bootNonce) ? this.#handleConnectionLost("the peer has started anew") : undefined);
  }

  /** At once, because a page that ends gives no time. */
  close(text) {
    this.send(FrameKind.goodbye, writeGoodbye(GoodbyeReason.userRequest, text));
    this.#endBy("closeRequested", text);
  }

  /** @returns {{label: string, state: string, bufferedBytes: number}[]} */
  describeChannels() {
    const { port } = this.#negotiation;
    return channels.map(({ label }, kind) => {
      const channel = port?.channel(kind);
      const state = channel ? "open" : port ? "connecting" : "closed";
      return { label, state, bufferedBytes: this.#channels.queuedBytes(kind) + (channel?.bufferedAmount ?? 0) };
    });
  }

  // Connecting and coming back

  #connect() {
    if (this.#transition("connectRequested", "asked to connect")) {
      this.#schedule.reset();
      return this.#startAttempt();
    }
    return this.#timers.isActive("retry") ? this.#startAttempt() : undefined;
  }

  async #startAttempt() {
    this.#loseLink();
    const offer = await this.#negotiation.startConnection();
    this.#beginAttempt();
    this.#signal(EnvelopeType.offer, offer);
  }

  /** Arms what an attempt has: its limit, and the repetition of an offer that gets no answer. */
  #beginAttempt() {
    this.#timers.cancel("retry");
    this.#timers.cancel("iceRestart");
    this.#timers.startSingle("attempt", connectionTimeout, () => this.#handleConnectionLost("the attempt timed out"));
    this.#repeatOffers();
  }

  #repeatOffers() {
    if (this.#negotiation.pendingOffer === null) {
      this.#timers.cancel("offer");
    } else {
      this.#timers.startPeriodic("offer", offerInterval, () => this.#repeatOffer());
    }
  }

  #repeatOffer() {
    const { pendingOffer, port } = this.#negotiation;
    if (pendingOffer === null) {
      this.#timers.cancel("offer");
      return;
    }
    this.#signal(EnvelopeType.offer, pendingOffer);
    port.candidates.forEach((candidate) => this.#signalCandidate(candidate)); // they may have been lost with the offer
  }

  #handleConnectionLost(cause) {
    if (this.#transition("connectionLost", cause)) {
      this.#loseLink();
      this.#negotiation.close();
      return this.#retry(cause);
    }
    return undefined;
  }

  /** Takes the next step of the schedule: ICE restart, new connection after a delay, or failed. */
  async #retry(cause) {
    this.#timers.cancel("attempt");
    this.#timers.cancel("iceRestart");
    const { step, delay } = this.#schedule.next(this.#handshake !== null);
    if (step === ReconnectStep.giveUp) {
      this.#endBy("attemptsExhausted", `given up after ${this.#schedule.attempts} attempts: ${cause}`);
    } else if (this.#transition("retryStarted", cause)) {
      if (step === ReconnectStep.iceRestart) {
        this.#timers.startSingle("iceRestart", iceRestartInterval, () => this.#retry("the ICE restart brought no path"));
        this.#signal(EnvelopeType.offer, await this.#negotiation.restartIce());
        this.#repeatOffers();
      } else {
        this.#loseLink();
        this.#negotiation.close();
        this.#timers.cancel("offer");
        this.#timers.startSingle("retry", delay, () => this.#startAttempt());
        this.#show(`${cause}; attempt ${this.#schedule.attempt} of ${this.#schedule.attempts} in ${Math.round(delay / 1000)} s`);
      }
    }
  }

  #refuse(reason) {
    this.#endBy("refused", reason);
  }

  /** What is done on the way to failed and to closed. */
  #endBy(trigger, reason) {
    if (this.#transition(trigger, reason)) {
      this.#timers.cancelAll();
      this.#loseLink();
      this.#channels.close(reason);
      this.#negotiation.close();
      this.rttMs = null;
    }
  }

  #handleError(error) {
    console.error(error);
    return this.#handleConnectionLost(error.message);
  }

  // Signalling

  #signal(type, payload) {
    this.#context.signaling.send(this.id, type, payload)
      .then((failure) => failure && this.#mailbox.post(() => this.#handleSignalFailed(payload.connection, failure)));
  }

  #signalCandidate(candidate) {
    this.#signal(EnvelopeType.candidate, { connection: this.#negotiation.connection, candidate, mid: "0" });
  }

  #handleSignalFailed(connection, reason) {
    // An ICE restart goes on without signalling: the old path may come back. What failed for one attempt does not end the next.
    if (this.#handshake === null && connection === this.#negotiation.connection) {
      return this.#handleConnectionLost(`signalling failed: ${reason}`);
    }
    return undefined;
  }

  #handleSignal(sequence, type, payload) {
    switch (type) {
      case EnvelopeType.offer:
        return this.#handleOffer(sequence, payload);
      case EnvelopeType.answer:
        return this.#handleAnswer(payload);
      case EnvelopeType.candidate:
        return this.#negotiation.handleCandidate(payload.connection, payload.candidate);
      case EnvelopeType.bye:
        return payload.connection === this.#negotiation.connection ? this.#refuse(`the far side refused: ${payload.reason.slice(0, 200)}`) : undefined;
      default:
        return undefined;
    }
  }

  async #handleOffer(sequence, { connection, sdp }) {
    const { outcome, answer, error } = await this.#negotiation.handleOffer(connection, sdp, sequence);
    if (outcome === OfferOutcome.answeredWithNewConnection) {
      this.#loseLink();
      this.#transition("offerReceived", "offer received");
      this.#beginAttempt();
    }
    if (answer) {
      this.#signal(EnvelopeType.answer, answer);
    } else if (outcome === OfferOutcome.rejected) {
      this.#signal(EnvelopeType.bye, { connection, reason: `offer refused: ${error}` });
      this.#negotiation.close(); // also where there was no connection to lose
      await this.#handleConnectionLost(`offer refused: ${error}`);
    }
  }

  async #handleAnswer({ connection, sdp }) {
    const { accepted, error } = await this.#negotiation.handleAnswer(connection, sdp);
    if (accepted) {
      this.#timers.cancel("offer");
    } else if (error) {
      await this.#handleConnectionLost(`answer refused: ${error}`);
    }
  }

  // What the connection reports

  #post(port, event) {
    this.#waitingBytes += event.bytes?.length ?? 0;
    if (this.#waitingBytes > maxWaitingBytes) {
      port.close();
      event = { kind: RtcEvent.ended, text: "more came than could be worked through" };
    }
    this.#mailbox.post(() => {
      this.#waitingBytes -= event.bytes?.length ?? 0;
      return port === this.#negotiation.port ? this.#handlePortEvent(event) : undefined;
    });
  }

  #handlePortEvent({ kind, channel, bytes, text }) {
    switch (kind) {
      case RtcEvent.candidateGathered:
        return this.#signalCandidate(text);
      case RtcEvent.channelOpened:
        return this.#handleChannelOpened(channel);
      case RtcEvent.message:
        return this.#handleMessage(channel, bytes);
      case RtcEvent.drained:
        return this.#channels.flush(channel);
      case RtcEvent.pathLost:
        return this.#handlePathLost();
      case RtcEvent.pathRestored:
        return this.#handlePathRestored();
      default:
        return this.#handleConnectionLost(text);
    }
  }

  #handlePathLost() {
    if (this.#transition("pathLost", "no response on the path")) {
      this.#context.routing.linkDown(this.id, this); // signalling must find another way
      return this.#retry("no response on the path");
    }
    return undefined;
  }

  #handlePathRestored() {
    if (this.#proved && this.#transition("pathRestored", "the path works again")) {
      this.#timers.cancel("iceRestart");
      this.#timers.cancel("offer");
      this.#schedule.reset();
      this.#context.routing.linkUp(this.id, this);
      return this.#measure();
    }
    return undefined;
  }

  async #handleChannelOpened(kind) {
    const binding = kind === ChannelKind.control && this.#handshake === null ? await this.#negotiation.port.binding() : null;
    if (binding) {
      const { identity, invite } = this.#context;
      const role = this.#negotiation.isOfferer ? LinkRole.opener : LinkRole.accepter;
      const { port } = this.#negotiation;
      this.#handshake = new LinkHandshake({ identity, invite, binding, role, expectedPeer: this.id, send: (frame) => port.channel(ChannelKind.control)?.send(frame) });
      this.#handshake.start();
    } else if (this.#proved) {
      this.#channels.flush(kind);
    }
    this.#context.changed();
  }

  async #handleMessage(kind, bytes) {
    if (this.#proved) {
      this.#handleFrame(kind, bytes);
    } else if (kind === ChannelKind.control && this.#handshake !== null) {
      await this.#handshake.handleFrame(bytes);
      if (this.#handshake.state === "failed") {
        this.#refuse(`hello failed: ${this.#handshake.failure}`);
      } else if (this.#handshake.state === "up") {
        await this.#establish();
      }
    } else if (!this.#early.tryAdd(kind, bytes)) {
      this.#refuse("too much was sent before hello was done");
    }
  }

  #establish() {
    this.#proved = true;
    this.#timers.cancel("attempt");
    this.#timers.cancel("offer");
    this.#timers.startPeriodic("quality", qualityInterval, () => this.#measure());
    this.#transition("linkEstablished", "channels open, key proved");
    this.#channels.open(this.#handshake.nextSequence);
    this.#context.routing.linkUp(this.id, this);
    this.#early.take().forEach(({ kind, bytes }) => this.#handleFrame(kind, bytes));
    this.#schedule.reset();
    return this.#measure();
  }

  /** The connection is gone: nothing is routed over it, and the next one begins with hello again. */
  #loseLink() {
    if (this.#proved) {
      this.#context.routing.linkDown(this.id, this);
    }
    this.#timers.cancel("quality");
    this.#proved = false;
    this.#handshake = null;
    this.#early.take();
  }

  #handleFrame(kind, bytes) {
    const goodbye = this.#channels.handle(kind, bytes);
    if (goodbye) {
      this.#endBy("goodbyeReceived", `the peer said goodbye (${describeGoodbye(goodbye)})`);
    }
  }

  #openChannel(kind) {
    const { port } = this.#negotiation;
    const channel = this.#proved ? port?.channel(kind) : null;
    return channel ? { channel, limit: port.maxMessageSize } : null;
  }

  // State

  /** Takes a legal transition, with all that shows it; false, and nothing happens, when it is not legal. */
  #transition(trigger, cause) {
    const next = nextPeerState(this.state, trigger);
    if (next !== null) {
      this.state = next;
      this.#show(cause);
    }
    return next !== null;
  }

  #show(cause) {
    this.cause = cause;
    this.#context.changed();
  }

  async #measure() {
    const roundTrip = await this.#negotiation.port?.readRoundTrip();
    if (this.#proved && roundTrip != null) {
      this.rttMs = roundTrip;
      this.#context.routing.linkMeasured(this.id, this, roundTrip);
    }
    this.#context.changed();
  }
}
