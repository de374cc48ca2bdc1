// Keeps entering the mesh through one node's WebSocket, and comes back 1 to 5 s after it is lost.

import { WebSocketLink } from "./websocket-link.js";

const minDelay = 1000; // ms
const maxDelay = 5000;
const refusedDelay = 30_000; // a node that does not admit us will hardly do so a second later

export class Bootstrap {
  #url;
  #options;
  #link = null;
  #timer = null;
  #closed = false;

  /** How it goes, for the page. state: "connecting", "connected", "reconnecting" or "failed". */
  entry = { state: "connecting", text: "entering the mesh" };

  /** Told of whoever proved its key at the other end, each time, and that `entry` has changed. */
  entered = () => {};
  changed = () => {};

  /** @param {string} url ws: or wss: @param {{identity: object, routing: object, invite: string | null}} options */
  constructor(url, options) {
    this.#url = url;
    this.#options = options;
  }

  start() {
    this.#link = new WebSocketLink(this.#url, {
      ...this.#options,
      up: (peer) => this.#handleUp(peer),
      stopped: (reason, refused) => this.#handleStopped(reason, refused),
    });
  }

  close(text) {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#link?.close(text);
    this.#show("closed", text);
  }

  #handleUp(peer) {
    this.#show("connected", `through ${new URL(this.#url).host}`);
    this.entered(peer);
  }

  #handleStopped(reason, refused) {
    this.#link = null;
    if (!this.#closed) {
      this.#show(refused ? "failed" : "reconnecting", refused ? `refused: ${reason}` : reason);
      this.#timer = setTimeout(() => this.start(), refused ? refusedDelay : minDelay + (maxDelay - minDelay) * Math.random());
    }
  }

  #show(state, text) {
    this.entry = { state, text };
    this.changed();
  }
}
