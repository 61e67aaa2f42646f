"""State machines as tables: (state, event) -> what follows. An illegal move raises."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

State = TypeVar("State")
Event = TypeVar("Event")
Next = TypeVar("Next")


class IllegalMove(RuntimeError):
    """The table has no row for this event in this state: a fault of the program, never of a client."""


def look_up(table: Mapping[tuple[State, Event], Next], state: State, event: Event) -> Next:
    """The row for `event` in `state`: the next state, or a tuple of it and its effect.

    Raises IllegalMove. An event that may rightly arrive late has a row that keeps the state.
    """
    try:
        return table[state, event]
    except KeyError:
        raise IllegalMove(f"no row for {event!s} in state {state!s}") from None
