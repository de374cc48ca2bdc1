// Who is linked to whom, from signed adverts, and the next hop to everyone: over the fewest links, among those the lowest
// sum of round trips. A link counts when both ends advertise it; our own count because we hold them. Only peers that say
// that they relay are passed through.

import { AdvertTable } from "./advert.js";
import { PeerFlags } from "./hello.js";

const lifetimeMs = 5 * 60 * 1000;
const unknownRoundTripCost = 1000; // ms: worse than most that are known, better than no path

export class Topology {
  /** How long an advert counts without a newer one, in milliseconds. */
  static lifetime = lifetimeMs;

  #self;
  #table = new AdvertTable();
  #expiry = new Map();
  #own = new Map(); // id → round trip in ms or null
  #routes = null; // null: to be computed

  /** @param {string} self Our own id. */
  constructor(self) {
    this.#self = self;
  }

  /** Takes in what a neighbour brought. @returns {Promise<object | null>} the advert when it is new and somebody else's. */
  async apply(now, bytes) {
    const advert = await this.#table.apply(bytes);
    if (advert?.id === this.#self) {
      this.#table.delete(this.#self);
      return null;
    }
    if (advert) {
      advert.linked = new Set(advert.neighbours.map(({ id }) => id));
      this.#expiry.set(advert.id, now + lifetimeMs);
      this.#routes = null;
    }
    return advert;
  }

  /** Our own links, all of them, as they are now. @param {{id: string, rttMs: number | null}[]} neighbours */
  setNeighbours(neighbours) {
    this.#own = new Map(neighbours.map(({ id, rttMs }) => [id, rttMs]));
    this.#routes = null;
  }

  /** Forgets adverts that were not renewed. */
  expire(now) {
    for (const [id, expiry] of this.#expiry) {
      if (expiry <= now) {
        this.#expiry.delete(id);
        this.#table.delete(id);
        this.#routes = null;
      }
    }
  }

  /** The last advert of a peer: its keys, boot nonce and neighbours; null when there is none. */
  find(id) {
    return this.#table.get(id);
  }

  /** @returns {string | null} the neighbour through which a peer is reached; the peer itself when it is a neighbour. */
  nextHop(id) {
    this.#routes ??= this.#computeRoutes();
    return this.#routes.get(id)?.via ?? null;
  }

  /** Everyone whom we can reach and of whom we have an advert. @returns {object[]} adverts */
  reachable() {
    return [...this.#table.values()].filter(({ id }) => this.nextHop(id) !== null);
  }

  /** Every link that both ends advertise, and our own, each once. @returns {{from: string, to: string, rttMs: number | null}[]} */
  links() {
    const links = new Map();
    const add = (one, other, rttMs) => {
      const [from, to] = one < other ? [one, other] : [other, one];
      const known = links.get(from + to);
      links.set(from + to, { from, to, rttMs: known?.rttMs == null ? rttMs : Math.min(known.rttMs, rttMs ?? known.rttMs) });
    };
    this.#own.forEach((rttMs, id) => add(this.#self, id, rttMs));
    for (const { id: from, neighbours } of this.#table.values()) {
      for (const { id, rttMs } of neighbours) {
        if (id === this.#self ? this.#own.has(from) : this.find(id)?.linked.has(from)) {
          add(from, id, rttMs);
        }
      }
    }
    return [...links.values()];
  }

  // One ring after the other, because fewer links always win; within a ring the lower sum, then the lower neighbour's id.
  #computeRoutes() {
    const routes = new Map();
    let ring = new Map([...this.#own].map(([id, rttMs]) => [id, { via: id, ms: rttMs ?? unknownRoundTripCost }]));
    while (ring.size > 0) {
      ring.forEach((route, id) => routes.set(id, route));
      const next = new Map();
      for (const [id, route] of ring) {
        const advert = this.find(id);
        for (const neighbour of advert && advert.flags & PeerFlags.relays ? advert.neighbours : []) {
          if (neighbour.id !== this.#self && !routes.has(neighbour.id) && this.find(neighbour.id)?.linked.has(id)) {
            const found = { via: route.via, ms: route.ms + (neighbour.rttMs ?? unknownRoundTripCost) };
            if (isBetter(found, next.get(neighbour.id))) {
              next.set(neighbour.id, found);
            }
          }
        }
      }
      ring = next;
    }
    return routes;
  }
}

const isBetter = (route, known) => !known || route.ms < known.ms || (route.ms === known.ms && route.via < known.via);
