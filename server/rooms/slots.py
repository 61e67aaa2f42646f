"""Which publisher each slot of a subscriber carries. A slot is named by its index: mid str(index + 1)."""

from __future__ import annotations

from collections.abc import Sequence

Slots = tuple[str | None, ...]


def empty(capacity: int) -> Slots:
    return (None,) * capacity


def carry(current: Slots, publishers: Sequence[str]) -> Slots:
    """The slots once `publishers` (the others in the room, longest-present first) are all there are.

    A publisher that stays keeps its slot, so that its audio is not cut when others come and go. Those who
    find no free slot are left out, in the order given.
    """
    wanted = set(publishers)
    slots = [held if held in wanted else None for held in current]
    placed = set(slots)
    waiting = iter([p for p in dict.fromkeys(publishers) if p not in placed])
    return tuple(next(waiting, None) if held is None else held for held in slots)


def capacity(max_participants: int) -> int:
    """The other people, and one for the tutor, who takes no person's seat."""
    return max(1, max_participants)


def mids(slots: Slots) -> Sequence[tuple[str, str | None]]:
    return [(str(index), held) for index, held in enumerate(slots, start=1)]
