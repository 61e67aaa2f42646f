"""Lists of people, their cards, and private notes on them, as one reader sees them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import fields
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    RowMapping,
    ScalarSelect,
    Select,
    and_,
    delete,
    exists,
    false,
    func,
    null,
    or_,
    select,
    true,
)
from sqlalchemy.exc import IntegrityError

from server.errors import TooManyNotes, UserNotFound
from server.people.model import Card, PeopleList, Person, Position
from server.protocol.entities import Presence
from server.rooms.model import User, user_of
from server.storage.database import Database
from server.storage.locks import lock_person
from server.storage.people_tables import follows, meetings, people_notes
from server.storage.tables import blocks, users
from server.storage.upsert import insert_new, upsert

NOTE_SHOWN = 120
"""Characters of a note that a list shows."""
_follow, _back, _note, _met = (
    table.alias(name)
    for table, name in ((follows, "follow"), (follows, "back"), (people_notes, "note"), (meetings, "met"))
)


class SqlPeopleStore:
    """The PeopleStore port."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def page(
        self, which: PeopleList, user_id: str, after: Position | None, limit: int
    ) -> Sequence[Person]:
        return await self._people(people_query(which, user_id, after, limit))

    async def friends_among(
        self, user_id: str, other_ids: Collection[str], after: Position | None, limit: int
    ) -> Sequence[Person]:
        if not other_ids:
            return []
        query = people_query(PeopleList.FRIENDS, user_id, after, limit)
        return await self._people(
            query.where(_follow.c.other_id.in_(other_ids), users.c.presence != Presence.NOBODY.value)
        )

    async def card(self, user_id: str, other_id: str) -> Card | None:
        query = (
            select(
                *(users.c[field.name] for field in fields(User)),
                _follow.c.at.label("follow_at"),
                _back.c.at.label("back_at"),
                _note.c.text.label("note"),
                _met.c.at.label("met_at"),
            )
            .select_from(
                users.outerjoin(_follow, _pair(_follow, user_id, users.c.id))
                .outerjoin(_back, _pair(_back, users.c.id, user_id))
                .outerjoin(_note, _pair(_note, user_id, users.c.id))
                .outerjoin(_met, _pair(_met, user_id, users.c.id))
            )
            .where(users.c.id == other_id, ~_are_apart(user_id, users.c.id))
        )
        async with self._database.read() as connection:
            row = (await connection.execute(query)).mappings().first()
        if row is None or (row["is_hidden"] and row["back_at"] is None and user_id != other_id):
            return None
        return Card(
            user_of(dict(row)),
            row["follow_at"] is not None,
            row["back_at"] is not None,
            row["note"] or "",
            row["met_at"],
        )

    async def set_note(self, user_id: str, other_id: str, text: str, now: float, limit: int) -> None:
        row = {"user_id": user_id, "other_id": other_id, "text": text, "at": now}
        mine = people_notes.c.user_id == user_id
        try:
            async with self._database.write() as connection:
                if not text:
                    await connection.execute(
                        delete(people_notes).where(mine, people_notes.c.other_id == other_id)
                    )
                    return
                await lock_person(connection, user_id)
                if await insert_new(connection, people_notes, row):
                    count = select(func.count()).select_from(people_notes).where(mine)
                    if (await connection.execute(count)).scalar_one() > limit:
                        raise TooManyNotes
                else:
                    await upsert(connection, people_notes, row)
        except IntegrityError as error:  # no user of that id
            raise UserNotFound from error

    async def _people(self, query: Select[Any]) -> Sequence[Person]:
        async with self._database.read() as connection:
            rows = (await connection.execute(query)).mappings().all()
        return [_person(row) for row in rows]


def people_query(which: PeopleList, user_id: str, after: Position | None, limit: int) -> Select[Any]:
    """The rows of a list, by an index of its table."""
    source: FromClause
    relation: tuple[ColumnElement[bool], ColumnElement[bool]]
    not_hidden = users.c.is_hidden.is_(false())
    match which:
        case PeopleList.FRIENDS | PeopleList.FOLLOWING:
            is_friend = _follow.c.friends_at.is_not(None)
            at = _follow.c.friends_at if which is PeopleList.FRIENDS else _follow.c.at
            other, source = _follow.c.other_id, _follow
            shown = is_friend if which is PeopleList.FRIENDS else or_(is_friend, not_hidden)
            relation = (true(), is_friend)
            mine = _follow.c.user_id == user_id
        case PeopleList.FOLLOWERS:
            at, other, source, shown = _back.c.at, _back.c.user_id, _back, true()
            relation = (_back.c.friends_at.is_not(None), true())
            mine = _back.c.other_id == user_id
        case PeopleList.MET:
            at, other = _met.c.at, _met.c.other_id
            source = _met.outerjoin(_follow, _pair(_follow, user_id, other)).outerjoin(
                _back, _pair(_back, other, user_id)
            )
            relation = (_follow.c.at.is_not(None), _back.c.at.is_not(None))
            shown = and_(or_(_back.c.at.is_not(None), not_hidden), ~_are_apart(user_id, other))
            mine = _met.c.user_id == user_id
        case PeopleList.BLOCKED:
            at, other, source, shown = blocks.c.at, blocks.c.blocked_id, blocks, true()
            relation = (false(), false())
            mine = blocks.c.user_id == user_id
    query = (
        select(
            users.c.id,
            users.c.name,
            users.c.avatar,
            at.label("at"),
            users.c.level,
            users.c.country,
            users.c.is_hidden,
            relation[0].label("you_follow"),
            relation[1].label("follows_you"),
            func.substr(_note.c.text, 1, NOTE_SHOWN).label("note"),
            (_met.c.room_name if which is PeopleList.MET else null()).label("room_name"),
            users.c.presence,
        )
        .select_from(source.join(users, users.c.id == other).outerjoin(_note, _pair(_note, user_id, other)))
        .where(mine, shown)
        .order_by(at.desc(), other.desc())
        .limit(limit)
    )
    if after is not None:
        query = query.where(at <= after[0], or_(at < after[0], other < after[1]))
    return query


def name_seen_by(user_id: str, other: ColumnElement[str]) -> ScalarSelect[Any]:
    """The name of the person with the id `other`; NULL where their card is not shown to the user."""
    person = users.alias("person")
    follows_user = exists().where(follows.c.user_id == person.c.id, follows.c.other_id == user_id)
    shown = (or_(person.c.is_hidden.is_(false()), follows_user), ~_are_apart(user_id, person.c.id))
    return select(person.c.name).where(person.c.id == other, *shown).scalar_subquery()


def _person(row: RowMapping) -> Person:
    """Of a hidden profile no more than name and picture."""
    values = {**row, "note": row["note"] or "", "presence": Presence(row["presence"])}
    if values.pop("is_hidden"):
        values |= {"level": None, "country": None}
    return Person(**values)


def _pair(
    table: FromClause, one: str | ColumnElement[str], other: str | ColumnElement[str]
) -> ColumnElement[bool]:
    return and_(table.c.user_id == one, table.c.other_id == other)


def _are_apart(user_id: str, other: ColumnElement[str]) -> ColumnElement[bool]:
    """Whether one of the two has blocked the other."""
    return or_(
        exists().where(blocks.c.user_id == user_id, blocks.c.blocked_id == other),
        exists().where(blocks.c.user_id == other, blocks.c.blocked_id == user_id),
    )
