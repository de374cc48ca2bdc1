// The registry: one session for each remote peer. A peer that calls gets one, as one that is called does.

import { PeerSession } from "./peer-session.js";

const maxPeers = 256;

export class Peers {
  #context;
  #sessions = new Map();

  /** @param {object} context See PeerSession. */
  constructor(context) {
    this.#context = context;
    context.signaling.signalReceived = (from, sequence, type, payload) => this.#find(from)?.handleSignal(sequence, type, payload);
    context.signaling.recordLearnt = (advert) => this.#sessions.get(advert?.id)?.handleRecord(advert.bootNonce);
  }

  values() {
    return this.#sessions.values();
  }

  has(id) {
    return this.#sessions.has(id);
  }

  connect(id) {
    return this.#find(id)?.connect();
  }

  /** @returns {Promise<{delivered: boolean, reason: string | null, tookMs: number}>} */
  async sendText(id, text) {
    const session = this.#find(id);
    return session ? session.sendText(text) : { delivered: false, reason: id === this.#context.identity.id ? "that is this tab's own id" : `this tab has ${maxPeers} peers, the most that it keeps`, tookMs: 0 };
  }

  close(text) {
    for (const session of this.#sessions.values()) {
      session.close(text);
    }
  }

  /** The peer's session, made if need be; null when it is ourselves or there are too many that live. */
  #find(id) {
    const known = this.#sessions.get(id);
    if (known || id === this.#context.identity.id || !this.#makeRoom()) {
      return known ?? null;
    }
    const session = new PeerSession(id, this.#context);
    this.#sessions.set(id, session);
    this.#context.changed();
    return session;
  }

  /** Forgets a peer that is closed or failed when there are too many. */
  #makeRoom() {
    if (this.#sessions.size < maxPeers) {
      return true;
    }
    for (const { id, state } of this.#sessions.values()) {
      if (state === "closed" || state === "failed") {
        return this.#sessions.delete(id);
      }
    }
    return false;
  }
}
