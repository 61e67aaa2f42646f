from __future__ import annotations

from dataclasses import replace
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.errors import InvalidRequest
from server.protocol.entities import Connection, ListedRoom, ParticipantKind, RoomType
from server.protocol.levels import Level
from server.protocol.rest import RoomQuery
from server.rooms.listing import Listed, page_of
from server.rooms.model import RoomInfo, SeatRecord
from server.rooms.views import listed_view, participant_view, room_view
from tests.fakes.rooms_world import a_user


def view(room_id: str, *, people: int = 0, **fields: object) -> ListedRoom:
    participants = [
        participant_view(
            SeatRecord(str(i), room_id, f"u{i}", ParticipantKind.PERSON, 1, "", is_muted=True, joined_at=0.0),
            a_user(f"u{i}"),
            Connection.CONNECTED,
            is_speaking=False,
            heard_by_tutor=True,
        )
        for i in range(people)
    ]
    info = RoomInfo(room_id, "Coffee", "Food", "B1", RoomType.PUBLIC, "en", 12, (), "ann", 100.0)
    return listed_view(room_view(replace(info, **fields), participants, None))  # type: ignore[arg-type]


def ids(rooms: list[ListedRoom], query: RoomQuery) -> list[str]:
    return [r.id for r in page_of(map(Listed.of, rooms), query).items]


def test_several_levels_match_any_of_them() -> None:
    rooms = [view("a", level="A1"), view("b", level="B1"), view("c", level="C1")]
    assert set(ids(rooms, RoomQuery(level=[Level.A1, Level.C1]))) == {"a", "c"}


@pytest.mark.parametrize("search", ["cafe", "CAFÉ", "du lich", "lịch du", "travel", "đèn", "den", "  "])
def test_search_looks_at_name_topic_and_tags_without_case_and_accents(search: str) -> None:
    room = view("a", name="Café Đèn", topic="Du lịch", tags=("travel",))
    assert ids([room], RoomQuery(search=search)) == ["a"]


def test_every_word_of_a_search_counts() -> None:
    assert ids([view("a", name="Café", topic="Food")], RoomQuery(search="cafe music")) == []


def test_rooms_are_sorted_by_people_then_newest() -> None:
    rooms = [view("old", created_at=1), view("new", created_at=2), view("busy", people=3, created_at=0)]
    assert ids(rooms, RoomQuery()) == ["busy", "new", "old"]
    assert ids(rooms, RoomQuery(sort="newest")) == ["new", "old", "busy"]


def test_language_and_type_filter() -> None:
    rooms = [view("a"), view("b", language="vi")]
    assert ids(rooms, RoomQuery(language="vi")) == ["b"]
    assert ids(rooms, RoomQuery(type=RoomType.PRIVATE)) == []


@given(
    st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), max_size=20),
    st.integers(1, 7),
    st.sampled_from(["participants", "newest"]),
)
def test_pages_together_hold_every_room_once(
    specs: list[tuple[int, int]], limit: int, sort: Literal["participants", "newest"]
) -> None:
    rooms = [view(f"r{i}", people=p, created_at=c) for i, (p, c) in enumerate(specs)]
    query = RoomQuery(sort=sort, limit=limit)
    seen: list[str] = []
    while True:
        page = page_of(map(Listed.of, rooms), query)
        seen += [r.id for r in page.items]
        if page.next_cursor is None:
            break
        query = query.model_copy(update={"cursor": page.next_cursor})
    assert seen == ids(rooms, query.model_copy(update={"cursor": None, "limit": 100}))


def test_a_room_that_closes_between_two_pages_hides_no_other() -> None:
    rooms = [view(f"r{i}", created_at=10 - i) for i in range(4)]
    query = RoomQuery(sort="newest", limit=2)
    first = page_of(map(Listed.of, rooms), query)
    rest = page_of(map(Listed.of, rooms[1:]), query.model_copy(update={"cursor": first.next_cursor}))
    assert [r.id for r in rest.items] == ["r2", "r3"]


@given(st.text(min_size=1, max_size=200))
def test_an_invalid_cursor_is_refused(cursor: str) -> None:
    with pytest.raises(InvalidRequest):
        page_of([], RoomQuery(cursor=cursor))


def test_a_cursor_of_another_order_is_refused() -> None:
    rooms = [Listed.of(view("a")), Listed.of(view("b"))]
    cursor = page_of(rooms, RoomQuery(limit=1, sort="newest")).next_cursor
    with pytest.raises(InvalidRequest):
        page_of(rooms, RoomQuery(limit=1, sort="participants", cursor=cursor))
