// The page: shows what this tab's own peer sees and lets a person talk. All of the mesh is in ../mesh.

import { MeshPeer } from "../mesh/mesh-peer.js";
import { PeerList } from "./peer-list.js";
import { displayName, drawTopology } from "./topology-view.js";

const MAXIMUM_MESSAGES = 500;
const MAXIMUM_SHOWN = 16_000; // characters of one message
const elements = Object.fromEntries([...document.querySelectorAll("[id]")].map((node) => [node.getAttribute("id"), node]));
let chosen = null;

const mesh = await MeshPeer.open({ url: bootstrapUrl(), name: browserName(), invite: inviteToken() }).catch((error) => {
  showEntry({ state: "failed", text: error.message });
  throw error;
});
const peerList = new PeerList(elements.peers, choose, connect);
elements["own-id"].textContent = `${mesh.id.slice(0, 12)}…`;
elements["own-id"].title = mesh.id;
elements["own-id"].dataset.id = mesh.id;
elements["copy-id"].disabled = false;
mesh.addEventListener("change", render);
mesh.addEventListener("message", ({ detail }) => showMessage(detail.from, detail.text, "in"));
window.addEventListener("pagehide", () => mesh.close("the tab was closed"));
window.addEventListener("pageshow", (event) => event.persisted && location.reload()); // brought back after it said goodbye
render();

elements["copy-id"].addEventListener("click", async () => {
  await navigator.clipboard.writeText(mesh.id);
  elements["copy-id"].textContent = "copied";
});

elements.connect.addEventListener("submit", (event) => {
  event.preventDefault();
  const id = elements["connect-id"].value.trim();
  if (id !== mesh.id) {
    connect(id);
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

function render() {
  const { peers, topology, entry } = mesh;
  const links = topology.links.length;
  showEntry(entry);
  peerList.show(peers, chosen);
  elements["no-peers"].hidden = peers.length > 0;
  elements["send-to"].textContent = chosen ? nameOf(chosen) : "nobody chosen";
  drawTopology(elements.topology, topology, mesh.id);
  elements["topology-text"].textContent = `${topology.nodes.length} in the mesh, ${links} ${links === 1 ? "link" : "links"}. Dashed: tabs.`;
}

function showEntry({ state, text }) {
  elements["entry-state"].textContent = state;
  elements["entry-state"].dataset.state = state;
  elements["entry-text"].textContent = text;
}

function connect(id) {
  mesh.connect(id);
}

function choose(id) {
  chosen = id;
  elements["send-text"].disabled = false;
  elements.send.querySelector("button").disabled = false;
  elements["send-text"].focus();
  render();
}

function nameOf(id) {
  return displayName(mesh.peers.find((peer) => peer.id === id) ?? { id });
}

function showMessage(id, text, direction) {
  const item = document.createElement("li");
  item.className = `message ${direction}`;
  item.dataset.status = direction === "in" ? "received" : "pending";
  const content = document.createElement("bdi"); // what turns lines around does so only in here
  content.textContent = text.length <= MAXIMUM_SHOWN ? text : `${text.slice(0, MAXIMUM_SHOWN)}… (${text.length} characters)`;
  const caption = document.createElement("small");
  caption.textContent = direction === "in" ? `from ${nameOf(id)}` : `to ${nameOf(id)}`;
  item.append(content, caption);
  elements["no-messages"].hidden = true;
  elements.messages.append(item);
  while (elements.messages.childElementCount > MAXIMUM_MESSAGES) {
    elements.messages.firstElementChild.remove();
  }
  item.scrollIntoView({ block: "nearest" });
  return item;
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
