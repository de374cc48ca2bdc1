// Who this tab is: two key pairs (ECDSA to sign, ECDH to open), both non-extractable, a boot nonce and a boot counter.

import { createBundle, readBundle } from "./bundle.js";
import { exportPoint, generateKemPair, generateSigningPair, randomBytes, sign } from "./crypto.js";

export const bootNonceLength = 16;

/** Sequence numbers that grow over restarts: the boot counter in the high 32 bits, a count from 1 in the low ones. */
export class SequenceSource {
  #last;

  constructor(bootCounter) {
    this.#last = BigInt(bootCounter) << 32n;
  }

  /** @returns {bigint} */
  next() {
    return ++this.#last;
  }
}

/** What IndexedDB keeps: structured clones of the key pairs, which scripts can use and cannot read. */
export async function createIdentityRecord() {
  const signing = await generateSigningPair();
  const kem = await generateKemPair();
  const bundle = await createBundle(signing.privateKey, await exportPoint(signing.publicKey), await exportPoint(kem.publicKey));
  return { signing, kem, bundle, bootCounter: 0 };
}

export class Identity {
  #signing;
  #kem;

  constructor(record, bundle) {
    this.#signing = record.signing;
    this.#kem = record.kem;
    this.bundle = bundle;
    this.id = bundle.id;
    this.idBytes = bundle.idBytes;
    this.bootCounter = record.bootCounter;
    this.bootNonce = randomBytes(bootNonceLength);
  }

  /** The private half of the KEM key; it cannot be exported. */
  get kemPrivateKey() {
    return this.#kem.privateKey;
  }

  sign(...parts) {
    return sign(this.#signing.privateKey, ...parts);
  }

  createSequenceSource() {
    return new SequenceSource(this.bootCounter);
  }

  /** @param record As stored, its boot counter already raised. */
  static async fromRecord(record) {
    const bundle = await readBundle(record.bundle);
    if (!bundle) {
      throw new Error("The stored identity is damaged: its key bundle does not verify.");
    }
    return new Identity(record, bundle);
  }

  /** An identity that ends with the page. */
  static async createEphemeral() {
    return Identity.fromRecord({ ...(await createIdentityRecord()), bootCounter: 1 });
  }
}
