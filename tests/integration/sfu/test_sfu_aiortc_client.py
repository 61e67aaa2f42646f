"""A stock WebRTC stack, aiortc's RTCPeerConnection, accepts our offer."""

from __future__ import annotations

import asyncio

from aiortc import AudioStreamTrack, RTCPeerConnection, RTCSessionDescription
from av import AudioFrame

from server.sfu import SfuOptions
from tests.integration.sfu.rig import Rig


async def connect(rig: Rig, name: str, *, talks: bool) -> RTCPeerConnection:
    offer = await rig.node.open(rig.spec(name))
    connection = RTCPeerConnection()
    await connection.setRemoteDescription(RTCSessionDescription(offer.sdp, "offer"))
    if talks:
        microphone = connection.getTransceivers()[0]
        microphone.sender.replaceTrack(AudioStreamTrack())
        microphone.direction = "sendonly"
    await connection.setLocalDescription(await connection.createAnswer())
    await rig.node.answer(name, offer.id, connection.localDescription.sdp)
    await rig.events.wait_for(name, "connected")
    return connection


async def test_aiortc_peers_hear_each_other() -> None:
    # All interfaces: aioice gathers no loopback addresses.
    async with Rig(SfuOptions()) as rig:
        ann = await connect(rig, "ann", talks=True)
        bob = await connect(rig, "bob", talks=False)
        rig.node.assign("bob", [None, "ann", None])
        try:
            async with asyncio.timeout(5):
                frame = await bob.getTransceivers()[2].receiver.track.recv()
            assert isinstance(frame, AudioFrame)
        finally:
            await ann.close()
            await bob.close()
        await rig.events.wait_for("ann", "disconnected")
