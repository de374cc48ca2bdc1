// The page: shows what this tab's own peer sees and lets a person talk. All of the mesh is in ../mesh.

import { MeshPeer } from "../mesh/mesh-peer.js";
import { displayName, drawTopology } from "./topology-view.js";

const MAXIMUM_MESSAGES = 500;
const MAXIMUM_SHOWN = 16_000; // characters of one message
const elements = Object.fromEntries([...document.querySelectorAll("[id]")].map((node) => [node.id, node]));
let chosen = null;

const mesh = await MeshPeer.open({ url: bootstrapUrl(), name: browserName(), invite: inviteToken() }).catch((error) => {
  showEntry({ state: "failed", text: error.message });
  throw error;
});
elements["own-id"].textContent = `${mesh.id.slice(0, 12)}…`;
elements["own-id"].title = mesh.id;
elements["own-id"].dataset.id = mesh.id;
elements["copy-id"].disabled = false;
mesh.addEventListener("change", render);
mesh.addEventListener("message", ({ detail }) => showMessage(detail.from, detail.text, "in"));
window.addEventListener("pagehide", () => mesh.close("the tab was closed"));
render();

elements["copy-id"].addEventListener("click", async () => {
  await navigator.clipboard.writeText(mesh.id);
  elements["copy-id"].textContent = "copied";
});

elements.connect.addEventListener("submit", (event) => {
  event.preventDefault();
  const id = elements["connect-id"].value.trim();
  if (id !== mesh.id) {
    mesh.connect(id);
    choose(id);
    elements.connect.reset();
  }
});

elements.send.addEventListener("submit", async (event) => {
  event.preventDefault();
  const text = elements["send-text"].value;
  if (!text || !chosen) {
    return;
  }

  elements["send-text"].value = "";
  const shown = showMessage(chosen, text, "out");
  const result = await mesh.sendText(chosen, text);
  shown.dataset.status = result.delivered ? "delivered" : "failed";
  shown.querySelector("small").textContent += result.delivered ? ` · ✓ acknowledged in ${Math.round(result.tookMs)} ms` : ` · not delivered: ${result.reason}`;
});

function showEntry({ state, text }) {
  elements["entry-state"].textContent = state;
  elements["entry-state"].dataset.state = state;
  elements["entry-text"].textContent = text;
}

function render() {
  showEntry(mesh.entry);
  elements.peers.replaceChildren(...mesh.peers.map(peerItem));
  elements["no-peers"].hidden = mesh.peers.length > 0;
  drawTopology(elements.topology, mesh.topology, mesh.id);
  const { nodes, links } = mesh.topology;
  elements["topology-text"].textContent = `${nodes.length} in the mesh, ${links.length} ${links.length === 1 ? "link" : "links"}`;
}

function peerItem(peer) {
  const item = document.createElement("li");
  item.className = "peer";
  item.dataset.id = peer.id;
  item.tabIndex = 0;
  item.title = peer.id;
  item.setAttribute("aria-selected", String(peer.id === chosen));
  item.addEventListener("click", () => choose(peer.id));
  item.addEventListener("keydown", (event) => event.key === "Enter" && choose(peer.id));

  const head = part("div", "head");
  const state = part("span", "state", peer.state);
  state.dataset.state = peer.state;
  head.append(part("span", "name", displayName(peer)), state, part("span", "rtt", peer.rttMs === null ? "" : `${peer.rttMs.toFixed(1)} ms`));
  if (peer.state === "new" || peer.state === "failed" || peer.state === "closed") {
    const button = part("button", "", "connect");
    button.type = "button";
    button.addEventListener("click", () => mesh.connect(peer.id));
    head.append(button);
  }

  item.append(head);
  if (peer.cause) {
    item.append(part("p", "cause", peer.cause));
  }

  if (peer.channels.length > 0) {
    const channels = part("p", "channels");
    for (const channel of peer.channels) {
      const span = part("span", "", channel.bufferedBytes > 0 ? `${channel.label} (${channel.bufferedBytes} B)` : channel.label);
      span.dataset.state = channel.state;
      channels.append(span);
    }
    item.append(channels);
  }

  return item;
}

function choose(id) {
  chosen = id;
  elements["send-to"].textContent = displayName(mesh.peers.find((peer) => peer.id === id) ?? { id });
  elements["send-text"].disabled = false;
  elements.send.querySelector("button").disabled = false;
  elements["send-text"].focus();
  render();
}

function showMessage(id, text, direction) {
  const item = part("li", `message ${direction}`, text.length <= MAXIMUM_SHOWN ? text : `${text.slice(0, MAXIMUM_SHOWN)}… (${text.length} characters)`);
  const name = displayName(mesh.peers.find((peer) => peer.id === id) ?? { id });
  item.dataset.status = direction === "in" ? "received" : "pending";
  item.append(part("small", "", direction === "in" ? `from ${name}` : `to ${name}`));
  elements["no-messages"].hidden = true;
  elements.messages.append(item);
  while (elements.messages.childElementCount > MAXIMUM_MESSAGES) {
    elements.messages.firstElementChild.remove();
  }
  item.scrollIntoView({ block: "nearest" });
  return item;
}

function part(tag, className, text) {
  const node = document.createElement(tag);
  if (className) {
    node.className = className;
  }
  if (text !== undefined) {
    node.textContent = text;
  }
  return node;
}

function bootstrapUrl() {
  const url = new URL("/mesh", location.href);
  url.protocol = location.protocol === "https:" ? "wss:" : "ws:";
  return url.href;
}

function browserName() {
  const name = new URLSearchParams(location.search).get("name");
  return name ?? `browser ${Math.floor(Math.random() * 9000) + 1000}`;
}

/** Behind `#`, which browsers send to nobody, as in `http://…/#invite=TOKEN`. */
function inviteToken() {
  return new URLSearchParams(location.hash.slice(1)).get("invite");
}
