// Owns the links of this tab and what adverts say of the others': keeps our own advert current, takes in theirs, and sends
// each envelope to the next hop. A tab is a leaf: it passes nothing on, and says so in its advert's flags.

import { createAdvert } from "./advert.js";
import { FrameKind } from "./frame.js";
import { PeerFlags } from "./hello.js";
import { Mailbox, Timers } from "./mailbox.js";
import { TokenBucket } from "./token-bucket.js";
import { Topology } from "./topology.js";

/** A data channel is preferred to a WebSocket. */
export const LinkKind = Object.freeze({ webSocket: 0, dataChannel: 1 });

/** What one neighbour may bring: so many frames a second, and so many at once (a new neighbour tells all that it knows). */
const neighbourRate = 200;
const neighbourBurst = 5000;

const linkChangeDelay = 20; // ms; changes within this time go out in one advert
const measurementDelay = 5000; // ms; a round trip that changed is advertised no sooner

export class Routing {
  #identity;
  #name;
  #sequence;
  #topology;
  #links = new Map(); // peer id → Map of its links → {kind, roundTrip in ms or null}
  #budgets = new Map();
  #advertised = [];
  #mailbox = new Mailbox();
  #timers = new Timers(this.#mailbox);

  /** Told of every advert that is new, of envelopes behind the adverts that came before them, and that anything has changed. */
  recordLearnt = () => {};
  envelopeReceived = () => {};
  changed = () => {};

  /** @param {import("./identity.js").Identity} identity @param {string} name What others see, at most 64 bytes. */
  constructor(identity, name) {
    this.#identity = identity;
    this.#name = name;
    this.#sequence = identity.createSequenceSource();
    this.#topology = new Topology(identity.id);
    this.#timers.startPeriodic("renewal", Topology.lifetime / 3, () => this.#renew());
  }

  /**
   * Hello has succeeded on a link.
   * @param {{kind: number, send: (kind: number, body: Uint8Array) => void}} link
   */
  linkUp(peer, link) {
    return this.#mailbox.post(async () => {
      const links = this.#links.get(peer) ?? new Map();
      this.#links.set(peer, links.set(link, { roundTrip: null }));
      link.send(FrameKind.advert, await this.#createAdvert()); // before any envelope of ours, which it is needed to open
      this.#advertiseSoon(linkChangeDelay);
    });
  }

  linkDown(peer, link) {
    return this.#mailbox.post(() => {
      const links = this.#links.get(peer);
      if (links?.delete(link)) {
        if (links.size === 0) {
          this.#links.delete(peer);
          this.#budgets.delete(peer);
        }
        this.#advertiseSoon(linkChangeDelay);
      }
    });
  }

  /** @param {number} rttMs */
  linkMeasured(peer, link, rttMs) {
    return this.#mailbox.post(() => {
      const state = this.#links.get(peer)?.get(link);
      if (state) {
        const known = state.roundTrip !== null;
        state.roundTrip = known ? (7 * state.roundTrip + rttMs) / 8 : rttMs;
        if (!known || this.#hasChanged(peer)) {
          this.#advertiseSoon(known ? measurementDelay : linkChangeDelay);
        }
      }
    });
  }

  handleAdvert(neighbour, body) {
    return this.#mailbox.post(async () => {
      if (this.#budget(neighbour).tryTake(performance.now())) {
        const advert = await this.#topology.apply(performance.now(), body);
        if (advert) {
          this.recordLearnt(advert.id);
          this.changed();
        }
      }
    });
  }

  handleEnvelope(neighbour, body) {
    return this.#mailbox.post(() => {
      if (this.#budget(neighbour).tryTake(performance.now())) {
        this.envelopeReceived(body);
      }
    });
  }

  /** Sends an envelope one hop nearer to its receiver. @returns {Promise<string | null>} why it could not, or null. */
  route(to, envelope) {
    return this.#mailbox.post(() => {
      const link = this.#bestLink(this.#topology.nextHop(to));
      link?.send(FrameKind.envelope, envelope);
      return link ? null : "no way to the peer is known";
    });
  }

  /** The last advert of a peer, or null. */
  find(id) {
    return this.#topology.find(id);
  }

  /** Who is in the mesh and who is connected to whom, ourselves first. */
  describe() {
    const others = this.#topology.reachable().map(({ id, name, flags }) => ({ id, name, kind: flags & PeerFlags.node ? "node" : "peer" }));
    return { nodes: [{ id: this.#identity.id, name: this.#name, kind: "peer" }, ...others], links: this.#topology.links() };
  }

  close() {
    this.#timers.cancelAll();
    this.#mailbox.close();
  }

  #budget(neighbour) {
    let budget = this.#budgets.get(neighbour);
    if (!budget) {
      budget = new TokenBucket(neighbourRate, neighbourBurst, performance.now());
      this.#budgets.set(neighbour, budget);
    }
    return budget;
  }

  #bestLink(peer) {
    const links = [...(this.#links.get(peer)?.keys() ?? [])];
    return links.reduce((best, link) => (best === null || link.kind >= best.kind ? link : best), null); // the newest of the best kind
  }

  #advertiseSoon(delay) {
    this.#topology.setNeighbours(this.#neighbours());
    this.changed();
    if (delay === linkChangeDelay || !this.#timers.isActive("advertise")) {
      this.#timers.startSingle("advertise", delay, () => this.#advertise());
    }
  }

  async #advertise() {
    const advert = await this.#createAdvert();
    for (const peer of this.#links.keys()) {
      this.#bestLink(peer).send(FrameKind.advert, advert);
    }
  }

  #renew() {
    this.#topology.expire(performance.now());
    this.changed();
    return this.#advertise();
  }

  #createAdvert() {
    this.#advertised = this.#neighbours();
    this.#topology.setNeighbours(this.#advertised);
    return createAdvert(this.#identity, { flags: PeerFlags.none, sequence: this.#sequence.next(), name: this.#name, neighbours: this.#advertised });
  }

  #neighbours() {
    return [...this.#links].map(([id, links]) => ({ id, rttMs: lowest([...links.values()].map(({ roundTrip }) => roundTrip)) }));
  }

  /** Whether a neighbour's round trip is more than a quarter and 5 ms away from what we last advertised. */
  #hasChanged(peer) {
    const now = this.#neighbours().find(({ id }) => id === peer).rttMs;
    const advertised = this.#advertised.find(({ id }) => id === peer)?.rttMs ?? null;
    return advertised === null || Math.abs(now - advertised) > Math.max(5, advertised / 4);
  }
}

function lowest(roundTrips) {
  const known = roundTrips.filter((roundTrip) => roundTrip !== null);
  return known.length > 0 ? Math.round(Math.min(...known)) : null;
}
