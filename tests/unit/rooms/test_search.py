"""Texts that searches find."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.protocol.lobby import RoomAdded, RoomChanged
from server.protocol.rest import CreateRoom, RoomQuery
from server.rooms.search import fold, search_words
from tests.fakes.rooms_world import World


@pytest.mark.parametrize(
    ("text", "search"),
    [
        ("Łódź café", "lodz"),
        ("Straße", "STRASSE"),
        ("Straße", "straße"),
        ("Smørrebrød", "smorrebrod"),
        ("Œuvre, Ærø", "oeuvre aero"),
        ("Đi du lịch", "di du lich"),
        ("Đường", "ĐƯỜNG"),
        ("Işık", "isik"),
        ("İstanbul", "istanbul"),
        ("ISTANBUL", "ıstanbul"),
        ("Σοφός", "σοφοσ"),
        ("ΣΟΦΌΣ", "σοφος"),
        ("Ｃａｆｅ　ｃｌｕｂ", "cafe club"),
        ("Café", "ｃａｆé"),
        ("Cafe\u0301", "café"),
        ("coﬀee", "coffee"),
        ("𝐂𝐚𝐟𝐞", "cafe"),
        ("Talk™", "talktm"),
        ("don’t stop", "don't"),
        ("don't stop", "don’t"),
        ("l’été", "lete"),
        ("co‐op", "co-op"),
        ("cof\u00adfee", "coffee"),
        ("coffee", "cof\u00adfee"),
        ("cof\u200bfee", "coffee"),
        ("❤️ music", "❤"),
        ("می‌خواهم", "میخواهم"),
        ("می‌خواهم", "می خواهم"),
        ("می‌خواهم", "می‌خواهم"),
        ("می خواهم", "می‌خواهم"),
        ("میخواهم", "می‌خواهم"),
        ("كتاب", "کتاب"),
        ("کتاب", "كتاب"),
        ("عربي", "عربی"),
        ("عربی", "عربى"),
        ("سلـــام", "سلام"),
        ("سَلَام", "سلام"),
        ("أهلا", "اهلا"),
        ("مدرسة", "مدرسه"),
        ("Level ٣", "level 3"),
        ("שָׁלוֹם", "שלום"),
        ("Ёлка", "елка"),
        ("ｶﾞｷﾞ", "ガギ"),
        ("한국어", "한국"),
    ],
)
def test_a_search_finds_the_forms_that_people_type(text: str, search: str) -> None:
    words = search_words(search)
    assert words
    assert all(word in fold(text) for word in words)


@pytest.mark.parametrize(("text", "search"), [("Łódź", "lady"), ("Food", "music"), ("خواهم", "می‌خواهم")])
def test_a_search_does_not_find_other_words(text: str, search: str) -> None:
    assert not all(word in fold(text) for word in search_words(search))


@given(st.text(max_size=60))
def test_every_text_finds_itself_in_any_form(text: str) -> None:
    for form in (text, text.casefold(), fold(text)):
        assert all(word in fold(text) for word in search_words(form))


async def test_list_and_changes_carry_what_a_client_needs_to_filter() -> None:
    async with World() as world:
        wanted = CreateRoom.model_validate(
            {"name": "Łódź café", "level": "B1", "tags": ["Straße"]}, strict=False
        )
        created = await world.rooms.directory.create_room("ann", wanted)
        await world.seat("c1", "ann", created.id)
        await world.pass_time(1)
        page = world.rooms.directory.list_rooms(RoomQuery(search="ŁÓDŹ strasse"))
        changes: list[RoomAdded | RoomChanged] = [*world.lobby.of(RoomAdded), *world.lobby.of(RoomChanged)]
        assert [room.id for room in page.items] == [created.id]
        assert len(changes) >= 2
        assert all(word in change.search_text for change in changes for word in page.search_words)
