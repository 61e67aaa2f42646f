"""Stores what each learner lets the tutor remember: settings, and what is left of earlier talks."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import Select, delete, func, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from server.errors import ConversationNotFound, UserNotFound
from server.learning.model import LearnerSettings, PastTalk, WeekGoal
from server.protocol.tutor import FeedbackCategory
from server.storage.database import Database
from server.storage.tables import (
    CONVERSATION,
    conversations,
    corrections,
    learner_settings,
    message_readers,
    messages,
    mistakes,
    talk_notes,
    words,
)
from server.storage.upsert import insert_new, upsert


class SqlMemoryStore:
    """The MemoryStore port."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def settings(self, user_id: str) -> LearnerSettings:
        async with self._database.read() as connection:
            return await _settings(connection, user_id)

    async def change_settings(
        self, user_id: str, change: Callable[[LearnerSettings], LearnerSettings]
    ) -> LearnerSettings:
        async with self._database.write() as connection:
            changed = change(await _locked_settings(connection, user_id))
            await upsert(connection, learner_settings, _row(user_id, changed))
        return changed

    async def talks(
        self, user_id: str, language: str, since: float, exclude: str, limit: int
    ) -> Sequence[PastTalk]:
        query = _talks_of(user_id, language, since, exclude).limit(limit)
        async with self._database.read() as connection:
            rows = (await connection.execute(query)).mappings().all()
            ids = [row["id"] for row in rows]
            corrected = await _corrected(connection, user_id, ids)
            learnt = await _words(connection, user_id, ids)
        return [
            PastTalk(
                conversation_id=row["id"],
                at=row["started_at"],
                topic=row["topic"],
                turns=row["turns"],
                speaking_s=row["speaking_s"],
                corrected=tuple(category for category, _ in corrected[row["id"]].most_common()),
                words=tuple(learnt[row["id"]]),
                note=row["note"],
            )
            for row in rows
        ]

    async def note_talk(self, user_id: str, conversation_id: str, text: str) -> None:
        mine = select(message_readers.c.message_id).where(
            message_readers.c.user_id == user_id, message_readers.c.conversation_id == conversation_id
        )
        row = {"user_id": user_id, "conversation_id": conversation_id, "text": text}
        try:
            async with self._database.write() as connection:
                if (await connection.execute(mine.limit(1))).first() is None:
                    raise ConversationNotFound
                await upsert(connection, talk_notes, row)
        except IntegrityError as error:
            raise ConversationNotFound from error

    async def forget_all(self, user_id: str, at: float) -> None:
        async with self._database.write() as connection:
            now = await _locked_settings(connection, user_id)
            for table in (talk_notes, words, mistakes):
                await connection.execute(delete(table).where(table.c.user_id == user_id))
            forgotten = LearnerSettings(now.remembers, (), at, now.week_goal)
            await upsert(connection, learner_settings, _row(user_id, forgotten))


async def delete_memory_of_talk(connection: AsyncConnection, user_id: str, conversation_id: str) -> None:
    """The learner's note about a talk that they delete, and the words from it."""
    for table in (talk_notes, words):
        await connection.execute(
            delete(table).where(table.c.user_id == user_id, table.c.conversation_id == conversation_id)
        )


def _talks_of(user_id: str, language: str, since: float, exclude: str) -> Select[Any]:
    """Talks with a turn of the learner that they did not forget, newest first."""
    primary = language.split("-", maxsplit=1)[0]
    own = (
        select(
            messages.c.conversation_id,
            func.count(messages.c.turn_id.distinct()).label("turns"),
            func.sum(messages.c.speech_s).label("speaking_s"),
        )
        .join(message_readers, message_readers.c.message_id == messages.c.id)
        .where(
            message_readers.c.user_id == user_id,
            messages.c.user_id == user_id,
            messages.c.role == "learner",
        )
        .group_by(messages.c.conversation_id)
        .subquery()
    )
    is_note = (talk_notes.c.conversation_id == conversations.c.id) & (talk_notes.c.user_id == user_id)
    return (
        select(*CONVERSATION, own.c.turns, own.c.speaking_s, talk_notes.c.text.label("note"))
        .join(own, own.c.conversation_id == conversations.c.id)
        .outerjoin(talk_notes, is_note)
        .where(
            conversations.c.started_at >= since,
            conversations.c.id != exclude,
            or_(conversations.c.language == primary, conversations.c.language.startswith(f"{primary}-")),
            or_(talk_notes.c.text.is_(None), talk_notes.c.text != ""),
        )
        .order_by(conversations.c.started_at.desc(), conversations.c.id)
    )


async def _corrected(
    connection: AsyncConnection, user_id: str, ids: Sequence[str]
) -> dict[str, Counter[FeedbackCategory]]:
    query = (
        select(corrections.c.conversation_id, corrections.c.category, func.count())
        .where(corrections.c.user_id == user_id, corrections.c.conversation_id.in_(ids))
        .group_by(corrections.c.conversation_id, corrections.c.category)
        .order_by(corrections.c.category)
    )
    found: defaultdict[str, Counter[FeedbackCategory]] = defaultdict(Counter)
    for conversation_id, category, count in await connection.execute(query):
        found[conversation_id][FeedbackCategory(category)] = count
    return found


async def _words(connection: AsyncConnection, user_id: str, ids: Sequence[str]) -> dict[str, list[str]]:
    query = (
        select(words.c.conversation_id, words.c.word)
        .where(words.c.user_id == user_id, words.c.conversation_id.in_(ids))
        .order_by(words.c.at, words.c.id)
    )
    found: defaultdict[str, list[str]] = defaultdict(list)
    for conversation_id, word in await connection.execute(query):
        found[conversation_id].append(word)
    return found


async def _locked_settings(connection: AsyncConnection, user_id: str) -> LearnerSettings:
    """Locked until the transaction ends. Raises UserNotFound."""
    try:
        # SELECT FOR UPDATE locks rows that exist: two first changes would both start from the defaults.
        await insert_new(connection, learner_settings, _row(user_id, LearnerSettings()))
    except IntegrityError as error:
        raise UserNotFound from error
    return await _settings(connection, user_id, lock=True)


async def _settings(connection: AsyncConnection, user_id: str, *, lock: bool = False) -> LearnerSettings:
    query = select(learner_settings).where(learner_settings.c.user_id == user_id)
    row = (await connection.execute(query.with_for_update() if lock else query)).mappings().first()
    if row is None:
        return LearnerSettings()
    kind, target = row["week_goal"], row["week_target"]
    return LearnerSettings(
        remembers=row["remembers"],
        goals=tuple(row["goals"]),
        forgotten_at=row["forgotten_at"],
        week_goal=WeekGoal(kind, target) if kind else None,
    )


def _row(user_id: str, settings: LearnerSettings) -> dict[str, Any]:
    goal = settings.week_goal
    return {
        "user_id": user_id,
        "remembers": settings.remembers,
        "goals": list(settings.goals),
        "forgotten_at": settings.forgotten_at,
        "week_goal": goal.kind if goal else None,
        "week_target": goal.target if goal else None,
    }
