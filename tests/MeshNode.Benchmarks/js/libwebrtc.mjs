// libwebrtc (npm @roamhq/wrtc) as a peer of the benchmarks.
import { createRequire } from 'node:module';
import { packages, run } from './stdio.mjs';

const buffer = Number(process.env.PEER_BUFFER ?? 4 << 20);
const { RTCPeerConnection } = createRequire(packages)('@roamhq/wrtc');

// The package raises no bufferedamountlow (node-webrtc issue 305), so the amount is looked at every millisecond while
// something is sent. It leaves out what SCTP holds itself.
function watch(native, channel) {
  let timer;
  let threshold = 0;
  channel.low = (bytes) => {
    threshold = bytes;
    timer ??= setInterval(() => native.bufferedAmount <= threshold && channel.drained(), 1);
  };
  channel.rest = () => {
    clearInterval(timer);
    timer = undefined;
  };
}

function wrap(native) {
  native.binaryType = 'arraybuffer';
  const channel = {
    label: native.label,
    send(bytes) {
      try {
        native.send(bytes);
        return true;
      } catch {
        return false; // its queue is full
      }
    },
    buffered: () => native.bufferedAmount,
    isOpen: () => native.readyState === 'open',
  };
  native.onmessage = ({ data }) => channel.received(typeof data === 'string' ? Buffer.from(data) : new Uint8Array(data));
  native.onclose = () => channel.closed();
  native.onopen = () => channel.opened();
  watch(native, channel);
  return channel;
}

run({
  ahead: () => buffer,
  low: () => buffer / 4,
  connect(events) {
    const native = new RTCPeerConnection({ iceServers: [] });
    // Loopback is not offered; candidates of TCP and IPv6 would only make more pairs to check.
    native.onicecandidate = ({ candidate }) => {
      if (candidate?.candidate && / udp /i.test(candidate.candidate) && / \d+\.\d+\.\d+\.\d+ \d+ typ host/.test(candidate.candidate)) {
        events.candidate({ cand: candidate.candidate, mid: candidate.sdpMid });
      }
    };
    native.onconnectionstatechange = () => native.connectionState === 'failed' && events.failed('failed');
    native.ondatachannel = ({ channel }) => events.channel(wrap(channel));
    const create = (label) => wrap(native.createDataChannel(label));
    // Candidates that come before their description is set have to wait for it.
    let work = Promise.resolve();
    const next = (step) => {
      work = work.then(step).catch((error) => events.failed(error.message));
    };
    const describe = (description) => native.setLocalDescription(description);
    return {
      create,
      offer(label) {
        const channel = create(label);
        next(async () => {
          const offer = await native.createOffer();
          events.description({ sdp: offer.sdp, type: 'offer' }); // candidates follow when it is set
          await describe(offer);
        });
        return channel;
      },
      accept: ({ sdp, type }) => next(async () => {
        await native.setRemoteDescription({ sdp, type });
        if (type === 'offer') {
          const answer = await native.createAnswer();
          events.description({ sdp: answer.sdp, type: 'answer' });
          await describe(answer);
        }
      }),
      candidate: ({ cand, mid }) => next(() => native.addIceCandidate({ candidate: cand, sdpMid: mid, sdpMLineIndex: 0 })),
      close: () => native.close(),
    };
  },
});
