"""What is kept of talks with the tutor, and that each reads their own alone; on both databases."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import delete

from server.errors import ConversationNotFound, UserNotFound
from server.rooms.model import User
from server.rooms.tutor_model import Correction
from server.storage import AudioFiles, Database, SqlConversationStore, SqlProgressStore, SqlUserStore
from server.storage.tables import users
from server.tutor.model import Conversation, Day, KeptCorrection, Message
from tests.contract.storage_urls import database, postgres_socket, url

__all__ = ["database", "postgres_socket", "url"]

TALK = Conversation("k1", "r1", "Cà phê", "en", "A2", "Food", 1_700_000_000.5)
HERS = Message("m1", "k1", "t1", "learner", "ann", "p1", "Ann", "I goed to Huế", 1_700_000_010.25, 2.5)
ANSWER = Message("m2", "k1", "t1", "tutor", "ann", None, None, "You went to Huế!", 1_700_000_012.0, 1.5)
HIS = Message("m3", "k1", "t2", "learner", "bob", "p2", "Bob", "A secret of mine", 1_700_000_020.0, 1.0)
FIX = KeptCorrection(
    "k1", "ann", "m1", 1_700_000_011.0, Correction("c1", "t1", "I goed", "I went", "Past of go.", "verb_form")
)


@pytest.fixture
async def store(database: Database) -> SqlConversationStore:
    people = SqlUserStore(database)
    for name in ("ann", "bob", "eve"):
        await people.add_user(User(name, name.title(), f"/api/avatars/g/{name}.svg", 1.0))
    store = SqlConversationStore(database)
    await store.save_conversation(TALK)
    await store.add_message(HERS, ["ann"])
    await store.add_message(ANSWER, ["ann", "bob"])
    await store.add_message(HIS, ["bob"])
    await store.add_correction(FIX)
    return store


async def test_each_reads_their_own_words_and_the_tutors(store: SqlConversationStore) -> None:
    ann = await store.transcript_for("ann", "k1", 100)
    bob = await store.transcript_for("bob", "k1", 100)
    assert list(ann.messages) == [HERS, ANSWER]
    assert list(ann.corrections) == [FIX]
    assert list(bob.messages) == [ANSWER, HIS]
    assert list(bob.corrections) == []
    assert (ann.summary.conversation, ann.summary.messages, ann.summary.corrections) == (TALK, 2, 1)


async def test_who_may_read_nothing_finds_no_conversation(store: SqlConversationStore) -> None:
    for attempt in (store.transcript_for("eve", "k1", 100), store.delete_for("eve", "k1")):
        with pytest.raises(ConversationNotFound):
            await attempt
    assert await store.list_for("eve", 10, None) == []


async def test_the_tutor_remembers_all_of_it_and_the_newest_of_a_long_talk(
    store: SqlConversationStore,
) -> None:
    assert list(await store.history("k1", 100)) == [HERS, ANSWER, HIS]
    assert list(await store.history("k1", 2)) == [ANSWER, HIS]
    assert list((await store.transcript_for("ann", "k1", 1)).messages) == [ANSWER]


async def test_what_is_sent_twice_is_kept_once(store: SqlConversationStore) -> None:
    assert await store.add_message(replace(HERS, text="Something else"), ["ann", "bob"]) is False
    assert await store.add_correction(replace(FIX, user_id="bob")) is False
    assert list((await store.transcript_for("bob", "k1", 100)).messages) == [ANSWER, HIS]
    assert (await store.find_message("m1")) == HERS


async def test_a_message_of_no_conversation_is_refused(store: SqlConversationStore) -> None:
    with pytest.raises(ConversationNotFound):
        await store.add_message(replace(HERS, id="m9", conversation_id="never"), ["ann"])
    with pytest.raises(ConversationNotFound):
        await store.add_correction(
            replace(FIX, conversation_id="never", correction=replace(FIX.correction, id="c9"))
        )


async def test_deleting_takes_ones_own_and_leaves_what_others_read(store: SqlConversationStore) -> None:
    assert list(await store.delete_for("ann", "k1")) == ["m1"]
    assert await store.list_for("ann", 10, None) == []
    assert list((await store.transcript_for("bob", "k1", 100)).messages) == [ANSWER, HIS]
    await store.end_conversation("k1", 1_700_000_100.0)
    assert sorted(await store.delete_for("bob", "k1")) == ["m2", "m3"]
    assert await store.history("k1", 100) == []


async def test_a_guest_who_is_forgotten_takes_their_words_along(
    store: SqlConversationStore, database: Database
) -> None:
    async with database.write() as connection:
        await connection.execute(delete(users).where(users.c.id == "ann"))
    assert list(await store.delete_unread()) == ["m1"]
    assert list((await store.transcript_for("bob", "k1", 100)).messages) == [ANSWER, HIS]
    assert await store.delete_unread() == []


async def test_a_talk_goes_on_under_its_first_beginning(store: SqlConversationStore) -> None:
    await store.save_conversation(replace(TALK, topic="Travel", level="B1", started_at=1_800_000_000.0))
    found = (await store.transcript_for("ann", "k1", 10)).summary.conversation
    assert found == replace(TALK, topic="Travel", level="B1")
    await store.end_conversation("k1", 1_700_000_500.0)
    ended = (await store.transcript_for("ann", "k1", 10)).summary.conversation
    assert ended.ended_at == 1_700_000_500.0


async def test_a_talk_without_a_word_is_forgotten_when_it_ends(store: SqlConversationStore) -> None:
    await store.save_conversation(replace(TALK, id="k2"))
    await store.end_conversation("k2", 5.0)
    with pytest.raises(ConversationNotFound):
        await store.add_message(replace(HERS, id="m7", conversation_id="k2"), ["ann"])


async def test_pages_of_conversations_leave_none_out(store: SqlConversationStore) -> None:
    for number in range(5):
        talk = replace(TALK, id=f"x{number}", started_at=1_700_000_000.0 + number // 2)
        await store.save_conversation(talk)
        await store.add_message(replace(HERS, id=f"y{number}", conversation_id=talk.id), ["ann"])
    seen: list[str] = []
    before: tuple[float, str] | None = None
    while page := await store.list_for("ann", 2, before):
        seen += [s.conversation.id for s in page]
        last = page[-1].conversation
        before = (last.started_at, last.id)
    assert seen == ["x4", "x3", "x2", "k1", "x1", "x0"]


async def test_audio_is_for_the_readers_of_its_message(store: SqlConversationStore) -> None:
    assert await store.may_hear("ann", "k1", "m1") is False  # there is none yet
    await store.note_audio("m1")
    await store.note_audio("m2")
    assert await store.may_hear("ann", "k1", "m1") is True
    assert await store.may_hear("bob", "k1", "m2") is True
    assert await store.may_hear("bob", "k1", "m1") is False
    assert await store.may_hear("ann", "other", "m1") is False


async def test_audio_that_is_old_is_forgotten(store: SqlConversationStore) -> None:
    for message_id in ("m1", "m2"):
        await store.note_audio(message_id)
    assert list(await store.forget_audio(HERS.at)) == []
    assert list(await store.forget_audio(ANSWER.at)) == ["m1"]
    shown = (await store.transcript_for("ann", "k1", 10)).messages
    assert [m.has_audio for m in shown] == [False, True]


async def test_progress_adds_up_by_day(store: SqlConversationStore, database: Database) -> None:
    progress = SqlProgressStore(database)
    await progress.add_progress("ann", Day("2026-11-20", 4.0, 2.5, 1, 0, ("Food",)))
    await progress.add_progress("ann", Day("2026-11-21", 3.0, 3.0, 1, 2, ("Travel",)))
    await progress.add_progress("ann", Day("2026-11-21", 1.0, 0.0, 0, 0, ("Food", "Travel")))
    await progress.add_progress("bob", Day("2026-11-21", 9.0, 9.0, 9, 9))
    today = Day("2026-11-21", 4.0, 3.0, 1, 2, ("Food", "Travel"))
    assert list(await progress.progress("ann", "2026-11-21")) == [today]
    assert [d.day for d in await progress.progress("ann", "2026-01-01")] == ["2026-11-20", "2026-11-21"]
    with pytest.raises(UserNotFound):
        await progress.add_progress("nobody", today)


async def test_audio_files_come_and_go(tmp_path: Path) -> None:
    files = AudioFiles(tmp_path / "audio")
    assert files.find("m1") is None
    await files.save("m1", b"OggS1")
    await files.save("m1", b"OggS2")
    found = files.find("m1")
    assert found is not None
    assert found.read_bytes() == b"OggS2"
    await files.remove(["m1", "never"])
    assert files.find("m1") is None
    for name in ("../secret", "", "a/b", "x" * 65):
        with pytest.raises(ValueError, match="id"):
            files.find(name)
