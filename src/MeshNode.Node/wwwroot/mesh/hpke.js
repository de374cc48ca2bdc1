// HPKE, RFC 9180, mode base, one suite: DHKEM(P-256, HKDF-SHA256), HKDF-SHA256, AES-128-GCM.
// WebCrypto's HKDF does not expose extract and expand, so both are made of its HMAC (RFC 5869).

import { concat, u16, u64, u8, utf8 } from "./bytes.js";
import { agree, exportPoint, generateKemPair, hmacSha256, importKemPoint, subtle } from "./crypto.js";

export const tagLength = 16;

const version = utf8("HPKE-v1");
const kemSuite = concat(utf8("KEM"), u16(0x0010));
const suite = concat(utf8("HPKE"), u16(0x0010), u16(0x0001), u16(0x0001));
const none = new Uint8Array(0);
const modeBase = u8(0);

const labeledExtract = (suiteId, salt, label, ikm) => hmacSha256(salt, concat(version, suiteId, utf8(label), ikm));

const labeledExpand = (suiteId, prk, label, info, length) => expand(prk, concat(u16(length), version, suiteId, utf8(label), info), length);

async function expand(prk, info, length) {
  let output = none;
  let block = none;
  for (let counter = 1; output.length < length; counter++) {
    block = await hmacSha256(prk, concat(block, info, u8(counter)));
    output = concat(output, block);
  }
  return output.subarray(0, length);
}

async function extractAndExpand(dh, kemContext) {
  const prk = await labeledExtract(kemSuite, none, "eae_prk", dh);
  return labeledExpand(kemSuite, prk, "shared_secret", kemContext, 32);
}

async function keySchedule(sharedSecret, info) {
  const pskIdHash = await labeledExtract(suite, none, "psk_id_hash", none);
  const infoHash = await labeledExtract(suite, none, "info_hash", info);
  const scheduleContext = concat(modeBase, pskIdHash, infoHash);
  const secret = await labeledExtract(suite, sharedSecret, "secret", none);
  const key = await labeledExpand(suite, secret, "key", scheduleContext, 16);
  const baseNonce = await labeledExpand(suite, secret, "base_nonce", scheduleContext, 12);
  const exporterSecret = await labeledExpand(suite, secret, "exp", scheduleContext, 32);
  return new HpkeContext(await subtle().importKey("raw", key, "AES-GCM", false, ["encrypt", "decrypt"]), baseNonce, exporterSecret);
}

/** One direction of messages; call one at a time. */
class HpkeContext {
  #key;
  #baseNonce;
  #exporterSecret;
  #sequence = 0n;

  constructor(key, baseNonce, exporterSecret) {
    this.#key = key;
    this.#baseNonce = baseNonce;
    this.#exporterSecret = exporterSecret;
  }

  /** Ciphertext and tag of the next message. */
  async seal(aad, plaintext) {
    const sealed = await subtle().encrypt(this.#parameters(aad), this.#key, plaintext);
    this.#sequence++;
    return new Uint8Array(sealed);
  }

  /** Opens the next message; rejects what is altered or sealed with another key, and then does not count it. */
  async open(aad, sealed) {
    const plaintext = await subtle().decrypt(this.#parameters(aad), this.#key, sealed);
    this.#sequence++;
    return new Uint8Array(plaintext);
  }

  /** RFC 9180 §5.3. */
  exportSecret(exporterContext, length) {
    return labeledExpand(suite, this.#exporterSecret, "sec", exporterContext, length);
  }

  // base_nonce XOR I2OSP(seq, Nn)
  #parameters(aad) {
    const counter = concat(new Uint8Array(4), u64(this.#sequence));
    return { name: "AES-GCM", iv: this.#baseNonce.map((value, index) => value ^ counter[index]), additionalData: aad, tagLength: tagLength * 8 };
  }
}

/**
 * SetupBaseS.
 * @param {Uint8Array} receiver The receiver's KEM key, 65 bytes; rejects one that is no point of the curve.
 * @param {Uint8Array} info Both ends give the same.
 * @param {CryptoKeyPair} [ephemeral] For test vectors only: otherwise a fresh one.
 * @returns {Promise<{enc: Uint8Array, context: HpkeContext}>}
 */
export async function setupBaseSender(receiver, info, ephemeral) {
  const pair = ephemeral ?? (await generateKemPair());
  const enc = await exportPoint(pair.publicKey);
  const dh = await agree(pair.privateKey, await importKemPoint(receiver));
  return { enc, context: await keySchedule(await extractAndExpand(dh, concat(enc, receiver)), info) };
}

/**
 * SetupBaseR.
 * @param {Uint8Array} enc 65 bytes; rejects what is no point of the curve.
 * @param {CryptoKey} privateKey The receiver's KEM key.
 * @param {Uint8Array} receiver Its public half, 65 bytes.
 * @param {Uint8Array} info Both ends give the same.
 */
export async function setupBaseReceiver(enc, privateKey, receiver, info) {
  const dh = await agree(privateKey, await importKemPoint(enc));
  return keySchedule(await extractAndExpand(dh, concat(enc, receiver)), info);
}
