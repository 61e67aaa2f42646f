"""Collections look at what is new, and at everything once that has grown."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator

import pytest

from server.common import garbage
from server.common.garbage import keep_collections_short


class Node:
    """Garbage that only the collector finds, once `cycle` is dropped."""

    def __init__(self) -> None:
        self.me = self


@pytest.fixture(autouse=True)
def _short_collections() -> Iterator[None]:
    end = keep_collections_short()
    yield
    end()
    gc.collect()


def test_what_survived_a_full_collection_is_not_looked_at_again() -> None:
    gc.collect()
    before = gc.get_freeze_count()
    kept = [[i] for i in range(1000)]
    gc.collect()
    assert gc.get_freeze_count() >= before + len(kept)
    assert len(gc.get_objects(generation=2)) < 1000


def test_cyclic_garbage_is_collected_without_being_asked_for() -> None:
    seen = [weakref.ref(Node()) for _ in range(20_000)]
    assert sum(ref() is not None for ref in seen) < 10_000


def test_cyclic_garbage_is_collected_if_it_dies_before_a_full_collection() -> None:
    node = Node()
    seen = weakref.ref(node)
    del node
    gc.collect()
    assert seen() is None


def test_people_who_come_cause_no_look_at_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(garbage, "_SLACK", 400_000)
    seen: list[int] = []

    def note(phase: str, info: dict[str, int]) -> None:
        if phase == "start":
            seen.append(info["generation"])

    gc.callbacks.append(note)
    try:
        kept = [[i] for i in range(200_000)]
    finally:
        gc.callbacks.remove(note)
    assert kept
    assert set(seen) == {0, 1}
    assert len(gc.get_objects(generation=1)) + len(gc.get_objects(generation=2)) < 20_000


def test_garbage_among_the_survivors_is_collected_once_they_have_become_twice_as_many(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(garbage, "_SLACK", 0)
    nodes = [Node() for _ in range(100)]
    seen = [weakref.ref(node) for node in nodes]
    gc.collect()
    nodes.clear()
    gc.collect()
    assert all(ref() is not None for ref in seen)  # frozen
    # Objects of earlier tests that have been freed since the fixture began do not count as grown.
    more = [[i] for i in range(gc.get_freeze_count() + 400_000)]
    assert more
    assert all(ref() is None for ref in seen)
