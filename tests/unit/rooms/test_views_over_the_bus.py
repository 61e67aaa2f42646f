"""A room that one node publishes equals the one that another node reads."""

from __future__ import annotations

import json

from server.protocol.entities import Room, RoomType
from server.protocol.tutor import Engine, Engines, InviteTutor, TutorState, TutorStatus, Voice
from server.rooms.model import TutorReport
from tests.fakes.rooms_world import World


async def test_a_room_with_its_tutor_survives_json() -> None:
    async with World() as world:
        world.now += 0.123456
        room = await world.room("ann", type=RoomType.PRIVATE, tags=["food"])
        await world.seat("c1", "ann", room)
        await world.rooms.tutor.invite("ann", room, InviteTutor())
        await world.tutor("t1", room)
        engines = Engines(
            stt=None,
            llm=Engine(name="scripted tutor", vendor="local", is_cloud=False),
            tts=Engine(name="aura", vendor="Deepgram", is_cloud=True),
        )
        voices = (Voice(id="an", name="An", language="vi-VN"),)
        report = TutorReport(TutorStatus.READY, engines, "an", voices, ("whisper", "flux"))
        world.tutor_events.report(room, report)
        world.tutor_events.state(room, TutorState.SPEAKING)
        view = world.view(room)
        assert Room.model_validate(json.loads(json.dumps(view.wire()))) == view
