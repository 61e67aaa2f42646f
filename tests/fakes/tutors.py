"""Tutors that never come, and remember what the rooms asked of them."""

from __future__ import annotations

from dataclasses import dataclass, field

from server.rooms.tutor_port import TutorBrief, TutorInput


@dataclass
class FakeTutors:
    """`briefs` holds the last word on each room that wants a tutor now."""

    briefs: dict[str, TutorBrief] = field(default_factory=dict)
    inputs: list[TutorInput] = field(default_factory=list)
    told: int = 0

    def wanted(self, brief: TutorBrief) -> None:
        self.told += 1
        self.briefs[brief.room_id] = brief

    def not_wanted(self, room_id: str) -> None:
        del self.briefs[room_id]

    def given(self, given: TutorInput) -> None:
        self.inputs.append(given)
