// Frames that overtook the far side's welcome: streams of SCTP are not ordered among each other, so a message on `reliable`
// may come before the last frame of hello on `control`.

const maxBytes = 1 << 20;
const overhead = 64; // bytes that each takes besides its content

export class EarlyFrames {
  #frames = [];
  #bytes = 0;

  /** @returns {boolean} false when the bound is reached: a far side that sends this much before its welcome breaks the protocol. */
  tryAdd(kind, bytes) {
    this.#bytes += bytes.length + overhead;
    const fits = this.#bytes <= maxBytes;
    if (fits) {
      this.#frames.push({ kind, bytes });
    }
    return fits;
  }

  /** All of them, in the order in which they came; none is left. @returns {{kind: number, bytes: Uint8Array}[]} */
  take() {
    this.#bytes = 0;
    return this.#frames.splice(0);
  }
}
