"""Keeps the pauses of Python's garbage collector short and rare, so that they do not hold up the event loop.

A collection of the oldest generation looks at every object: 0.1 to 0.4 s with a million of them, which a
server with 1,000 people has. Here objects that survive two collections are frozen, and not looked at again
until they have become twice as many and `_SLACK`. So people who come, whose objects live as long as they
stay, seldom cause a long pause; and garbage among the frozen objects is bounded.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Mapping
from typing import Any

_YOUNG = 5_000
"""Objects made and not freed until the youngest are looked at. With Python's 700 the tasks and messages that
are under way are looked at several times a second, and hardly any of them is garbage."""
_MIDDLE = 2
"""Collections of the youngest after which the middle generation is looked at: 15,000 objects or less, where
Python's 10 would make it 55,000."""
_GROWTH = 2.0
_SLACK = 500_000
"""Objects, about 60 MB: a small server grows into a large one without a long pause."""
_FULL = 2
"""The oldest generation."""


def keep_collections_short() -> Callable[[], None]:
    """Call it once the process has started. Returns what ends this."""
    former = gc.get_threshold()
    # Freezing resets Python's counts, so that the oldest generation is collected only after `unfreeze`.
    gc.set_threshold(_YOUNG, _MIDDLE, 0)
    gc.collect()
    gc.freeze()
    kept = gc.get_freeze_count()
    added = 0
    is_thorough = False

    def has_grown() -> bool:
        """Counting takes 10 ms for a million objects, so that it is done only once it may be true."""
        nonlocal added
        most = (_GROWTH - 1) * kept + _SLACK
        if added > most:
            added = gc.get_freeze_count() - kept  # without those that have been freed since
        return added > most

    def around_collection(phase: str, info: Mapping[str, Any]) -> None:
        nonlocal kept, added, is_thorough
        if phase == "start" or info["generation"] == 0:
            return
        added += len(gc.get_objects(generation=_FULL))
        if info["generation"] != _FULL and has_grown():
            is_thorough = True
            gc.unfreeze()  # the next collection looks at everything
            return
        gc.freeze()
        if is_thorough:
            is_thorough = False
            kept, added = gc.get_freeze_count(), 0

    gc.callbacks.append(around_collection)

    def end() -> None:
        gc.callbacks.remove(around_collection)
        gc.unfreeze()
        gc.set_threshold(*former)

    return end
