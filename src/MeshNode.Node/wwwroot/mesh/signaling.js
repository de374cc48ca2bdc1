// Signs and seals what peers want said, and opens what comes for this tab. What is forged, altered, replayed or stale is
// refused and counted. Retries and several paths have their place where one envelope goes to routing today.

import { EnvelopeOpener, EnvelopeType, readPayload, sealEnvelope } from "./envelope.js";
import { Mailbox, Timers } from "./mailbox.js";

const recordTimeout = 5000; // ms; a message for a peer whose advert has not come waits so long for it
const maxWaiting = 32; // messages that wait for one peer's advert
const maxWaitingPeers = 64;
const connectionPattern = /^[0-9a-f]{16}$/;
const withConnection = [EnvelopeType.offer, EnvelopeType.answer, EnvelopeType.candidate, EnvelopeType.bye];

export class Signaling {
  #identity;
  #routing;
  #sequence;
  #opener;
  #waiting = new Map(); // peer id → [{type, payload, done}]
  #mailbox = new Mailbox();
  #timers = new Timers(this.#mailbox);

  /** Told of every verified, fresh message: (from, sequence, type, payload). */
  signalReceived = () => {};

  /** Told of every advert that is new, once what waited for it has gone. */
  recordLearnt = () => {};

  constructor(identity, routing) {
    this.#identity = identity;
    this.#routing = routing;
    this.#sequence = identity.createSequenceSource();
    this.#opener = new EnvelopeOpener(identity);
    routing.recordLearnt = (id) => this.#mailbox.post(() => this.#handleRecord(id));
    routing.envelopeReceived = (bytes) => this.#mailbox.post(() => this.#open(bytes));
  }

  /** How many envelopes were refused, by reason; "none" counts those that were accepted. */
  get counts() {
    return { ...this.#opener.counts };
  }

  /**
   * Signs, seals and sends; what is sent to one peer goes in order.
   * @param {number} type One of EnvelopeType.
   * @returns {Promise<string | null>} why it could not be sent, for people, or null.
   */
  send(to, type, payload) {
    return new Promise((done) => this.#mailbox.post(() => this.#send(to, { type, payload, done })));
  }

  close() {
    this.#timers.cancelAll();
    this.#mailbox.close();
  }

  #send(to, message) {
    if (this.#routing.find(to) && !this.#waiting.has(to)) {
      return this.#seal(to, message);
    }

    const waiting = this.#waiting.get(to) ?? [];
    if (waiting.length >= maxWaiting || this.#waiting.size >= maxWaitingPeers) {
      message.done("too many messages wait for the peer's record");
      return undefined;
    }
    if (waiting.length === 0) {
      this.#waiting.set(to, waiting);
      this.#timers.startSingle(to, recordTimeout, () => this.#handleRecordExpired(to));
    }
    waiting.push(message);
    return undefined;
  }

  async #seal(to, { type, payload, done }) {
    const { bundle, bootNonce } = this.#routing.find(to);
    try {
      const message = { receiver: bundle, receiverBootNonce: bootNonce, type, sequence: this.#sequence.next(), payload };
      const envelope = await sealEnvelope(this.#identity, message);
      this.#routing.route(to, envelope).then((failure) => done(failure ?? null));
    } catch (error) {
      done(error.message); // too large for an envelope
    }
  }

  async #handleRecord(id) {
    const waiting = this.#waiting.get(id) ?? [];
    this.#waiting.delete(id);
    this.#timers.cancel(id);
    for (const message of waiting) {
      await this.#seal(id, message);
    }
    this.recordLearnt(this.#routing.find(id));
  }

  #handleRecordExpired(id) {
    for (const { done } of this.#waiting.get(id) ?? []) {
      done("no signed record of the peer has reached this tab; is it in the mesh?");
    }
    this.#waiting.delete(id);
  }

  async #open(bytes) {
    const { opened } = await this.#opener.open(bytes, (id) => this.#routing.find(id)?.bundle ?? null);
    const payload = opened && readPayload(opened.type, opened.payload);
    if (payload && (!withConnection.includes(opened.type) || connectionPattern.test(payload.connection))) {
      this.signalReceived(opened.from, opened.sequence, opened.type, payload);
    }
  }
}
