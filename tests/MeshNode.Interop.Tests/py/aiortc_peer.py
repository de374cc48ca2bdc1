"""aiortc as a far side: commands come as JSON lines on stdin, events leave as JSON lines on stdout.

The verbs are those of ../js/w3c-peer.mjs.
"""

import asyncio
import hashlib
import json
import logging
import os
import random
import sys

import aioice.ice
import aiortc
from aiortc import RTCConfiguration, RTCPeerConnection, RTCSessionDescription
from aiortc.sdp import candidate_from_sdp

# aioice offers every address but loopback, and the tests stay on loopback.
aioice.ice.get_host_addresses = lambda use_ipv4, use_ipv6: ["127.0.0.1"]

channels = {}


def report(event):
    sys.stdout.write(json.dumps(event, ensure_ascii=False) + "\n")
    sys.stdout.flush()


def with_digest(event, data):
    text = isinstance(data, str)
    data = data.encode("utf-8") if text else data
    report({**event, "text": text, "size": len(data), "sha256": hashlib.sha256(data).hexdigest()})


def make_bytes(size, seed):
    return random.Random(seed).randbytes(size)


def make_text(size, seed):
    """Exactly `size` bytes of UTF-8, which begin with a two-byte character where there is room."""
    head = "é" if size >= 2 else ""
    codes = random.Random(seed).randbytes(size - 2 if head else size)
    return head + "".join(chr(0x20 + code % 0x5F) for code in codes)


def adopt(channel):
    label = channel.label
    channels[label] = channel

    def opened():
        report({
            "event": "open", "label": label, "id": channel.id, "ordered": channel.ordered, "protocol": channel.protocol,
            "maxRetransmits": channel.maxRetransmits, "maxPacketLifeTime": channel.maxPacketLifeTime,
        })

    channel.on("message", lambda data: with_digest({"event": "message", "label": label}, data))
    channel.on("close", lambda: report({"event": "closed", "label": label}))
    if channel.readyState == "open":
        opened()
    else:
        channel.on("open", opened)


class Peer:
    def __init__(self):
        self.connection = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        self.connection.on("datachannel", adopt)
        self.connection.on("connectionstatechange", lambda: report({"event": "state", "state": self.connection.connectionState}))

    async def channel(self, label, ordered=True, maxRetransmits=None, maxPacketLifeTime=None, negotiated=False, id=None, protocol=""):
        adopt(self.connection.createDataChannel(
            label, ordered=ordered, maxRetransmits=maxRetransmits, maxPacketLifeTime=maxPacketLifeTime,
            negotiated=negotiated, id=id, protocol=protocol))

    async def offer(self):
        await self.describe(await self.connection.createOffer())

    async def remote(self, sdp, type):
        await self.connection.setRemoteDescription(RTCSessionDescription(sdp, type))
        if type == "offer":
            await self.describe(await self.connection.createAnswer())

    async def candidate(self, cand, mid):
        candidate = candidate_from_sdp(cand.removeprefix("candidate:"))
        candidate.sdpMid = mid
        await self.connection.addIceCandidate(candidate)

    async def send(self, label, text, size, seed):
        data = make_text(size, seed) if text else make_bytes(size, seed)
        channels[label].send(data)
        with_digest({"event": "sent", "label": label}, data)

    async def closeChannel(self, label):
        channels[label].close()

    async def close(self):
        await self.connection.close()

    async def describe(self, description):
        await self.connection.setLocalDescription(description)
        local = self.connection.localDescription
        report({"sdp": local.sdp, "type": local.type})


async def main():
    if level := os.environ.get("MESHNODE_FAR_SIDE_LOG"):
        logging.basicConfig(level=level.upper() if level.upper() in ("DEBUG", "INFO") else "DEBUG")
    peer = Peer()
    lines = asyncio.StreamReader(limit=1 << 20)
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    report({"event": "ready", "version": f"aiortc {aiortc.__version__}"})
    while line := await lines.readline():
        command = json.loads(line)
        verb = command.pop("do")
        try:
            await getattr(peer, verb)(**command)
        except Exception as error:
            report({"event": "error", "message": f"{verb}: {error!r}"})
    await peer.close()


asyncio.run(main())
os._exit(0)
