// Where the modules of the console lie, and what more than one of their tests needs.

const folder = new URL("../../../../src/MeshNode.Node/wwwroot/mesh/", import.meta.url);

export const load = (name) => import(new URL(name, folder).href);

const patience = 20_000; // ms

/** Waits, while everything that was promised happens, until the condition holds. */
export async function settle(condition) {
  for (const started = performance.now(); !condition() && performance.now() - started < patience; ) {
    await turns(1);
  }
}

/** Lets what is ready run. */
export async function turns(count) {
  for (let turn = 0; turn < count; turn++) {
    await new Promise((resolve) => setImmediate(resolve));
  }
}
