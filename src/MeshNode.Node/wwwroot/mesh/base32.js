// RFC 4648 §6 base32, lower case, without padding: how ids are written.

const alphabet = "abcdefghijklmnopqrstuvwxyz234567";

export function encodeBase32(bytes) {
  let text = "";
  let buffer = 0;
  let bits = 0;
  for (const value of bytes) {
    buffer = ((buffer << 8) | value) & 0xfff;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += alphabet[(buffer >> bits) & 31];
    }
  }
  return bits > 0 ? text + alphabet[(buffer << (5 - bits)) & 31] : text;
}

/** @returns {Uint8Array | null} null unless the text is of the alphabet, canonical, and exactly `length` bytes. */
export function decodeBase32(text, length) {
  if (text.length !== Math.ceil((length * 8) / 5)) {
    return null;
  }
  const bytes = new Uint8Array(length);
  let buffer = 0;
  let bits = 0;
  let at = 0;
  for (const character of text.toLowerCase()) {
    const value = alphabet.indexOf(character);
    if (value < 0) {
      return null;
    }
    buffer = ((buffer << 5) | value) & 0xfff;
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      bytes[at++] = (buffer >> bits) & 0xff;
    }
  }
  return (buffer & ((1 << bits) - 1)) === 0 ? bytes : null;
}
