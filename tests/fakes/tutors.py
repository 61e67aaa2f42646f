"""A tutor service that never sends a tutor, and remembers what the rooms requested."""

from __future__ import annotations

from dataclasses import dataclass, field

from server.protocol.agents import TutorInput
from server.rooms.ports import JobSpec


@dataclass
class FakeTutors:
    """`specs`: the latest spec of each room that needs a tutor now. `inputs`: (room id, input). `goodbyes`:
    rooms whose tutor was to say it. `waits`: a room waits for a tutor of another."""

    specs: dict[str, JobSpec] = field(default_factory=dict)
    inputs: list[tuple[str, TutorInput]] = field(default_factory=list)
    requests: int = 0
    goodbyes: list[str] = field(default_factory=list)
    waits: bool = False

    def request(self, spec: JobSpec) -> None:
        self.requests += 1
        self.specs[spec.room_id] = spec

    def release(self, room_id: str) -> None:
        del self.specs[room_id]

    def input(self, room_id: str, given: TutorInput) -> None:
        self.inputs.append((room_id, given))

    def say_goodbye(self, room_id: str) -> None:
        self.goodbyes.append(room_id)

    def is_short(self) -> bool:
        return self.waits
