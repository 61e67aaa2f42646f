"""The convention by which signalling finds what a client event does."""

from __future__ import annotations

from typing import get_type_hints

from server.protocol.rooms import CLIENT_EVENTS
from tests.fakes.rooms_world import World

ACKS_MADE_BY_SIGNALLING = {"join", "sync", "reconnect_media", "ping"}


async def test_an_action_has_the_name_the_payload_and_the_ack_of_its_event() -> None:
    async with World() as world:
        actions = world.rooms.actions()
        for name, event in CLIENT_EVENTS.items():
            if name in ACKS_MADE_BY_SIGNALLING:
                continue
            hints = get_type_hints(actions[name])
            assert hints.pop("return") is event.ack, name
            assert event.payload in hints.values(), name
