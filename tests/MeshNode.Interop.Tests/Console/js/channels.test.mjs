// Queues, acknowledgements and frames of one peer, over a channel that records what it is given.
import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./modules.mjs";

const { PeerChannels } = await load("peer-channels.js");
const { FrameKind, readFrame, writeFrame, writeGoodbye } = await load("frame.js");
const { Mailbox, Timers } = await load("mailbox.js");
const { utf8 } = await load("bytes.js");

const [control, reliable] = [0, 1];

function open(limit = 1000) {
  const sent = [];
  const received = [];
  const channel = { bufferedAmount: 0, send: (frame) => sent.push(readFrame(frame)) };
  const state = { channel, limit, open: true };
  const mailbox = new Mailbox();
  const channels = new PeerChannels(new Timers(mailbox), () => (state.open ? state : null), {
    envelope: () => received.push("envelope"),
    advert: () => received.push("advert"),
    text: (text) => received.push(text),
  });
  return { channels, state, sent, received, mailbox };
}

test("A text is delivered when its acknowledgement comes", async () => {
  const { channels, sent } = open();
  const result = channels.sendText("hello", () => "connected");
  assert.deepEqual(sent.map(({ kind, sequence }) => [kind, sequence]), [[FrameKind.textMessage, 1n]]);
  channels.handle(reliable, writeFrame(FrameKind.acknowledge, 7)); // of nothing
  channels.handle(reliable, writeFrame(FrameKind.acknowledge, 1));
  assert.equal((await result).delivered, true);
});

test("A text that is refused, unacknowledged or cut off says why", async (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const { channels, mailbox } = open();
  const refused = channels.sendText("one", () => "connected");
  channels.handle(reliable, writeFrame(FrameKind.negativeAcknowledge, 1, utf8("no room")));
  assert.match((await refused).reason, /no room/);
  const unanswered = channels.sendText("two", () => "reconnecting");
  context.mock.timers.tick(10_000);
  await mailbox.post(() => {});
  assert.match((await unanswered).reason, /no acknowledgement in time; the peer is reconnecting/);
  const cut = channels.sendText("three", () => "connected");
  channels.close("the far side is gone");
  assert.deepEqual((({ delivered, reason }) => ({ delivered, reason }))(await cut), { delivered: false, reason: "the far side is gone" });
});

test("Messages wait in order while the channel is closed or full, and what is too large is refused", async () => {
  const { channels, state, sent } = open(100);
  state.open = false;
  channels.sendText("a", () => "connecting");
  channels.sendText("b", () => "connecting");
  const large = channels.sendText("x".repeat(200), () => "connecting");
  assert.equal(sent.length, 0);
  assert.ok(channels.queuedBytes(reliable) > 200);
  state.open = true;
  channels.open(4n);
  assert.deepEqual(sent.map(({ sequence }) => sequence), [1n, 2n]);
  assert.match((await large).reason, /larger than the far side receives/);
  state.channel.bufferedAmount = 17 << 20;
  channels.sendText("c", () => "connected");
  assert.equal(sent.length, 2);
  state.channel.bufferedAmount = 0;
  channels.flush(reliable);
  assert.equal(sent.length, 3);
  assert.match((await channels.sendText("x".repeat(200), () => "connected")).reason, /larger/);
});

test("A queue that is full refuses at once", async () => {
  const { channels, state } = open(64 << 20);
  state.open = false;
  channels.sendText("x".repeat(15 << 20), () => "connecting");
  assert.match((await channels.sendText("x".repeat(2 << 20), () => "connecting")).reason, /queue is full/);
  channels.close("over");
});

test("A text is acknowledged after the application took it", () => {
  const { channels, sent, received } = open();
  channels.handle(reliable, writeFrame(FrameKind.textMessage, 5, utf8("hi")));
  assert.deepEqual(received, ["hi"]);
  assert.deepEqual(sent.map(({ kind, sequence }) => [kind, sequence]), [[FrameKind.acknowledge, 5n]]);
});

test("Signalling and goodbyes count on control only, and what is malformed changes nothing", () => {
  const { channels, received, sent } = open();
  const goodbye = writeFrame(FrameKind.goodbye, 1, writeGoodbye(6, "done"));
  assert.equal(channels.handle(reliable, goodbye), null);
  assert.deepEqual(channels.handle(control, goodbye), { reason: 6, text: "done" });
  channels.handle(reliable, writeFrame(FrameKind.envelope, 1));
  channels.handle(reliable, writeFrame(FrameKind.advert, 1));
  channels.handle(control, Uint8Array.of(9, 9));
  channels.handle(control, writeFrame(0x7f, 1));
  assert.deepEqual(received, []);
  channels.handle(control, writeFrame(FrameKind.envelope, 1));
  channels.handle(control, writeFrame(FrameKind.advert, 2));
  channels.handle(control, writeFrame(FrameKind.ping, 3));
  assert.deepEqual(received, ["envelope", "advert"]);
  assert.deepEqual(sent.map(({ kind, sequence }) => [kind, sequence]), [[FrameKind.pong, 3n]]);
});
