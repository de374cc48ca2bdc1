// What the far sides send: bytes that a wrong offset, length or order would change, made from a seed.

/** xorshift32 (Marsaglia 2003); `seed` may be any integer. */
function* words(seed) {
  let state = (seed * 2654435761 + 1) >>> 0 || 1;
  for (;;) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    yield state >>> 0;
  }
}

/** `size` bytes as a Uint8Array. */
export function makeBytes(size, seed) {
  const bytes = new Uint8Array(size);
  const source = words(seed);
  for (let at = 0; at < size; at++) {
    bytes[at] = source.next().value;
  }
  return bytes;
}

/** A string of exactly `size` UTF-8 bytes, which begins with a two-byte character where there is room. */
export function makeText(size, seed) {
  const source = words(seed);
  const head = size >= 2 ? 'é' : '';
  const codes = Array.from({ length: size - (head ? 2 : 0) }, () => 0x20 + (source.next().value % 0x5f));
  let text = head;
  for (let at = 0; at < codes.length; at += 4096) {
    text += String.fromCharCode(...codes.slice(at, at + 4096));
  }
  return text;
}
