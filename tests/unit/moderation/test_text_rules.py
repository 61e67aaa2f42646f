"""Names, topics and tags of others are masked or refused, by the setting."""

from __future__ import annotations

import pytest

from server.errors import InvalidRequest
from server.moderation.text_rules import BadWordMode, TextRules
from server.protocol.entities import RoomType
from server.protocol.tutor import InviteTutor
from tests.fakes.rooms_world import World


def test_a_text_is_masked_refused_or_left() -> None:
    assert TextRules("off").clean("shit", "name") == "shit"
    assert TextRules("mask").clean("no shit", "name") == "no ****"
    assert TextRules("refuse").clean("class", "name") == "class"
    with pytest.raises(InvalidRequest) as refused:
        TextRules("refuse").clean("no shit", "topic")
    (wrong,) = refused.value.extra["errors"]
    assert (wrong["path"], wrong["code"]) == ("topic", "bad_words")


def _world(mode: BadWordMode) -> World:
    return World(clean_text=TextRules(mode).clean)


async def test_rooms_with_others_have_clean_names_topics_and_tags() -> None:
    async with _world("mask") as world:
        room = await world.create("ann", name="Shit talk", topic="fuck", tags=["bitch", "food"])
        assert (room.name, room.topic, room.tags) == ("**** talk", "****", ["*****", "food"])
        alone = await world.create("ann", name="Shit talk", type=RoomType.AI)
        assert alone.name == "Shit talk"


async def test_a_room_is_refused_with_the_path_of_each_kind_of_text() -> None:
    async with _world("refuse") as world:
        for draft, path in (
            ({"name": "Shit"}, "name"),
            ({"topic": "shit"}, "topic"),
            ({"tags": ["a", "shit"]}, "tags.1"),
        ):
            with pytest.raises(InvalidRequest) as refused:
                await world.create("ann", **draft)
            assert [wrong["path"] for wrong in refused.value.extra["errors"]] == [path]


async def test_the_topic_that_a_host_sets_for_the_tutor_is_cleaned() -> None:
    async with _world("mask") as world:
        room = await world.room("ann")
        await world.seat("c1", "ann", room)
        await world.rooms.tutor.invite("ann", room, InviteTutor())
        await world.act("c1", "set_topic", topic="What the fuck")
        tutor = world.view(room).tutor
        assert tutor is not None
        assert tutor.topic == "What the ****"
