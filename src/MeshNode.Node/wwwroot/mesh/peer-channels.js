// What one peer's channels carry once its key is proved: the four queues, the messages whose acknowledgement is awaited,
// and where each frame that comes in goes.

import { utf8, readPrintable } from "./bytes.js";
import { ChannelKind, channels } from "./channel-kind.js";
import { FrameKind, readFrame, readGoodbye, writeFrame } from "./frame.js";

const highWaterMark = 16 << 20; // bytes in the browser's buffer, above which messages wait here
const capacity = 16 << 20; // bytes that wait here; a message that does not fit is refused at once
const deliveryTimeout = 10_000; // ms until a message without an acknowledgement is reported as failed
const maxReasonLength = 256; // bytes

const lenient = new TextDecoder();

export class PeerChannels {
  #timers;
  #openChannel;
  #received;
  #queues = channels.map(() => ({ frames: [], bytes: 0 }));
  #deliveries = new Map(); // sequence → {sentAt, done}
  #lastSequence = 0n;
  #controlSequence = 0n;

  /**
   * @param {import("./mailbox.js").Timers} timers The owner's.
   * @param {(kind: number) => {channel: RTCDataChannel, limit: number} | null} openChannel Open, to a peer whose key is proved;
   *   with the far side's limit of one message, in bytes.
   * @param {{envelope: (body: Uint8Array) => void, advert: (body: Uint8Array) => void, text: (text: string) => void}} received
   */
  constructor(timers, openChannel, received) {
    this.#timers = timers;
    this.#openChannel = openChannel;
    this.#received = received;
  }

  queuedBytes(kind) {
    return this.#queues[kind].bytes;
  }

  /** The link is up: everything that waited goes, in order. @param {bigint} controlSequence Of the next frame on `control`. */
  open(controlSequence) {
    this.#controlSequence = controlSequence;
    this.#queues.forEach((_, kind) => this.flush(kind));
  }

  /** Nothing more will be sent: what waits is dropped, and its senders are told. */
  close(reason) {
    for (const sequence of [...this.#deliveries.keys()]) {
      this.#complete(sequence, reason);
    }
    this.#queues = channels.map(() => ({ frames: [], bytes: 0 }));
  }

  sendControl(kind, body) {
    this.#send(ChannelKind.control, writeFrame(kind, this.#controlSequence++, body));
  }

  /** @param {() => string} state For the reason, should no acknowledgement come. @returns {Promise<{delivered: boolean, reason: string | null, tookMs: number}>} */
  sendText(text, state) {
    return new Promise((done) => {
      const sequence = ++this.#lastSequence;
      this.#deliveries.set(sequence, { sentAt: performance.now(), done });
      const refusal = this.#send(ChannelKind.reliable, writeFrame(FrameKind.textMessage, sequence, utf8(text)));
      if (refusal) {
        this.#complete(sequence, refusal);
      } else {
        this.#timers.startSingle(sequence, deliveryTimeout, () => this.#complete(sequence, `no acknowledgement in time; the peer is ${state()}`));
      }
    });
  }

  /** Moves what waits into the channel as far as it takes it. */
  flush(kind) {
    const open = this.#openChannel(kind);
    const queue = this.#queues[kind];
    while (open && queue.frames.length > 0 && open.channel.bufferedAmount <= highWaterMark) {
      const frame = queue.frames.shift();
      queue.bytes -= frame.length;
      if (frame.length > open.limit) {
        this.#refuseTooLarge(frame); // queued before the far side's limit was known
      } else {
        open.channel.send(frame);
      }
    }
  }

  /**
   * Takes a frame to whom it is for. Frames that are malformed, unknown or on the wrong channel change nothing.
   * @returns {{reason: number, text: string} | null} a goodbye, about which only the peer's state machine can decide.
   */
  handle(kind, bytes) {
    const frame = readFrame(bytes);
    const onControl = kind === ChannelKind.control;
    if (frame === null) {
      return null;
    }
    if (frame.kind === FrameKind.envelope && onControl) {
      this.#received.envelope(frame.body);
    } else if (frame.kind === FrameKind.advert && onControl) {
      this.#received.advert(frame.body);
    } else if (frame.kind === FrameKind.ping && onControl) {
      this.#send(ChannelKind.control, writeFrame(FrameKind.pong, frame.sequence));
    } else if (frame.kind === FrameKind.goodbye && onControl) {
      return readGoodbye(frame.body);
    } else if (frame.kind === FrameKind.textMessage) {
      this.#received.text(lenient.decode(frame.body));
      this.#send(ChannelKind.reliable, writeFrame(FrameKind.acknowledge, frame.sequence)); // the application has taken it
    } else if (frame.kind === FrameKind.acknowledge) {
      this.#complete(frame.sequence, null);
    } else if (frame.kind === FrameKind.negativeAcknowledge) {
      this.#complete(frame.sequence, `the far side refused it: ${readPrintable(frame.body.subarray(0, maxReasonLength)) ?? "no readable reason"}`);
    }
    return null;
  }

  /** Answers the sender of a message: delivered when there is no failure. */
  #complete(sequence, failure) {
    const delivery = this.#deliveries.get(sequence);
    if (delivery) {
      this.#timers.cancel(sequence);
      this.#deliveries.delete(sequence);
      delivery.done({ delivered: failure === null, reason: failure, tookMs: performance.now() - delivery.sentAt });
    }
  }

  /** @returns {string | null} why the frame is refused, or null. */
  #send(kind, frame) {
    const queue = this.#queues[kind];
    const open = this.#openChannel(kind);
    if (open && frame.length > open.limit) {
      return "the message is larger than the far side receives";
    }
    if (queue.bytes + frame.length > capacity) {
      return "the peer's queue is full";
    }
    queue.frames.push(frame);
    queue.bytes += frame.length;
    this.flush(kind);
    return null;
  }

  #refuseTooLarge(frame) {
    const { kind, sequence } = readFrame(frame) ?? {};
    if (kind === FrameKind.textMessage) {
      this.#complete(sequence, "the message is larger than the far side receives");
    }
  }
}
