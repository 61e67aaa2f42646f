"""A tutor service that never sends a tutor, and remembers what the rooms requested."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from server.protocol.agents import InputKind, TutorInput
from server.rooms.tutor_ports import JobSpec


@dataclass
class FakeTutors:
    """`specs`: the latest spec of each room that needs a tutor now. `inputs`: (room id, input). `goodbyes`:
    rooms whose tutor was to say it. `flushes`: how often `stored` was awaited. `waits`: a room
    waits for a tutor of another. `crowds`: rooms of people who have too many. `yielded`: rooms whose tutor
    left for others."""

    specs: dict[str, JobSpec] = field(default_factory=dict)
    inputs: list[tuple[str, TutorInput]] = field(default_factory=list)
    requests: int = 0
    goodbyes: list[str] = field(default_factory=list)
    flushes: int = 0
    waits: bool = False
    crowds: Collection[str] = ()
    yielded: list[str] = field(default_factory=list)

    def request(self, spec: JobSpec) -> None:
        self.requests += 1
        self.specs[spec.room_id] = spec

    def release(self, room_id: str) -> None:
        del self.specs[room_id]

    def input(self, room_id: str, given: TutorInput) -> None:
        self.inputs.append((room_id, given))

    def say_goodbye(self, room_id: str, *, for_others: bool = False) -> None:
        self.goodbyes.append(f"{room_id} for others" if for_others else room_id)

    def unanswered(self, room_id: str) -> Sequence[TutorInput]:
        return [given for room, given in self.inputs if room == room_id and given.kind is InputKind.SAY]

    def moved(self, room_id: str) -> None:
        self.specs.pop(room_id, None)

    async def stored(self) -> None:
        self.flushes += 1

    def is_short(self) -> bool:
        return self.waits

    def crowding(self) -> Collection[str]:
        return self.crowds

    def make_room(self, room_id: str) -> None:
        self.yielded.append(room_id)
