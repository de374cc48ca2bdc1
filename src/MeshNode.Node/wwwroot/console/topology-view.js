// Draws who is connected to whom: everybody on a circle, ourselves first, each link with its round trip.

const SVG = "http://www.w3.org/2000/svg";
const RADIUS = 125;
const LABEL_RADIUS = 34; // from a circle's middle to its name
const MAXIMUM_DRAWN = 60; // more on one circle cannot be read

/**
 * @param {SVGElement} svg
 * @param {{nodes: {id: string, name: string, kind: string}[], links: {from: string, to: string, rttMs: number|null}[]}} topology
 * @param {string} ownId
 */
export function drawTopology(svg, topology, ownId) {
  const nodes = [...topology.nodes].sort((a, b) => (b.id === ownId) - (a.id === ownId) || (a.id < b.id ? -1 : 1)).slice(0, MAXIMUM_DRAWN);
  const places = new Map(nodes.map((node, index) => [node.id, place(index, nodes.length)]));
  const lines = [];
  const labels = [];
  for (const link of topology.links) {
    const from = places.get(link.from);
    const to = places.get(link.to);
    if (from && to) {
      const line = element("line", { x1: from.x, y1: from.y, x2: to.x, y2: to.y });
      line.classList.toggle("own", link.from === ownId || link.to === ownId);
      lines.push(line);
      if (link.rttMs !== null) {
        labels.push(roundTripLabel(link.rttMs, from, to));
      }
    }
  }

  const drawn = nodes.map((node) => {
    const { x, y, angle } = places.get(node.id);
    const group = element("g", {});
    group.classList.toggle("self", node.id === ownId);
    group.classList.toggle("leaf", node.kind !== "node");
    const title = element("title", {});
    title.textContent = node.id;
    const name = node.id === ownId ? `${displayName(node)} (this tab)` : displayName(node);
    group.append(title, element("circle", { cx: x, cy: y, r: 14 }), label(shorten(name), x, y + (Math.sin(angle) < -0.1 ? -LABEL_RADIUS + 12 : LABEL_RADIUS)));
    return group;
  });

  svg.replaceChildren(...lines, ...labels, ...drawn);
}

/** The name that a peer gave itself, or the beginning of its id. */
export function displayName(peer) {
  return peer.name || `${peer.id.slice(0, 8)}…`;
}

function place(index, count) {
  const angle = (2 * Math.PI * index) / count - Math.PI / 2;
  const radius = count === 1 ? 0 : RADIUS;
  return { angle, x: radius * Math.cos(angle), y: radius * Math.sin(angle) };
}

/** A third of the way, so that the labels of two links that cross do not lie on each other. */
function roundTripLabel(rttMs, from, to) {
  return label(rttMs === 0 ? "< 1 ms" : `${rttMs} ms`, (2 * from.x + to.x) / 3, (2 * from.y + to.y) / 3 + 4, "rtt");
}

function shorten(name) {
  return name.length <= 24 ? name : `${name.slice(0, 23)}…`;
}

function label(text, x, y, className) {
  const node = element("text", { x, y });
  node.textContent = text;
  if (className) {
    node.classList.add(className);
  }
  return node;
}

function element(name, attributes) {
  const node = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) {
    node.setAttribute(key, value);
  }
  return node;
}
