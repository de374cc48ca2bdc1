// The browser's WebCrypto, with the few primitives that the mesh uses. Public keys are 65-byte uncompressed points ("raw"),
// signatures 64 bytes r ‖ s. A WebCrypto key cannot do both ECDSA and ECDH, so a peer has two key pairs.

import { concat, utf8 } from "./bytes.js";

export const pointLength = 65;
export const signatureLength = 64;

const ecdsa = { name: "ECDSA", namedCurve: "P-256" };
const ecdh = { name: "ECDH", namedCurve: "P-256" };
const ecdsaSha256 = { name: "ECDSA", hash: "SHA-256" };

/** What a signature starts with; the zero byte keeps one name from being the beginning of another. */
export const context = {
  keyBundle: utf8("meshnode key bundle v1\0"),
  advert: utf8("meshnode advert v1\0"),
  hello: utf8("meshnode hello v1\0"),
  invite: utf8("meshnode invite v1\0"),
  envelope: utf8("meshnode envelope v1\0"),
};

/** WebCrypto exists in secure contexts only: https, or http on localhost and loopback addresses. */
export function subtle() {
  const found = globalThis.crypto?.subtle;
  if (!found) {
    throw new Error("This page has no WebCrypto: open it over https, or from the machine itself as http://127.0.0.1.");
  }
  return found;
}

export const randomBytes = (length) => globalThis.crypto.getRandomValues(new Uint8Array(length));

export const sha256 = async (bytes) => new Uint8Array(await subtle().digest("SHA-256", bytes));

export async function hmacSha256(key, bytes) {
  // An empty key is refused by WebCrypto; HMAC pads keys with zeros, so zeros are the same key.
  const imported = await subtle().importKey("raw", key.length === 0 ? new Uint8Array(32) : key, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  return new Uint8Array(await subtle().sign("HMAC", imported, bytes));
}

export const generateSigningPair = () => subtle().generateKey(ecdsa, false, ["sign", "verify"]);

export const generateKemPair = () => subtle().generateKey(ecdh, false, ["deriveBits"]);

export const exportPoint = async (publicKey) => new Uint8Array(await subtle().exportKey("raw", publicKey));

/** Rejects bytes that are no point of the curve, as WebCrypto must. */
export const importKemPoint = (point) => subtle().importKey("raw", point, ecdh, true, []);

/** @returns {Promise<boolean>} whether the bytes are a point of P-256 in the one form that the wire has. */
export async function isPoint(point) {
  if (point.length !== pointLength || point[0] !== 4) {
    return false;
  }
  try {
    await importKemPoint(point);
    return true;
  } catch {
    return false;
  }
}

/** Diffie-Hellman: the 32 bytes of the x-coordinate. */
export const agree = async (privateKey, publicKey) => new Uint8Array(await subtle().deriveBits({ name: "ECDH", public: publicKey }, privateKey, 256));

export const sign = async (privateKey, ...parts) => new Uint8Array(await subtle().sign(ecdsaSha256, privateKey, concat(...parts)));

/** @returns {Promise<boolean>} false also for a point or signature that is none. */
export async function verify(point, signature, ...parts) {
  try {
    const key = await subtle().importKey("raw", point, ecdsa, true, ["verify"]);
    return await subtle().verify(ecdsaSha256, key, signature, concat(...parts));
  } catch {
    return false;
  }
}
