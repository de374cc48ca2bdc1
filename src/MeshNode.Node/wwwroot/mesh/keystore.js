// Keeps identities in IndexedDB. Tabs of one origin share it, and each tab is a peer of its own: a tab takes the first
// identity that no other tab holds, by a Web Lock that the browser lets go when the tab ends. A tab that is loaded again
// asks for the one that it had, and waits for its former self to end.

import { Identity, createIdentityRecord } from "./identity.js";

const storeName = "identities";
const maxTabs = 64;
const formerSelfTimeout = 2000; // ms; a duplicated tab asks for the identity of a tab that lives on

/**
 * Opens the preferred identity or else the first that is free, or makes one. Counts the boot.
 * @param {string} [name] Of the database.
 * @param {number} [preferred] The slot that this tab had before; NaN for none.
 * @returns {Promise<{identity: Identity, persistent: boolean, slot?: number}>} not persistent where the browser keeps nothing (private windows).
 */
export async function openIdentity(name = "meshnode", preferred = NaN) {
  let database;
  try {
    database = await openDatabase(name);
  } catch {
    return { identity: await Identity.createEphemeral(), persistent: false };
  }

  const slot = await holdSlot(name, preferred);
  const record = await countBoot(database, slot);
  return { identity: await Identity.fromRecord(record), persistent: true, slot };
}

async function holdSlot(name, preferred) {
  if (preferred >= 0 && preferred < maxTabs && (await tryHold(`${name}-identity-${preferred}`, { signal: AbortSignal.timeout(formerSelfTimeout) }))) {
    return preferred;
  }
  for (let slot = 0; slot < maxTabs; slot++) {
    if (await tryHold(`${name}-identity-${slot}`, { ifAvailable: true })) {
      return slot;
    }
  }
  throw new Error(`More than ${maxTabs} tabs of this page are open.`);
}

function openDatabase(name) {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(storeName);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
    request.onblocked = () => reject(new Error("The database is blocked by another version of this page."));
  });
}

/** Takes the lock until the page ends; false when another tab has it. */
function tryHold(name, options) {
  return new Promise((resolve, reject) => {
    navigator.locks
      .request(name, options, (lock) => {
        resolve(lock !== null);
        return lock === null ? undefined : new Promise(() => {});
      })
      .catch((error) => (options.signal?.aborted ? resolve(false) : reject(error)));
  });
}

// A transaction ends when nothing asks it for anything, so keys are made before it begins.
async function countBoot(database, slot) {
  const stored = await run(database, "readonly", (store) => store.get(slot));
  const record = stored ?? (await createIdentityRecord());
  record.bootCounter++;
  await run(database, "readwrite", (store) => store.put(record, slot));
  return record;
}

function run(database, mode, act) {
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(storeName, mode, { durability: "strict" });
    const request = act(transaction.objectStore(storeName));
    transaction.oncomplete = () => resolve(request.result);
    transaction.onabort = () => reject(transaction.error);
  });
}
