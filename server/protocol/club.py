"""Running a room: co-hosts, what it is about and its options, topics and turns. The events are in `rooms`."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Final

from pydantic import Field, StringConstraints

from server.protocol.base import Chairs, Id, Inbound, LanguageTag, Outbound, RoomName, Topic
from server.protocol.levels import Level


class SetCohost(Inbound):
    """A co-host may mute and remove people, lower hands, answer knocks, delete lines and edit the room."""

    participant_id: Id
    cohost: bool


class EditRoom(Inbound):
    """Fields that are given change, the others stay. `max_participants` cannot be below the number of people
    in the room. `chat_open` is for the host alone. Without `tutor_allowed` a tutor leaves."""

    name: RoomName | None = None
    topic: Topic | None = None
    level: Annotated[Level | None, Field(strict=False)] = None
    language: LanguageTag | None = None
    max_participants: Chairs | None = None
    tutor_allowed: bool | None = None
    links_allowed: bool | None = None
    chat_open: bool | None = None


# Topics and turns of a conversation club

MAX_TOPICS: Final = 20
ListedTopic = Annotated[Topic, StringConstraints(min_length=1)]


class TurnOrder(StrEnum):
    """`round`: everybody once, in the order in which they joined. `hands`: in the order of raised hands."""

    ROUND = "round"
    HANDS = "hands"


class SetTopics(Inbound):
    """The whole list. The topic that is shown stays shown if it is still in the list."""

    topics: Annotated[list[ListedTopic], Field(max_length=MAX_TOPICS)]


class ShowTopic(Inbound):
    """`index`: in the list, from 0; null: none."""

    index: Annotated[int, Field(ge=0, lt=MAX_TOPICS)] | None


class StartTurns(Inbound):
    """The first turn begins at once. `seconds`: of each turn."""

    order: Annotated[TurnOrder, Field(strict=False)]
    seconds: Annotated[int, Field(ge=15, le=3_600)]


class NextTurn(Inbound):
    """`number`: of the turn that is to end. Does nothing if it has ended, so that two clicks skip nobody."""

    number: Annotated[int, Field(ge=0)]


class Turns(Outbound):
    """`participant_id`: whose turn it is; null while nobody wants one. `number` counts the turns. `left_s`:
    seconds until the end of the turn, as of this message; below 0 the time is over, which ends nothing."""

    order: TurnOrder
    seconds: int
    number: int
    participant_id: Id | None
    left_s: float


class Club(Outbound):
    """`topic_index`: of the topic that is shown to everyone; null: none. `turns`: null while there are
    none."""

    topics: list[str]
    topic_index: int | None
    turns: Turns | None
