// One RTCPeerConnection with the four channels, and what happens to it as events. Its owner calls it from its mailbox only.

import { channels } from "./channel-kind.js";
import { equal, fromHex } from "./bytes.js";
import { fingerprintBinding } from "./hello.js";

export const RtcEvent = Object.freeze({
  candidateGathered: "candidateGathered", // text
  channelOpened: "channelOpened", // channel
  message: "message", // channel, bytes
  drained: "drained", // channel: its buffered amount fell to the low-water mark
  pathLost: "pathLost",
  pathRestored: "pathRestored",
  ended: "ended", // text: why; nothing comes after it
});

const lowWaterMark = 1 << 20; // bytes
const maxDescriptionLength = 64 * 1024; // characters; what fits into an envelope is shorter
const configuration = { iceServers: [], bundlePolicy: "max-bundle", rtcpMuxPolicy: "require" };

export class RtcConnection {
  #connection = new RTCPeerConnection(configuration);
  #channels;
  #report;
  #candidates = [];
  #closed = false;

  /** @param {(event: {kind: string, channel?: number, bytes?: Uint8Array, text?: string}) => void} report */
  constructor(report) {
    this.#report = (kind, details) => this.#closed || report({ kind, ...details });
    this.#connection.onicecandidate = ({ candidate }) => this.#handleCandidate(candidate?.candidate ?? "");
    this.#connection.onconnectionstatechange = () => this.#handleState(this.#connection.connectionState);
    this.#channels = channels.map((channel, id) => this.#createChannel(id, channel));
  }

  /** Local candidates so far, for an offer that is repeated. */
  get candidates() {
    return [...this.#candidates];
  }

  /** The far side's limit for one message, in bytes. */
  get maxMessageSize() {
    return this.#connection.sctp?.maxMessageSize ?? 65536; // RFC 8841 section 6.1: the default is 64K
  }

  /** Becomes the local description. @returns {Promise<string>} SDP */
  async createOffer(iceRestart) {
    this.#candidates = [];
    const offer = await this.#connection.createOffer({ iceRestart });
    await this.#connection.setLocalDescription(offer);
    return offer.sdp;
  }

  /** Accepts an offer, rolling an own one back. @returns {Promise<{answer?: string, error?: string}>} */
  async answer(sdp) {
    const error = await this.#accept("offer", sdp);
    if (error) {
      return { error };
    }
    this.#candidates = [];
    const answer = await this.#connection.createAnswer();
    await this.#connection.setLocalDescription(answer);
    return { answer: answer.sdp };
  }

  /** @returns {Promise<string | null>} why not, or null. */
  acceptAnswer(sdp) {
    return this.#accept("answer", sdp);
  }

  /** Candidates that cannot be used are no reason to end anything. @param {string} candidate Empty at their end. */
  async addCandidate(candidate) {
    try {
      await this.#connection.addIceCandidate({ candidate, sdpMLineIndex: 0 });
    } catch {
      // A kind of candidate, or a name, that this browser does not know.
    }
  }

  /** The channel when it is open, or null. @returns {RTCDataChannel | null} */
  channel(kind) {
    return this.#channels[kind].readyState === "open" ? this.#channels[kind] : null;
  }

  /** What hello is bound to. @returns {Promise<Uint8Array> | null} null unless both sides have exactly one SHA-256 fingerprint. */
  binding() {
    const ours = fingerprint(this.#connection.localDescription?.sdp);
    const theirs = fingerprint(this.#connection.remoteDescription?.sdp);
    return ours && theirs && fingerprintBinding(ours, theirs);
  }

  /** @returns {Promise<number | null>} of the selected path, in milliseconds. */
  async readRoundTrip() {
    const report = await this.#connection.getStats();
    for (const entry of report.values()) {
      const pair = entry.type === "transport" && report.get(entry.selectedCandidatePairId);
      if (pair && pair.currentRoundTripTime !== undefined) {
        return pair.currentRoundTripTime * 1000;
      }
    }
    return null;
  }

  /** Reports nothing any more. What was sent goes as far as the browser lets it. */
  close() {
    this.#closed = true;
    this.#connection.close();
  }

  #createChannel(id, { label, ...options }) {
    const channel = this.#connection.createDataChannel(label, { ...options, negotiated: true, id });
    channel.binaryType = "arraybuffer";
    channel.bufferedAmountLowThreshold = lowWaterMark;
    channel.onopen = () => this.#report(RtcEvent.channelOpened, { channel: id });
    channel.onbufferedamountlow = () => this.#report(RtcEvent.drained, { channel: id });
    channel.onclose = () => this.#report(RtcEvent.ended, { text: `the far side closed the channel ${label}` });
    channel.onmessage = ({ data }) => {
      // Frames are binary; text and blobs are none.
      this.#report(RtcEvent.message, { channel: id, bytes: data instanceof ArrayBuffer ? new Uint8Array(data) : new Uint8Array(0) });
    };
    return channel;
  }

  async #accept(type, sdp) {
    const theirs = fingerprint(sdp);
    if (sdp.length > maxDescriptionLength || /^m=(?!application )/m.test(sdp) || !theirs) {
      return "a description of the mesh has data channels only, and one SHA-256 fingerprint";
    }
    const before = fingerprint(this.#connection.remoteDescription?.sdp);
    if (before && !equal(before, theirs)) {
      return "the far side has another certificate than before"; // hello was bound to the first one; it has restarted
    }
    try {
      await this.#connection.setRemoteDescription({ type, sdp });
      return null;
    } catch (error) {
      return error.message;
    }
  }

  #handleCandidate(candidate) {
    this.#candidates.push(candidate);
    this.#report(RtcEvent.candidateGathered, { text: candidate });
  }

  #handleState(state) {
    if (state === "connected") {
      this.#report(RtcEvent.pathRestored);
    } else if (state === "disconnected") {
      this.#report(RtcEvent.pathLost);
    } else if (state === "failed" || state === "closed") {
      this.#report(RtcEvent.ended, { text: state === "failed" ? "no path to the peer works" : "the connection was closed" });
    }
  }
}

/** @returns {Uint8Array | null} 32 bytes; null when there is none, or two that differ. */
export function fingerprint(sdp) {
  const found = new Set((sdp?.match(/^a=fingerprint:.*$/gim) ?? []).map((line) => line.trim().toLowerCase()));
  const match = found.size === 1 && /^a=fingerprint:sha-256 ((?:[0-9a-f]{2}:){31}[0-9a-f]{2})$/.exec([...found][0]);
  return match ? fromHex(match[1].replaceAll(":", "")) : null;
}
