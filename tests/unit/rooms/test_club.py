"""Topics and turns of conversation clubs: who may set them, who sees them, and whose turn it is."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from server.errors import InvalidRequest, MutedByModerator, NotCohost
from server.moderation.text_rules import TextRules
from server.protocol.club import MAX_TOPICS, SetTopics, StartTurns, TurnOrder
from server.protocol.rooms import ClubUpdated, HandLowered, ParticipantUpdated
from server.rooms.club import Club, Present, Turns, next_turn, seconds_left, settled, with_topics
from tests.fakes.rooms_world import World

TOPICS = ["Food", "Travel", "Work"]


async def club(world: World) -> tuple[str, dict[str, str]]:
    """Ann hosts, Ben is co-host, Cem and Dao are neither: connections c1 to c4. Returns the room and the
    participants' ids."""
    room = await world.room("ann")
    seats = {
        name: await world.seat(f"c{number}", name, room)
        for number, name in enumerate(("ann", "ben", "cem", "dao"), 1)
    }
    await world.act("c1", "set_cohost", participant_id=seats["ben"], cohost=True)
    world.sink.forget()
    return room, seats


async def start(world: World, order: TurnOrder = TurnOrder.ROUND, seconds: int = 60) -> None:
    await world.act("c1", "start_turns", order=order, seconds=seconds)


async def seen(world: World, connection: str = "c4") -> Any:
    """The club as the connection sees it."""
    return (await world.act(connection, "sync")).club


async def speaker(world: World, seats: dict[str, str]) -> str | None:
    turns = (await seen(world)).turns
    return next((name for name, seat in seats.items() if seat == turns.participant_id), None)


async def advance(world: World, connection: str = "c1") -> None:
    await world.act(connection, "next_turn", number=(await seen(world)).turns.number)


class TestTopics:
    async def test_a_topic_of_the_list_is_shown_to_everyone_and_to_those_who_come_later(self) -> None:
        async with World() as world:
            room, _ = await club(world)
            await world.act("c2", "set_topics", topics=TOPICS)
            await world.act("c1", "show_topic", index=0)
            await world.act("c1", "show_topic", index=1)
            told = [(e.club.topics, e.club.topic_index) for e in world.sink.of("c3", ClubUpdated)]
            assert told == [(TOPICS, None), (TOPICS, 0), (TOPICS, 1)]
            joined = await world.join("c9", "eva", room)
            assert (joined.club.topics, joined.club.topic_index) == (TOPICS, 1)
            await world.act("c1", "show_topic", index=None)
            assert (await seen(world)).topic_index is None

    @pytest.mark.parametrize("connection", ["c3", "c4"])
    @pytest.mark.parametrize(
        ("event", "payload"),
        [
            ("set_topics", {"topics": ["Mine"]}),
            ("show_topic", {"index": 0}),
            ("start_turns", {"order": TurnOrder.ROUND, "seconds": 60}),
            ("stop_turns", {}),
            ("next_turn", {"number": 1}),
        ],
    )
    async def test_only_the_host_and_co_hosts_may(
        self, event: str, payload: dict[str, Any], connection: str
    ) -> None:
        async with World() as world:
            await club(world)
            await world.act("c1", "set_topics", topics=TOPICS)
            await start(world)
            before = await seen(world)
            with pytest.raises(NotCohost):
                await world.act(connection, event, **payload)
            assert await seen(world) == before

    async def test_they_outlive_a_restart(self) -> None:
        async with World() as world:
            room, _ = await club(world)
            await world.act("c1", "set_topics", topics=TOPICS)
            await world.act("c1", "show_topic", index=2)
            await world.crash()
            joined = await world.join("c1", "ann", room)
            assert (joined.club.topics, joined.club.topic_index) == (TOPICS, 2)

    async def test_a_topic_outside_the_list_is_refused(self) -> None:
        async with World() as world:
            await club(world)
            await world.act("c1", "set_topics", topics=TOPICS)
            with pytest.raises(InvalidRequest):
                await world.act("c1", "show_topic", index=3)

    async def test_bad_words_are_masked_and_somebody_muted_by_a_moderator_writes_none(self) -> None:
        async with World(clean_text=TextRules("mask").clean) as world:
            await club(world)
            await world.act("c1", "set_topics", topics=["Food", "shit"])
            assert (await seen(world)).topics == ["Food", "****"]
            world.rooms.silence("ann", world.now + world.wall_step + 60)
            with pytest.raises(MutedByModerator):
                await world.act("c1", "set_topics", topics=["Other"])
            await world.act("c1", "show_topic", index=0)

    def test_the_list_and_each_topic_are_limited(self) -> None:
        for wrong in (["x" * 141], ["  "], ["x"] * (MAX_TOPICS + 1)):
            with pytest.raises(ValidationError):
                SetTopics.model_validate_json(SetTopics.model_construct(topics=wrong).model_dump_json())
        assert SetTopics(topics=["  Food "]).topics == ["Food"]
        for seconds in (14, 3_601):
            with pytest.raises(ValidationError):
                StartTurns(order=TurnOrder.ROUND, seconds=seconds)

    @pytest.mark.parametrize(
        ("current", "after", "expected"),
        [
            (1, ["Travel", "Food"], 0),
            (1, ["Food", "Travel by train", "Work"], 1),
            (1, ["Food", "Travel"], 1),
            (1, ["Food"], None),
            (1, [], None),
            (2, ["Work", "Travel", "Work"], 2),
            (None, ["Food"], None),
        ],
    )
    def test_the_topic_that_is_shown_stays_while_it_is_in_the_list(
        self, current: int | None, after: list[str], expected: int | None
    ) -> None:
        assert with_topics(Club(tuple(TOPICS), current), after) == Club(tuple(after), expected)


class TestTurns:
    async def test_in_a_round_everybody_has_one_turn_in_the_order_of_joining_then_it_begins_anew(
        self,
    ) -> None:
        async with World() as world:
            _, seats = await club(world)
            await start(world)
            order = []
            for _ in range(5):
                order.append(await speaker(world, seats))
                await advance(world)
            assert order == ["ann", "ben", "cem", "dao", "ann"]

    async def test_hands_come_in_their_order_and_go_down_when_the_turn_begins(self) -> None:
        async with World() as world:
            _, seats = await club(world)
            for connection in ("c3", "c2"):
                await world.act(connection, "set_hand", raised=True)
                world.now += 1
            await start(world, TurnOrder.HANDS)
            assert await speaker(world, seats) == "cem"
            lowered = [e.hand_lowered for e in world.sink.of("c3", ParticipantUpdated)]
            assert HandLowered.FLOOR in lowered
            await advance(world)
            assert await speaker(world, seats) == "ben"
            await advance(world)
            assert await speaker(world, seats) is None
            await world.act("c4", "set_hand", raised=True)
            await world.pass_time(0.2)
            assert await speaker(world, seats) == "dao", "the first hand has a turn that nobody wanted"

    async def test_the_end_of_the_time_is_shown_and_mutes_nobody_and_ends_nothing(self) -> None:
        async with World() as world:
            _, seats = await club(world)
            await world.act("c1", "set_muted", muted=False)
            await start(world, seconds=30)
            assert (await seen(world)).turns.left_s == 30
            await world.pass_time(20)
            assert (await seen(world)).turns.left_s == 10
            world.media.calls.clear()
            await world.pass_time(100)
            assert (await seen(world)).turns.left_s == -90
            assert await speaker(world, seats) == "ann"
            assert world.media.calls == []
            assert not world.media.muted[seats["ann"]]
            assert len(world.sink.of("c4", ClubUpdated)) == 1

    async def test_its_speaker_may_end_a_turn_and_two_clicks_skip_nobody(self) -> None:
        async with World() as world:
            _, seats = await club(world)
            await start(world)
            for _ in range(2):
                await advance(world)
            assert await speaker(world, seats) == "cem"
            with pytest.raises(NotCohost):
                await advance(world, "c4")
            number = (await seen(world)).turns.number
            for connection in ("c3", "c1", "c2"):
                await world.act(connection, "next_turn", number=number)
            assert await speaker(world, seats) == "dao"

    async def test_somebody_who_leaves_gives_the_turn_up_and_a_lost_connection_keeps_it(self) -> None:
        async with World() as world:
            _, seats = await club(world)
            await start(world)
            await advance(world)
            assert await speaker(world, seats) == "ben"
            await world.lose("c2")
            await world.pass_time(1)
            assert await speaker(world, seats) == "ben"
            await world.pass_time(world.settings.seat_grace_s)
            await world.pass_time(0.2)
            assert await speaker(world, seats) == "cem"
            await world.act("c3", "leave")
            await world.pass_time(0.2)
            assert await speaker(world, seats) == "dao"

    async def test_somebody_who_comes_late_is_in_the_round(self) -> None:
        async with World() as world:
            room, seats = await club(world)
            await start(world)
            seats["eva"] = await world.seat("c5", "eva", room)
            order = []
            for _ in range(5):
                order.append(await speaker(world, seats))
                await advance(world)
            assert order == ["ann", "ben", "cem", "dao", "eva"]

    async def test_they_outlive_a_restart_and_end_with_the_last_person(self) -> None:
        async with World() as world:
            room, seats = await club(world)
            await start(world)
            await advance(world)
            await world.pass_time(10)
            assert world.store.rooms[room].club.turns is not None, "so that another server finds it, too"
            await world.crash()
            await world.join("c4", "dao", room)
            turns = (await seen(world)).turns
            assert (turns.participant_id, turns.left_s) == (seats["ben"], 50)
            await world.act("c4", "leave")
            await world.pass_time(world.settings.seat_grace_s)
            await world.pass_time(0.2)
            assert world.open_rooms.get(room).room.info.club.turns is None

    async def test_they_stop_and_new_ones_are_not_ended_by_a_late_click(self) -> None:
        async with World() as world:
            _, seats = await club(world)
            await start(world)
            number = (await seen(world)).turns.number
            await world.act("c2", "stop_turns")
            assert (await seen(world)).turns is None
            await world.act("c1", "next_turn", number=number)
            await start(world)
            await start(world, seconds=90)
            await world.act("c1", "next_turn", number=number)
            assert (await seen(world)).turns.seconds == 90
            assert await speaker(world, seats) == "ann"


PEOPLE = st.lists(st.sampled_from("abcdef"), unique=True)


@given(
    st.sampled_from(TurnOrder),
    st.lists(st.tuples(PEOPLE, st.randoms(use_true_random=False)), min_size=1, max_size=30),
)
def test_whoever_comes_and_goes_the_speaker_is_here_and_nobody_has_two_turns_of_a_round(
    order: TurnOrder, history: list[tuple[list[str], Any]]
) -> None:
    turns = Turns(order, 60)
    for here, random in history:
        hands = [p for p in here if random.random() < 0.5]
        before = turns
        turns = next_turn(turns, Present(here, here, hands), 0.0)
        assert turns.number == before.number + 1
        candidates = hands if order is TurnOrder.HANDS else here
        assert turns.speaker is None or turns.speaker in candidates
        if order is TurnOrder.ROUND:
            assert (turns.speaker is None) == (not here)
            assert turns.speaker not in turns.had
            if len(here) > 1:
                assert turns.speaker != before.speaker
            # Everybody who is here has a turn before anybody has a second one.
            if turns.had:
                assert set(turns.had) <= set(here)


@given(PEOPLE.filter(lambda people: len(people) > 1))
def test_a_round_with_the_same_people_is_fair(people: list[str]) -> None:
    turns, present, spoke = Turns(TurnOrder.ROUND, 60), Present(people, people, []), []
    for _ in range(3 * len(people)):
        turns = next_turn(turns, present, 0.0)
        spoke.append(turns.speaker)
    assert spoke == people * 3


def test_a_clock_that_was_set_back_makes_no_turn_longer() -> None:
    turns = Turns(TurnOrder.ROUND, 60, 1, "a", started_at=1_000.0)
    assert seconds_left(turns, 1_010.0) == 50
    assert seconds_left(turns, 0.0) == 60


def test_what_is_settled_stays_as_it_is() -> None:
    club_ = Club(turns=Turns(TurnOrder.ROUND, 60, 1, "a"))
    assert settled(club_, Present(["a", "b"], ["a", "b"], []), 5.0) is club_
    assert settled(Club(), Present([], [], []), 5.0) == Club()
    waiting = replace(club_, turns=Turns(TurnOrder.HANDS, 60, 1, None))
    assert settled(waiting, Present(["a", "b"], ["a", "b"], []), 5.0) is waiting
