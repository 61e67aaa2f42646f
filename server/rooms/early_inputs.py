"""Input for a tutor that is not ready yet, kept because its sender has got an acknowledgement. No I/O."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from server.errors import TooManyRequests
from server.protocol.agents import InputKind, TutorInput

MAX_KEPT = 32
"""Of one room."""
MAX_TYPED = 8
"""Of these: as many as `server.tutor` keeps until they are answered."""
MAX_SPOKEN = 4
"""Sentences of the browsers' recognition. The oldest are dropped first; no sender waits for an answer."""
SPOKEN_FOR_S = 60.0
"""A tutor that comes later does not answer what was spoken, or asked by a key, before."""
_ONE_OF_EACH = frozenset({InputKind.HOLD, InputKind.ASK_TUTOR, InputKind.ASK_FEEDBACK})
_STAYS = frozenset({InputKind.SAY, InputKind.MEND})


@dataclass(slots=True)
class EarlyInputs:
    """Of one room, the oldest first, each with the time when it came (monotonic clock)."""

    _kept: list[tuple[float, TutorInput]] = field(default_factory=list)

    def add(self, given: TutorInput, now: float) -> None:
        """Raises TooManyRequests if too much waits already."""
        if given.kind is InputKind.RECOGNIZED and not given.flag:
            return  # the whole sentence follows
        if given.kind in _ONE_OF_EACH:
            self._kept = [one for one in self._kept if not _is_same(one[1], given)]
            if given.kind is InputKind.HOLD and not given.flag:
                return  # the key is up before the tutor could listen
        if given.kind is InputKind.RECOGNIZED:
            self._give_up_spoken()
        typed = sum(one[1].kind is InputKind.SAY for one in self._kept)
        if len(self._kept) >= MAX_KEPT or (given.kind is InputKind.SAY and typed >= MAX_TYPED):
            raise TooManyRequests
        self._kept.append((now, given))

    def take(self, present: Collection[str], now: float) -> list[TutorInput]:
        """All that still counts, of participants who are there. Nothing is kept."""
        kept, self._kept = self._kept, []
        return [
            given
            for at, given in kept
            if given.participant_id in present and (given.kind in _STAYS or now - at <= SPOKEN_FOR_S)
        ]

    def staying(self) -> list[TutorInput]:
        """Inputs that count however late a tutor comes, the oldest first. They are still kept."""
        return [given for _, given in self._kept if given.kind in _STAYS]

    def _give_up_spoken(self) -> None:
        spoken = [one for one in self._kept if one[1].kind is InputKind.RECOGNIZED]
        if len(spoken) >= MAX_SPOKEN:
            self._kept.remove(spoken[0])


def _is_same(kept: TutorInput, given: TutorInput) -> bool:
    return (kept.participant_id, kept.kind) == (given.participant_id, given.kind)
