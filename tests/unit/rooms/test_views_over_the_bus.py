"""What a node tells of its rooms arrives as it was sent."""

from __future__ import annotations

import json

from server.rooms.model import RoomType
from server.rooms.tutor_model import Engine, Engines, TutorReport, TutorState, TutorStatus, Voice
from server.rooms.views import view_from_json, view_to_json
from tests.fakes.rooms_world import World


async def test_a_room_with_its_tutor_survives_json() -> None:
    async with World() as world:
        room = await world.room("ann", type=RoomType.PRIVATE, tags=("food",))
        await world.seat("c1", "ann", room)
        await world.rooms.tutoring.invite("ann", room, None, None)
        await world.tutor("t1", room)
        engines = Engines(None, Engine("scripted tutor", "local", False), Engine("aura", "Deepgram", True))
        report = TutorReport(
            TutorStatus.READY, engines, "an", (Voice("an", "An", "vi-VN"),), ("whisper", "flux")
        )
        world.rooms.tutor_stage.report(room, report)
        world.rooms.tutor_stage.state(room, TutorState.SPEAKING)
        view = world.view(room)
        assert view_from_json(json.loads(json.dumps(view_to_json(view)))) == view
