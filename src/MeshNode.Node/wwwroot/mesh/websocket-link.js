// A link over one WebSocket: hello first, then envelopes and adverts; a ping every 25 s, dead after 60 s of silence.

import { FrameKind, GoodbyeReason, maxFrameLength, readFrame, writeFrame, writeGoodbye } from "./frame.js";
import { LinkHandshake, LinkRole } from "./hello.js";
import { Mailbox, Timers } from "./mailbox.js";
import { LinkKind } from "./routing.js";

const keepAliveInterval = 25_000; // ms
const deadAfter = 60_000; // ms of silence
const helloTimeout = 10_000; // ms from the first byte of the connection to welcome
const maxOutgoing = 4 << 20; // bytes; a node that reads more slowly than this is cut off
const maxIncoming = 32 << 20; // bytes that wait for WebCrypto

export class WebSocketLink {
  kind = LinkKind.webSocket;

  /** Whose key was proved; null before. */
  peer = null;

  #socket;
  #routing;
  #handshake;
  #mailbox = new Mailbox((error) => this.#stop(error.message));
  #timers = new Timers(this.#mailbox);
  #waitingBytes = 0;
  #sequence = 0n;
  #ping = null;
  #heardAt = performance.now();
  #stopped;
  #up;

  /**
   * @param {string} url ws: or wss:
   * @param {object} options
   * @param {import("./identity.js").Identity} options.identity
   * @param {import("./routing.js").Routing} options.routing
   * @param {string | null} options.invite Shown to a node that asks for one.
   * @param {(peer: string) => void} options.up Hello has succeeded.
   * @param {(reason: string, refused: boolean) => void} options.stopped Once, when the socket is no longer used.
   */
  constructor(url, { identity, routing, invite, up, stopped }) {
    this.#routing = routing;
    this.#up = up;
    this.#stopped = stopped;
    this.#handshake = new LinkHandshake({ identity, role: LinkRole.opener, invite, send: (frame) => this.#write(frame) });
    this.#socket = new WebSocket(url);
    this.#socket.binaryType = "arraybuffer";
    this.#socket.onopen = () => this.#handshake.start();
    this.#socket.onmessage = ({ data }) => this.#receive(data);
    this.#socket.onclose = ({ reason }) => this.#stop(reason || (this.peer ? "the WebSocket was closed" : "no WebSocket there"));
    this.#timers.startSingle("hello", helloTimeout, () => this.#stop("hello took too long"));
  }

  /** Sends a frame; dropped when the link is gone. */
  send(kind, body) {
    if (this.peer) {
      this.#write(writeFrame(kind, this.#sequence++, body));
    }
  }

  /** Says goodbye. */
  close(text) {
    this.send(FrameKind.goodbye, writeGoodbye(GoodbyeReason.userRequest, text));
    this.#stop(text);
  }

  #receive(data) {
    if (!(data instanceof ArrayBuffer) || data.byteLength > maxFrameLength || this.#waitingBytes + data.byteLength > maxIncoming) {
      this.#stop("not a frame of the mesh, or more than can be worked through");
      return;
    }
    this.#heardAt = performance.now();
    this.#waitingBytes += data.byteLength;
    this.#mailbox.post(async () => {
      this.#waitingBytes -= data.byteLength;
      await (this.peer ? this.#handleFrame(new Uint8Array(data)) : this.#handleHello(new Uint8Array(data)));
    });
  }

  async #handleHello(bytes) {
    await this.#handshake.handleFrame(bytes);
    if (this.#handshake.state === "failed") {
      this.#stop(this.#handshake.failure, true);
    } else if (this.#handshake.state === "up") {
      this.peer = this.#handshake.peer.bundle.id;
      this.#sequence = this.#handshake.nextSequence;
      this.#timers.cancel("hello");
      this.#timers.startPeriodic("ping", keepAliveInterval, () => this.#sendPing());
      this.#routing.linkUp(this.peer, this);
      this.#sendPing();
      this.#up(this.peer);
    }
  }

  // Adverts and envelopes are awaited, so that a neighbour is read no faster than its signatures are checked.
  #handleFrame(bytes) {
    const frame = readFrame(bytes);
    if (!frame) {
      this.#stop("malformed frame");
      return undefined;
    }
    switch (frame.kind) {
      case FrameKind.envelope:
        return this.#routing.handleEnvelope(this.peer, frame.body);
      case FrameKind.advert:
        return this.#routing.handleAdvert(this.peer, frame.body);
      case FrameKind.ping:
        this.#write(writeFrame(FrameKind.pong, frame.sequence));
        return undefined;
      case FrameKind.pong:
        this.#handlePong(frame.sequence);
        return undefined;
      case FrameKind.goodbye:
        this.#stop("the node said goodbye");
        return undefined;
      default:
        return undefined;
    }
  }

  #sendPing() {
    if (performance.now() - this.#heardAt > deadAfter) {
      this.#stop("nothing was heard for too long");
    } else {
      this.#ping = { sequence: this.#sequence, sentAt: performance.now() };
      this.send(FrameKind.ping);
    }
  }

  #handlePong(sequence) {
    if (this.#ping?.sequence === sequence) {
      this.#routing.linkMeasured(this.peer, this, performance.now() - this.#ping.sentAt);
      this.#ping = null;
    }
  }

  #write(frame) {
    if (this.#socket.readyState !== WebSocket.OPEN) {
      return;
    }
    if (this.#socket.bufferedAmount > maxOutgoing) {
      this.#stop("the node reads too slowly");
    } else {
      this.#socket.send(frame);
    }
  }

  #stop(reason, refused = false) {
    const stopped = this.#stopped;
    if (stopped === null) {
      return;
    }
    this.#stopped = null;
    this.#timers.cancelAll();
    this.#mailbox.close();
    this.#socket.onopen = this.#socket.onmessage = this.#socket.onclose = null;
    this.#socket.close();
    if (this.peer) {
      this.#routing.linkDown(this.peer, this);
      this.peer = null;
    }
    stopped(reason, refused);
  }
}
