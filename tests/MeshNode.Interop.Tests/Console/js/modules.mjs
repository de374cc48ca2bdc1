// Where the modules of the console lie, and what more than one of their tests needs.

const folder = new URL("../../../../src/MeshNode.Node/wwwroot/mesh/", import.meta.url);

export const load = (name) => import(new URL(name, folder).href);

/** Lets everything that was promised happen, as long as anything does. */
export async function settle(condition, attempts = 2000) {
  for (let attempt = 0; attempt < attempts && !condition(); attempt++) {
    await new Promise((resolve) => setImmediate(resolve));
  }
}
