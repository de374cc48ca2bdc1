// A sealed message on its way.
// header 82 = version u8 = 1 | suite u8 = 1 | from 32 | to 32 | messageId 16; it is the seal's additional data and is signed
// | hopLimit u8 | pathCount u8 | path 32 × pathCount: changed by relays, trusted by nobody
// | enc 65 | sealedLength u32 | sealed
// inside: type u8 | sequence u64 | receiverBootNonce 16 | payloadLength u32 | payload | signature 64

import { decodeBase32, encodeBase32 } from "./base32.js";
import { suiteHpkeP256Aes128Gcm } from "./bundle.js";
import { Reader, concat, equal, readUtf8, toHex, u32, u64, u8, utf8 } from "./bytes.js";
import { context, isPoint, pointLength, randomBytes, signatureLength, verify } from "./crypto.js";
import { setupBaseReceiver, setupBaseSender, tagLength } from "./hpke.js";
import { bootNonceLength } from "./identity.js";

export const EnvelopeType = Object.freeze({ offer: 1, answer: 2, candidate: 3, acknowledge: 4, bye: 5, unsupported: 6, message: 7 });

export const maxEnvelopeLength = 64 * 1024;
export const maxHops = 16;

const idLength = 32;
const messageIdLength = 16;
const headerLength = 2 + idLength + idLength + messageIdLength;
const info = utf8("meshnode envelope v1");
const maxSenders = 4096;

/** The members that each type's payload must have; all are strings but for the lists of `unsupported`. */
const requiredMembers = {
  [EnvelopeType.offer]: ["connection", "sdp"],
  [EnvelopeType.answer]: ["connection", "sdp"],
  [EnvelopeType.candidate]: ["connection", "candidate"],
  [EnvelopeType.acknowledge]: ["messageId"],
  [EnvelopeType.bye]: ["connection", "reason"],
  [EnvelopeType.message]: ["text"],
};

export const createMessageId = () => randomBytes(messageIdLength);

/**
 * Signs and seals. A retry of the same message takes the same message id and the next sequence number.
 * @param {import("./identity.js").Identity} identity
 * @param {object} message
 * @param {object} message.receiver The receiver's verified key bundle.
 * @param {Uint8Array} message.receiverBootNonce From its hello or its advert.
 * @param {number} message.type One of EnvelopeType.
 * @param {bigint} message.sequence Higher than all that were sent to this receiver.
 * @param {object} message.payload Becomes JSON.
 * @param {Uint8Array} [message.messageId]
 * @param {number} [message.hopLimit]
 * @returns {Promise<Uint8Array>}
 */
export async function sealEnvelope(identity, { receiver, receiverBootNonce, type, sequence, payload, messageId = createMessageId(), hopLimit = maxHops }) {
  const header = concat(u8(1), u8(suiteHpkeP256Aes128Gcm), identity.idBytes, receiver.idBytes, messageId);
  const json = utf8(JSON.stringify(payload));
  const { enc, context: hpke } = await setupBaseSender(receiver.kemKey, info);
  const unsigned = concat(u8(type), u64(sequence), receiverBootNonce, u32(json.length), json);
  const signature = await identity.sign(context.envelope, header, enc, unsigned);
  const sealed = await hpke.seal(header, concat(unsigned, signature));
  const envelope = concat(header, u8(hopLimit), u8(0), enc, u32(sealed.length), sealed);
  if (envelope.length + maxHops * idLength > maxEnvelopeLength) {
    throw new RangeError("The payload is too large for an envelope.");
  }
  return envelope;
}

/**
 * @returns {null | {header: Uint8Array, from: string, to: string, messageId: Uint8Array, hopLimit: number, path: string[],
 *   enc: Uint8Array, sealed: Uint8Array}} null when the layout is wrong, or version or suite are not ours.
 */
export function readEnvelope(source) {
  if (source.length > maxEnvelopeLength) {
    return null;
  }
  const reader = new Reader(source.slice());
  const header = reader.take(headerLength);
  const hopLimit = reader.u8();
  const pathCount = reader.u8();
  const pathBytes = reader.take(pathCount * idLength);
  const enc = reader.take(pointLength);
  const sealedLength = reader.u32();
  const sealed = reader.take(reader.remaining);
  if (!reader.complete || sealed.length !== sealedLength || header[0] !== 1 || header[1] !== suiteHpkeP256Aes128Gcm || hopLimit > maxHops || pathCount > maxHops || enc[0] !== 4) {
    return null;
  }
  const fields = new Reader(header.subarray(2));
  return {
    header,
    from: encodeBase32(fields.take(idLength)),
    to: encodeBase32(fields.take(idLength)),
    messageId: fields.take(messageIdLength),
    hopLimit,
    path: Array.from({ length: pathCount }, (_, index) => encodeBase32(pathBytes.subarray(index * idLength, (index + 1) * idLength))),
    enc,
    sealed,
  };
}

/** The envelope as a relay sends it on: one hop less, itself on the path. @returns {Uint8Array | null} null at the end of its way. */
export function forwardEnvelope(source, relayId) {
  const envelope = readEnvelope(source);
  if (!envelope || envelope.hopLimit === 0 || envelope.path.length === maxHops || envelope.path.includes(relayId) || envelope.from === relayId) {
    return null;
  }
  const path = [...envelope.path, relayId].map((id) => decodeBase32(id, idLength));
  return concat(envelope.header, u8(envelope.hopLimit - 1), u8(path.length), ...path, envelope.enc, u32(envelope.sealed.length), envelope.sealed);
}

/** @returns {object | null} null when it is no JSON object, or a required member is missing. */
export function readPayload(type, bytes) {
  try {
    const payload = JSON.parse(readUtf8(bytes));
    const complete = type === EnvelopeType.unsupported
      ? Array.isArray(payload.versions) && Array.isArray(payload.suites)
      : requiredMembers[type]?.every((member) => typeof payload[member] === "string");
    return complete ? payload : null;
  } catch {
    return null;
  }
}

/** Which of a sender's last 1,024 sequence numbers were seen; anything older is refused. */
export class ReplayWindow {
  static size = 1024n;
  #seen = new Set();
  #highest = 0n;

  /** @returns {"none" | "replayed" | "tooOld"} and remembers the number when it is "none". */
  take(sequence) {
    if (sequence === 0n || sequence + ReplayWindow.size <= this.#highest) {
      return "tooOld";
    }
    if (this.#seen.has(sequence)) {
      return "replayed";
    }
    this.#seen.add(sequence);
    if (sequence > this.#highest) {
      this.#highest = sequence;
      this.#forget();
    }
    return "none";
  }

  #forget() {
    if (this.#seen.size > 2 * Number(ReplayWindow.size)) {
      this.#seen = new Set([...this.#seen].filter((sequence) => sequence + ReplayWindow.size > this.#highest));
    }
  }
}

/** Opens what was sealed to us and refuses what is forged, altered, replayed or stale, with a reason that is counted. */
export class EnvelopeOpener {
  #identity;
  #windows = new Map();

  /** How many envelopes met each reason; "none" counts those that were accepted. */
  counts = {};

  constructor(identity) {
    this.#identity = identity;
  }

  /**
   * @param {Uint8Array} bytes As they came.
   * @param {(id: string) => object | null} findBundle The verified key bundle of a sender.
   * @returns {Promise<{reason: string, opened: null | {from: string, messageId: string, type: number, sequence: bigint, payload: Uint8Array}}>}
   *   Never rejects.
   */
  async open(bytes, findBundle) {
    const result = await this.#open(bytes, findBundle);
    this.counts[result.reason] = (this.counts[result.reason] ?? 0) + 1;
    return result;
  }

  async #open(bytes, findBundle) {
    const envelope = readEnvelope(bytes);
    if (!envelope) {
      return refuse("malformed");
    }
    if (envelope.to !== this.#identity.id) {
      return refuse("notForUs");
    }
    const sender = findBundle(envelope.from);
    if (!sender || sender.id !== envelope.from) {
      return refuse("unknownSender");
    }
    if (!(await isPoint(envelope.enc))) {
      return refuse("invalidKey");
    }
    const plaintext = await this.#unseal(envelope);
    if (!plaintext) {
      return refuse("notOpened");
    }
    return this.#check(envelope, sender, plaintext);
  }

  async #unseal({ header, enc, sealed }) {
    if (sealed.length < tagLength) {
      return null;
    }
    try {
      const hpke = await setupBaseReceiver(enc, this.#identity.kemPrivateKey, this.#identity.bundle.kemKey, info);
      return await hpke.open(header, sealed);
    } catch {
      return null;
    }
  }

  async #check(envelope, sender, plaintext) {
    const reader = new Reader(plaintext);
    const type = reader.u8();
    const sequence = reader.u64();
    const bootNonce = reader.take(bootNonceLength);
    const payload = reader.take(reader.u32());
    const unsigned = plaintext.subarray(0, reader.position);
    const signature = reader.take(signatureLength);
    if (!reader.complete) {
      return refuse("malformedContent");
    }
    if (!(await verify(sender.signingKey, signature, context.envelope, envelope.header, envelope.enc, unsigned))) {
      return refuse("badSignature");
    }
    if (!equal(bootNonce, this.#identity.bootNonce)) {
      return refuse("staleBootNonce");
    }
    const reason = this.#takeSequence(envelope.from, sequence);
    return { reason, opened: reason === "none" ? { from: envelope.from, messageId: toHex(envelope.messageId), type, sequence, payload } : null };
  }

  // A full table refuses new senders rather than forgetting one: what is forgotten can be replayed.
  #takeSequence(from, sequence) {
    let window = this.#windows.get(from);
    if (!window) {
      if (this.#windows.size >= maxSenders) {
        return "tooManySenders";
      }
      window = new ReplayWindow();
      this.#windows.set(from, window);
    }
    return window.take(sequence);
  }
}

const refuse = (reason) => ({ reason, opened: null });
