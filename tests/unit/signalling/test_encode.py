"""Every domain event has one wire form, and every wire event comes from one."""

from __future__ import annotations

from typing import Any, get_args

import pytest

from server.protocol import rooms as wire
from server.protocol.rooms import SERVER_EVENTS
from server.protocol.tutor import FeedbackCategory, TutorState
from server.rooms import events
from server.rooms.model import Connection, ParticipantKind, RoomType
from server.rooms.ports import MediaOffer
from server.rooms.views import ParticipantView, RoomView
from server.signalling.encode import encode
from tests.fakes.rooms_world import a_user

PERSON = ParticipantView(
    "p1",
    ParticipantKind.PERSON,
    a_user("ann", level="B2", country="VN"),
    is_muted=True,
    is_speaking=False,
    hand_raised=False,
    joined_at=1_700_000_000.25,
    connection=Connection.CONNECTED,
)
ROOM = RoomView(
    "r1",
    "Coffee",
    "Food",
    "B1",
    RoomType.PUBLIC,
    "en",
    "ann",
    False,
    12,
    ("food",),
    1_700_000_000.0,
    (PERSON,),
)
SAMPLES: list[Any] = [
    events.ParticipantJoined(PERSON),
    events.ParticipantLeft("p1", events.LeftReason.TIMED_OUT),
    events.ParticipantUpdated(PERSON, muted_by_host=True),
    events.Speaking("p1", True, -300),
    events.DominantSpeaker(None),
    events.SlotsChanged(("p1", None)),
    events.RoomUpdated(ROOM),
    events.MediaOffered("ann", MediaOffer("o1", "v=0"), (None,)),
    events.Removed(events.RemovedReason.TIMED_OUT),
    events.RoomClosed(events.ClosedReason.EMPTY),
    events.ServerDraining(),
    wire.TutorStateChanged(state=TutorState.SPEAKING),
    wire.Transcript(participant_id="p1", turn_id="t1", text="I goed to Hue", is_final=True),
    wire.TutorText(turn_id="t1", text="", is_final=True, spoken="You went to Hue.", message_id="m1"),
    wire.Feedback(
        id="c1",
        turn_id="t1",
        original_sentence="I goed",
        corrected_sentence="I went",
        explanation="Past of go.",
        category=FeedbackCategory.VERB_FORM,
    ),
    wire.FeedbackNone(turn_id=None, text="All right."),
]


def test_the_samples_are_all_there_is() -> None:
    assert {type(s) for s in SAMPLES} == set(get_args(events.RoomEvent))


def test_every_wire_event_has_a_domain_event() -> None:
    assert {encode(s, lambda _user: [])[0] for s in SAMPLES} == set(SERVER_EVENTS)


@pytest.mark.parametrize("event", SAMPLES, ids=lambda s: type(s).__name__)
def test_an_event_is_what_the_protocol_declares(event: events.RoomEvent) -> None:
    name, payload = encode(event, lambda _user: [])
    SERVER_EVENTS[name].model_validate(payload)


@pytest.mark.parametrize(
    "event",
    [
        *(events.ParticipantLeft("p1", r) for r in events.LeftReason),
        *(events.Removed(r) for r in events.RemovedReason),
        *(events.RoomClosed(r) for r in events.ClosedReason),
    ],
    ids=str,
)
def test_every_reason_can_be_said(
    event: events.ParticipantLeft | events.Removed | events.RoomClosed,
) -> None:
    assert encode(event, lambda _user: [])[1]["reason"] == event.reason.value


def test_times_are_utc_and_counts_are_of_people() -> None:
    room = encode(events.RoomUpdated(ROOM), lambda _user: [])[1]["room"]
    assert room["participantCount"] == 1
    assert room["createdAt"] == "2023-11-14T22:13:20.000Z"
    assert room["participants"][0]["joinedAt"] == "2023-11-14T22:13:20.250Z"
    assert room["participants"][0]["learningLevel"] == "B2"


def test_slots_name_their_m_lines() -> None:
    slots = encode(events.SlotsChanged(("p1", None)), lambda _user: [])[1]["slots"]
    assert slots == [{"mid": "1", "participantId": "p1"}, {"mid": "2", "participantId": None}]
