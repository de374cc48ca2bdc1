// The facade: this tab as a peer of the mesh.
//
//   const mesh = await MeshPeer.open({ url: "ws://127.0.0.1:7280/mesh", name: "my tab" });
//   mesh.addEventListener("message", ({ detail }) => console.log(detail.from, detail.text));
//   const { delivered, reason } = await mesh.sendText(id, "hello");

import { Bootstrap } from "./bootstrap.js";
import { decodeBase32 } from "./base32.js";
import { readPrintable, utf8 } from "./bytes.js";
import { openIdentity } from "./keystore.js";
import { Peers } from "./peers.js";
import { Routing } from "./routing.js";
import { Signaling } from "./signaling.js";

const maxNameLength = 64; // bytes
const maxListed = 200; // peers that are known and not connected
const changeDelay = 30; // ms; changes within this time are one event
const slotKey = "meshnode-identity-slot";

/**
 * Events: "change" when anything that can be read here has changed; "message" with detail {from, text} for each text that
 * came. A message is acknowledged when its listeners have run.
 */
export class MeshPeer extends EventTarget {
  #routing;
  #signaling;
  #peers;
  #bootstrap;
  #changing = null;

  /** Base32, 52 characters. */
  id;

  /** False where this browser keeps no keys, so that the id ends with the page. */
  persistent;

  constructor({ identity, persistent }, { url, name, invite }) {
    super();
    this.id = identity.id;
    this.persistent = persistent;
    this.#routing = new Routing(identity, name);
    this.#signaling = new Signaling(identity, this.#routing);
    this.#bootstrap = new Bootstrap(url, { identity, routing: this.#routing, invite });
    const changed = () => this.#handleChange();
    this.#peers = new Peers({
      identity,
      routing: this.#routing,
      signaling: this.#signaling,
      invite,
      received: (from, text) => this.dispatchEvent(new CustomEvent("message", { detail: { from, text } })),
      changed,
    });
    this.#routing.changed = changed;
    this.#bootstrap.changed = changed;
    this.#bootstrap.entered = (peer) => this.#peers.connect(peer);
    this.#bootstrap.start();
  }

  /**
   * Opens this tab's identity and begins to enter the mesh.
   * @param {object} options
   * @param {string} options.url The WebSocket of any node.
   * @param {string} options.name What others see; cut to 64 bytes.
   * @param {string | null} [options.invite] The token that nodes ask for which do not let everybody in.
   */
  static async open({ url, name, invite = null }) {
    const opened = await openIdentity("meshnode", Number(sessionStorage.getItem(slotKey) ?? NaN));
    if (opened.persistent) {
      sessionStorage.setItem(slotKey, String(opened.slot));
    }
    return new MeshPeer(opened, { url, name: cutName(name), invite });
  }

  /** How entering through the WebSocket goes. @returns {{state: string, text: string}} */
  get entry() {
    return this.#bootstrap.entry;
  }

  /**
   * Whom we have a session with, then who else is in the mesh.
   * @returns {{id: string, name: string, state: string, cause: string, rttMs: number | null, channels: {label: string, state: string, bufferedBytes: number}[]}[]}
   */
  get peers() {
    const sessions = [...this.#peers.values()].map((session) => ({
      id: session.id,
      name: this.#routing.find(session.id)?.name ?? "",
      state: session.state,
      cause: session.cause,
      rttMs: session.rttMs,
      channels: session.describeChannels(),
    }));
    const others = this.topology.nodes
      .filter(({ id }) => id !== this.id && !this.#peers.has(id))
      .slice(0, maxListed)
      .map(({ id, name }) => ({ id, name, state: "new", cause: "known through the mesh", rttMs: null, channels: [] }));
    return [...sessions, ...others];
  }

  /** @returns {{nodes: {id: string, name: string, kind: string}[], links: {from: string, to: string, rttMs: number | null}[]}} */
  get topology() {
    return this.#routing.describe();
  }

  /** Envelopes that were refused, by reason; "none" counts those that were accepted. */
  get envelopeCounts() {
    return this.#signaling.counts;
  }

  /** Wants a peer connected; nothing happens when it is, or is about to be. @returns {boolean} false when that is no id. */
  connect(id) {
    const isId = decodeBase32(id, 32) !== null;
    if (isId) {
      this.#peers.connect(id);
    }
    return isId;
  }

  /** Connects first if need be. @returns {Promise<{delivered: boolean, reason: string | null, tookMs: number}>} */
  sendText(id, text) {
    return decodeBase32(id, 32) === null ? Promise.resolve({ delivered: false, reason: "that is no id", tookMs: 0 }) : this.#peers.sendText(id, text);
  }

  /** Says goodbye to everybody. */
  close(text) {
    this.#peers.close(text);
    this.#bootstrap.close(text);
    this.#signaling.close();
    this.#routing.close();
  }

  #handleChange() {
    this.#changing ??= setTimeout(() => {
      this.#changing = null;
      this.dispatchEvent(new Event("change"));
    }, changeDelay);
  }
}

/** Without what adverts refuse: characters that steer, and bytes over the limit. */
function cutName(name) {
  let kept = "";
  for (const character of name) {
    const printable = readPrintable(utf8(character)) !== null;
    if (printable && utf8(kept + character).length <= maxNameLength) {
      kept += character;
    }
  }
  return kept.trim();
}
