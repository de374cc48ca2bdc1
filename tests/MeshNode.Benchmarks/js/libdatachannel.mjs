// libdatachannel (npm node-datachannel) as a peer of the benchmarks.
import { createRequire } from 'node:module';
import { packages, run } from './stdio.mjs';

const library = createRequire(packages)('node-datachannel');

// Chosen by measurement on loopback: SCTP's buffers of 8 MiB instead of 1 MiB gave up to a fifth more, its MTU of 1,500 instead
// of 1,280 a tenth. An MTU of 4,000, which only a loopback or a LAN of jumbo frames carries and which has to be known
// beforehand, doubles it: the stack `libdatachannel-jumbo` of `-- peers`. 9,000 does not connect. Over the emulated links of `-- link` the library's
// own 1 MiB holds up short messages less.
const buffer = Number(process.env.PEER_BUFFER ?? 8 << 20);
const mtu = Number(process.env.PEER_MTU ?? 1500);
library.setSctpSettings({ recvBufferSize: buffer, sendBufferSize: buffer });

let names = 0;

function wrap(native) {
  const channel = {
    label: native.getLabel(),
    send: (bytes) => {
      try {
        native.sendMessageBinary(Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes)); // false means that it waits
        return true;
      } catch {
        return false; // closed, by the far side perhaps
      }
    },
    buffered: () => native.bufferedAmount(),
    low: (bytes) => native.setBufferedAmountLowThreshold(bytes),
    isOpen: () => native.isOpen(),
  };
  // The events are set at once: what came before is handed over then.
  queueMicrotask(() => {
    native.onMessage((message) => channel.received(typeof message === 'string' ? Buffer.from(message) : message));
    native.onBufferedAmountLow(() => channel.drained());
    native.onClosed(() => channel.closed());
    native.onOpen(() => channel.opened());
  });
  return channel;
}

run({
  ahead: () => buffer,
  low: () => buffer / 2,
  quit: () => library.cleanup(),
  connect(events) {
    const native = new library.PeerConnection(`p${++names}`, {
      iceServers: [],
      bindAddress: '127.0.0.1',
      disableAutoNegotiation: true,
      mtu,
    });
    native.onLocalDescription((sdp, type) => events.description({ sdp, type }));
    native.onLocalCandidate((cand, mid) => events.candidate({ cand, mid }));
    native.onStateChange((state) => state === 'failed' && events.failed(state));
    native.onDataChannel((channel) => events.channel(wrap(channel)));
    const create = (label) => wrap(native.createDataChannel(label));
    return {
      create,
      offer(label) {
        const channel = create(label);
        native.setLocalDescription('offer');
        return channel;
      },
      accept({ sdp, type }) {
        native.setRemoteDescription(sdp, type);
        if (type === 'offer') {
          native.setLocalDescription('answer');
        }
      },
      candidate: ({ cand, mid }) => native.addRemoteCandidate(cand, mid),
      close: () => native.close(),
    };
  },
});
