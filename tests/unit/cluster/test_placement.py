"""Where a new room opens: decided from the loads of servers as their last beats showed them."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any, cast

import pytest
from aiohttp import web
from aiohttp.test_utils import make_mocked_request

from server.cluster.beats import BeatLog
from server.cluster.nodes import NodeInfo, Seen
from server.cluster.peers import Peers
from server.cluster.placement import ASSIGNED, Placed, Placement
from server.errors import TooManyRooms, Unavailable
from server.http.hops import IS_HOP

OWN, TWO, THREE = (NodeInfo(f"n{i}-x", f"/n/n{i}", f"http://n{i}", "f", "ok") for i in (1, 2, 3))
BODY = b'{"name":"Coffee"}'


class FakePeers:
    """Answers by address: a response, or None for a server that does not answer."""

    def __init__(self) -> None:
        self.answers: dict[str, web.Response | None] = {}
        self.asked: list[str] = []

    async def forward(
        self, request: web.Request, internal_url: str, within_s: float, body: bytes
    ) -> web.Response:
        assert body == BODY
        self.asked.append(internal_url)
        answer = self.answers.get(internal_url, web.Response(status=201))
        if answer is None:
            raise Unavailable
        return answer


class Scene:
    def __init__(self, *, own: float = 0.0, others: dict[NodeInfo, float], status: str = "ok") -> None:
        self.own = replace(OWN, load=own, status=cast("Any", status))
        self.now = 10.0
        self.log = BeatLog(self.now)
        self.seen = [self.own, *(replace(info, load=load) for info, load in others.items())]
        self.beat()
        self.peers = FakePeers()
        self.outcomes: list[Placed] = []
        self.placement = Placement(
            lambda: self.own,
            self.log,
            cast("Peers", self.peers),
            lambda: self.now,
            observe=self.outcomes.append,
            sample=lambda infos, count: list(infos)[:count],
        )

    def beat(self) -> None:
        self.now += 0.1
        self.log.landed([Seen(info, 0.1) for info in self.seen], self.now)

    async def place(self, *, is_hop: bool = False) -> web.Response | None:
        request = make_mocked_request("POST", "/api/rooms")
        request[IS_HOP] = is_hop
        return await self.placement.place(request, BODY)


@pytest.mark.parametrize(("own", "other", "is_here"), [(0.3, 0.2, True), (0.3, 0.1, False), (0.0, 0.9, True)])
async def test_another_server_must_have_clearly_less_to_do(own: float, other: float, is_here: bool) -> None:
    scene = Scene(own=own, others={TWO: other})
    assert (await scene.place() is None) is is_here
    assert scene.outcomes == [Placed.HERE if is_here else Placed.ELSEWHERE]


async def test_the_better_of_two_is_asked() -> None:
    scene = Scene(own=0.9, others={TWO: 0.5, THREE: 0.2})
    await scene.place()
    assert scene.peers.asked == ["http://n3"]


async def test_rooms_placed_since_the_last_beat_count() -> None:
    scene = Scene(own=0.0, others={TWO: 0.0, THREE: 0.0})
    for _ in range(40):
        await scene.place()
    assert scene.outcomes.count(Placed.HERE) <= 40 / 3 + 0.15 / ASSIGNED + 1
    assert {scene.peers.asked.count(url) for url in ("http://n2", "http://n3")} <= set(range(10, 15))
    scene.outcomes.clear()
    scene.beat()  # it shows them now, or they have ended
    assert await scene.place() is None


async def test_a_request_that_was_passed_on_is_not_passed_on_again() -> None:
    scene = Scene(own=0.9, others={TWO: 0.0})
    assert await scene.place(is_hop=True) is None
    assert scene.peers.asked == []


@pytest.mark.parametrize("answer", [None, web.Response(status=503)])
async def test_a_server_that_is_dead_or_takes_no_rooms_is_replaced_by_this_one(
    answer: web.Response | None,
) -> None:
    scene = Scene(own=0.9, others={TWO: 0.0})
    scene.peers.answers["http://n2"] = answer
    assert await scene.place() is None
    assert scene.outcomes == [Placed.REFUSED, Placed.HERE]


@pytest.mark.parametrize(("code", "is_final"), [("too_many_hosted", True), ("too_many_rooms", False)])
async def test_a_limit_of_the_client_is_the_answer_and_one_of_the_other_server_is_not(
    code: str, is_final: bool
) -> None:
    scene = Scene(own=0.9, others={TWO: 0.0})
    scene.peers.answers["http://n2"] = web.Response(status=429, body=json.dumps({"code": code}).encode())
    assert (await scene.place() is not None) is is_final


async def test_a_full_server_asks_both_and_refuses_if_none_takes_the_room() -> None:
    scene = Scene(own=1.0, others={TWO: 0.5, THREE: 0.9})
    scene.peers.answers["http://n2"] = None
    assert await scene.place() is not None
    assert scene.peers.asked == ["http://n2", "http://n3"]
    scene.peers.answers["http://n3"] = None
    with pytest.raises(TooManyRooms):
        await scene.place()
    with pytest.raises(TooManyRooms):
        await scene.place(is_hop=True)
    assert scene.outcomes[-1] is Placed.FULL


async def test_a_draining_server_opens_none_and_gets_none() -> None:
    scene = Scene(others={TWO: 0.8}, status="draining")
    assert await scene.place() is not None
    alone = Scene(others={}, status="draining")
    with pytest.raises(Unavailable):
        await alone.place()
    busy = Scene(own=0.9, others={replace(TWO, status="draining"): 0.0})
    assert await busy.place() is None


async def test_without_redis_a_room_opens_where_it_is_asked_for() -> None:
    scene = Scene(own=0.9, others={TWO: 0.0})
    scene.log.failed()
    assert await scene.place() is None
    assert scene.peers.asked == []
