// Counts attempts and computes delays (SPEC 1.7): ICE restarts while the connection lives, then new connections
// after 1, 2, 4, 8, 16, 30 s plus jitter, then giving up.

export const ReconnectStep = Object.freeze({ iceRestart: "iceRestart", newConnection: "newConnection", giveUp: "giveUp" });

/** Milliseconds. */
export const iceRestartInterval = 5000;

const maxIceRestarts = 2;
const maxAttempts = 5;
const initialDelay = 1000;
const maxDelay = 30_000;
const maxJitter = 1000;

export class ReconnectSchedule {
  #random;
  #iceRestarts = 0;
  #attempts = 0;

  /** @param {() => number} [random] From 0 to 1; the jitter, so that peers that lost the same node do not return at once. */
  constructor(random = Math.random) {
    this.#random = random;
  }

  /** Number of the new connection that is being tried, from 1; 0 before the first. */
  get attempt() {
    return this.#attempts;
  }

  get attempts() {
    return maxAttempts;
  }

  /**
   * @param {boolean} connectionAlive False when DTLS or SCTP has ended, which an ICE restart cannot mend.
   * @returns {{step: string, delay: number}} delay in milliseconds before the step.
   */
  next(connectionAlive) {
    if (connectionAlive && this.#iceRestarts < maxIceRestarts && this.#attempts === 0) {
      this.#iceRestarts++;
      return { step: ReconnectStep.iceRestart, delay: 0 };
    }
    if (this.#attempts >= maxAttempts) {
      return { step: ReconnectStep.giveUp, delay: 0 };
    }
    const delay = Math.min(initialDelay * 2 ** this.#attempts, maxDelay);
    this.#attempts++;
    return { step: ReconnectStep.newConnection, delay: delay + maxJitter * this.#random() };
  }

  /** The peer is connected again: the next loss starts from the beginning. */
  reset() {
    this.#iceRestarts = 0;
    this.#attempts = 0;
  }
}
