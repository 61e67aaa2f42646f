from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from server.rooms.members import carry, empty_slots, slot_capacity

NAMES = st.lists(st.sampled_from("abcdefghijklmnop"), unique=True, max_size=14)


@given(st.integers(1, 12), st.lists(NAMES, max_size=10))
def test_a_publisher_that_stays_keeps_its_slot(size: int, rounds: list[list[str]]) -> None:
    slots = empty_slots(size)
    for publishers in rounds:
        before, slots = slots, carry(slots, publishers)
        for index, held in enumerate(before):
            if held in publishers:
                assert slots[index] == held


@given(st.integers(1, 12), st.lists(NAMES, max_size=10))
def test_slots_carry_each_publisher_once_as_many_as_fit_and_none_who_left(
    size: int, rounds: list[list[str]]
) -> None:
    slots = empty_slots(size)
    for publishers in rounds:
        slots = carry(slots, publishers)
        carried = [s for s in slots if s is not None]
        assert len(slots) == size
        assert len(set(carried)) == len(carried) == min(size, len(publishers))
        assert set(carried) <= set(publishers)


def test_a_free_slot_is_used_again_while_the_others_stay() -> None:
    slots = carry(empty_slots(3), ["ann", "ben", "cat"])
    assert carry(slots, ["ann", "cat", "dan"]) == ("ann", "dan", "cat")


def test_there_is_room_for_the_other_people_and_the_tutor() -> None:
    assert slot_capacity(12) == 11 + 1
    assert slot_capacity(1) == 1
