"""The same room at the MediaRelay baseline."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack
from typing import Any

from tests.fakes.rtc import MediaLink, Pacer, Publisher, Receiver, RestClient, tone_clip
from tests.fakes.rtc.link import fingerprints, random_ssrc
from tests.fakes.rtc.sdp import AnswerParts, build_answer, parse_offer


async def run(options: dict[str, Any], mark: Callable[[str, dict[str, Any]], None]) -> None:
    seats = int(options["seats"])
    async with AsyncExitStack() as stack:
        rest = await stack.enter_async_context(RestClient(options["url"]))
        pairs = [await _join(stack, rest) for _ in range(seats)]
        pacer = await stack.enter_async_context(Pacer())
        for publisher, _ in pairs:
            pacer.add(publisher)
        await asyncio.sleep(4.0)
        sent, received = _totals(pairs)
        mark("start", {})
        await asyncio.sleep(float(options["seconds"]))
        mark("stop", {})
        sent_after, received_after = _totals(pairs)
        mark(
            "done",
            {
                "expected": (sent_after - sent) * (seats - 1),
                "received": received_after - received,
                "packets_per_s": (received_after - received) / float(options["seconds"]),
            },
        )


async def _join(stack: AsyncExitStack, rest: RestClient) -> tuple[Publisher, Receiver]:
    joined = await rest.request("POST", "/join", body={})
    offer = parse_offer(joined["sdp"])
    receiver = Receiver(offer.slots())
    link = MediaLink(receiver.on_rtp, lambda _: None)
    stack.push_async_callback(link.aclose)
    ssrc = random_ssrc()
    answer = build_answer(offer, AnswerParts(link.ufrag, link.password, fingerprints(), ssrc))
    await rest.request("POST", "/answer", body={"peer": joined["peer"], "sdp": answer})
    async with asyncio.timeout(30):
        await link.connect(offer.candidates, (offer.ufrag, offer.password), offer.fingerprints)
    payload_type = offer.microphone.payload_type("opus")
    assert payload_type is not None
    clip = tone_clip(440)
    return Publisher(link, clip, ssrc=ssrc, payload_type=payload_type, level_extension=None), receiver


def _totals(pairs: list[tuple[Publisher, Receiver]]) -> tuple[int, int]:
    return sum(p.sent for p, _ in pairs), sum(r.packets for _, r in pairs)
