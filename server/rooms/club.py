"""A conversation club adds to a room a list of topics, and turns to speak. Pure.

A turn ends by a click, or because its speaker has left. That its time is over is shown and heard, and mutes
nobody. Times are wall-clock time, because they are stored.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from server.protocol.club import TurnOrder


@dataclass(frozen=True, slots=True)
class Turns:
    """`seconds`: of one turn. `number` counts the turns. `speaker`: whose turn it is, a participant's id;
    None while nobody wants one. `had`: who has had a turn of this round; empty in the order of hands."""

    order: TurnOrder
    seconds: int
    number: int = 0
    speaker: str | None = None
    started_at: float = 0.0
    had: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Club:
    """`current`: index of the topic that is shown to everyone."""

    topics: tuple[str, ...] = ()
    current: int | None = None
    turns: Turns | None = None


@dataclass(frozen=True, slots=True)
class Present:
    """Participants' ids: `seated`, those of all people; `here`, of those who are connected, in the order in
    which they joined; `hands`, of those among them whose hand is raised, in that order."""

    seated: Sequence[str]
    here: Sequence[str]
    hands: Sequence[str]


def with_topics(club: Club, topics: Sequence[str]) -> Club:
    """A topic that is shown stays shown while its text is in the list. In a list of the same length its text
    was corrected."""
    current = club.current
    if current is not None:
        text = club.topics[current]
        is_there = current < len(topics) and topics[current] == text
        if not is_there and text in topics:
            current = list(topics).index(text)
        elif len(topics) != len(club.topics) and not is_there:
            current = None
    return replace(club, topics=tuple(topics), current=current)


def seconds_left(turns: Turns, wall_now: float) -> float:
    """Below 0 once the time of the turn is over; at most what a turn has, also after the clock was set
    back."""
    return min(turns.seconds, turns.started_at + turns.seconds - wall_now)


def next_turn(turns: Turns, present: Present, wall_now: float) -> Turns:
    """The turn after this one. A round begins anew when everybody who is here has had a turn."""
    begun = replace(turns, number=turns.number + 1, started_at=wall_now)
    if turns.order is TurnOrder.HANDS:
        return replace(begun, speaker=next((p for p in present.hands if p != turns.speaker), None))
    had = tuple(p for p in (*turns.had, turns.speaker) if p is not None and p in present.seated)
    waiting = [p for p in present.here if p not in had]
    if not waiting:
        others = [p for p in present.here if p != turns.speaker]
        had, waiting = (), others or list(present.here)
    return replace(begun, speaker=waiting[0] if waiting else None, had=had)


def settled(club: Club, present: Present, wall_now: float) -> Club:
    """The club once its speaker has left, somebody wants the turn that nobody has, or everybody has left. A
    speaker who lost the connection keeps the turn as long as the seat."""
    turns = club.turns
    if turns is None:
        return club
    if not present.seated:
        return replace(club, turns=None)
    if turns.speaker in present.seated:
        return club
    is_wanted = present.hands if turns.order is TurnOrder.HANDS else present.here
    if turns.speaker is None and not is_wanted:
        return club
    return replace(club, turns=next_turn(turns, present, wall_now))
