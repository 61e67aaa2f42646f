"""Keeps the pauses of Python's garbage collector short and rare, so that they do not hold up the event loop.

With 1,000 people they took a quarter of its time: a full collection looks at half a million objects for 0.1
to 0.3 s, and those of young objects came several times a second.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Mapping
from typing import Any

_GROWTH = 1.5
_YOUNG = 5_000
"""Objects made and not freed until the youngest are looked at. With Python's 700 the tasks and messages that
are under way are looked at several times a second, and hardly any of them is garbage."""
_FULL = 2
"""The oldest generation."""


def keep_collections_short() -> Callable[[], None]:
    """Call it once the process has started. Objects that survive a full collection are not looked at again
    until they have become half as many again: then all are, so that garbage among them is bounded.

    Returns what ends this.
    """
    former = gc.get_threshold()
    gc.set_threshold(_YOUNG, *former[1:])
    gc.collect()
    gc.freeze()
    kept = gc.get_freeze_count()
    is_thorough = False

    def around_collection(phase: str, info: Mapping[str, Any]) -> None:
        nonlocal kept, is_thorough
        if info["generation"] != _FULL:
            return
        if phase == "start":
            is_thorough = gc.get_freeze_count() > _GROWTH * kept
            if is_thorough:
                gc.unfreeze()
            return
        gc.freeze()
        if is_thorough:
            kept = gc.get_freeze_count()

    gc.callbacks.append(around_collection)

    def end() -> None:
        gc.callbacks.remove(around_collection)
        gc.unfreeze()
        gc.set_threshold(*former)

    return end
