"""A server that is stopped lets others take its rooms without a gap; rooms of a dead one are taken though
nobody asks."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from typing import Any

from server.rooms.chat import STORE_AFTER_S
from tests.fakes.cluster import Cluster
from tests.fakes.roaming import (
    Group,
    Person,
    everybody_has_moved,
    everybody_hears,
    everybody_is_back,
    open_group,
)
from tests.fakes.rtc import Pacer, RestClient

HEARD_AGAIN_WITHIN_S = 8.0
TAKEN_WITHIN_S = 15.0
GAP_S = 0.5
"""A limit for loaded machines; `tests.bench.cluster --rolling` measures."""


async def test_each_server_is_restarted_in_turn_and_the_talk_goes_on(cluster: Cluster) -> None:
    async with AsyncExitStack() as stack:
        pacer = await stack.enter_async_context(Pacer())
        group = await open_group(stack, cluster, pacer, "n1", 3, 2)
        people, muted = group.people, group.people[2]
        await people[0].rtc.call("set_locked", {"locked": True})
        await everybody_hears(people, group.talking, 10.0)
        seats, host = group.seats, people[0].rtc.joined["room"]["hostId"]
        for _ in range(2):
            owner = group.node
            group.begin()
            restart = asyncio.create_task(cluster.nodes[owner].restart(kill=False))
            await everybody_has_moved(people, HEARD_AGAIN_WITHIN_S)
            await everybody_hears(people, group.talking, HEARD_AGAIN_WITHIN_S)
            await restart
            print(f"{owner} stopped: longest gap {max(group.gaps()) * 1000:.0f} ms")
            assert max(group.gaps()) < GAP_S
            assert group.seats == seats
            assert group.node != owner
            assert [person.returns for person in people] == [0, 0, 0]
            room = people[0].rtc.joined["room"]
            assert (room["hostId"], room["isLocked"]) == (host, True)
            assert muted.me["isMuted"]
        assert [line for node in cluster.nodes.values() for line in node.complaints()] == []


def _kept(person: Person) -> dict[str, Any]:
    """Return what the room of their last join keeps, whatever server has it."""
    joined = person.rtc.joined
    people = [p for p in joined["room"]["participants"] if p["handRaised"]]
    return {
        "cohosts": joined["room"]["cohostIds"],
        "links": joined["room"]["linksAllowed"],
        "hands": [p["id"] for p in sorted(people, key=lambda p: p["handRaisedAt"])],
        "chat": [line["text"] for line in joined["chat"]],
    }


async def test_hands_cohosts_options_and_chat_outlast_a_server_that_ends_and_one_that_is_killed(
    cluster: Cluster,
) -> None:
    async with AsyncExitStack() as stack:
        pacer = await stack.enter_async_context(Pacer())
        group = await open_group(stack, cluster, pacer, "n1", 3, 1)
        ann, ben, chi = group.people
        await ann.rtc.call("set_cohost", {"participantId": ben.id, "cohost": True})
        await ann.rtc.call("edit_room", {"linksAllowed": True})
        for person in (chi, ben):
            await person.rtc.call("set_hand", {"raised": True})
        await ben.rtc.call("send_chat", {"text": "just before the end"})
        cohost = next(p["userId"] for p in chi.rtc.joined["room"]["participants"] if p["id"] == ben.id)
        kept = {
            "cohosts": [cohost],
            "links": True,
            "hands": [chi.id, ben.id],
            "chat": ["just before the end"],
        }

        group.begin()
        stop = asyncio.create_task(cluster.nodes["n1"].stop())
        await everybody_has_moved(group.people, HEARD_AGAIN_WITHIN_S)
        assert [_kept(person) for person in group.people] == [kept] * 3
        await stop

        await ben.rtc.call("send_chat", {"text": "and more"})
        await asyncio.sleep(STORE_AFTER_S + 1.0)  # in the server
        group.begin()
        await cluster.nodes[group.node].kill()
        await everybody_is_back(group.people, HEARD_AGAIN_WITHIN_S)
        kept["chat"] = ["just before the end", "and more"]
        assert [_kept(person) for person in group.people] == [kept] * 3


async def test_somebody_who_cannot_follow_in_time_comes_back_and_keeps_the_seat(cluster: Cluster) -> None:
    async with AsyncExitStack() as stack:
        pacer = await stack.enter_async_context(Pacer())
        group: Group = await open_group(stack, cluster, pacer, "n1", 3, 3)
        *others, stays = group.people
        stays.follows = False
        await everybody_hears(group.people, group.talking, 10.0)
        seats = group.seats
        group.begin()
        await cluster.nodes["n1"].stop()
        await everybody_has_moved(others, HEARD_AGAIN_WITHIN_S)
        await everybody_is_back([stays], HEARD_AGAIN_WITHIN_S)
        await everybody_hears(group.people, group.talking, HEARD_AGAIN_WITHIN_S)
        assert group.seats == seats
        assert {person.node_id for person in group.people} == {stays.node_id}


async def test_a_room_that_nobody_asks_for_is_taken_when_its_server_is_dead(cluster: Cluster) -> None:
    dead = cluster.nodes["n3"]
    async with RestClient(dead.url) as rest:
        token = await rest.guest("Ann")
        rooms = [await rest.create_room(token, name) for name in ("one", "two", "three", "four")]
    await dead.kill()
    left = [cluster.nodes["n1"], cluster.nodes["n2"]]
    async with asyncio.timeout(TAKEN_WITHIN_S):
        while sum("room taken over" in line for node in left for line in node.lines) < len(rooms):  # noqa: ASYNC110 - another process's output
            await asyncio.sleep(0.1)
    async with RestClient(left[0].url) as here, RestClient(left[1].url) as there:
        for rest in (here, there):
            listed = (await rest.request("GET", "/api/rooms", token))["items"]
            assert {room["id"] for room in listed} == {room["id"] for room in rooms}
