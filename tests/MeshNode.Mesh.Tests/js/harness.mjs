// Runs the browser's modules under Node.js for the C# tests: one JSON command a line in, one JSON answer a line out.
// Bytes are hexadecimal digits, 64-bit numbers decimal text. The first argument is the folder of the modules.

import { webcrypto } from "node:crypto";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

globalThis.crypto ??= webcrypto; // Node.js 18 has it only here

const load = (name) => import(new URL(name, pathToFileURL(process.argv[2] + "/")).href);
const { fromHex, toHex, readPrintable, utf8 } = await load("bytes.js");
const { decodeBase32, encodeBase32 } = await load("base32.js");
const { isPoint } = await load("crypto.js");
const { readBundle } = await load("bundle.js");
const { Identity } = await load("identity.js");
const { setupBaseReceiver, setupBaseSender } = await load("hpke.js");
const { readFrame, readGoodbye, writeFrame } = await load("frame.js");
const { LinkHandshake, fingerprintBinding, readHello } = await load("hello.js");
const { AdvertTable, createAdvert, readAdvert } = await load("advert.js");
const { EnvelopeOpener, ReplayWindow, forwardEnvelope, readEnvelope, readPayload, sealEnvelope } = await load("envelope.js");
await load("keystore.js"); // needs a browser to run, but must at least load

const identity = await Identity.createEphemeral();
const opener = new EnvelopeOpener(identity);
const sequences = identity.createSequenceSource();
const window = new ReplayWindow();
let handshake = null;
let outgoing = [];

const jwk = (point, privateKey) => ({
  kty: "EC",
  crv: "P-256",
  x: Buffer.from(point.slice(1, 33)).toString("base64url"),
  y: Buffer.from(point.slice(33)).toString("base64url"),
  ...(privateKey ? { d: Buffer.from(privateKey).toString("base64url") } : {}),
});

const importPair = async (point, privateKey) => ({
  publicKey: await crypto.subtle.importKey("raw", point, { name: "ECDH", namedCurve: "P-256" }, true, []),
  privateKey: await crypto.subtle.importKey("jwk", jwk(point, privateKey), { name: "ECDH", namedCurve: "P-256" }, false, ["deriveBits"]),
});

const describeAdvert = (advert) =>
  advert && {
    id: advert.id,
    flags: advert.flags,
    bootNonce: toHex(advert.bootNonce),
    sequence: String(advert.sequence),
    name: advert.name,
    neighbours: advert.neighbours,
  };

const describeHandshake = () => {
  const frames = outgoing.map(toHex);
  outgoing = [];
  return { state: handshake.state, failure: handshake.failure, peer: handshake.peer?.bundle.id ?? null, agent: handshake.peer?.agent ?? null, frames };
};

const replaced = (bytes, at, value) => bytes.map((old, index) => (index === at ? value : old));

const commands = {
  identity: () => ({ id: identity.id, bundle: toHex(identity.bundle.bytes), bootNonce: toHex(identity.bootNonce) }),

  base32: ({ bytes }) => ({ text: encodeBase32(fromHex(bytes)), back: toHex(decodeBase32(encodeBase32(fromHex(bytes)), bytes.length / 2)) }),

  decodeBase32: ({ text, length }) => ({ bytes: decodeBase32(text, length) && toHex(decodeBase32(text, length)) }),

  printable: ({ text }) => ({ text: readPrintable(utf8(text)) }),

  isPoint: async ({ point }) => ({ valid: await isPoint(fromHex(point)) }),

  hpke: async ({ vector }) => {
    const info = fromHex(vector.info);
    const ephemeral = await importPair(fromHex(vector.pkEm), fromHex(vector.skEm));
    const receiver = await importPair(fromHex(vector.pkRm), fromHex(vector.skRm));
    const { enc, context } = await setupBaseSender(fromHex(vector.pkRm), info, ephemeral);
    const opened = await setupBaseReceiver(enc, receiver.privateKey, fromHex(vector.pkRm), info);
    const encryptions = [];
    for (let sequence = 0; sequence <= 256; sequence++) {
      const expected = vector.encryptions.find((encryption) => encryption.sequence === sequence);
      const aad = fromHex(expected?.aad ?? "00");
      const sealed = await context.seal(aad, fromHex(expected?.pt ?? "00"));
      const plaintext = await opened.open(aad, sealed);
      if (expected) {
        encryptions.push({ sequence, ct: toHex(sealed), pt: toHex(plaintext) });
      }
    }
    const exports = [];
    for (const { context: exporterContext, length } of vector.exports) {
      exports.push(toHex(await opened.exportSecret(fromHex(exporterContext), length)));
    }
    return { enc: toHex(enc), encryptions, exports };
  },

  bundle: async ({ bytes }) => {
    const bundle = await readBundle(fromHex(bytes));
    return { id: bundle?.id ?? null, sequence: bundle && String(bundle.sequence) };
  },

  frame: ({ kind, sequence, body }) => ({ bytes: toHex(writeFrame(kind, BigInt(sequence), fromHex(body))) }),

  readFrame: ({ bytes }) => {
    const frame = readFrame(fromHex(bytes));
    return { frame: frame && { kind: frame.kind, sequence: String(frame.sequence), body: toHex(frame.body), goodbye: readGoodbye(frame.body) } };
  },

  hello: async ({ bytes }) => {
    const hello = await readHello(fromHex(bytes));
    return { id: hello?.bundle.id ?? null, agent: hello?.agent ?? null };
  },

  startHandshake: async ({ role, expectedPeer, invite, fingerprints, flags, agent }) => {
    const binding = fingerprints ? await fingerprintBinding(fromHex(fingerprints[0]), fromHex(fingerprints[1])) : undefined;
    handshake = new LinkHandshake({ identity, role, expectedPeer, invite, binding, flags, agent, send: (frame) => outgoing.push(frame) });
    handshake.start();
    return describeHandshake();
  },

  handshakeFrame: async ({ frame }) => {
    await handshake.handleFrame(fromHex(frame));
    return describeHandshake();
  },

  createAdvert: async ({ flags, name, neighbours }) => ({ bytes: toHex(await createAdvert(identity, { flags, sequence: sequences.next(), name, neighbours })) }),

  readAdvert: async ({ bytes }) => ({ advert: describeAdvert(await readAdvert(fromHex(bytes))) }),

  applyAdverts: async ({ adverts }) => {
    const table = new AdvertTable();
    const applied = [];
    for (const bytes of adverts) {
      applied.push((await table.apply(fromHex(bytes))) !== null);
    }
    return { applied };
  },

  seal: async ({ receiver, bootNonce, type, payload, hopLimit }) => ({
    bytes: toHex(
      await sealEnvelope(identity, {
        receiver: await readBundle(fromHex(receiver)),
        receiverBootNonce: fromHex(bootNonce),
        type,
        sequence: sequences.next(),
        payload,
        hopLimit,
      }),
    ),
  }),

  forward: ({ bytes, relay }) => {
    const forwarded = forwardEnvelope(fromHex(bytes), relay);
    return { bytes: forwarded && toHex(forwarded), path: forwarded && readEnvelope(forwarded).path };
  },

  open: async ({ bytes, sender }) => {
    const bundle = sender && (await readBundle(fromHex(sender)));
    const { reason, opened } = await opener.open(fromHex(bytes), () => bundle);
    return {
      reason,
      count: opener.counts[reason],
      opened: opened && { ...opened, sequence: String(opened.sequence), payload: readPayload(opened.type, opened.payload) },
    };
  },

  // Decodes mutations of the corpus; an exception that escapes a decoder becomes the answer's error.
  fuzz: async ({ corpus, seed, count }) => {
    let state = seed;
    const random = (limit) => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0; // Numerical Recipes' generator
      return Math.floor((state / 2 ** 32) * limit);
    };
    let accepted = 0;
    for (let run = 0; run < count; run++) {
      let bytes = fromHex(corpus[random(corpus.length)]);
      for (let round = random(4); round >= 0 && bytes.length > 0; round--) {
        const at = random(bytes.length);
        bytes = [
          () => replaced(bytes, at, bytes[at] ^ (1 << random(8))),
          () => replaced(bytes, at, [0, 1, 2, 4, 16, 127, 128, 255][random(8)]),
          () => bytes.subarray(0, at),
          () => bytes.subarray(at),
          () => Uint8Array.from([...bytes.subarray(0, at), ...bytes.subarray(Math.max(0, at - random(16)))]),
        ][random(5)]();
      }
      const frame = readFrame(bytes);
      const results = [frame, frame && readGoodbye(frame.body), readEnvelope(bytes), readPayload(1 + random(7), bytes)];
      results.push(await readHello(bytes), await readAdvert(bytes), await readBundle(bytes));
      accepted += results.some((result) => result) ? 1 : 0;
    }
    return { accepted };
  },

  takeSequences: ({ sequences: numbers }) => ({ reasons: numbers.map((number) => window.take(BigInt(number))) }),
};

for await (const line of createInterface({ input: process.stdin })) {
  const { command, ...parameters } = JSON.parse(line);
  let answer;
  try {
    answer = await commands[command](parameters);
  } catch (error) {
    answer = { error: String(error?.stack ?? error) };
  }
  process.stdout.write(JSON.stringify(answer) + "\n");
}
