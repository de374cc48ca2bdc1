// Bytes: reading and writing big-endian fields, hexadecimal digits, UTF-8. Nothing here throws on malformed input.

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

// Control, format, line and paragraph separator characters steer terminals and turn lines around;
// the two joiners are format characters that names need.
const unprintable = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;
const joiners = /[\u200C\u200D]/gu;

export const utf8 = (text) => encoder.encode(text);

/** @returns {string | null} null when it is not UTF-8. */
export function readUtf8(bytes) {
  try {
    return decoder.decode(bytes);
  } catch {
    return null;
  }
}

/** @returns {string | null} null when it is not UTF-8, or has a character that could steer a terminal. */
export function readPrintable(bytes) {
  const text = readUtf8(bytes);
  return text === null || unprintable.test(text.replace(joiners, "")) ? null : text;
}

export function concat(...parts) {
  const result = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    result.set(part, at);
    at += part.length;
  }
  return result;
}

/** Not for secrets: it stops at the first difference. */
export const equal = (left, right) => left.length === right.length && left.every((value, index) => value === right[index]);

/** Negative, zero or positive, as the bytes are ordered. */
export function compare(left, right) {
  for (let index = 0; index < Math.min(left.length, right.length); index++) {
    if (left[index] !== right[index]) {
      return left[index] - right[index];
    }
  }
  return left.length - right.length;
}

export const toHex = (bytes) => Array.from(bytes, (value) => value.toString(16).padStart(2, "0")).join("");

export const fromHex = (text) => Uint8Array.from(text.match(/../g) ?? [], (digits) => parseInt(digits, 16));

/**
 * Reads fields front to back. A read past the end yields zero or an empty array and sets `failed`,
 * so that a decoder reads all its fields and asks `complete` once at the end.
 */
export class Reader {
  constructor(bytes) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.position = 0;
    this.failed = false;
  }

  get remaining() {
    return this.bytes.length - this.position;
  }

  get complete() {
    return !this.failed && this.remaining === 0;
  }

  take(count) {
    if (this.failed || count > this.remaining) {
      this.failed = true;
      return new Uint8Array(0);
    }
    this.position += count;
    return this.bytes.subarray(this.position - count, this.position);
  }

  u8() {
    return this.take(1).length === 0 ? 0 : this.view.getUint8(this.position - 1);
  }

  u16() {
    return this.take(2).length === 0 ? 0 : this.view.getUint16(this.position - 2);
  }

  u32() {
    return this.take(4).length === 0 ? 0 : this.view.getUint32(this.position - 4);
  }

  /** @returns {bigint} */
  u64() {
    return this.take(8).length === 0 ? 0n : this.view.getBigUint64(this.position - 8);
  }
}

export const u8 = (value) => Uint8Array.of(value);

export function u16(value) {
  const bytes = new Uint8Array(2);
  new DataView(bytes.buffer).setUint16(0, value);
  return bytes;
}

export function u32(value) {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value);
  return bytes;
}

export function u64(value) {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(value));
  return bytes;
}
