// A browser's own RTCPeerConnection as a far side: the test calls `command(object)`, events go to the exposed function
// `reportEvent(json)`. The verbs are those of datachannel-peer.mjs; README.md beside this folder lists them.
import { makeBytes, makeText } from './content.mjs';

// One after another, although digests are asynchronous: the test sees events in the order in which they happened.
let reported = Promise.resolve();
const report = (event) => {
  reported = reported.then(async () => window.reportEvent(JSON.stringify(await event)));
};

async function sha256(bytes) {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

const asBytes = (data) => (typeof data === 'string' ? new TextEncoder().encode(data) : new Uint8Array(data));
const withDigest = async (event, bytes) => ({ ...event, size: bytes.length, sha256: await sha256(bytes) });

let connection;
const channels = new Map();

function adopt(channel) {
  const { label } = channel;
  channels.set(label, channel);
  channel.binaryType = 'arraybuffer';
  channel.onmessage = ({ data }) => report(withDigest({ event: 'message', label, text: typeof data === 'string' }, asBytes(data)));
  channel.onclose = () => report({ event: 'closed', label });
  channel.onerror = ({ error }) => report({ event: 'error', label, message: error.message });
  const opened = () => {
    const { id, ordered, maxRetransmits, maxPacketLifeTime, protocol, negotiated } = channel;
    report({ event: 'open', label, id, ordered, maxRetransmits, maxPacketLifeTime, protocol, negotiated });
  };
  if (channel.readyState === 'open') {
    opened();
  } else {
    channel.onopen = opened;
  }
}

function connect() {
  connection = new RTCPeerConnection({ iceServers: [] });
  connection.onicecandidate = ({ candidate }) => {
    if (candidate?.candidate) {
      report({ cand: candidate.candidate, mid: candidate.sdpMid });
    }
  };
  connection.onconnectionstatechange = () => report({ event: 'state', state: connection.connectionState });
  connection.ondatachannel = ({ channel }) => adopt(channel);
}

const describe = async () => {
  await connection.setLocalDescription();
  const { sdp, type } = connection.localDescription;
  report({ sdp, type });
};

const verbs = {
  channel: ({ label, ordered, maxRetransmits, maxPacketLifeTime, negotiated, id, protocol }) =>
    adopt(connection.createDataChannel(label, { ordered, maxRetransmits, maxPacketLifeTime, negotiated, id, protocol })),
  offer: describe,
  remote: async ({ sdp, type }) => {
    await connection.setRemoteDescription({ sdp, type });
    if (type === 'offer') {
      await describe();
    }
  },
  candidate: ({ cand, mid }) => connection.addIceCandidate({ candidate: cand, sdpMid: mid }),
  send: ({ label, text, size, seed }) => {
    const data = text ? makeText(size, seed) : makeBytes(size, seed);
    report(withDigest({ event: 'sent', label, text }, asBytes(data)));
    channels.get(label).send(data);
  },
  closeChannel: ({ label }) => channels.get(label).close(),
  close: () => {
    connection.close();
    report({ event: 'state', state: connection.connectionState }); // close() fires no event of its own
  },
};

// One after another, as on a line of stdin: a candidate waits until the description before it is applied.
let done = Promise.resolve();
window.command = (command) => {
  done = done
    .then(() => verbs[command.do](command))
    .catch((error) => report({ event: 'error', message: `${command.do}: ${error.message}` }));
};

// Chromium offers loopback candidates only to a page that may use a capture device (tests/MeshNode.Interop.Tests/README.md).
const capture = await navigator.mediaDevices.getUserMedia({ audio: true });
connect();
report({ event: 'ready', version: navigator.userAgent });
window.addEventListener('pagehide', () => capture.getTracks().forEach((track) => track.stop()));
