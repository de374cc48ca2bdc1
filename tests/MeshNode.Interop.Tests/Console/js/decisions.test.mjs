// What decides without a browser: states, attempts, budgets, bounds.
import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./modules.mjs";

const { nextPeerState } = await load("peer-state.js");
const { ReconnectSchedule } = await load("reconnect-schedule.js");
const { TokenBucket } = await load("token-bucket.js");
const { EarlyFrames } = await load("early-frames.js");
const { fingerprint } = await load("rtc-connection.js");
const { Mailbox, Timers } = await load("mailbox.js");

test("A peer goes through its states only by legal transitions", () => {
  assert.equal(nextPeerState("new", "connectRequested"), "connecting");
  assert.equal(nextPeerState("connecting", "linkEstablished"), "connected");
  assert.equal(nextPeerState("connected", "pathLost"), "disconnected");
  assert.equal(nextPeerState("disconnected", "pathRestored"), "connected");
  assert.equal(nextPeerState("connected", "offerReceived"), "reconnecting");
  assert.equal(nextPeerState("reconnecting", "attemptsExhausted"), "failed");
  assert.equal(nextPeerState("connected", "goodbyeReceived"), "closed");
  for (const [state, trigger] of [["connected", "connectRequested"], ["new", "linkEstablished"], ["closed", "connectionLost"], ["closed", "closeRequested"], ["connected", "refused"], ["failed", "goodbyeReceived"]]) {
    assert.equal(nextPeerState(state, trigger), null, `${state} ${trigger}`);
  }
});

test("Two ICE restarts come first, then five connections with growing delays and jitter, then giving up", () => {
  const schedule = new ReconnectSchedule(() => 0.5);
  const steps = Array.from({ length: 8 }, () => schedule.next(true));
  assert.deepEqual(steps.map(({ step }) => step), ["iceRestart", "iceRestart", ...Array(5).fill("newConnection"), "giveUp"]);
  assert.deepEqual(steps.slice(2, 7).map(({ delay }) => delay), [1500, 2500, 4500, 8500, 16500]);
  schedule.reset();
  assert.equal(schedule.next(false).step, "newConnection", "an ICE restart mends no connection that has ended");
});

test("A bucket gives its burst, then its rate", () => {
  const bucket = new TokenBucket(10, 3, 0);
  assert.deepEqual([0, 0, 0, 0].map((now) => bucket.tryTake(now)), [true, true, true, false]);
  assert.equal(bucket.tryTake(100), true);
  assert.equal(bucket.tryTake(100), false);
});

test("Frames before hello are kept in order up to a bound", () => {
  const early = new EarlyFrames();
  assert.ok(early.tryAdd(1, Uint8Array.of(1)) && early.tryAdd(3, Uint8Array.of(2)));
  assert.deepEqual(early.take().map(({ kind }) => kind), [1, 3]);
  assert.ok(early.tryAdd(1, new Uint8Array(1 << 19)));
  assert.equal(early.tryAdd(1, new Uint8Array(1 << 19)), false);
});

test("A description has exactly one SHA-256 fingerprint", () => {
  const digits = Array.from({ length: 32 }, (_, index) => index.toString(16).padStart(2, "0"));
  const line = (algorithm, parts) => `a=fingerprint:${algorithm} ${parts.join(":")}\r\n`;
  assert.deepEqual([...fingerprint(`v=0\r\n${line("sha-256", digits)}`)], Array.from({ length: 32 }, (_, index) => index));
  assert.ok(fingerprint(line("SHA-256", digits).toUpperCase().replace("A=FINGERPRINT", "a=fingerprint") + line("sha-256", digits)), "the same twice");
  assert.equal(fingerprint(line("sha-256", digits) + line("sha-256", [...digits].reverse())), null, "two");
  assert.equal(fingerprint(line("sha-1", digits.slice(0, 20))), null);
  assert.equal(fingerprint(line("sha-256", digits.slice(0, 31))), null);
  assert.equal(fingerprint("v=0\r\n"), null);
  assert.equal(fingerprint(undefined), null);
});

test("A mailbox keeps the order of asynchronous work and survives what throws", async () => {
  const failures = [];
  const mailbox = new Mailbox((error) => failures.push(error.message));
  const done = [];
  mailbox.post(async () => {
    await new Promise((resolve) => setImmediate(resolve));
    done.push("slow");
  });
  mailbox.post(() => {
    throw new Error("broken");
  });
  assert.equal(await mailbox.post(() => done.push("fast")), 2);
  assert.deepEqual(done, ["slow", "fast"]);
  assert.deepEqual(failures, ["broken"]);
  mailbox.close();
  assert.equal(await mailbox.post(() => done.push("late")), undefined);
  assert.equal(done.length, 2);
});

test("A timer that was cancelled after it ran out does nothing", async (context) => {
  context.mock.timers.enable({ apis: ["setTimeout", "setInterval"] });
  const mailbox = new Mailbox();
  const timers = new Timers(mailbox);
  const ran = [];
  timers.startSingle("a", 10, () => ran.push("a"));
  timers.startSingle("b", 10, () => ran.push("b"));
  mailbox.post(() => timers.cancel("a"));
  context.mock.timers.tick(10); // both are in the mailbox now, behind the cancellation
  await mailbox.post(() => {});
  assert.deepEqual(ran, ["b"]);
  assert.equal(timers.isActive("b"), false);
});
