// How a link begins: each side proves its key by signing both nonces, and lets the other in or not.
// hello: bundleLength u16 | bundle | nonce 32 | bootNonce 16 | flags u8 | agentLength u8 | agent
// proof: hasInvite u8 | inviteMac 32 if hasInvite | signature 64 over context ‖ transcript ‖ hasInvite ‖ inviteMac
// transcript: SHA-256(maker's hello) | SHA-256(other's hello) | channel binding 32 | maker's role u8

import { readBundle } from "./bundle.js";
import { Reader, compare, concat, readPrintable, u16, u8, utf8 } from "./bytes.js";
import { context, hmacSha256, randomBytes, sha256, signatureLength, verify } from "./crypto.js";
import { FrameKind, readFrame, writeFrame } from "./frame.js";
import { bootNonceLength } from "./identity.js";

export const PeerFlags = Object.freeze({ none: 0, node: 1, relays: 2 });
export const LinkRole = Object.freeze({ opener: 0, accepter: 1 });

/** A WebSocket shows the page nothing that could bind the proof to it. */
export const webSocketBinding = new Uint8Array(32);

const nonceLength = 32;
const maxAgentLength = 64;

/** @param one, other SHA-256 fingerprints of the two DTLS certificates, 32 bytes each, in any order. */
export const fingerprintBinding = (one, other) => sha256(compare(one, other) <= 0 ? concat(one, other) : concat(other, one));

export function writeHello({ bundle, nonce, bootNonce, flags, agent }) {
  const agentBytes = utf8(agent);
  return concat(u16(bundle.length), bundle, nonce, bootNonce, u8(flags), u8(agentBytes.length), agentBytes);
}

/** @returns {Promise<null | {bundle: object, nonce: Uint8Array, bootNonce: Uint8Array, flags: number, agent: string}>} bundle verified. */
export async function readHello(body) {
  const reader = new Reader(body);
  const bundleBytes = reader.take(reader.u16());
  const nonce = reader.take(nonceLength).slice();
  const bootNonce = reader.take(bootNonceLength).slice();
  const flags = reader.u8();
  const agentBytes = reader.take(reader.u8());
  const agent = readPrintable(agentBytes);
  if (!reader.complete || agent === null || agentBytes.length > maxAgentLength) {
    return null;
  }
  const bundle = await readBundle(bundleBytes);
  return bundle && { bundle, nonce, bootNonce, flags, agent };
}

const transcriptOf = async (maker, other, binding, role) => concat(await sha256(maker), await sha256(other), binding, u8(role));

/**
 * One side of a handshake. Give it every frame that comes in, in order; it sends through `send`.
 * An opener has chosen whom it dials; an accepter asks `admits(id)` whom it lets in.
 */
export class LinkHandshake {
  #identity;
  #role;
  #binding;
  #expectedPeer;
  #admits;
  #invite;
  #send;
  #hello;
  #theirHello = null;
  #sequence = 0n;
  #work = Promise.resolve();

  /** "hello", "proof", "welcome": what it waits for; then "up" or "failed". */
  state = "hello";
  /** Why it failed, for people. */
  failure = "";
  /** What the other side said about itself; proven from state "welcome" on. */
  peer = null;

  /**
   * @param {object} options
   * @param {import("./identity.js").Identity} options.identity
   * @param {number} options.role One of LinkRole.
   * @param {(frame: Uint8Array) => void} options.send
   * @param {Uint8Array} [options.binding] 32 bytes; see webSocketBinding and fingerprintBinding.
   * @param {string} [options.expectedPeer] Whose id must be at the other end, in either role.
   * @param {(id: string) => boolean} [options.admits]
   * @param {string} [options.invite] The token that lets us in.
   * @param {number} [options.flags]
   * @param {string} [options.agent]
   */
  constructor({ identity, role, send, binding = webSocketBinding, expectedPeer = null, admits = () => true, invite = null, flags = PeerFlags.none, agent = "meshnode-web" }) {
    this.#identity = identity;
    this.#role = role;
    this.#send = send;
    this.#binding = binding;
    this.#expectedPeer = expectedPeer;
    this.#admits = admits;
    this.#invite = invite;
    this.#hello = writeHello({ bundle: identity.bundle.bytes, nonce: randomBytes(nonceLength), bootNonce: identity.bootNonce, flags, agent });
  }

  /** The sequence number for the next frame of the owner on this link. */
  get nextSequence() {
    return this.#sequence;
  }

  start() {
    this.#write(FrameKind.hello, this.#hello);
  }

  /** Resolves when the frame was worked through; frames are worked through one after the other. Never rejects. */
  handleFrame(bytes) {
    const frame = bytes.slice();
    this.#work = this.#work.then(() => this.#handle(frame)).catch((error) => this.#fail(String(error)));
    return this.#work;
  }

  /** The owner's timer ran out. */
  expire() {
    if (this.state !== "up" && this.state !== "failed") {
      this.#fail("no complete handshake in time");
    }
  }

  async #handle(bytes) {
    if (this.state === "up" || this.state === "failed") {
      return;
    }
    const frame = readFrame(bytes);
    if (frame?.kind === FrameKind.refused) {
      this.#end(readPrintable(frame.body) ?? "refused");
    } else if (this.state === "hello" && frame?.kind === FrameKind.hello) {
      await this.#handleHello(frame.body);
    } else if (this.state === "proof" && frame?.kind === FrameKind.proof) {
      await this.#handleProof(frame.body);
    } else if (this.state === "welcome" && frame?.kind === FrameKind.welcome) {
      this.state = "up";
    } else {
      this.#fail("a frame cannot be read or does not belong here");
    }
  }

  async #handleHello(body) {
    const hello = await readHello(body);
    if (!hello) {
      this.#fail("the hello cannot be read, or its key bundle is not signed by its root key");
    } else if (hello.bundle.id === this.#identity.id) {
      this.#fail("this is a link to oneself");
    } else if (this.#expectedPeer !== null && hello.bundle.id !== this.#expectedPeer) {
      this.#fail(`expected ${this.#expectedPeer}, found ${hello.bundle.id}`);
    } else {
      this.peer = hello;
      this.#theirHello = body;
      const transcript = await transcriptOf(this.#hello, body, this.#binding, this.#role);
      const invite = this.#invite === null ? u8(0) : concat(u8(1), await hmacSha256(utf8(this.#invite.trim()), concat(context.invite, transcript)));
      this.#write(FrameKind.proof, concat(invite, await this.#identity.sign(context.hello, transcript, invite)));
      this.state = "proof";
    }
  }

  async #handleProof(body) {
    const invite = body.subarray(0, Math.max(0, body.length - signatureLength));
    const wellFormed = (invite.length === 1 && invite[0] === 0) || (invite.length === 33 && invite[0] === 1);
    const transcript = await transcriptOf(this.#theirHello, this.#hello, this.#binding, 1 - this.#role);
    const { bundle } = this.peer;
    if (!wellFormed || !(await verify(bundle.signingKey, body.subarray(invite.length), context.hello, transcript, invite))) {
      this.#fail("the proof is not signed by the key that the hello names");
    } else if (this.#role === LinkRole.accepter && !this.#admits(bundle.id)) {
      this.#fail("not admitted");
    } else {
      this.#write(FrameKind.welcome);
      this.state = "welcome";
    }
  }

  #write(kind, body) {
    this.#send(writeFrame(kind, this.#sequence++, body));
  }

  #fail(text) {
    this.#write(FrameKind.refused, utf8(text));
    this.#end(text);
  }

  #end(text) {
    this.failure = text;
    this.state = "failed";
  }
}
