// The list of peers. Each keeps its element, which only changes where the peer did: nothing moves away under the pointer.

import { displayName } from "./topology-view.js";

const connectable = ["new", "failed", "closed"];
const quiet = ["connected", "new"]; // states that need no explanation

export class PeerList {
  #list;
  #choose;
  #connect;
  #items = new Map(); // id → PeerItem

  /** @param {HTMLElement} list @param {(id: string) => void} choose @param {(id: string) => void} connect */
  constructor(list, choose, connect) {
    this.#list = list;
    this.#choose = choose;
    this.#connect = connect;
  }

  /** @param {object[]} peers As MeshPeer has them. @param {string | null} chosen The id that messages go to. */
  show(peers, chosen) {
    const present = new Set(peers.map(({ id }) => id));
    for (const [id, item] of this.#items) {
      if (!present.has(id)) {
        item.element.remove();
        this.#items.delete(id);
      }
    }
    peers.forEach((peer, index) => {
      const item = this.#items.get(peer.id) ?? this.#add(peer.id);
      item.show(peer, peer.id === chosen);
      if (this.#list.children[index] !== item.element) {
        this.#list.insertBefore(item.element, this.#list.children[index] ?? null);
      }
    });
  }

  #add(id) {
    const item = new PeerItem(id, () => this.#choose(id), () => this.#connect(id));
    this.#items.set(id, item);
    return item;
  }
}

class PeerItem {
  element = part("li", "peer");
  #name = part("span", "name");
  #state = part("span", "state");
  #rtt = part("span", "rtt");
  #button = part("button", "");
  #cause = part("p", "cause");
  #channels = part("p", "channels");

  constructor(id, choose, connect) {
    this.element.dataset.id = id;
    this.element.title = id;
    this.element.tabIndex = 0;
    this.element.addEventListener("click", choose);
    this.element.addEventListener("keydown", (event) => event.key === "Enter" && event.target === this.element && choose());
    this.#button.type = "button";
    this.#button.textContent = "connect";
    this.#button.addEventListener("click", connect);
    const head = part("div", "head");
    const shortId = part("code", "short-id");
    shortId.textContent = id.slice(0, 6); // several nodes of one machine may have one name
    head.append(this.#name, shortId, this.#state, this.#rtt, this.#button);
    this.element.append(head, this.#cause, this.#channels);
  }

  show(peer, isChosen) {
    this.element.setAttribute("aria-current", String(isChosen));
    setText(this.#name, displayName(peer));
    setText(this.#state, peer.state);
    this.#state.dataset.state = peer.state;
    setText(this.#rtt, peer.rttMs === null ? "" : `${peer.rttMs.toFixed(1)} ms`);
    this.#button.hidden = !connectable.includes(peer.state);
    this.#cause.hidden = quiet.includes(peer.state);
    setText(this.#cause, peer.cause);
    this.#channels.hidden = !peer.channels.some(({ state }) => state !== "closed");
    peer.channels.forEach((channel, index) => this.#showChannel(channel, index));
  }

  #showChannel({ label, state, bufferedBytes }, index) {
    const span = this.#channels.children[index] ?? this.#channels.appendChild(part("span", ""));
    span.dataset.label = label;
    span.dataset.state = state;
    setText(span, bufferedBytes > 0 ? `${label} (${bufferedBytes} B)` : label);
  }
}

function setText(node, text) {
  if (node.textContent !== text) {
    node.textContent = text;
  }
}

function part(tag, className) {
  const node = document.createElement(tag);
  node.className = className;
  return node;
}
