// Perfect negotiation for one peer: owns its current connection and whose turn it is. Glare is decided by peer id (the
// smaller is polite). Everything is idempotent by connection id: a repeated offer gets the same answer again.

import { randomBytes } from "./crypto.js";
import { toHex } from "./bytes.js";
import { RtcConnection } from "./rtc-connection.js";

export const OfferOutcome = Object.freeze({
  answered: "answered", // with `answer`; the connection that we had, or a repetition
  answeredWithNewConnection: "answeredWithNewConnection", // with `answer`; it replaces what was here
  ignored: "ignored", // glare, and we are the impolite side: the far side will answer our offer
  stale: "stale", // overtaken by a later offer
  rejected: "rejected", // with `error`
});

const maxEarlyCandidates = 64;

export class PeerNegotiation {
  #polite;
  #report;
  #early = [];
  #pendingOffer = null;
  #answeredOffer = null;
  #lastAnswer = null;
  #lastOfferSequence = 0n;

  /** The connection, or null. @type {RtcConnection | null} */
  port = null;

  /** Its name, 16 hexadecimal digits, chosen by whoever offered first; an ICE restart keeps it. */
  connection = null;

  /** True for the side whose offer made the connection; it also opens hello. */
  isOfferer = false;

  /** @param {boolean} polite @param {(port: RtcConnection, event: object) => void} report */
  constructor(polite, report) {
    this.#polite = polite;
    this.#report = report;
  }

  /** Our offer that has no answer yet, to be repeated. */
  get pendingOffer() {
    return this.#pendingOffer === null ? null : { connection: this.connection, sdp: this.#pendingOffer };
  }

  /** Drops what is left of an old connection and offers a new one. */
  async startConnection() {
    this.#replace(toHex(randomBytes(8)), true);
    this.#pendingOffer = await this.port.createOffer(false);
    return this.pendingOffer;
  }

  /** Offers the same connection with new ICE credentials; null when there is none to restart. */
  async restartIce() {
    if (this.port !== null && this.#pendingOffer === null) {
      this.#pendingOffer = await this.port.createOffer(true);
    }
    return this.pendingOffer;
  }

  /** @param {bigint} sequence The envelope's, by which offers that overtook each other on the way are told apart. */
  async handleOffer(connection, sdp, sequence) {
    if (connection === this.connection && sdp === this.#answeredOffer) {
      return { outcome: OfferOutcome.answered, answer: { connection, sdp: this.#lastAnswer } };
    }
    if (sequence <= this.#lastOfferSequence) {
      return { outcome: OfferOutcome.stale };
    }
    if (this.#pendingOffer !== null && !this.#polite) {
      return { outcome: OfferOutcome.ignored };
    }

    this.#lastOfferSequence = sequence;
    const isNew = connection !== this.connection || this.port === null;
    if (isNew) {
      this.#replace(connection, false);
    }
    this.#pendingOffer = null; // the port rolls its own offer back
    const { answer, error } = await this.port.answer(sdp);
    if (error) {
      return { outcome: OfferOutcome.rejected, error };
    }
    this.#answeredOffer = sdp;
    this.#lastAnswer = answer;
    await this.#takeEarlyCandidates();
    return { outcome: isNew ? OfferOutcome.answeredWithNewConnection : OfferOutcome.answered, answer: { connection, sdp: answer } };
  }

  /** @returns {Promise<{accepted: boolean, error?: string}>} not accepted without an error when it belongs to nothing that is pending. */
  async handleAnswer(connection, sdp) {
    if (this.#pendingOffer === null || connection !== this.connection) {
      return { accepted: false };
    }
    const error = await this.port.acceptAnswer(sdp);
    if (error) {
      return { accepted: false, error };
    }
    this.#pendingOffer = null;
    await this.#takeEarlyCandidates();
    return { accepted: true };
  }

  /** Candidates that come before their offer or answer wait for it. */
  async handleCandidate(connection, candidate) {
    if (connection === this.connection && this.port !== null && this.#pendingOffer === null) {
      await this.port.addCandidate(candidate);
    } else if (this.#early.length < maxEarlyCandidates) {
      this.#early.push({ connection, candidate });
    }
  }

  /** Closes the current connection and forgets it. */
  close() {
    this.port?.close();
    this.port = this.connection = this.#pendingOffer = this.#answeredOffer = this.#lastAnswer = null;
  }

  #replace(connection, isOfferer) {
    this.close();
    this.connection = connection;
    this.isOfferer = isOfferer;
    const port = new RtcConnection((event) => this.#report(port, event));
    this.port = port;
  }

  async #takeEarlyCandidates() {
    const early = this.#early.filter(({ connection }) => connection === this.connection);
    this.#early = [];
    for (const { candidate } of early) {
      await this.port.addCandidate(candidate);
    }
  }
}
