// Two tabs' routing and signalling, wired to each other as by a link.
import assert from "node:assert/strict";
import { test } from "node:test";
import { load, settle, turns } from "./modules.mjs";

const { EnvelopeType } = await load("envelope.js");
const { FrameKind } = await load("frame.js");
const { Identity } = await load("identity.js");
const { LinkKind, Routing } = await load("routing.js");
const { Signaling } = await load("signaling.js");

const offer = { connection: "0123456789abcdef", sdp: "v=0" };

async function createPeer(name) {
  const identity = await Identity.createEphemeral();
  const routing = new Routing(identity, name);
  const signaling = new Signaling(identity, routing);
  const signals = [];
  signaling.signalReceived = (from, sequence, type, payload) => signals.push({ from, sequence, type, payload });
  return { id: identity.id, routing, signaling, signals, close: () => [signaling.close(), routing.close()] };
}

/** Carries frames from one to the other; returns the link and what went over it. */
function link(from, to, kind) {
  const frames = [];
  const send = (frameKind, body) => {
    frames.push({ kind: frameKind, body: body.slice() });
    if (frameKind === FrameKind.advert) {
      to.routing.handleAdvert(from.id, body.slice());
    } else if (frameKind === FrameKind.envelope) {
      to.routing.handleEnvelope(from.id, body.slice());
    }
  };
  return { kind, send, frames };
}

async function connectedPair(context) {
  const [one, other] = [await createPeer("one"), await createPeer("other")];
  context.after(() => [one, other].forEach(({ close }) => close()));
  const there = link(one, other, LinkKind.webSocket);
  one.routing.linkUp(other.id, there);
  other.routing.linkUp(one.id, link(other, one, LinkKind.webSocket));
  await settle(() => one.routing.find(other.id) && other.routing.find(one.id));
  return { one, other, there };
}

test("An offer arrives signed and sealed, behind the advert that names its sender's keys", async (context) => {
  const { one, other, there } = await connectedPair(context);
  assert.equal(await one.signaling.send(other.id, EnvelopeType.offer, offer), null);
  await settle(() => other.signals.length > 0);
  assert.deepEqual(other.signals.map(({ from, type, payload }) => ({ from, type, payload })), [{ from: one.id, type: EnvelopeType.offer, payload: offer }]);
  assert.equal(there.frames[0].kind, FrameKind.advert);
  assert.equal(new TextDecoder().decode(there.frames.at(-1).body).includes("v=0"), false);
});

test("A replayed envelope and one with a connection that is none are dropped", async (context) => {
  const { one, other, there } = await connectedPair(context);
  await one.signaling.send(other.id, EnvelopeType.offer, offer);
  await one.signaling.send(other.id, EnvelopeType.offer, { ...offer, connection: "../etc" });
  other.routing.handleEnvelope(one.id, there.frames.find(({ kind }) => kind === FrameKind.envelope).body);
  await settle(() => other.signaling.counts.replayed === 1);
  assert.deepEqual(other.signaling.counts, { none: 2, replayed: 1 });
  assert.equal(other.signals.length, 1);
});

test("A data channel is preferred to a WebSocket, and what is lost is no way any more", async (context) => {
  const { one, other, there } = await connectedPair(context);
  const better = link(one, other, LinkKind.dataChannel);
  await one.routing.linkUp(other.id, better);
  await one.signaling.send(other.id, EnvelopeType.offer, offer);
  assert.equal(better.frames.at(-1).kind, FrameKind.envelope);
  assert.equal(there.frames.some(({ kind }) => kind === FrameKind.envelope), false);
  one.routing.linkDown(other.id, better);
  await one.signaling.send(other.id, EnvelopeType.offer, offer);
  assert.equal(there.frames.at(-1).kind, FrameKind.envelope);
  one.routing.linkDown(other.id, there);
  assert.match(await one.signaling.send(other.id, EnvelopeType.offer, offer), /no way/);
});

test("A message for a peer that nobody has heard of waits five seconds for its advert, then fails", async (context) => {
  context.mock.timers.enable({ apis: ["setTimeout", "setInterval"] });
  const one = await createPeer("one");
  const other = await createPeer("other");
  context.after(() => [one, other].forEach(({ close }) => close()));
  let answer;
  one.signaling.send(other.id, EnvelopeType.offer, offer).then((failure) => (answer = failure));
  await turns(20);
  context.mock.timers.tick(4999);
  await turns(20);
  assert.equal(answer, undefined);
  context.mock.timers.tick(1);
  await settle(() => answer !== undefined);
  assert.match(answer, /no signed record/);

  // This time the advert comes while it waits.
  const late = one.signaling.send(other.id, EnvelopeType.offer, offer);
  one.routing.linkUp(other.id, link(one, other, LinkKind.webSocket));
  other.routing.linkUp(one.id, link(other, one, LinkKind.webSocket));
  assert.equal(await late, null);
  await settle(() => other.signals.length > 0);
  assert.equal(other.signals.length, 1);
});

test("A flood from one neighbour is cut off", async (context) => {
  const { one, other, there } = await connectedPair(context);
  await one.signaling.send(other.id, EnvelopeType.offer, offer);
  const envelope = there.frames.at(-1).body;
  for (let count = 0; count < 20_000; count++) {
    other.routing.handleEnvelope(one.id, envelope.subarray(0, 10)); // nothing to open, but it costs its token
  }
  await other.routing.handleEnvelope(one.id, envelope);
  await settle(() => other.signaling.counts.malformed > 4500);
  await turns(100);
  const { malformed } = other.signaling.counts;
  assert.ok(malformed > 4500 && malformed < 10_000, JSON.stringify(other.signaling.counts));
});
