"""Client events are matched with methods of the same name, payload and ack."""

from __future__ import annotations

import pytest

from server.protocol.rooms import CLIENT_EVENTS, ClientEvent, Empty, Ok, Pong, SetHand
from server.rooms.actions import actions_of
from tests.fakes.rooms_world import World

EVENTS = {"set_hand": ClientEvent(SetHand, Ok, "Raise or lower the hand.")}


class Hands:
    async def set_hand(self, _connection_id: str, _payload: SetHand) -> Ok:
        return Ok()

    async def close(self, reason: str) -> None:
        """Takes no payload, so it is no action."""


class WithoutEvent(Hands):
    async def set_foot(self, _connection_id: str, _payload: Empty) -> Ok:
        return Ok()


class OtherPayload:
    async def set_hand(self, _connection_id: str, _payload: Empty) -> Ok:
        return Ok()


class OtherAck:
    async def set_hand(self, _connection_id: str, _payload: SetHand) -> Pong:
        return Pong(time=0)


async def test_every_event_of_people_with_a_seat_has_an_action() -> None:
    async with World() as world:
        assert set(world.rooms.actions) == set(CLIENT_EVENTS) - {"join", "knock"}


async def test_an_event_is_handled_by_the_method_of_its_name() -> None:
    assert await actions_of([Hands()], EVENTS)["set_hand"]("c1", SetHand(raised=True)) == Ok()


@pytest.mark.parametrize(
    ("groups", "problem"),
    [
        ([], "set_hand has no method"),
        ([WithoutEvent()], "no event is named set_foot"),
        ([Hands(), Hands()], "set_hand has two methods"),
        ([OtherPayload()], "does not take SetHand, return Ok"),
        ([OtherAck()], "does not take SetHand, return Ok"),
    ],
)
def test_an_event_and_a_method_that_do_not_match_are_an_error(groups: list[object], problem: str) -> None:
    with pytest.raises(TypeError, match=problem):
        actions_of(groups, EVENTS)
