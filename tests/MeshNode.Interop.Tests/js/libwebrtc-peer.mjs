// libwebrtc (@roamhq/wrtc) as a far side.
import wrtc from '@roamhq/wrtc';
import { serve, sha256, write } from './stdio.mjs';
import { connectPeer } from './w3c-peer.mjs';

const connection = new wrtc.RTCPeerConnection({ iceServers: [] });
serve('libwebrtc @roamhq/wrtc', connectPeer(connection, write, sha256), () => connection.close());
