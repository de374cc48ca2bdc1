// Routes over real, signed adverts.
import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./modules.mjs";

const { createAdvert } = await load("advert.js");
const { Identity } = await load("identity.js");
const { PeerFlags } = await load("hello.js");
const { Topology } = await load("topology.js");

const node = PeerFlags.node | PeerFlags.relays;
const identities = await Promise.all(Array.from({ length: 6 }, () => Identity.createEphemeral()));
const [self, a, b, c, d, leaf] = identities;
let sequence = 0n;

const advertOf = (identity, flags, neighbours) =>
  createAdvert(identity, { flags, sequence: ++sequence, name: "", neighbours: neighbours.map(([{ id }, rttMs]) => ({ id, rttMs })) });

async function topologyOf(own, adverts) {
  const topology = new Topology(self.id);
  topology.setNeighbours(own.map(([{ id }, rttMs]) => ({ id, rttMs })));
  for (const [identity, flags, neighbours] of adverts) {
    await topology.apply(0, await advertOf(identity, flags, neighbours));
  }
  return topology;
}

test("The next hop is the neighbour on the way with the fewest links, then the shortest round trips", async () => {
  const topology = await topologyOf([[a, 1], [b, 50]], [
    [a, node, [[self, 1], [c, 90]]],
    [b, node, [[self, 50], [c, 1]]],
    [c, node, [[a, 90], [b, 1], [d, 1]]],
    [d, node, [[c, 1]]],
  ]);
  assert.equal(topology.nextHop(a.id), a.id);
  assert.equal(topology.nextHop(c.id), b.id, "51 ms beat 91 ms");
  assert.equal(topology.nextHop(d.id), b.id);
  assert.equal(topology.nextHop(leaf.id), null);
});

test("A link counts when both ends advertise it", async () => {
  const topology = await topologyOf([[a, 1]], [[a, node, [[self, 1], [c, 1]]], [c, node, [[b, 1]]]]);
  assert.equal(topology.nextHop(c.id), null);
  assert.deepEqual(topology.links().map(({ from, to }) => [from, to].sort()), [[self.id, a.id].sort()]);
});

test("Nothing goes through a peer that does not relay", async () => {
  const topology = await topologyOf([[leaf, 1]], [[leaf, PeerFlags.none, [[self, 1], [c, 1]]], [c, node, [[leaf, 1]]]]);
  assert.equal(topology.nextHop(leaf.id), leaf.id);
  assert.equal(topology.nextHop(c.id), null);
  assert.deepEqual(topology.reachable().map(({ id }) => id), [leaf.id]);
});

test("An older advert, an own one and an altered one change nothing", async () => {
  const topology = await topologyOf([[a, 1]], []);
  const older = await advertOf(a, node, [[self, 1]]);
  const newer = await advertOf(a, node, [[self, 1], [c, 1]]);
  assert.ok(await topology.apply(0, newer));
  assert.equal(await topology.apply(0, older), null);
  assert.equal(await topology.apply(0, await advertOf(self, node, [])), null);
  assert.equal(topology.find(self.id), null);
  const altered = await advertOf(c, node, [[a, 1]]);
  altered[altered.length - 70] ^= 1;
  assert.equal(await topology.apply(0, altered), null);
});

test("An advert that is not renewed is forgotten", async () => {
  const topology = await topologyOf([[a, 1]], [[a, node, [[self, 1], [c, 1]]], [c, node, [[a, 1]]]]);
  topology.expire(Topology.lifetime - 1);
  assert.equal(topology.nextHop(c.id), a.id);
  topology.expire(Topology.lifetime);
  assert.equal(topology.nextHop(c.id), null);
  assert.equal(topology.find(c.id), null);
});
