"""The test client's media connection against aiortc, so that later failures are the server's."""

from __future__ import annotations

import asyncio

import av
import pytest
from aiortc import RTCPeerConnection, RTCSessionDescription

from tests.fakes.rtc import MediaLink, Publisher, RtcClient, tone_clip
from tests.fakes.rtc.clips import Clip, read_stamp, stamped
from tests.fakes.rtc.link import fingerprints
from tests.fakes.rtc.sdp import AnswerParts, build_answer, parse_offer


async def test_a_tone_is_heard_by_a_stock_peer_connection() -> None:
    pc = RTCPeerConnection()
    track: asyncio.Future[object] = asyncio.get_running_loop().create_future()
    pc.on("track", track.set_result)
    pc.addTransceiver("audio", direction="recvonly")
    await pc.setLocalDescription(await pc.createOffer())
    offer = parse_offer(pc.localDescription.sdp)
    link = MediaLink(lambda _packet, _arrival: None, lambda _packet: None)
    parts = AnswerParts(link.ufrag, link.password, fingerprints(), ssrc=1234)
    await pc.setRemoteDescription(RTCSessionDescription(build_answer(offer, parts), "answer"))
    try:
        async with asyncio.timeout(10):
            await link.connect(offer.candidates, (offer.ufrag, offer.password), offer.fingerprints)
            heard = await track
        clip = tone_clip(440)
        payload_type = offer.microphone.payload_type("opus")
        assert payload_type is not None
        publisher = Publisher(
            link, clip, ssrc=1234, payload_type=payload_type, level_extension=None, stamp=True
        )
        for _ in range(len(clip)):
            publisher.send_next()
        async with asyncio.timeout(10):
            frame = await heard.recv()  # type: ignore[attr-defined]
        assert frame.samples == 960
        assert link.auth_failures == 0
    finally:
        await link.aclose()
        await pc.close()


async def test_a_link_whose_close_is_cancelled_leaves_no_socket(monkeypatch: pytest.MonkeyPatch) -> None:
    link = MediaLink(lambda _packet, _arrival: None, lambda _packet: None)
    stopping = asyncio.Event()

    async def stop() -> None:
        stopping.set()
        await asyncio.Event().wait()

    monkeypatch.setattr(link._dtls, "stop", stop)
    closing = asyncio.create_task(link.aclose())
    await stopping.wait()
    closing.cancel()
    await asyncio.wait({closing})
    assert link.socket.fileno() == -1


async def test_a_new_connection_that_fails_closes_the_one_before(monkeypatch: pytest.MonkeyPatch) -> None:
    client = RtcClient("http://127.0.0.1:1", "")
    before = client.link = MediaLink(lambda _packet, _arrival: None, lambda _packet: None)

    async def refuse(*_: object) -> None:
        raise ConnectionError

    monkeypatch.setattr(client, "_answer", refuse)
    with pytest.raises(ConnectionError):
        await client.connect_media({"id": "1", "sdp": "v=0"})
    assert before.socket.fileno() == -1
    await client.aclose()
    assert client.link is not before
    assert client.link.socket.fileno() == -1


def test_a_stamped_frame_decodes_to_the_same_sound() -> None:
    clip = tone_clip(440, 0.2)
    plain = _decode(clip)
    marked = _decode(Clip(tuple(stamped(frame, 123_456_789) for frame in clip.frames), clip.levels))
    assert read_stamp(stamped(clip.frames[0], 123_456_789)) == 123_456_789
    assert plain == marked


def test_levels_of_a_tone_are_its_decibels() -> None:
    assert set(tone_clip(440, 0.5, amplitude=0.1).levels) == {23}


def _decode(clip: Clip) -> list[bytes]:
    decoder = av.AudioCodecContext.create("libopus", "r")
    decoder.sample_rate = 48_000
    packets = [av.Packet(frame) for frame in clip.frames]
    return [frame.to_ndarray().tobytes() for packet in packets for frame in decoder.decode(packet)]
