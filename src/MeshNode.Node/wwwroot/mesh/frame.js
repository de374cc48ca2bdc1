// One message on a link: a binary WebSocket message, or a data channel message between mesh peers.
// version u8 = 1 | kind u8 | flags u16 = 0 | sequence u64 | body

import { Reader, concat, readUtf8, u16, u64, u8, utf8 } from "./bytes.js";

export const headerLength = 12;
export const maxFrameLength = 256 * 1024;

const maxShownLength = 200; // characters of what a far side says about itself

export const FrameKind = Object.freeze({
  hello: 0x01,
  proof: 0x02,
  welcome: 0x03,
  refused: 0x04,
  envelope: 0x10,
  advert: 0x11,
  ping: 0x20,
  pong: 0x21,
  textMessage: 0x40,
  binaryMessage: 0x41,
  acknowledge: 0x42,
  negativeAcknowledge: 0x43,
  goodbye: 0x50,
});

export const GoodbyeReason = Object.freeze({
  unspecified: 0,
  shutdown: 1,
  replaced: 2,
  timeout: 3,
  protocolError: 4,
  policyViolation: 5,
  userRequest: 6,
});

/** @param {bigint | number} sequence */
export const writeFrame = (kind, sequence, body = new Uint8Array(0)) => concat(u8(1), u8(kind), u16(0), u64(sequence), body);

/** @returns {null | {kind: number, sequence: bigint, body: Uint8Array}} null when it is no frame; an unknown kind is the reader's to skip. */
export function readFrame(bytes) {
  const reader = new Reader(bytes);
  const version = reader.u8();
  const kind = reader.u8();
  const flags = reader.u16();
  const sequence = reader.u64();
  if (reader.failed || bytes.length > maxFrameLength || version !== 1 || flags !== 0) {
    return null;
  }
  return { kind, sequence, body: bytes.subarray(headerLength) };
}

export const writeGoodbye = (reason, text = "") => concat(u8(reason), utf8(text));

/** @returns {null | {reason: number, text: string}} */
export const readGoodbye = (body) => (body.length === 0 ? null : { reason: body[0], text: readUtf8(body.subarray(1)) ?? "" });

/** @param {{reason: number, text: string}} goodbye @returns {string} for people; a reason that is not known is shown as it is. */
export function describeGoodbye({ reason, text }) {
  const name = Object.keys(GoodbyeReason).find((key) => GoodbyeReason[key] === reason) ?? String(reason);
  return `${name}: ${text.slice(0, maxShownLength)}`;
}
