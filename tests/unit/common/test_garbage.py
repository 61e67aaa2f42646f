"""Full collections look at what is new, and at everything once that has grown."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator

import pytest

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


def test_garbage_among_the_survivors_is_collected_once_they_have_become_half_as_many_again() -> None:
    nodes = [Node() for _ in range(100)]
    seen = [weakref.ref(node) for node in nodes]
    gc.collect()
    nodes.clear()
    gc.collect()
    assert all(ref() is not None for ref in seen)  # frozen
    more = [[i] for i in range(gc.get_freeze_count())]
    gc.collect()  # freezes them too
    assert more
    gc.collect()  # and finds that there are too many
    assert all(ref() is None for ref in seen)
