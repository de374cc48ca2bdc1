// The keys that a peer uses now, certified by its root key, whose hash is its id.
// version u8 = 1 | flags u8 = 0 | rootKey 65 | signingKey 65 | kemKey 65 | sequence u64 | notAfter u64
// | suiteCount u8 | suites u8 × suiteCount | rootSignature 64

import { encodeBase32 } from "./base32.js";
import { Reader, concat, equal, u64, u8 } from "./bytes.js";
import { context, isPoint, pointLength, sha256, sign, signatureLength, verify } from "./crypto.js";

export const suiteHpkeP256Aes128Gcm = 1;

const maxSuites = 16;

/** @returns {Promise<Uint8Array>} a bundle whose signing key is the root key, as a browser has it. */
export async function createBundle(rootPrivateKey, rootKey, kemKey, sequence = 1n) {
  const unsigned = concat(u8(1), u8(0), rootKey, rootKey, kemKey, u64(sequence), u64(0n), u8(1), u8(suiteHpkeP256Aes128Gcm));
  return concat(unsigned, await sign(rootPrivateKey, context.keyBundle, unsigned));
}

/**
 * Reads a bundle and checks its keys and its root key's signature.
 * @returns {Promise<null | {id: string, idBytes: Uint8Array, bytes: Uint8Array, rootKey: Uint8Array, signingKey: Uint8Array,
 *   kemKey: Uint8Array, sequence: bigint, notAfter: bigint, suites: number[]}>} null when anything is wrong.
 */
export async function readBundle(source) {
  const bytes = source.slice();
  const reader = new Reader(bytes);
  const version = reader.u8();
  const flags = reader.u8();
  const rootKey = reader.take(pointLength);
  const signingKey = reader.take(pointLength);
  const kemKey = reader.take(pointLength);
  const sequence = reader.u64();
  const notAfter = reader.u64();
  const suites = Array.from(reader.take(reader.u8()));
  const unsigned = bytes.subarray(0, reader.position);
  const signature = reader.take(signatureLength);
  if (!reader.complete || version !== 1 || flags !== 0 || suites.length === 0 || suites.length > maxSuites) {
    return null;
  }

  const signingKeyIsValid = equal(signingKey, rootKey) || (await isPoint(signingKey));
  if (!signingKeyIsValid || !(await isPoint(rootKey)) || !(await isPoint(kemKey)) || !(await verify(rootKey, signature, context.keyBundle, unsigned))) {
    return null;
  }

  const idBytes = await sha256(rootKey);
  return { id: encodeBase32(idBytes), idBytes, bytes, rootKey, signingKey, kemKey, sequence, notAfter, suites };
}
