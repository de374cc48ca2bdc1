// A browser's own RTCPeerConnection as a far side: the test calls `command(object)`, events go to the exposed function
// `reportEvent(json)`.
import { connectPeer } from './w3c-peer.mjs';

async function sha256(bytes) {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

// Chromium offers loopback candidates only to a page that may use a capture device (tests/MeshNode.Interop.Tests/README.md).
const capture = await navigator.mediaDevices.getUserMedia({ audio: true });
window.command = connectPeer(new RTCPeerConnection({ iceServers: [] }), (json) => window.reportEvent(json), sha256);
window.reportEvent(JSON.stringify({ event: 'ready', version: navigator.userAgent }));
window.addEventListener('pagehide', () => capture.getTracks().forEach((track) => track.stop()));
