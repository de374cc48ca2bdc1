// The verbs of a far side over an RTCPeerConnection as W3C specifies it, whoever implements it: Chromium in
// browser-peer.mjs, libwebrtc's npm package in libwebrtc-peer.mjs. README.md beside this folder lists the verbs.
import { makeBytes, makeText } from './content.mjs';

const asBytes = (data) => (typeof data === 'string' ? new TextEncoder().encode(data) : new Uint8Array(data));

// npm's libwebrtc tells a limit that was not given as the largest number of its type.
const limit = (value) => (value === 65535 ? undefined : value ?? undefined);

/** `write` takes one JSON line, `sha256` bytes and gives (a promise of) their digest. Returns the function that takes a command. */
export function connectPeer(connection, write, sha256) {
  // One after another, although digests may be asynchronous: the test sees events in the order in which they happened.
  let reported = Promise.resolve();
  const report = (event) => {
    reported = reported.then(async () => write(JSON.stringify(await event)));
  };
  const withDigest = async (event, bytes) => ({ ...event, size: bytes.length, sha256: await sha256(bytes) });
  const channels = new Map();

  function adopt(channel) {
    const { label } = channel;
    channels.set(label, channel);
    channel.binaryType = 'arraybuffer';
    channel.onmessage = ({ data }) => report(withDigest({ event: 'message', label, text: typeof data === 'string' }, asBytes(data)));
    channel.onclose = () => report({ event: 'closed', label });
    channel.onerror = ({ error }) => report({ event: 'error', label, message: error?.message });
    const opened = () => {
      const { id, ordered, maxRetransmits, maxPacketLifeTime, protocol, negotiated } = channel;
      report({ event: 'open', label, id, ordered, maxRetransmits: limit(maxRetransmits), maxPacketLifeTime: limit(maxPacketLifeTime), protocol, negotiated });
    };
    if (channel.readyState === 'open') {
      opened();
    } else {
      channel.onopen = opened;
    }
  }

  connection.onicecandidate = ({ candidate }) => {
    if (candidate?.candidate) {
      report({ cand: candidate.candidate, mid: candidate.sdpMid });
    }
  };
  connection.onconnectionstatechange = () => report({ event: 'state', state: connection.connectionState });
  connection.ondatachannel = ({ channel }) => adopt(channel);

  const describe = async (description) => {
    await connection.setLocalDescription(description);
    const { sdp, type } = connection.localDescription;
    report({ sdp, type });
  };

  const verbs = {
    channel: ({ label, do: _, ...init }) => adopt(connection.createDataChannel(label, init)),
    offer: async () => describe(await connection.createOffer()),
    restart: async () => describe(await connection.createOffer({ iceRestart: true })),
    remote: async ({ sdp, type }) => {
      await connection.setRemoteDescription({ sdp, type });
      if (type === 'offer') {
        await describe(await connection.createAnswer());
      }
    },
    candidate: ({ cand, mid }) => connection.addIceCandidate({ candidate: cand, sdpMid: mid }),
    send: ({ label, text, size, seed }) => {
      const data = text ? makeText(size, seed) : makeBytes(size, seed);
      channels.get(label).send(data);
      report(withDigest({ event: 'sent', label, text }, asBytes(data)));
    },
    closeChannel: ({ label }) => channels.get(label).close(),
    close: () => {
      connection.close();
      report({ event: 'state', state: 'closed' }); // close() fires no event of its own
    },
  };

  // One after another, as on a line of stdin: a candidate waits until the description before it is applied.
  let done = Promise.resolve();
  return (command) => {
    done = done
      .then(() => verbs[command.do](command))
      .catch((error) => report({ event: 'error', message: `${command.do}: ${error.message}` }));
  };
}
