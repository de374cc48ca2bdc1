// The protocol of `-- stdio` (README.md of this project) for a stack of which an adapter is given: JSON lines on standard
// input steer connections and their channels, JSON lines on standard output say what they do.
//
// adapter.connect(events) makes a connection: offer(label), accept({sdp, type}), candidate({cand, mid}), create(label), close();
// events: description({sdp, type}), candidate({cand, mid}), channel(channel), failed(reason).
// A channel: label, send(bytes), buffered(), low(bytes), isOpen(), maybe rest() when nothing is sent any more, and the
// callbacks opened, received(bytes), drained, closed.
const DEFAULT_LABEL = 'd';
const MAX_MESSAGE_SIZE = 262_144;
const TURN = 4; // milliseconds of sending before what has arrived gets its turn
const BATCH = 64 * 1024; // bytes between two looks at the buffer

const output = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);
const now = () => Number(process.hrtime.bigint() / 1000n); // microseconds of the machine's monotonic clock
const cpu = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};
const inRange = (value, low, high) => Number.isSafeInteger(value) && value >= low && value <= high;
const percentile = (sorted, fraction) => sorted[Math.min(Math.floor(fraction * sorted.length), sorted.length - 1)];

// A mode has name, and may have begin, receive(message), drained and end; `ends` false: it never is done.
const modes = {
  sink(channel, { bytes }) {
    const mode = {
      receives: true,
      begin() {
        this.bytes = channel.uncounted;
        channel.uncounted = 0;
        this.check();
      },
      receive(message) {
        if (this.bytes === 0) {
          this.startedAt = performance.now();
        }
        this.bytes += message.byteLength;
        this.check();
      },
      check() {
        if (this.bytes >= bytes) {
          channel.complete(this);
        }
      },
    };
    return inRange(bytes, 0, Number.MAX_SAFE_INTEGER) ? mode : undefined;
  },
  echo: (channel) => ({ receives: true, ends: false, receive: (message) => channel.native.send(message) }),
  source(channel, { bytes, size, ahead }, tuning) {
    const message = Buffer.alloc(inRange(size, 1, MAX_MESSAGE_SIZE) ? size : 0);
    const most = Math.max(ahead ?? tuning.ahead(size), size);
    const mode = {
      sends: true,
      begin() {
        channel.native.low(ahead ? Math.floor(ahead / 2) : tuning.low(size));
        this.drained();
      },
      drained() {
        // One look at the buffer, and at the clock, for many messages: they cost as much as a small message.
        const turn = performance.now() + TURN;
        for (let room = most - channel.native.buffered(); this.bytes < bytes && room >= size; room = most - channel.native.buffered()) {
          if (performance.now() > turn) {
            setImmediate(() => channel.modes.includes(this) && this.drained());
            return;
          }
          for (let left = Math.min(room, BATCH); this.bytes < bytes && left > 0; left -= size) {
            const length = Math.min(size, bytes - this.bytes);
            if (!channel.native.send(length === size ? message : message.subarray(0, length))) {
              return; // full; what drains it goes on
            }
            this.bytes += length;
          }
        }
        if (this.bytes >= bytes) {
          channel.native.low(0);
          if (channel.native.buffered() === 0) {
            channel.complete(this);
          }
        }
      },
      end: () => channel.native.rest?.(),
    };
    return inRange(bytes, 0, Number.MAX_SAFE_INTEGER) && message.length > 0 ? mode : undefined;
  },
  ping(channel, { count, size }) {
    const message = Buffer.alloc(inRange(size, 0, MAX_MESSAGE_SIZE) ? size : 0);
    const samples = new Float64Array(inRange(count, 1, 10_000_000) ? count : 0);
    let taken = 0;
    let sentAt = 0;
    const send = () => {
      sentAt = performance.now();
      channel.native.send(message);
    };
    const mode = {
      receives: true,
      sends: true,
      begin: send,
      samples: () => samples.subarray(0, taken),
      receive(reply) {
        samples[taken++] = (performance.now() - sentAt) * 1000;
        this.bytes += reply.byteLength;
        if (taken === count) {
          channel.complete(this);
        } else {
          send();
        }
      },
    };
    return samples.length > 0 && inRange(size, 0, MAX_MESSAGE_SIZE) ? mode : undefined;
  },
  stamp(channel, { count, size, every }) {
    const message = Buffer.alloc(Math.max(size, 8));
    let sent = 0;
    let timer;
    const mode = {
      sends: true,
      begin() {
        timer = setInterval(() => {
          message.writeBigInt64LE(process.hrtime.bigint() / 1000n);
          channel.native.send(message);
          this.bytes += message.length;
          if (++sent === count) {
            channel.complete(this);
          }
        }, every);
      },
      end: () => clearInterval(timer),
    };
    return inRange(count, 1, 10_000_000) && inRange(size, 0, MAX_MESSAGE_SIZE) && every >= 1 && every <= 60_000 ? mode : undefined;
  },
  late(channel, { count }) {
    const samples = [];
    const mode = {
      receives: true,
      samples: () => samples,
      receive(message) {
        const view = new DataView(message.buffer, message.byteOffset, message.byteLength);
        samples.push(now() - Number(view.getBigInt64(0, true)));
        this.bytes += message.byteLength;
        if (samples.length === count) {
          channel.complete(this);
        }
      },
    };
    return inRange(count, 1, 10_000_000) ? mode : undefined;
  },
};

/** A channel by its label, and its modes: one that receives and one that sends, or one that does both. */
class Channel {
  uncounted = 0; // bytes that came before there was a mode to count them
  modes = [];
  waiting = [];

  constructor(connection, label) {
    this.connection = connection;
    this.label = label;
  }

  adopt(native) {
    this.native = native;
    native.opened = () => {
      native.opened = () => {}; // it may be told twice
      if (this.connection.id !== undefined) {
        this.connection.say({ open: 1, channel: this.label, at: now() });
      }
      this.waiting.splice(0).forEach((mode) => this.start(mode));
    };
    native.received = (message) => {
      if (this.receiver) {
        this.receiver.receive(message);
      } else {
        this.uncounted += message.byteLength;
      }
    };
    native.drained = () => this.modes.forEach((mode) => mode.sends && mode.drained?.());
    native.closed = () => this.abandon();
    if (native.isOpen()) {
      native.opened();
    }
  }

  start(mode) {
    if (!this.native?.isOpen()) {
      this.waiting.push(mode);
      return;
    }
    const rivals = this.modes.filter((other) => (other.receives && mode.receives) || (other.sends && mode.sends));
    const busy = rivals.find((other) => other.ends !== false);
    if (busy) {
      this.connection.say({ error: `${mode.name}: ${busy.name} is not done yet` });
      return;
    }
    rivals.forEach((other) => this.remove(other));
    this.modes.push(mode);
    if (mode.receives) {
      this.receiver = mode;
    }
    this.connection.say({ ok: 1, mode: mode.name, cpu: cpu() });
    mode.bytes = 0;
    mode.startedAt = performance.now();
    mode.begin?.();
  }

  remove(mode) {
    mode.end?.();
    this.modes = this.modes.filter((other) => other !== mode);
    if (this.receiver === mode) {
      this.receiver = undefined;
    }
  }

  complete(mode) {
    if (this.modes.includes(mode)) {
      const line = { done: 1, mode: mode.name, cpu: cpu(), seconds: (performance.now() - mode.startedAt) / 1000, bytes: mode.bytes, p50us: null, p99us: null };
      this.remove(mode);
      const sorted = mode.samples ? Float64Array.from(mode.samples()).sort() : [];
      if (sorted.length > 0) {
        Object.assign(line, { p50us: percentile(sorted, 0.5), p99us: percentile(sorted, 0.99), worstus: sorted[sorted.length - 1] });
      }
      this.connection.say(line);
    }
  }

  stop() {
    this.waiting = [];
    [...this.modes].forEach((mode) => (mode.ends === false ? this.remove(mode) : this.complete(mode)));
  }

  sample() {
    this.modes.forEach((mode) =>
      this.connection.say({ sample: 1, mode: mode.name, cpu: cpu(), seconds: (performance.now() - mode.startedAt) / 1000, bytes: mode.bytes, at: now() }));
  }

  abandon() {
    this.waiting = [];
    [...this.modes].forEach((mode) => this.remove(mode));
  }
}

class Connection {
  channels = new Map();

  constructor(adapter, id) {
    this.id = id;
    this.native = adapter.connect({
      description: ({ sdp, type }) => this.say(id !== undefined && this.offeredAt ? { sdp, type, at: this.offeredAt } : { sdp, type }),
      candidate: ({ cand, mid }) => this.say({ cand, mid }),
      channel: (native) => this.channel(native.label).adopt(native),
      failed: (reason) => {
        this.channels.forEach((channel) => channel.abandon());
        this.say({ error: `the connection is ${reason}` });
      },
    });
  }

  say(line) {
    output(this.id === undefined ? line : { ...line, id: this.id });
  }

  channel(label) {
    if (!this.channels.has(label)) {
      this.channels.set(label, new Channel(this, label));
    }
    return this.channels.get(label);
  }

  offer() {
    this.offeredAt = now();
    this.channel(DEFAULT_LABEL).adopt(this.native.offer(DEFAULT_LABEL));
  }
}

/** Runs the protocol over an adapter: {connect, ahead, low, quit}; ahead and low are bytes for a size of message. */
export function run(adapter) {
  const connections = new Map();
  const connection = (id) => {
    if (!connections.has(id)) {
      connections.set(id, new Connection(adapter, id));
    }
    return connections.get(id);
  };
  const quit = () => {
    connections.forEach((one) => one.native.close());
    adapter.quit?.();
    process.exit(0);
  };

  const handle = (line) => {
    const { id } = line;
    if (line.quit !== undefined) {
      quit();
    } else if (line.sdp !== undefined) {
      connection(id).native.accept(line);
    } else if (line.cand !== undefined) {
      connection(id).native.candidate(line);
    } else if (line.mode !== undefined) {
      const channel = connection(id).channel(line.channel ?? DEFAULT_LABEL);
      const mode = Object.hasOwn(modes, line.mode) ? modes[line.mode](channel, line, adapter) : undefined;
      if (!mode) {
        throw new Error(`mode ${line.mode}: unknown, or its numbers are missing or out of range`);
      }
      channel.start(Object.assign(mode, { name: line.mode }));
    } else if (line.offer !== undefined && id !== undefined && !connections.has(id)) {
      connection(id).offer();
    } else if (line.create !== undefined) {
      connection(id).channel(line.create).adopt(connection(id).native.create(line.create));
    } else if (line.stop !== undefined && connections.has(id)) {
      connections.get(id).channels.forEach((channel) => channel.stop());
    } else if (line.sample !== undefined && connections.has(id)) {
      connections.get(id).channels.forEach((channel) => channel.sample());
    } else if (line.close !== undefined && id !== undefined && connections.has(id)) {
      const one = connections.get(id);
      connections.delete(id);
      one.channels.forEach((channel) => channel.abandon());
      one.native.close();
      output({ closed: 1, id });
    } else {
      throw new Error('nothing that can be done now: no such verb, or its numbers are missing or out of range');
    }
  };

  let rest = '';
  process.stdin.setEncoding('utf8');
  process.stdin.on('data', (text) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop();
    for (const line of lines.filter((one) => one.trim() !== '')) {
      let id;
      try {
        const parsed = JSON.parse(line);
        id = parsed.id;
        handle(parsed);
      } catch (error) {
        output(id === undefined ? { error: error.message } : { error: error.message, id });
      }
    }
  });
  process.stdin.on('end', quit);
  process.on('SIGTERM', quit);
  if (process.argv.includes('--offer')) {
    connection(undefined).offer();
  }
}

/** Where the far sides' packages are installed, pinned by that folder's package-lock.json. */
export const packages = new URL('../../MeshNode.Interop.Tests/js/package.json', import.meta.url);
