"""The text chat of a room and reactions: who gets them, limits, deletion, and what lasts."""

from __future__ import annotations

from dataclasses import replace

import pytest

from server.errors import (
    ChatClosed,
    ChatLineNotFound,
    Forbidden,
    NotCohost,
    NotJoined,
    TooManyRequests,
    Unavailable,
)
from server.protocol.chat import Reaction
from server.protocol.rooms import ChatAdded, ChatDeleted, Reacted
from server.protocol.tutor import InviteTutor
from server.rooms.chat import MAX_CHARACTERS, MAX_LINES, Chat, ChatLine
from tests.fakes.rooms_world import World


def a_line(number: int = 0, **fields: object) -> ChatLine:
    line = ChatLine(f"l{number}", "r1", "p1", f"u{number}", "Ann", "hello", float(number))
    return replace(line, **fields)  # type: ignore[arg-type]


def texts(world: World, connection: str) -> list[str]:
    return [event.line.text for event in world.sink.of(connection, ChatAdded)]


async def talk(world: World) -> str:
    """Ann hosts, Ben is in the room."""
    room = await world.room("ann")
    await world.seat("c1", "ann", room)
    await world.seat("c2", "ben", room)
    return room


# The list


def test_the_oldest_lines_go_beyond_the_limit_of_number_and_of_size() -> None:
    chat = Chat()
    for number in range(MAX_LINES + 3):
        chat.add(a_line(number), now=number * 10.0)
    assert [line.id for line in chat.lines][:1] == ["l3"]
    lines, dropped = chat.take_unsaved()
    assert (len(lines), list(dropped)) == (MAX_LINES, ["l0", "l1", "l2"])
    long = Chat()
    for number in range(100):
        long.add(a_line(number, text="x" * 500), now=number * 10.0)
    assert sum(len(line.text) for line in long.lines) == MAX_CHARACTERS


def test_a_person_and_a_room_may_write_only_so_fast() -> None:
    chat = Chat()
    for number in range(6):
        chat.add(a_line(number, user_id="ann"), now=0.0)
    with pytest.raises(TooManyRequests) as refusal:
        chat.add(a_line(6, user_id="ann"), now=0.0)
    assert refusal.value.extra["retryAfter"] >= 2
    chat.add(a_line(7, user_id="ann"), now=2.1)
    crowd = Chat()
    for number in range(40):
        crowd.add(a_line(number), now=0.0)
    with pytest.raises(TooManyRequests):
        crowd.add(a_line(41, user_id="late"), now=0.0)
    crowd.add(a_line(42, user_id="late"), now=0.3)
    assert len(crowd.lines) == 41


def test_a_refused_line_costs_its_author_nothing() -> None:
    chat = Chat()
    for number in range(40):
        chat.add(a_line(number), now=0.0)
    for _ in range(20):
        with pytest.raises(TooManyRequests):
            chat.add(a_line(99, user_id="late"), now=0.0)
    for number in range(6):
        chat.add(a_line(100 + number, user_id="late"), now=10.0)


def test_more_stored_lines_than_are_kept_are_dropped_from_the_store() -> None:
    chat = Chat.restored([a_line(number) for number in range(MAX_LINES + 1)], now=0.0)
    assert chat.is_due(now=5.0)
    assert chat.take_unsaved() == ([], ["l0"])


# In a room


async def test_a_line_reaches_all_people_and_late_ones_but_not_the_tutor() -> None:
    async with World() as world:
        room = await talk(world)
        await world.rooms.tutor.invite("ann", room, InviteTutor())
        tutor = await world.tutor("c9", room)
        await world.act("c2", "send_chat", text="  how do you spell it? ")
        assert texts(world, "c1") == texts(world, "c2") == ["how do you spell it?"]
        assert texts(world, "c9") == []
        late = await world.join("c3", "cem", room)
        assert [(line.name, line.text) for line in late.chat] == [("Ben", "how do you spell it?")]
        assert (await world.act("c9", "sync")).chat == []
        for event, payload in (("send_chat", {"text": "Hello"}), ("react", {"reaction": "bravo"})):
            with pytest.raises(Forbidden):
                await world.act("c9", event, **payload)
        assert tutor in world.media.peers


async def test_people_outside_cannot_write_or_react() -> None:
    async with World() as world:
        await talk(world)
        for event, payload in (("send_chat", {"text": "hello"}), ("react", {"reaction": "bravo"})):
            with pytest.raises(NotJoined):
                await world.act("c7", event, **payload)


async def test_the_host_and_co_hosts_delete_a_line_for_everybody_and_reports_keep_it() -> None:
    async with World() as world:
        room = await talk(world)
        await world.act("c2", "send_chat", text="something bad")
        line = world.sink.of("c1", ChatAdded)[0].line
        with pytest.raises(NotCohost):
            await world.act("c2", "delete_chat", line_id=line.id)
        await world.act("c1", "delete_chat", line_id=line.id)
        assert world.sink.of("c2", ChatDeleted)[-1].line_ids == [line.id]
        assert (await world.act("c2", "sync")).chat == []
        with pytest.raises(ChatLineNotFound):
            await world.act("c1", "delete_chat", line_id=line.id)
        await world.pass_time(3)
        await world.crash()
        (kept,) = await world.rooms.chat.recent_messages(room)
        assert (kept.text, kept.is_deleted) == ("something bad", True)
        assert (await world.join("c3", "ben", room)).chat == []


async def test_nobody_writes_while_the_host_has_turned_the_chat_off() -> None:
    async with World() as world:
        room = await talk(world)
        await world.act("c1", "send_chat", text="before")
        await world.act("c1", "edit_room", chat_open=False)
        for connection in ("c1", "c2"):
            with pytest.raises(ChatClosed):
                await world.act(connection, "send_chat", text="hello")
        assert not world.view(room).chat_open
        assert [line.text for line in (await world.act("c2", "sync")).chat] == ["before"]


async def test_lines_survive_the_end_of_the_server_and_go_with_the_room() -> None:
    async with World() as world:
        room = await talk(world)
        await world.act("c1", "send_chat", text="first")
        await world.pass_time(2.5)
        await world.act("c2", "send_chat", text="second")
        await world.restart()  # writes at its end what is not stored yet
        joined = await world.join("c3", "ann", room)
        assert [line.text for line in joined.chat] == ["first", "second"]
        await world.act("c3", "close_room")
        assert world.store.chat == {}
        assert list(await world.rooms.chat.recent_messages(room)) == []


async def test_a_killed_server_loses_at_most_the_last_seconds() -> None:
    async with World() as world:
        room = await talk(world)
        await world.act("c1", "send_chat", text="stored")
        await world.pass_time(2.5)
        await world.act("c1", "send_chat", text="too new")
        await world.crash()
        assert [line.text for line in (await world.join("c3", "ann", room)).chat] == ["stored"]


async def test_a_store_that_is_down_delays_no_line_and_gets_it_later() -> None:
    async with World() as world:
        room = await talk(world)
        world.store.is_down = True
        await world.act("c1", "send_chat", text="hello")
        assert texts(world, "c2") == ["hello"]
        await world.pass_time(3)
        asked = world.store.asked
        for _ in range(10):
            await world.pass_time(0.2)
        assert world.store.asked == asked, "it is not asked again at every tick"
        with pytest.raises(Unavailable):
            await world.rooms.chat.recent_messages("elsewhere")
        world.store.is_down = False
        await world.pass_time(11)
        assert [line.text for line in world.store.chat.values()] == ["hello"]
        assert [line.text for line in await world.rooms.chat.recent_messages(room)] == ["hello"]


async def test_what_a_deleted_profile_wrote_leaves_the_open_rooms() -> None:
    async with World() as world:
        room = await talk(world)
        await world.act("c2", "send_chat", text="mine")
        await world.act("c1", "send_chat", text="yours")
        gone = world.sink.of("c1", ChatAdded)[0].line.id
        del world.users.users["ben"]
        world.rooms.user_deleted("ben")
        assert world.sink.of("c1", ChatDeleted)[-1].line_ids == [gone]
        await world.pass_time(3)
        assert [line.text for line in world.store.chat.values()] == ["yours"]
        assert [line.text for line in await world.rooms.chat.recent_messages(room)] == ["yours"]


async def test_a_reaction_reaches_all_people_and_few_a_second_are_allowed() -> None:
    async with World() as world:
        await talk(world)
        for _ in range(5):
            await world.act("c2", "react", reaction="bravo")
        with pytest.raises(TooManyRequests):
            await world.act("c2", "react", reaction="bravo")
        await world.act("c1", "react", reaction="heart")
        shown = world.sink.of("c1", Reacted)
        assert [event.reaction for event in shown] == [Reaction.BRAVO] * 5 + [Reaction.HEART]
