"""Parses the server's real offer, and the server parses our answer; a cancelled set-up leaks nothing."""

from __future__ import annotations

import asyncio

import psutil
import pytest

from ai_agent.room.offer import LocalSide, build_answer
from ai_agent.room.transport import MediaTransport, parse_offer
from server.sfu.sdp.answer import read_answer
from server.sfu.sdp.offer import OfferSpec, build_offer

DIGEST = ":".join(["AB"] * 32)
SSRCS = (11, 12, 13)


def _offer(*, red: bool = True) -> str:
    return build_offer(
        OfferSpec(
            session_id=1,
            version=1,
            addresses=["192.0.2.1", "127.0.0.1", "2001:db8::1"],
            port=7882,
            tcp_port=7882,
            ufrag="user",
            password="p" * 24,
            fingerprint=("sha-256", DIGEST),
            slot_ssrcs=SSRCS,
            red=red,
            fec=True,
            nack=True,
        )
    )


@pytest.mark.parametrize("red", [True, False])
def test_the_offer_of_the_server_is_parsed(red: bool) -> None:
    offer = parse_offer(_offer(red=red))
    assert (offer.ufrag, offer.password, offer.fingerprints) == ("user", "p" * 24, (("sha-256", DIGEST),))
    assert [(c.address, c.port) for c in offer.candidates][:2] == [("192.0.2.1", 7882), ("127.0.0.1", 7882)]
    assert [(s.mid, s.ssrc) for s in offer.slots] == [("1", 11), ("2", 12), ("3", 13)]
    assert (offer.opus, offer.level_id, offer.is_lite) == (111, 1, True)


@pytest.mark.parametrize("red", [True, False])
def test_the_server_accepts_our_answer(red: bool) -> None:
    local = LocalSide("ours", "q" * 24, (("sha-256", DIGEST),), ssrc=77)
    answer = read_answer(build_answer(parse_offer(_offer(red=red)), local), SSRCS, red=red)
    assert (answer.media.ssrc, answer.media.has_levels) == (77, True)
    assert (answer.media.red_payload_type, answer.media.red_slots) == (None, False)
    assert answer.remote.ufrag == "ours"


@pytest.mark.parametrize("text", ["", "v=0", "m=audio", _offer().replace("opus", "pcmu")])
def test_an_invalid_offer_raises_one_kind_of_error(text: str) -> None:
    with pytest.raises(ValueError, match="offer"):
        parse_offer(text)


def _sockets() -> int:
    return len(psutil.Process().net_connections("udp"))


@pytest.mark.parametrize("steps", range(12))
async def test_a_cancelled_answer_leaves_no_socket_open(steps: int) -> None:
    def ignore(*_: object) -> None:
        pass

    before = _sockets()
    engine = MediaTransport(ignore, ignore, ignore)
    gathering = asyncio.create_task(engine.gather(parse_offer(_offer())))
    for _ in range(steps):
        await asyncio.sleep(0)
    gathering.cancel()
    await asyncio.wait([gathering])
    await engine.aclose()
    await asyncio.sleep(0)  # a transport closes its socket in the next round
    assert _sockets() == before
