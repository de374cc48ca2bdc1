// The signed record that floods through the mesh: who I am, what I open (boot nonce) and whom I am linked to.
// version u8 = 1 | flags u8 | bundleLength u16 | bundle | bootNonce 16 | sequence u64 | nameLength u8 | name
// | neighbourCount u16 | {id 32 | rttMs u16} × neighbourCount | signature 64

import { decodeBase32, encodeBase32 } from "./base32.js";
import { readBundle } from "./bundle.js";
import { Reader, concat, readPrintable, u16, u64, u8, utf8 } from "./bytes.js";
import { context, signatureLength, verify } from "./crypto.js";
import { bootNonceLength } from "./identity.js";

export const unknownRoundTrip = 0xffff;

const idLength = 32;
const maxNeighbours = 1024;
const maxNameLength = 64;

/**
 * @param {import("./identity.js").Identity} identity
 * @param {{flags: number, sequence: bigint, name: string, neighbours: {id: string, rttMs: number | null}[]}} content
 * @returns {Promise<Uint8Array>}
 */
export async function createAdvert(identity, { flags, sequence, name, neighbours }) {
  const nameBytes = utf8(name);
  if (nameBytes.length > maxNameLength || neighbours.length > maxNeighbours) {
    throw new RangeError(`A name has at most ${maxNameLength} bytes and an advert at most ${maxNeighbours} neighbours.`);
  }
  const unsigned = concat(
    u8(1),
    u8(flags),
    u16(identity.bundle.bytes.length),
    identity.bundle.bytes,
    identity.bootNonce,
    u64(sequence),
    u8(nameBytes.length),
    nameBytes,
    u16(neighbours.length),
    ...neighbours.flatMap(({ id, rttMs }) => [decodeBase32(id, idLength), u16(rttMs === null ? unknownRoundTrip : Math.min(Math.round(rttMs), unknownRoundTrip - 1))]),
  );
  return concat(unsigned, await identity.sign(context.advert, unsigned));
}

/**
 * Reads an advert and checks both signatures.
 * @returns {Promise<null | {id: string, bundle: object, bytes: Uint8Array, flags: number, bootNonce: Uint8Array, sequence: bigint,
 *   name: string, neighbours: {id: string, rttMs: number | null}[]}>} null when anything is wrong.
 */
export async function readAdvert(source) {
  const bytes = source.slice();
  const reader = new Reader(bytes);
  const version = reader.u8();
  const flags = reader.u8();
  const bundleBytes = reader.take(reader.u16());
  const bootNonce = reader.take(bootNonceLength);
  const sequence = reader.u64();
  const nameBytes = reader.take(reader.u8());
  const name = readPrintable(nameBytes);
  const neighbours = readNeighbours(new Reader(reader.take(reader.u16() * (idLength + 2))));
  const unsigned = bytes.subarray(0, reader.position);
  const signature = reader.take(signatureLength);
  if (!reader.complete || version !== 1 || name === null || nameBytes.length > maxNameLength || neighbours.length > maxNeighbours) {
    return null;
  }

  const bundle = await readBundle(bundleBytes);
  if (!bundle || new Set([bundle.id, ...neighbours.map(({ id }) => id)]).size !== neighbours.length + 1) {
    return null; // a neighbour stands twice, or is the peer itself
  }

  const valid = await verify(bundle.signingKey, signature, context.advert, unsigned);
  return valid ? { id: bundle.id, bundle, bytes, flags, bootNonce, sequence, name, neighbours } : null;
}

function readNeighbours(reader) {
  const neighbours = [];
  while (reader.remaining > 0) {
    const id = encodeBase32(reader.take(idLength));
    const rttMs = reader.u16();
    neighbours.push({ id, rttMs: rttMs === unknownRoundTrip ? null : rttMs });
  }
  return neighbours;
}

/** The newest advert of every peer. */
export class AdvertTable {
  #adverts = new Map();
  #capacity;

  constructor(capacity = 4096) {
    this.#capacity = capacity;
  }

  /** Takes in what a neighbour brought. @returns {Promise<object | null>} the advert when it is new. */
  async apply(bytes) {
    const advert = await readAdvert(bytes);
    const known = advert && this.#adverts.get(advert.id);
    if (!advert || (known ? advert.sequence <= known.sequence || advert.bundle.sequence < known.bundle.sequence : this.#adverts.size >= this.#capacity)) {
      return null;
    }
    this.#adverts.set(advert.id, advert);
    return advert;
  }

  get(id) {
    return this.#adverts.get(id) ?? null;
  }

  delete(id) {
    this.#adverts.delete(id);
  }

  values() {
    return this.#adverts.values();
  }
}
