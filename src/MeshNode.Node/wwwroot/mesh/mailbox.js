// What an actor has: a mailbox that is worked through one message after the other, and timers that are messages.
// WebCrypto and RTCPeerConnection answer later, so only this keeps what came first first.

export class Mailbox {
  #tail = Promise.resolve();
  #closed = false;
  #failed;

  /** @param {(error: Error) => void} [failed] Told of work that threw; the next message is worked through all the same. */
  constructor(failed = (error) => console.error(error)) {
    this.#failed = failed;
  }

  /**
   * @param {() => any} work May be asynchronous; nothing else of this mailbox runs until it is done.
   * @returns {Promise<any>} what the work returns; undefined when it threw or the mailbox was closed before. Never rejects.
   */
  post(work) {
    this.#tail = this.#tail.then(() => (this.#closed ? undefined : work())).catch((error) => this.#failed(error));
    return this.#tail;
  }

  /** What still waits is dropped. */
  close() {
    this.#closed = true;
  }
}

/** Timers by name; each runs as a message of the mailbox, and not at all when it was cancelled in the meantime. */
export class Timers {
  #mailbox;
  #running = new Map();

  constructor(mailbox) {
    this.#mailbox = mailbox;
  }

  isActive(key) {
    return this.#running.has(key);
  }

  /** Replaces a timer of the same name. @param {number} delay In milliseconds. */
  startSingle(key, delay, work) {
    this.cancel(key);
    const timer = { handle: setTimeout(() => this.#mailbox.post(() => this.#fire(key, timer, work, true)), delay), clear: clearTimeout };
    this.#running.set(key, timer);
  }

  /** Replaces a timer of the same name. @param {number} interval In milliseconds. */
  startPeriodic(key, interval, work) {
    this.cancel(key);
    const timer = { handle: setInterval(() => this.#mailbox.post(() => this.#fire(key, timer, work, false)), interval), clear: clearInterval };
    this.#running.set(key, timer);
  }

  cancel(key) {
    const timer = this.#running.get(key);
    timer?.clear.call(globalThis, timer.handle);
    this.#running.delete(key);
  }

  cancelAll() {
    for (const key of [...this.#running.keys()]) {
      this.cancel(key);
    }
  }

  #fire(key, timer, work, once) {
    if (this.#running.get(key) !== timer) {
      return undefined;
    }
    if (once) {
      this.#running.delete(key);
    }
    return work();
  }
}
