// libdatachannel (node-datachannel) as a far side: the verbs of w3c-peer.mjs in its own API.
import nodeDataChannel from 'node-datachannel';
import { makeBytes, makeText } from './content.mjs';
import { serve, sha256, write } from './stdio.mjs';

const LOOPBACK = '127.0.0.1';
const report = (event) => write(JSON.stringify(event));

if (process.env.MESHNODE_FAR_SIDE_LOG) {
  nodeDataChannel.initLogger(process.env.MESHNODE_FAR_SIDE_LOG, (level, message) => process.stderr.write(`${level} ${message}\n`));
}

const connection = new nodeDataChannel.PeerConnection('far', { iceServers: [], bindAddress: LOOPBACK, disableAutoNegotiation: true });
const channels = new Map();

connection.onLocalDescription((sdp, type) => report({ sdp, type }));
connection.onLocalCandidate((cand, mid) => report({ cand, mid }));
connection.onStateChange((state) => report({ event: 'state', state }));
connection.onDataChannel((channel) => adopt(channel));

function adopt(channel) {
  const label = channel.getLabel();
  channels.set(label, channel);
  channel.onMessage((message) => {
    const text = typeof message === 'string';
    const bytes = text ? Buffer.from(message, 'utf8') : Buffer.from(message);
    report({ event: 'message', label, text, size: bytes.length, sha256: sha256(bytes) });
  });
  channel.onClosed(() => report({ event: 'closed', label }));
  channel.onError((message) => report({ event: 'error', label, message }));
  const opened = () => report({ event: 'open', label, id: channel.getId(), protocol: channel.getProtocol() });
  if (channel.isOpen()) {
    opened();
  } else {
    channel.onOpen(opened);
  }
}

const verbs = {
  channel: ({ label, ordered, maxRetransmits, maxPacketLifeTime, negotiated, id, protocol }) =>
    adopt(connection.createDataChannel(label, { unordered: !ordered, maxRetransmits, maxPacketLifeTime, negotiated, id, protocol })),
  offer: () => connection.setLocalDescription('offer'),
  remote: ({ sdp, type }) => {
    connection.setRemoteDescription(sdp, type);
    if (type === 'offer') {
      connection.setLocalDescription('answer');
    }
  },
  candidate: ({ cand, mid }) => connection.addRemoteCandidate(cand, mid),
  send: ({ label, text, size, seed }) => {
    const data = text ? makeText(size, seed) : makeBytes(size, seed);
    if (text) {
      channels.get(label).sendMessage(data);
    } else {
      channels.get(label).sendMessageBinary(data);
    }
    report({ event: 'sent', label, text, size, sha256: sha256(data) });
  },
  closeChannel: ({ label }) => channels.get(label).close(),
  close: () => connection.close(),
};

function command(line) {
  try {
    verbs[line.do](line);
  } catch (error) {
    report({ event: 'error', message: `${line.do}: ${error.message}` });
  }
}

serve(`libdatachannel ${nodeDataChannel.getLibraryVersion()}`, command, () => {
  connection.close();
  nodeDataChannel.cleanup();
});
