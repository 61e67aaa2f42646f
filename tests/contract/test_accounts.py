"""Ways to sign in, the merger of a guest, the end of a user and the copy of their data, on both databases."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Table, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from server.accounts.export import README
from server.accounts.model import Identity, OneTime, Passkey, Purpose
from server.errors import (
    LastSignIn,
    NotAGuest,
    NotFound,
    SignInTaken,
    TooManySignIns,
    Unavailable,
    UserNotFound,
)
from server.notices.model import ReachChange
from server.notices.quiet import QuietHours
from server.people.model import Meeting
from server.rooms.model import User
from server.storage import (
    Database,
    SqlAccountStore,
    SqlBlockStore,
    SqlExport,
    SqlFollowStore,
    SqlMeetingStore,
    SqlNoticeStore,
    SqlOneTimeStore,
    SqlPeopleStore,
    SqlPushStore,
    SqlUserStore,
    account_end,
    account_merge,
    tables,
)
from tests.contract.storage_urls import database, postgres_socket, url
from tests.fakes.one_user import AT, fill, session_of

__all__ = ["database", "postgres_socket", "url"]


def a_passkey(user_id: str, name: str = "p1") -> Passkey:
    return Passkey(name, user_id, f"credential-{name}", b"key", 0, "Laptop", AT)


def an_identity(user_id: str, name: str = "i1") -> Identity:
    return Identity(name, user_id, "email", f"{name}@example.org", f"{name}@example.org", AT)


async def rows(database: Database, table: Table) -> list[dict[str, Any]]:
    async with database.read() as connection:
        return [dict(row) for row in (await connection.execute(select(table))).mappings()]


async def everything(database: Database) -> str:
    return "\n".join(
        [f"{t.name}: {row}" for t in tables.metadata.sorted_tables for row in await rows(database, t)]
    )


async def test_a_way_to_sign_in_is_stored_once_and_the_last_one_stays(database: Database) -> None:
    store = SqlAccountStore(database)
    await fill(database, "ann")
    await fill(database, "ben")
    assert await store.is_guest("ann")
    await store.add_passkey(a_passkey("ann"), 2)
    await store.add_identity(an_identity("ann"), 2)
    await store.add_identity(an_identity("ann", "i1"), 2)
    assert not await store.is_guest("ann")
    assert await store.find_passkey("credential-p1") == a_passkey("ann")
    assert await store.find_identity("email", "i1@example.org") == an_identity("ann")
    with pytest.raises(SignInTaken):
        await store.add_identity(an_identity("ben"), 2)
    with pytest.raises(SignInTaken):
        await store.add_passkey(Passkey("p2", "ben", "credential-p1", b"key", 0, "", AT), 2)
    with pytest.raises(TooManySignIns):
        await store.add_passkey(a_passkey("ann", "p3"), 2)
    with pytest.raises(UserNotFound):
        await store.add_passkey(a_passkey("nobody", "p4"), 2)
    with pytest.raises(NotFound):
        await store.remove_sign_in("ben", "p1")
    await store.remove_sign_in("ann", "p1")
    with pytest.raises(LastSignIn):
        await store.remove_sign_in("ann", "i1")
    assert len(await store.identities_of("ann")) == 1


async def test_of_two_uses_of_one_sign_count_one_succeeds(database: Database) -> None:
    store = SqlAccountStore(database)
    await fill(database, "ann")
    await store.add_passkey(a_passkey("ann"), 9)
    assert await store.passkey_used(a_passkey("ann"), 5, AT + 1)
    assert not await store.passkey_used(a_passkey("ann"), 5, AT + 2)


async def test_a_secret_is_taken_once_and_a_new_one_makes_the_earlier_void(database: Database) -> None:
    store = SqlOneTimeStore(database)
    await fill(database, "ann")
    first = OneTime("d1", Purpose.DEVICE, "ann", {"any": "a"}, AT + 10)
    await store.put(first)
    assert await store.find(Purpose.DEVICE, "d1", AT) == first
    assert await store.take(Purpose.MAIL, "d1", AT) is None
    await store.put(OneTime("d2", Purpose.DEVICE, "ann", {}, AT + 10))
    await store.put(OneTime("d3", Purpose.EXPORT, "ann", {}, AT + 10))
    await store.put(OneTime("d4", Purpose.DEVICE, None, {}, AT + 10))
    assert await store.take(Purpose.DEVICE, "d1", AT) is None
    assert await store.find(Purpose.DEVICE, "d2", AT + 10) is None
    assert [bool(await store.take(Purpose.DEVICE, "d2", AT)) for _ in range(2)] == [True, False]
    for digest in ("link", "later link"):
        await store.put(OneTime(digest, Purpose.MAIL, "ann", {}, AT + 10))
    assert await store.take(Purpose.MAIL, "link", AT) is not None
    await store.delete_expired(AT + 10)
    assert await rows(database, tables.one_time) == []
    with pytest.raises(UserNotFound):
        await store.put(OneTime("d5", Purpose.MAIL, "nobody", {}, AT))


async def test_recovery_codes_replace_each_other_and_work_once(database: Database) -> None:
    store = SqlAccountStore(database)
    await fill(database, "ann")
    await store.replace_recovery_codes("ann", ["c1", "c2"])
    assert await store.count_recovery_codes("ann") == 2
    assert [await store.use_recovery_code(code) for code in ("c1", "c1", "ann-code")] == ["ann", None, None]


async def test_retention_deletes_guests_alone(database: Database) -> None:
    people, store = SqlUserStore(database), SqlAccountStore(database)
    for name in ("ann", "ben", "guest"):
        await fill(database, name)
    await store.add_passkey(a_passkey("ann"), 9)
    await store.add_identity(an_identity("ben"), 9)
    assert list(await people.unseen(AT + 1, 9)) == ["guest"]
    assert await people.delete_unseen(["ann", "ben", "guest"], AT + 1) == 1


async def test_a_merger_moves_everything_and_leaves_nothing_of_the_guest(database: Database) -> None:
    store = SqlAccountStore(database)
    await fill(database, "ann", reviews=2)
    await fill(database, "guest", reviews=7)
    await fill(database, "other", "guest-talk", key="another")
    await store.merge(session_of("guest"), session_of("ann"))
    left = await everything(database)
    assert "'guest'" not in left.replace("'goals': ['guest']", "")
    assert {row["user_id"] for row in await rows(database, tables.messages)} == {"ann", "other"}
    assert {row["owner_id"] for row in await rows(database, tables.knowledge_bases)} == {"ann", "other"}
    readers = await rows(database, tables.message_readers)
    assert {(r["message_id"], r["user_id"]) for r in readers} == {
        ("ann-m1", "ann"),
        ("guest-m1", "ann"),
        ("other-m1", "other"),
    }
    (day,) = [row for row in await rows(database, tables.progress) if row["user_id"] == "ann"]
    assert (day["practice_s"], day["turns"]) == (120.0, 6)
    # One card is left of two, with what was learnt more, and the sentences of both.
    for table in (tables.mistakes, tables.words):
        (card,) = [row for row in await rows(database, table) if row["user_id"] == "ann"]
        assert (card["reviews"], card["due_at"]) == (7, AT + 7)
    sentences = await rows(database, tables.mistake_sentences)
    assert [s["mistake_id"] for s in sentences if s["correction_id"] == "guest-c1"] == ["ann-x1"]
    (settings,) = [r for r in await rows(database, tables.learner_settings) if r["user_id"] == "ann"]
    assert settings["goals"] == ["ann"]


async def test_rules_that_the_guest_accepted_are_accepted_by_the_account(database: Database) -> None:
    await fill(database, "ann")
    await fill(database, "guest")
    people = SqlUserStore(database)
    guest = await people.get_user("guest")
    assert guest is not None
    await people.update_user(replace(guest, rules_accepted_at=AT))
    await SqlAccountStore(database).merge(session_of("guest"), session_of("ann"))
    ann = await people.get_user("ann")
    assert ann is not None
    assert ann.rules_accepted_at == AT


async def test_the_device_and_quiet_hours_of_a_guest_go_on_for_the_account(database: Database) -> None:
    await fill(database, "ann")
    await fill(database, "guest")
    push, notices = SqlPushStore(database), SqlNoticeStore(database)
    await push.unsubscribe("ann-session")
    night = QuietHours(1_320, 420)
    await notices.set_reach("guest", ReachChange(topics=["summary"], quiet=night, sets_quiet=True))
    await notices.set_reach("ann", ReachChange(language="vi"))
    assert await SqlAccountStore(database).merge(session_of("guest"), session_of("ann")) == ["guest-session"]
    (device,) = await rows(database, tables.metadata.tables["push_subscriptions"])
    assert (device["id"], device["session_digest"]) == ("guest-device", "ann-session")
    assert device["user_id"] == "ann"
    (waiting,) = await push.take_due(AT, 9)
    assert (waiting.notice.user_id, waiting.language) == ("ann", "vi")
    chosen = await notices.settings_of("ann")
    assert (chosen.topics, chosen.quiet) == (("summary",), night)


async def test_what_the_account_has_chosen_holds_after_a_merger(database: Database) -> None:
    await fill(database, "ann")
    await fill(database, "guest")
    notices = SqlNoticeStore(database)
    for user_id, quiet in (("ann", QuietHours(0, 60)), ("guest", QuietHours(60, 120))):
        await notices.set_reach(user_id, ReachChange(quiet=quiet, sets_quiet=True))
    await SqlAccountStore(database).merge(session_of("guest"), session_of("ann"))
    assert (await notices.settings_of("ann")).quiet == QuietHours(0, 60)
    devices = await rows(database, tables.metadata.tables["push_subscriptions"])
    assert [device["id"] for device in devices] == ["ann-device"]


async def test_a_merger_or_an_end_that_fails_changes_nothing(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fails(_connection: AsyncConnection, *_user_ids: object) -> None:
        raise Unavailable

    await fill(database, "ann")
    await fill(database, "guest")
    before = await everything(database)
    monkeypatch.setattr(account_merge, "move_in_moderation", fails)
    monkeypatch.setattr(account_end, "delete_without_sentences", fails)
    store = SqlAccountStore(database)
    with pytest.raises(Unavailable):
        await store.merge(session_of("guest"), session_of("ann"))
    with pytest.raises(Unavailable):
        await store.delete_user("guest", AT)
    assert await everything(database) == before


async def test_who_was_blocked_as_a_guest_stays_blocked(database: Database) -> None:
    for name in ("ann", "ben", "guest"):
        await fill(database, name)
    blocks = SqlBlockStore(database)
    for blocker, blocked in (("ben", "guest"), ("guest", "ben"), ("ann", "guest"), ("guest", "ann")):
        await blocks.block(blocker, blocked, AT, 9)
    await SqlAccountStore(database).merge(session_of("guest"), session_of("ann"))
    pairs = {(r["user_id"], r["blocked_id"]) for r in await rows(database, tables.blocks)}
    both = {("ann", "zoe"), ("ben", "zoe"), ("ann", "ben")}
    assert pairs == both | {(other, one) for one, other in both}


async def test_notes_on_one_person_are_united_and_the_later_meeting_counts(database: Database) -> None:
    for name in ("ann", "guest", "ben"):
        await SqlUserStore(database).add_user(User(name, name.title(), "/a.svg", AT))
    people, met = SqlPeopleStore(database), SqlMeetingStore(database)
    for user_id, at, room in (("ann", AT, "Tea"), ("guest", AT + 9, "Coffee")):
        await people.set_note(user_id, "ben", f"Note in {room}", at, 9)
        await met.record([Meeting(user_id, "ben", at, room)], 9)
    await SqlAccountStore(database).merge(session_of("guest"), session_of("ann"))
    notes = await rows(database, tables.metadata.tables["people_notes"])
    assert [(n["user_id"], n["text"]) for n in notes] == [("ann", "Note in Tea\nNote in Coffee")]
    meetings = await rows(database, tables.metadata.tables["meetings"])
    seen = {(m["user_id"], m["other_id"], m["at"], m["room_name"]) for m in meetings}
    assert seen == {("ann", "ben", AT + 9, "Coffee"), ("ben", "ann", AT + 9, "Coffee")}


async def test_what_the_guest_let_the_tutor_forget_stays_forgotten(database: Database) -> None:
    await fill(database, "ann")
    await fill(database, "guest")
    async with database.write() as connection:
        await connection.execute(tables.talk_notes.delete().where(tables.talk_notes.c.user_id == "guest"))
        guest = tables.learner_settings.c.user_id == "guest"
        await connection.execute(tables.learner_settings.update().where(guest).values(forgotten_at=AT + 5))
    await SqlAccountStore(database).merge(session_of("guest"), session_of("ann"))
    notes = {(r["user_id"], r["conversation_id"]): r["text"] for r in await rows(database, tables.talk_notes)}
    assert notes == {("ann", "ann-talk"): "A good talk", ("ann", "guest-talk"): ""}


async def test_a_merger_into_somebody_without_settings_keeps_the_guests(database: Database) -> None:
    await fill(database, "ann")
    await fill(database, "guest", reviews=0)
    async with database.write() as connection:
        ann = tables.learner_settings.c.user_id == "ann"
        await connection.execute(tables.learner_settings.delete().where(ann))
    await SqlAccountStore(database).merge(session_of("guest"), session_of("ann"))
    (settings,) = await rows(database, tables.learner_settings)
    assert (settings["user_id"], settings["goals"], settings["forgotten_at"]) == ("ann", ["guest"], 0.0)
    (word,) = await rows(database, tables.words)
    assert (word["id"], word["reviews"]) == ("ann-w1", 1)


async def test_an_account_is_not_merged(database: Database) -> None:
    store = SqlAccountStore(database)
    await fill(database, "ann")
    await fill(database, "ben")
    await store.add_passkey(a_passkey("ben"), 9)
    before = await everything(database)
    with pytest.raises(NotAGuest):
        await store.merge(session_of("ben"), session_of("ann"))
    with pytest.raises(UserNotFound):
        await store.merge(session_of("nobody"), session_of("ann"))
    assert await everything(database) == before


async def test_the_end_of_a_user_leaves_nothing_in_any_table(database: Database) -> None:
    store = SqlAccountStore(database)
    await fill(database, "ann")
    await fill(database, "ben", "ann-talk", key="another")
    await store.add_passkey(a_passkey("ann"), 9)
    await store.add_identity(an_identity("ann"), 9)
    async with database.write() as connection:  # what ann said, and ben may read
        both = {"message_id": "ann-m1", "user_id": "ben", "conversation_id": "ann-talk"}
        await connection.execute(insert(tables.message_readers).values(both))
    assert "ann" in await everything(database)
    deleted = await store.delete_user("ann", AT)
    assert list(deleted.messages) == ["ann-m1"]
    assert list(deleted.sessions) == ["ann-session"]
    left = await everything(database)
    assert "ann" not in left.replace("ann-talk", "talk").replace("'planned'", "")
    assert "ben-m1" in left


async def test_the_copy_names_people_as_far_as_the_person_may_see_them(database: Database) -> None:
    for name in ("ann", "ben", "cem", "dao"):
        await SqlUserStore(database).add_user(User(name, name.title(), "/a.svg", AT, is_hidden=name == "cem"))
    people, follow = SqlPeopleStore(database), SqlFollowStore(database)
    for name in ("ben", "cem", "dao"):
        await people.set_note("ann", name, "A note", AT, 9)
    await follow.follow("ann", "ben", AT, 9)
    await SqlBlockStore(database).block("dao", "ann", AT, 9)
    await SqlBlockStore(database).block("ann", "cem", AT, 9)
    export = SqlExport(database)
    parts = {name: found async for name, found in export.parts("ann")}
    noted = {row["other_id"]: row["name"] for row in parts["notes_on_people"]}
    assert noted == {"ben": "Ben", "cem": None, "dao": None}
    assert [row["name"] for row in parts["following"]] == ["Ben"]
    assert [(row["blocked_id"], row["name"]) for row in parts["blocked"]] == [("cem", "Cem")]
    parts = {name: found async for name, found in export.parts("ben")}
    assert [row["name"] for row in parts["followers"]] == ["Ann"]


async def test_the_copy_has_every_table_with_rows_of_the_user(database: Database) -> None:
    await fill(database, "ann")
    await SqlAccountStore(database).add_passkey(a_passkey("ann"), 9)
    await SqlAccountStore(database).add_identity(an_identity("ann"), 9)
    await fill(database, "ben", "ann-talk", key="another")
    export = SqlExport(database)
    parts = {name: found async for name, found in export.parts("ann")}
    assert [name for name, found in parts.items() if not found] == ["rooms"]
    text = str(parts)
    assert "credential-p1" not in text
    assert "ann-session" not in text
    assert "ben" not in text
    assert parts["conversations/ann-talk"][0]["mine"]
    assert [row["document_id"] for row in parts["passages_of_answers"]] == ["ann-d1"]
    assert await export.recordings("ann") == ["ann-m1"]
    assert await export.pictures("ann") == [b"RIFF"]
    # Tables of a user: each is a part, or shown by another, or has secrets alone.
    of_users = {
        table.name
        for table in tables.metadata.sorted_tables
        if any(key.column.table is tables.users for key in table.foreign_keys)
    }
    assert [name for name in parts if "/" not in name and f"{name}.json" not in README] == []
    shown_otherwise = {"avatars", "message_readers", "recovery_codes", "one_time"}
    of_moderators = {"report_lines", "ban_marks", "moderation_log"}
    of_others = {
        "profile",
        "sentences_of_mistakes",
        "rooms",
        "conversations",
        "documents",
        "passages_of_answers",
        "times_of_events",
        "followers",
    }
    named = {name for name in parts if "/" not in name} - of_others
    assert len(of_users - shown_otherwise - of_moderators) == len(named)
