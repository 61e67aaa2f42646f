"""Stored conversations with the tutor, and who may read them; on both databases."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, select

from server.errors import ConversationNotFound, Unavailable, UserNotFound
from server.knowledge.model import Document, KnowledgeBase, NewPassage
from server.protocol.agents import PassageRef
from server.protocol.entities import RoomType
from server.protocol.tutor import Confidence, FeedbackCategory, FeedbackItem
from server.rooms.model import RoomInfo, TutorSettings, User
from server.storage import (
    AudioFiles,
    Database,
    SqlConversationStore,
    SqlKnowledgeStore,
    SqlProgressStore,
    SqlRoomStore,
    SqlUserStore,
)
from server.storage.audio import object_name
from server.storage.tables import (
    conversations,
    corrections,
    documents,
    message_readers,
    messages,
    progress_topics,
    users,
)
from server.storage.tables import progress as progress_days
from server.storage.upsert import insert_new
from server.tutor.conversations import Conversations
from server.tutor.model import Citation, Conversation, Message, PracticeDay, StoredCorrection
from server.tutor.write_queue import WriteQueue
from tests.contract.storage_urls import database, postgres_socket, url

__all__ = ["database", "postgres_socket", "url"]

TALK = Conversation("k1", "r1", "Cà phê", "en", "A2", "Food", 1_700_000_000.5)
HERS = Message(
    "m1", "k1", "t1", "learner", "ann", "p1", "Ann", "I goed to Huế", 1_700_000_010.25, 2.5,
    confidence=Confidence.MIDDLE,
)  # fmt: skip
ANSWER = Message(
    "m2", "k1", "t1", "tutor", "ann", None, None, "You went to Huế!", 1_700_000_012.0, 1.5, was_cut=True
)
HIS = Message("m3", "k1", "t2", "learner", "bob", "p2", "Bob", "A secret of mine", 1_700_000_020.0, 1.0)
ITEM = FeedbackItem(
    id="c1",
    turn_id="t1",
    original_sentence="I goed",
    corrected_sentence="I went",
    explanation="Past of go.",
    category=FeedbackCategory.VERB_FORM,
)
FIX = StoredCorrection("k1", "ann", "m1", 1_700_000_011.0, ITEM)


ROOM = RoomInfo("r1", "Cà phê", "", "A2", RoomType.AI, "en", 2, (), "ann", 1.0, "invite")


@pytest.fixture
async def store(database: Database) -> SqlConversationStore:
    people = SqlUserStore(database)
    for name in ("ann", "bob", "eve"):
        consents = name == "ann"
        await people.add_user(
            User(name, name.title(), f"/api/avatars/g/{name}.svg", 1.0, keep_audio=consents)
        )
    store = SqlConversationStore(database)
    await store.save_conversation(TALK)
    await store.add_message(HERS, ["ann"])
    await store.add_message(ANSWER, ["ann", "bob"])
    await store.add_message(HIS, ["bob"])
    await store.add_correction(FIX)
    return store


async def test_a_conversation_is_found_by_its_id_with_its_end(database: Database) -> None:
    store = SqlConversationStore(database)
    assert await store.find("k1") is None
    await store.save_conversation(TALK)
    assert await store.find("k1") == TALK
    await store.add_message(ANSWER, [])
    await store.end_conversation("k1", 1_700_000_050.0)
    assert await store.find("k1") == replace(TALK, ended_at=1_700_000_050.0)


async def test_each_person_reads_their_own_messages_and_the_tutors(store: SqlConversationStore) -> None:
    ann = await store.view_for("ann", "k1", 100)
    bob = await store.view_for("bob", "k1", 100)
    assert list(ann.messages) == [HERS, ANSWER]
    assert list(ann.corrections) == [FIX]
    assert list(bob.messages) == [ANSWER, HIS]
    assert list(bob.corrections) == []
    assert (ann.summary.conversation, ann.summary.messages, ann.summary.corrections) == (TALK, 2, 1)


async def test_the_passages_of_an_answer_are_kept_and_go_with_their_document(
    store: SqlConversationStore, database: Database
) -> None:
    """Ann owns the document, so only she reads its words and headings; Bob learns where they are from."""
    knowledge = SqlKnowledgeStore(database)
    await knowledge.add_base(KnowledgeBase("b1", "ann", "School", "en", 1.0), 1)
    document = Document("d1", "b1", "guide.md", "text/markdown", 9, 1.0, 2)
    passages = [NewPassage("Fees", "Forty euros."), NewPassage("Hours", "From nine.")]
    await knowledge.add_document(document, passages, [])
    cited = [PassageRef(document_id=of, number=number) for of, number in (("d1", 1), ("d1", 0), ("gone", 0))]
    for _ in range(2):
        await store.cite("k1", "m2", cited)
    await store.cite("k1", "nothing", cited)
    for conversation_id, message_id in (("k2", "m2"), ("k1", HERS.id)):
        await store.cite(conversation_id, message_id, cited)

    async def shown(user_id: str) -> list[Citation]:
        return list((await store.view_for(user_id, "k1", 100)).citations)

    assert await shown("ann") == [
        Citation("m2", "guide.md", "Hours", "From nine."),
        Citation("m2", "guide.md", "Fees", "Forty euros."),
    ]
    assert await shown("bob") == [Citation("m2", "guide.md", "", None)] * 2
    await knowledge.delete_document("b1", "d1")
    assert await shown("ann") == []


async def test_a_document_that_an_answer_draws_on_cannot_be_deleted_meanwhile(
    store: SqlConversationStore, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a document that were gone, all passages of the answer would be lost."""
    if database.is_sqlite:
        return  # one transaction writes at a time
    knowledge = SqlKnowledgeStore(database)
    await knowledge.add_base(KnowledgeBase("b1", "ann", "School", "en", 1.0), 1)
    for name in ("d1", "d2"):
        document = Document(name, "b1", f"{name}.md", "text/markdown", 9, 1.0, 1)
        await knowledge.add_document(document, [NewPassage("Fees", f"Forty euros, says {name}.")], [])

    async def after_a_deletion(*arguments: Any) -> bool:
        with suppress(Unavailable):  # the row is locked
            async with database.write() as connection:
                row = select(documents.c.id).where(documents.c.id == "d1").with_for_update(nowait=True)
                await connection.execute(row)
                await connection.execute(delete(documents).where(documents.c.id == "d1"))
        return await insert_new(*arguments)

    monkeypatch.setattr("server.storage.citations.insert_new", after_a_deletion)
    await store.cite("k1", "m2", [PassageRef(document_id=name, number=0) for name in ("d1", "d2")])
    assert [one.document for one in (await store.view_for("ann", "k1", 9)).citations] == ["d1.md", "d2.md"]


async def test_a_person_who_may_read_no_message_finds_no_conversation(store: SqlConversationStore) -> None:
    for attempt in (store.view_for("eve", "k1", 100), store.delete_for("eve", "k1")):
        with pytest.raises(ConversationNotFound):
            await attempt
    assert await store.list_for("eve", 10, None) == []


async def test_only_a_talk_alone_with_the_tutor_goes_on_elsewhere(
    store: SqlConversationStore, database: Database
) -> None:
    async def may(user_id: str, conversation_id: str) -> bool:
        try:
            return (await store.own_talk(user_id, conversation_id)).id == conversation_id
        except ConversationNotFound:
            return False

    assert not await may("ann", "k1"), "Bob reads a part of it, and Ann may not read his"
    alone, unread = replace(TALK, id="k2"), replace(TALK, id="k3")
    for talk in (alone, unread, replace(TALK, id="k4")):
        await store.save_conversation(talk)
    await store.add_message(replace(HERS, id="m4", conversation_id="k2"), ["ann"])
    await store.add_message(replace(HERS, id="m5", conversation_id="k3"), ["ann"])
    await store.add_message(replace(HIS, id="m6", conversation_id="k3"), [])
    assert await may("ann", "k2"), "its room is not stored any more"
    assert not await may("bob", "k2")
    assert not await may("ann", "k3"), "a message that nobody may read is in it"
    assert not await may("ann", "k4"), "nothing was said in it"
    assert not await may("ann", "k5")
    rooms = SqlRoomStore(database)
    await rooms.save_room(ROOM)
    assert await may("ann", "k2"), "a room to practise"
    await rooms.save_room(replace(ROOM, type=RoomType.PUBLIC))
    assert not await may("ann", "k2"), "others may come into the room"


async def test_the_history_has_all_messages_or_the_newest_of_a_long_conversation(
    store: SqlConversationStore,
) -> None:
    assert list(await store.history("k1", 100)) == [HERS, ANSWER, HIS]
    assert list(await store.history("k1", 2)) == [ANSWER, HIS]
    assert list((await store.view_for("ann", "k1", 1)).messages) == [ANSWER]


async def test_mended_words_replace_those_heard_and_their_corrections(store: SqlConversationStore) -> None:
    kept = replace(FIX, item=ITEM.model_copy(update={"id": "c2", "original_sentence": "to Huế"}))
    await store.add_correction(kept)
    mended = replace(HERS, text="I went to Huế", confidence=None)
    await store.amend_message(replace(mended, at=1_700_000_099.0, speech_s=9.0))
    ann = await store.view_for("ann", "k1", 100)
    assert list(ann.messages) == [mended, ANSWER]
    assert list(ann.corrections) == [kept]


async def test_only_a_learners_own_stored_message_is_mended(store: SqlConversationStore) -> None:
    for other in (
        replace(HERS, user_id="bob", text="Not hers"),
        replace(HERS, id="m9", text="Unknown"),
        replace(HERS, conversation_id="k9", text="Elsewhere"),
        replace(ANSWER, text="I never said that"),
    ):
        await store.amend_message(other)
    ann = await store.view_for("ann", "k1", 100)
    assert list(ann.messages) == [HERS, ANSWER]
    assert list(ann.corrections) == [FIX]


async def test_a_message_sent_twice_is_stored_once(store: SqlConversationStore) -> None:
    assert await store.add_message(replace(HERS, text="Something else"), ["ann", "bob"]) is False
    assert await store.add_correction(replace(FIX, user_id="bob")) is False
    assert list((await store.view_for("bob", "k1", 100)).messages) == [ANSWER, HIS]
    assert (await store.find_message("m1")) == HERS


async def test_a_message_of_an_unknown_conversation_is_refused(store: SqlConversationStore) -> None:
    with pytest.raises(ConversationNotFound):
        await store.add_message(replace(HERS, id="m9", conversation_id="never"), ["ann"])
    with pytest.raises(ConversationNotFound):
        await store.add_correction(
            replace(FIX, conversation_id="never", item=FIX.item.model_copy(update={"id": "c9"}))
        )


async def test_deleting_removes_ones_own_messages_and_keeps_those_of_other_readers(
    store: SqlConversationStore,
) -> None:
    assert list(await store.delete_for("ann", "k1")) == ["m1"]
    assert await store.list_for("ann", 10, None) == []
    assert list((await store.view_for("bob", "k1", 100)).messages) == [ANSWER, HIS]
    await store.end_conversation("k1", 1_700_000_100.0)
    assert sorted(await store.delete_for("bob", "k1")) == ["m2", "m3"]
    assert await store.history("k1", 100) == []


async def test_deleting_a_guest_deletes_their_messages(
    store: SqlConversationStore, database: Database
) -> None:
    async with database.write() as connection:
        await connection.execute(delete(users).where(users.c.id == "ann"))
    assert list(await store.delete_unreadable()) == ["m1"]
    assert list((await store.view_for("bob", "k1", 100)).messages) == [ANSWER, HIS]
    assert await store.delete_unreadable() == []


async def test_a_conversation_is_deleted_with_its_last_reader(
    store: SqlConversationStore, database: Database, tmp_path: Path
) -> None:
    people, progress = SqlUserStore(database), SqlProgressStore(database)
    audio, writes = AudioFiles(tmp_path), WriteQueue()
    writes.start()
    archive = Conversations(store, progress, audio, people, writes, lambda: ANSWER.at)
    await archive.save_audio("m2", b"OggS")
    await progress.add_progress("ann", PracticeDay("2026-11-21", 4.0, 2.5, 1, 1, ("Food",)))
    await store.end_conversation("k1", ANSWER.at)
    assert await people.delete_unseen(["ann", "bob", "eve"], 2.0) == 3
    await archive.sweep(0.0)
    async with database.read() as connection:
        for table in (conversations, messages, message_readers, corrections, progress_days, progress_topics):
            assert (await connection.execute(select(table))).all() == []
    assert await audio.find("m2") is None
    await writes.aclose()


async def test_a_correction_of_a_conversation_deleted_by_its_learner_is_deleted_after_its_end(
    store: SqlConversationStore, database: Database
) -> None:
    await store.delete_for("ann", "k1")
    await store.add_correction(replace(FIX, item=FIX.item.model_copy(update={"id": "late"})))
    his = replace(FIX, user_id="bob", item=FIX.item.model_copy(update={"id": "his"}))
    await store.add_correction(his)
    await store.end_conversation("k1", ANSWER.at)
    await store.delete_unreadable()
    async with database.read() as connection:
        assert (await connection.execute(select(corrections.c.id))).scalars().all() == ["his"]


async def test_a_continued_conversation_keeps_its_first_start_time(store: SqlConversationStore) -> None:
    await store.save_conversation(replace(TALK, topic="Travel", level="B1", started_at=1_800_000_000.0))
    found = (await store.view_for("ann", "k1", 10)).summary.conversation
    assert found == replace(TALK, topic="Travel", level="B1")
    await store.end_conversation("k1", 1_700_000_500.0)
    ended = (await store.view_for("ann", "k1", 10)).summary.conversation
    assert ended.ended_at == 1_700_000_500.0


async def test_a_conversation_left_by_a_crash_ends_at_its_last_message_unless_a_room_has_it(
    store: SqlConversationStore, database: Database
) -> None:
    rooms = SqlRoomStore(database)
    await rooms.save_room(replace(ROOM, tutor=TutorSettings("k1", "en", "A2", "Food")))
    await rooms.save_room(replace(ROOM, id="no tutor"))
    await store.save_conversation(replace(TALK, id="mute"))
    await store.save_conversation(replace(TALK, id="here"))
    await store.end_orphaned(["here"])
    async with database.read() as connection:
        columns = conversations.c
        rows = (await connection.execute(select(columns.id, columns.ended_at).order_by(columns.id))).all()
    assert [tuple(row) for row in rows] == [("here", None), ("k1", None), ("mute", TALK.started_at)]
    await rooms.delete_room("r1")
    await store.end_orphaned([])
    found = (await store.view_for("ann", "k1", 10)).summary.conversation
    assert found.ended_at == HIS.at


async def test_a_conversation_without_messages_is_deleted_when_it_ends(store: SqlConversationStore) -> None:
    await store.save_conversation(replace(TALK, id="k2"))
    await store.end_conversation("k2", 5.0)
    with pytest.raises(ConversationNotFound):
        await store.add_message(replace(HERS, id="m7", conversation_id="k2"), ["ann"])


async def test_pages_of_conversations_omit_none(store: SqlConversationStore) -> None:
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


async def test_only_readers_of_a_message_get_its_audio(store: SqlConversationStore) -> None:
    assert await store.can_play("ann", "k1", "m1") is False  # there is none yet
    await store.mark_audio("m1")
    await store.mark_audio("m2")
    assert await store.can_play("ann", "k1", "m1") is True
    assert await store.can_play("bob", "k1", "m2") is True
    assert await store.can_play("bob", "k1", "m1") is False
    assert await store.can_play("ann", "other", "m1") is False
    assert list(await store.with_audio(["m1", "m3", "never"])) == ["m1"]
    assert await store.mark_audio("never") is False


async def test_expired_audio_is_deleted(store: SqlConversationStore) -> None:
    for message_id in ("m1", "m2"):
        await store.mark_audio(message_id)
    assert list(await store.unmark_audio_before(HERS.at)) == []
    assert list(await store.unmark_audio_before(ANSWER.at)) == ["m1"]
    shown = (await store.view_for("ann", "k1", 10)).messages
    assert [m.has_audio for m in shown] == [False, True]


async def test_a_learners_audio_is_marked_only_with_their_consent(store: SqlConversationStore) -> None:
    assert await store.mark_audio("m1") is True
    assert await store.mark_audio("m2") is True
    assert await store.mark_audio("m3") is False, "bob does not consent"


async def test_withdrawn_consent_unmarks_only_the_audio_of_ones_own_voice(
    store: SqlConversationStore, database: Database
) -> None:
    for message_id in ("m1", "m2"):
        await store.mark_audio(message_id)
    assert await store.unmark_audio_of("bob") == []
    assert await store.unmark_audio_without_consent() == []
    people = SqlUserStore(database)
    ann = await people.get_user("ann")
    assert ann is not None
    await people.update_user(replace(ann, keep_audio=False))
    assert list(await store.unmark_audio_of("ann")) == ["m1"]
    assert await store.unmark_audio_without_consent() == []
    assert list(await store.with_audio(["m1", "m2"])) == ["m2"]


async def test_the_sweep_finds_audio_that_is_marked_without_consent(
    store: SqlConversationStore, database: Database
) -> None:
    for message_id in ("m1", "m2"):
        await store.mark_audio(message_id)
    people = SqlUserStore(database)
    ann = await people.get_user("ann")
    assert ann is not None
    await people.update_user(replace(ann, keep_audio=False))
    assert list(await store.unmark_audio_without_consent()) == ["m1"]
    assert list(await store.with_audio(["m1", "m2"])) == ["m2"]


async def test_progress_adds_up_by_day(store: SqlConversationStore, database: Database) -> None:
    progress = SqlProgressStore(database)
    await progress.add_progress("ann", PracticeDay("2026-11-20", 4.0, 2.5, 1, 0, ("Food",)))
    await progress.add_progress("ann", PracticeDay("2026-11-21", 3.0, 3.0, 1, 2, ("Travel",)))
    await progress.add_progress("ann", PracticeDay("2026-11-21", 1.0, 0.0, 0, 0, ("Food", "Travel")))
    await progress.add_progress("bob", PracticeDay("2026-11-21", 9.0, 9.0, 9, 9))
    today = PracticeDay("2026-11-21", 4.0, 3.0, 1, 2, ("Food", "Travel"))
    assert list(await progress.progress("ann", "2026-11-21")) == [today]
    assert [d.day for d in await progress.progress("ann", "2026-01-01")] == ["2026-11-20", "2026-11-21"]
    with pytest.raises(UserNotFound):
        await progress.add_progress("nobody", today)


async def test_audio_of_a_message_deleted_during_the_write_is_not_kept(
    store: SqlConversationStore, database: Database, tmp_path: Path
) -> None:
    class Slow(AudioFiles):
        async def save(self, message_id: str, audio: bytes) -> None:
            await super().save(message_id, audio)
            await store.delete_for("ann", "k1")
            await store.delete_for("bob", "k1")

    files, writes = Slow(tmp_path), WriteQueue()
    writes.start()
    archive = Conversations(
        store, SqlProgressStore(database), files, SqlUserStore(database), writes, lambda: ANSWER.at
    )
    with pytest.raises(ConversationNotFound):
        await archive.save_audio("m2", b"OggS")
    assert await files.find("m2") is None
    await writes.aclose()


async def test_the_recordings_of_another_database_are_left_alone(
    store: SqlConversationStore, database: Database, tmp_path: Path
) -> None:
    files, writes = AudioFiles(tmp_path, "this"), WriteQueue()
    archive = Conversations(
        store, SqlProgressStore(database), files, SqlUserStore(database), writes, lambda: ANSWER.at
    )
    for message_id in ("theirs", "also-theirs"):
        await AudioFiles(tmp_path, "other").save(message_id, b"OggS")
        os.utime(tmp_path / object_name(message_id), (1.0, 1.0))
    await archive.sweep(0.0)  # of a folder that no database has claimed
    assert await files.find("theirs")
    assert await AudioFiles(tmp_path, "other").claim(is_known=True)
    await files.save("m2", b"OggS")
    os.utime(tmp_path / object_name("m2"), (1.0, 1.0))
    await store.mark_audio("m2")
    await archive.sweep(0.0)  # of one that another has
    assert await files.find("theirs")


async def test_files_without_a_message_are_removed_after_a_grace_period(
    store: SqlConversationStore, database: Database, tmp_path: Path
) -> None:
    folder = tmp_path / "audio"
    files, writes = AudioFiles(folder), WriteQueue()
    for message_id in ("m2", "m3", "gone", "fresh"):
        await files.save(message_id, b"OggS")
    await store.mark_audio("m2")
    half = folder / "m2" / ".0123"
    half.write_bytes(b"Ogg")
    for path in (half, *(folder / object_name(i) for i in ("m2", "m3", "gone"))):
        os.utime(path, (1.0, 1.0))
    archive = Conversations(
        store, SqlProgressStore(database), files, SqlUserStore(database), writes, lambda: ANSWER.at
    )
    await archive.sweep(0.0)
    assert {i for i in ("m2", "m3", "gone", "fresh") if await files.find(i)} == {"m2", "fresh"}
    assert not half.exists()
