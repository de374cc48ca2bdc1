// Draws who is connected to whom: everybody on a circle, ourselves first, each link with its round trip.

const SVG = "http://www.w3.org/2000/svg";
const RADIUS = 140;

/**
 * @param {SVGElement} svg
 * @param {{nodes: {id: string, name: string, kind: string}[], links: {from: string, to: string, rttMs: number|null}[]}} topology
 * @param {string} ownId
 */
export function drawTopology(svg, topology, ownId) {
  const nodes = [...topology.nodes].sort((a, b) => (b.id === ownId) - (a.id === ownId) || (a.id < b.id ? -1 : 1));
  const places = new Map(nodes.map((node, index) => {
    const angle = (2 * Math.PI * index) / nodes.length - Math.PI / 2;
    const radius = nodes.length === 1 ? 0 : RADIUS;
    return [node.id, { x: radius * Math.cos(angle), y: radius * Math.sin(angle) }];
  }));

  const drawn = [];
  for (const link of topology.links) {
    const from = places.get(link.from);
    const to = places.get(link.to);
    if (from && to) {
      const line = element("line", { x1: from.x, y1: from.y, x2: to.x, y2: to.y });
      line.classList.toggle("own", link.from === ownId || link.to === ownId);
      drawn.push(line);
      if (link.rttMs !== null) {
        drawn.push(label(`${link.rttMs} ms`, (from.x + to.x) / 2, (from.y + to.y) / 2 - 4, "rtt"));
      }
    }
  }

  for (const node of nodes) {
    const { x, y } = places.get(node.id);
    const group = element("g", {});
    group.classList.toggle("self", node.id === ownId);
    group.classList.toggle("leaf", node.kind !== "node");
    const title = element("title", {});
    title.textContent = node.id;
    group.append(title, element("circle", { cx: x, cy: y, r: 14 }), label(displayName(node), x, y + 32));
    drawn.push(group);
  }

  svg.replaceChildren(...drawn);
}

/** The name that a peer gave itself, or the beginning of its id. */
export function displayName(peer) {
  return peer.name || `${peer.id.slice(0, 8)}…`;
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
