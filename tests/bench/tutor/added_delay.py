"""How much a speaking tutor delays the packets of a full room."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from statistics import median

from tests.bench.awake import cores_awake
from tests.bench.calm import UNTOUCHED
from tests.bench.figures import Row
from tests.bench.native import TALKS
from tests.bench.sfu.fleet import Fleet, Stretch
from tests.bench.sfu.servers.base import ALL_CORES
from tests.bench.sfu.servers.parlor import Parlor, started
from tests.fakes.rtc import RtcClient

_PEOPLE = 12
_STRETCH_S = 1.0
_ROUNDS = 4
"""The machine's speed varies by the minute, so the cases alternate: no tutor, a silent one, a speaking one.
"""
_TALK = "Emma, tell me something about the sea, the sun and the mountains. I would like to hear a long story."


async def added_delay(seconds: float) -> list[Row]:
    """Delay of the twelve people's packets: no tutor, a listening one, a speaking one, `seconds` each.

    The last two are compared: any thirteenth receiver adds a twelfth.
    """
    without, listens, speaks = list[Stretch](), list[Stretch](), list[Stretch]()
    each = max(1, round(seconds / _STRETCH_S / _ROUNDS))
    fleet = Fleet(_PEOPLE)
    with cores_awake():
        async with started(fleet, ALL_CORES, AGENTS="1") as parlor, fleet:
            host = await parlor.arrive()
            room_id = str((await parlor.rest.create_room(host.token, maxParticipants=_PEOPLE))["id"])
            room = [
                await parlor.sit(host, room_id),
                *[await parlor.seat(room_id) for _ in range(_PEOPLE - 1)],
            ]
            fleet.take_turns()
            await parlor.speak([room], [TALKS] * len(room))

            async def watch() -> Stretch:
                return await fleet.watch(parlor.pid, _STRETCH_S)

            async def until(is_so: Callable[[float], bool]) -> None:
                async with asyncio.timeout(60):
                    while not is_so(_spoke(await watch())):
                        pass

            for _ in range(_ROUNDS):
                await until(lambda share: share < 0.02)
                without += await fleet.calm.stretches(watch, each, disturbed=UNTOUCHED)
                async with _tutor(parlor, host, room_id):
                    await until(lambda share: share < 0.02)
                    listens += await fleet.calm.stretches(watch, each, disturbed=UNTOUCHED)
                    async with _talk(host):
                        await until(lambda share: share > 0.5)
                        speaks += await fleet.calm.stretches(watch, each, disturbed=UNTOUCHED)

    rows: list[Row] = []
    states = {"no tutor": without, "a tutor listens": listens, "a tutor speaks": speaks}
    for name, stretches in states.items():
        rows += [Row(f"{name}: p{part}", _middle(stretches, part), "us") for part in (50, 99)]
    return [
        *rows,
        Row("change of p99 by a tutor at all", _change(without, speaks), "%"),
        Row("change of p99 while the tutor speaks", _change(listens, speaks), "%", 20),
        Row("the tutor spoke", sum(map(_spoke, speaks)) / len(speaks) * 100, "% of the time"),
        Row("the host took, at most", max(s.stolen for part in states.values() for s in part) * 100, "%"),
    ]


def _middle(stretches: list[Stretch], part: int) -> float:
    return float(median(getattr(stretch, f"p{part}_us") for stretch in stretches))


def _change(before: list[Stretch], after: list[Stretch]) -> float:
    return (_middle(after, 99) / _middle(before, 99) - 1) * 100


@asynccontextmanager
async def _tutor(parlor: Parlor, host: RtcClient, room_id: str) -> AsyncIterator[None]:
    """Invites the tutor, and removes it at the end."""
    path = f"/api/rooms/{room_id}/tutor"
    before = [event.data for event in host.events]
    await parlor.rest.request("POST", path, host.token, {})
    await host.wait_event("participant_joined", lambda d: _is_tutor(d) and d not in before, within=60)
    try:
        yield
    finally:
        await parlor.rest.request("DELETE", path, host.token)


@asynccontextmanager
async def _talk(host: RtcClient) -> AsyncIterator[None]:
    """Speaks with the tutor until cancelled."""
    talk = asyncio.create_task(_keep_talking(host))
    try:
        yield
    finally:
        talk.cancel()
        await asyncio.wait([talk])


async def _keep_talking(host: RtcClient) -> None:
    while True:
        await host.call("say", {"text": _TALK})
        await host.call("ask_tutor")
        await asyncio.sleep(4.0)


def _spoke(stretch: Stretch) -> float:
    """Share of the stretch in which the tutor spoke: by the packets to the twelve that are not theirs."""
    frames = stretch.seconds * 50
    return (stretch.received - stretch.sent * (_PEOPLE - 1)) / frames / _PEOPLE


def _is_tutor(data: dict[str, object]) -> bool:
    participant = data["participant"]
    return isinstance(participant, dict) and participant["kind"] == "tutor"
