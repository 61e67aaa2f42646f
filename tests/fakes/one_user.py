"""Rows of one user in every table that has any of a user, for tests of copies, mergers and ends."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from sqlalchemy import insert

from server.accounts.model import SessionOf
from server.notices.model import StoredNotice, follow_key, new_notice
from server.protocol.notices import NewFollower
from server.rooms.model import User
from server.storage import Database, SqlUserStore, tables
from server.storage.notices import add_notices
from server.storage.people_tables import follows, meetings, people_notes

AT = 1_800_000_000.0
STRANGER = "zoe"
"""Somebody with whom the user has to do."""


def session_of(user_id: str) -> SessionOf:
    """The session that `fill` makes."""
    return SessionOf(user_id, f"{user_id}-session")


async def fill(
    database: Database,
    user_id: str,
    talk: str = "",
    *,
    key: str = "k",
    reviews: int = 1,
    is_moderated: bool = True,
) -> None:
    """The user with one row of each kind. Ids begin with the user's. `talk`: of a conversation that exists;
    empty makes one. `key`: of the mistake and the word. `is_moderated`: with reports and decisions."""
    users = SqlUserStore(database)
    await users.add_user(User(user_id, f"Name of {user_id}", "/a.svg", AT))
    if await users.get_user(STRANGER) is None:
        await users.add_user(User(STRANGER, "Zoe", "/z.svg", 2 * AT))
    rows = dict(_rows(user_id, talk or f"{user_id}-talk", key, reviews))
    if is_moderated:
        rows |= dict(_moderation(user_id))
    if talk:
        del rows["conversations"]
    async with database.write() as connection:
        for name, row in rows.items():
            await connection.execute(insert(tables.metadata.tables[name]).values(row))
        for pair in ((user_id, STRANGER), (STRANGER, user_id)):
            await connection.execute(insert(tables.blocks).values(user_id=pair[0], blocked_id=pair[1], at=AT))
            both = {"user_id": pair[0], "other_id": pair[1], "at": AT}
            await connection.execute(insert(follows).values(both | {"friends_at": AT}))
            await connection.execute(insert(people_notes).values(both | {"text": f"Note of {pair[0]}"}))
            await connection.execute(insert(meetings).values(both | {"room_name": f"Room of {user_id}"}))
        await add_notices(connection, [_told_of(user_id)], [], AT)


def _told_of(user_id: str) -> StoredNotice:
    """Somebody else was told that the user follows them."""
    body = NewFollower(user_id=user_id, name=f"Name of {user_id}", are_friends=False)
    return new_notice(STRANGER, body, AT, follow_key(user_id))


def _rows(user_id: str, talk: str, key: str, reviews: int) -> list[tuple[str, dict[str, Any]]]:
    mine = {"user_id": user_id}
    club = uuid4().hex
    said, corrected, mistake = f"{user_id}-m1", f"{user_id}-c1", f"{user_id}-x1"
    card = {"reviews": reviews, "right_reviews": 1, "due_at": AT + reviews, "state": 1}
    return [
        ("conversations", _conversation(talk)),
        ("avatars", {**mine, "name": f"{user_id}-picture", "image": b"RIFF"}),
        ("sessions", {**mine, "digest": f"{user_id}-session", "created_at": AT, "device": "Firefox"}),
        ("recovery_codes", {**mine, "digest": f"{user_id}-code"}),
        (
            "one_time",
            {**mine, "digest": f"{user_id}-once", "purpose": "device", "value": {}, "expires_at": AT},
        ),
        ("messages", {**_message(said, talk), **mine, "name": f"Name of {user_id}"}),
        ("message_readers", {**mine, "message_id": said, "conversation_id": talk}),
        ("corrections", {**mine, **_correction(corrected, talk, said)}),
        ("progress", {**mine, "day": "2027-01-15", **_PRACTICE}),
        ("progress_topics", {**mine, "day": "2027-01-15", "topic": f"Topic of {user_id}"}),
        ("heard_sentences", {**mine, **_CLASS}),
        ("achievements", {**mine, "name": "first_talk", "at": AT}),
        ("learner_weeks", {**mine, "monday": "2027-01-04", "goal_reached": True, "at": AT}),
        ("mistakes", {**mine, **card, **_pattern(mistake, key)}),
        ("mistake_sentences", {"correction_id": corrected, "mistake_id": mistake}),
        ("learner_settings", {**mine, "remembers": True, "goals": [user_id], "forgotten_at": AT - 1}),
        ("talk_notes", {**mine, "conversation_id": talk, "text": "A good talk"}),
        ("knowledge_bases", _base(user_id)),
        ("documents", _document(user_id)),
        ("passages", _passage(user_id)),
        ("message_passages", {"message_id": said, "document_id": f"{user_id}-d1", "number": 0, "rank": 0}),
        ("notices", {**mine, "id": f"{user_id}-n1", "key": None, "body": _NOTICE, "at": AT, "read_at": None}),
        ("push_subscriptions", {**mine, **_device(user_id)}),
        ("push_messages", _push_message(user_id)),
        ("events", _event(user_id)),
        ("event_occurrences", _time(user_id)),
        ("registrations", {**mine, "occurrence_id": f"{user_id}-o1", "place": "going", "at": AT}),
        ("reminders", {**mine, "occurrence_id": f"{user_id}-o1", **_REMINDER}),
        ("calendar_feeds", {**mine, "digest": f"{user_id}-feed", "created_at": AT}),
        ("notice_settings", {**mine, "mail": True, "language": "en"}),
        ("rooms", _room(club)),
        ("chat_lines", {**mine, **_chat_line(user_id, club)}),
        ("words", {**mine, **card, **_word(f"{user_id}-w1", key, talk)}),
    ]


def _moderation(user_id: str) -> list[tuple[str, dict[str, Any]]]:
    """A report by the user on themself, and a ban that they gave themself."""
    report, ban = uuid4().hex, uuid4().hex
    about = {"target_id": user_id, "at": AT}
    words = {"reason": "spam", "place": "chat", "words": f"Words of {user_id}", "room_name": "Café"}
    line = {"position": 0, "name": f"Name of {user_id}", "text": f"Line of {user_id}", "is_subject": True}
    mark = {"id": uuid4().hex, "sanction_id": ban, "scope": "account", "user_id": user_id, "until": AT}
    entry = {"action": "sanction", "moderator_id": user_id, "note": f"Note on {user_id}"}
    return [
        (
            "reports",
            {
                **about,
                **words,
                "id": report,
                "state": "open",
                "reporter_id": user_id,
                "target_name": f"Name of {user_id}",
                "devices": [],
            },
        ),
        ("report_lines", {**line, "report_id": report, "user_id": user_id, "at": AT}),
        (
            "sanctions",
            {
                **about,
                "id": ban,
                "kind": "ban",
                "reason": "spam",
                "message": f"Message to {user_id}",
                "until": AT,
                "changed_at": AT,
                "objection": f"Objection of {user_id}",
            },
        ),
        ("ban_marks", mark),
        ("moderation_log", {**about, **entry, "kind": "ban", "report_id": report, "sanction_id": ban}),
    ]


_NOTICE = {
    "kind": "event_place",
    "event_id": "e1",
    "occurrence_id": "o1",
    "name": "Café",
    "starts_at": "2027-01-15T08:00:00Z",
}
_CLASS = {"course_id": "1", "module_index": 0, "sub_topic_index": 2, "sentence": 5, "at": AT}
_REMINDER = {"kind": "day", "due_at": AT, "sent_at": None}
_PRACTICE = {
    "starts_at": AT,
    "practice_s": 60.0,
    "speaking_s": 20.0,
    "together_s": 5.0,
    "turns": 3,
    "corrections": 1,
    "mended": 1,
    "people": 1,
}


def _conversation(talk: str) -> dict[str, Any]:
    names = {"id": talk, "room_id": f"room-{talk}", "room_name": "Café", "topic": "Food"}
    return {**names, "language": "en", "level": "B1", "started_at": AT, "ended_at": AT + 60}


def _message(message_id: str, talk: str) -> dict[str, Any]:
    flags = {"has_audio": True, "was_cut": False, "confidence": None, "speech_s": 2.0}
    names = {"id": message_id, "conversation_id": talk, "turn_id": "t1", "role": "learner"}
    return {**names, **flags, "participant_id": "p1", "text": "I go yesterday", "at": AT}


def _correction(correction_id: str, talk: str, message_id: str) -> dict[str, Any]:
    names = {
        "id": correction_id,
        "conversation_id": talk,
        "message_id": message_id,
        "turn_id": "t1",
        "at": AT,
    }
    return {**names, "original": "I go", "corrected": "I went", "explanation": "Past", "category": "grammar"}


def _pattern(mistake_id: str, key: str) -> dict[str, Any]:
    return {
        "id": mistake_id,
        "key": key,
        "language": "en",
        "category": "grammar",
        "said": "go",
        "right": "went",
    }


def _room(room_id: str) -> dict[str, Any]:
    """Open, and hosted by somebody else."""
    names = {"id": room_id, "name": "Club", "topic": "", "level": "B1", "type": "public"}
    lists: dict[str, Any] = {"tags": [], "bans": [], "admitted": [], "unheard": [], "tutor": None}
    flags = {"language": "en", "is_locked": False, "knock_to_enter": False, "invite": ""}
    return {**names, **lists, **flags, "max_participants": 12, "host_id": "somebody", "created_at": AT}


def _chat_line(user_id: str, room_id: str) -> dict[str, Any]:
    names = {"id": f"{user_id}-l1", "room_id": room_id, "participant_id": "p1"}
    return {
        **names,
        "name": f"Name of {user_id}",
        "text": f"Written by {user_id}",
        "at": AT,
        "is_deleted": False,
    }


def _device(user_id: str) -> dict[str, Any]:
    names = {"id": f"{user_id}-device", "session_digest": f"{user_id}-session"}
    keys = {"p256dh": b"p", "auth": b"a"}
    return {**names, **keys, "endpoint": f"https://fcm.googleapis.com/{user_id}", "created_at": AT}


def _push_message(user_id: str) -> dict[str, Any]:
    names = {"notice_id": f"{user_id}-n1", "subscription_id": f"{user_id}-device"}
    return {**names, "due_at": AT, "until": AT + 60, "tries": 0}


def _word(word_id: str, key: str, talk: str) -> dict[str, Any]:
    names = {"id": word_id, "language": "en", "key": key, "word": "receipt", "meaning": "", "sentence": ""}
    return {**names, "conversation_id": talk, "at": AT}


def _event(user_id: str) -> dict[str, Any]:
    names = {"id": f"{user_id}-e1", "host_id": user_id, "name": "Tea", "topic": "", "invite": ""}
    room = {"level": "B1", "type": "public", "language": "en", "tags": [], "seats": 4}
    flags = {"waiting_room": False, "opens_alone": True, "status": "open", "sequence": 0, "rule": None}
    when = {"start": "2027-01-19T19:00", "zone": "UTC", "minutes": 60, "created_at": AT, "changed_at": AT}
    return {**names, **room, **flags, **when}


def _time(user_id: str) -> dict[str, Any]:
    names = {"id": f"{user_id}-o1", "event_id": f"{user_id}-e1", "status": "open", "sequence": 0}
    when = {"planned": "2027-01-19T19:00", "start": "2027-01-19T19:00", "starts_at": AT, "ends_at": AT + 60}
    return {**names, **when, "changed_at": AT}


def _base(user_id: str) -> dict[str, Any]:
    return {"id": f"{user_id}-b1", "owner_id": user_id, "name": "Menu", "language": "en", "created_at": AT}


def _document(user_id: str) -> dict[str, Any]:
    names = {
        "id": f"{user_id}-d1",
        "base_id": f"{user_id}-b1",
        "name": "menu.txt",
        "media_type": "text/plain",
    }
    return {**names, "media_type": "text/plain", "size": 10, "created_at": AT, "passages": 1}


def _passage(user_id: str) -> dict[str, Any]:
    names = {"base_id": f"{user_id}-b1", "document_id": f"{user_id}-d1", "number": 0, "heading": ""}
    return {**names, "text": f"Soup of {user_id}"}
