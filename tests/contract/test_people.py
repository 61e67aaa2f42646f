"""Follows, friends, cards, notes, people met: what each reader sees of the others, on both databases."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from sqlalchemy import delete, select, text, update

from server.errors import InvalidRequest, TooManyFollowed, TooManyNotes, UserNotFound
from server.notices.model import follow_key, invitation_key, new_notice
from server.people.lists import Lists
from server.people.model import Meeting, PeopleList
from server.people.ports import Online
from server.protocol.entities import Presence
from server.protocol.notices import NewFollower
from server.rooms.model import User
from server.storage import (
    Database,
    SqlAccountStore,
    SqlBlockStore,
    SqlFollowStore,
    SqlMeetingStore,
    SqlNoticeStore,
    SqlPeopleStore,
    SqlUserStore,
    tables,
)
from server.storage.notice_tables import notices
from server.storage.people import people_query
from server.storage.people_tables import follows, meetings, people_notes
from tests.contract.storage_urls import database, postgres_socket, url
from tests.fakes.one_user import session_of

__all__ = ["database", "postgres_socket", "url"]

NAMES = ("ann", "ben", "cem", "dao", "eva")
FRIENDS, FOLLOWING, FOLLOWERS, MET, BLOCKED = PeopleList


class Town:
    """Five people. `now` is the clock; `online`: who of them lets friends see that they are."""

    def __init__(self, database: Database) -> None:
        self.now = 1_000.0
        self.database = database
        self.users = SqlUserStore(database)
        self.blocks = SqlBlockStore(database)
        self.follows = SqlFollowStore(database)
        self.people = SqlPeopleStore(database)
        self.meetings = SqlMeetingStore(database)
        self.online: Online = {}
        self.lists = Lists(self.people, self.follows, lambda: self.online, self.clock)

    def clock(self) -> float:
        self.now += 1
        return self.now

    async def follow(self, user_id: str, *others: str) -> None:
        for other_id in others:
            await self.follows.follow(user_id, other_id, self.clock(), 100)

    async def befriend(self, user_id: str, *others: str) -> None:
        for other_id in others:
            await self.follow(user_id, other_id)
            await self.follow(other_id, user_id)

    async def meet(self, one: str, other: str, hides_other: bool = False) -> None:
        await self.meetings.record(
            [Meeting(one, other, self.clock(), "Coffee", hides_other=hides_other)], 100
        )

    async def change(self, user_id: str, **changes: object) -> None:
        user = await self.users.get_user(user_id)
        assert user is not None
        await self.users.update_user(replace(user, **changes))  # type: ignore[arg-type]

    async def ids(self, which: PeopleList, user_id: str) -> list[str]:
        return [p.id for p in (await self.lists.page(which, user_id, 50, None)).items]

    async def seen_by(self, user_id: str) -> set[str]:
        """Everybody whom the user sees in any list or by a card."""
        found = {i for which in PeopleList if which is not BLOCKED for i in await self.ids(which, user_id)}
        found |= {p.id for p in (await self.lists.online_friends(user_id, 50, None)).items}
        for other_id in NAMES:
            if other_id != user_id and await self.people.card(user_id, other_id) is not None:
                found.add(other_id)
        return found


@pytest.fixture
async def town(database: Database) -> Town:
    people = SqlUserStore(database)
    for name in NAMES:
        await people.add_user(User(name, name.title(), f"/api/avatars/g/{name}.svg", 1.0))
    return Town(database)


async def test_people_who_follow_each_other_are_friends_until_one_does_not(town: Town) -> None:
    first = await town.follows.follow("ann", "ben", 5.0, 10)
    assert (first.is_new, first.are_friends) == (True, False)
    assert await town.ids(FOLLOWING, "ann") == await town.ids(FOLLOWERS, "cem") + ["ben"]
    assert (await town.ids(FOLLOWERS, "ben"), await town.ids(FRIENDS, "ben")) == (["ann"], [])
    back = await town.follows.follow("ben", "ann", 6.0, 10)
    assert (back.is_new, back.are_friends) == (True, True)
    assert not (await town.follows.follow("ben", "ann", 7.0, 10)).is_new
    for one, other in (("ann", "ben"), ("ben", "ann")):
        (friend,) = (await town.lists.page(FRIENDS, one, 10, None)).items
        assert (friend.id, friend.at, friend.is_friend) == (other, 6.0, True)
        assert await town.follows.are_friends(one, other)
    assert await town.follows.unfollow("ann", "ben")
    assert not await town.follows.unfollow("ann", "ben")
    assert [await town.ids(FRIENDS, name) for name in ("ann", "ben")] == [[], []]
    assert await town.ids(FOLLOWING, "ben") == ["ann"]
    assert not await town.follows.are_friends("ben", "ann")


async def test_two_who_follow_each_other_at_one_time_are_friends(town: Town) -> None:
    """On PostgreSQL neither transaction would see the other's row without a lock."""
    for _ in range(10):
        await asyncio.gather(town.follow("ann", "ben"), town.follow("ben", "ann"))
        assert await town.follows.are_friends("ann", "ben")
        assert await town.follows.are_friends("ben", "ann")
        await asyncio.gather(town.follows.unfollow("ann", "ben"), town.follows.unfollow("ben", "ann"))


async def test_a_follow_and_a_block_at_one_time_leave_no_follow(town: Town) -> None:
    for _ in range(10):
        results = await asyncio.gather(
            town.follow("ann", "ben"), town.blocks.block("ben", "ann", 1.0, 10), return_exceptions=True
        )
        assert all(r is None or isinstance(r, UserNotFound) for r in results)
        assert await town.ids(FOLLOWING, "ann") == []
        await town.blocks.unblock("ben", "ann")


async def test_people_whom_one_person_follows_are_limited(town: Town) -> None:
    for other in ("ben", "cem"):
        await town.follows.follow("ann", other, 1.0, 2)
    with pytest.raises(TooManyFollowed):
        await town.follows.follow("ann", "dao", 1.0, 2)
    assert set(await town.ids(FOLLOWING, "ann")) == {"ben", "cem"}


@pytest.mark.parametrize("which", [FRIENDS, FOLLOWING, FOLLOWERS, MET])
async def test_lists_are_paged_newest_first_and_a_new_row_shifts_none(town: Town, which: PeopleList) -> None:
    town.clock = lambda: 5.0  # type: ignore[method-assign]  # all at one time
    others = ["ben", "cem", "dao"]
    await town.befriend("ann", *others)
    for other in others:
        await town.meet("ann", other)
    first = await town.lists.page(which, "ann", 2, None)
    town.clock = lambda: 6.0  # type: ignore[method-assign]
    await town.befriend("ann", "eva")
    await town.meet("ann", "eva")
    second = await town.lists.page(which, "ann", 2, first.next_cursor)
    assert [p.id for p in (*first.items, *second.items)] == ["dao", "cem", "ben"]
    assert second.next_cursor is None
    for cursor in ("x", "bnVsbA", "WzEsMl0", "W05hTiwgImEiXQ"):
        with pytest.raises(InvalidRequest):
            await town.lists.page(which, "ann", 2, cursor)


@pytest.mark.parametrize(("blocker", "blocked"), [("ann", "ben"), ("ben", "ann")])
async def test_after_a_block_neither_is_in_any_list_of_the_other(
    town: Town, blocker: str, blocked: str
) -> None:
    await town.befriend("ann", "ben", "cem")
    await town.follow("dao", "ann")
    await town.meet("ann", "ben")
    for name in ("ann", "ben"):
        await town.change(name, presence=Presence.ROOM)
    town.online = {"ann": None, "ben": "r1"}
    assert {"ben"} <= await town.seen_by("ann")
    await town.blocks.block(blocker, blocked, 9.0, 10)
    assert "ben" not in await town.seen_by("ann")
    assert "ann" not in await town.seen_by("ben")
    assert not await town.follows.are_friends("ann", "ben")
    for one, other in (("ann", "ben"), ("ben", "ann")):
        with pytest.raises(UserNotFound):
            await town.follow(one, other)
    await town.meet("ann", "ben")  # stored by a server that had not heard of the block yet
    assert "ben" not in await town.seen_by("ann")
    assert (await town.ids(FRIENDS, "ann"), await town.ids(FOLLOWERS, "ann")) == (
        ["cem"],
        ["cem", "dao"][::-1],
    )
    await town.blocks.unblock(blocker, blocked)
    assert await town.ids(FRIENDS, "ann") == ["cem"], "an unblock makes nobody a friend again"


async def test_a_block_deletes_what_each_was_told_of_the_other(town: Town) -> None:
    store = SqlNoticeStore(town.database)
    made = [
        new_notice(user_id, NewFollower(user_id=other, name=other, are_friends=False), 1.0, key)
        for user_id, other in (("ann", "ben"), ("ben", "ann"), ("ann", "dao"), ("ann", "cem"))
        for key in (follow_key(other), invitation_key(other, "r1:1"))
    ]
    await store.add(made, frozenset(), 2.0)
    await town.blocks.block("ann", "ben", 9.0, 10)
    async with town.database.read() as connection:
        left = (await connection.execute(select(notices.c.user_id, notices.c.key))).all()
    assert {tuple(row) for row in left} == {
        ("ann", "follow:dao"),
        ("ann", "invitation:dao:r1:1"),
        ("ann", "follow:cem"),
        ("ann", "invitation:cem:r1:1"),
    }


@pytest.mark.parametrize("end", ["block", "profile", "guest", "merger"])
async def test_notices_of_a_server_from_before_the_update_go_too(town: Town, end: str) -> None:
    """Such a server leaves the person whom a notice is about to its body."""
    store, at = SqlNoticeStore(town.database), 1_000.0
    made = [
        new_notice(user_id, NewFollower(user_id=other, name=other, are_friends=False), at, follow_key(other))
        for user_id, other in (("ben", "ann"), ("cem", "ann"), ("eva", "ann"), ("ann", "eva"), ("ben", "dao"))
    ]
    await store.add(made, frozenset(), 2_000.0)
    async with town.database.write() as connection:
        await connection.execute(update(notices).values(about_id=None))
    accounts, left = SqlAccountStore(town.database), {("ben", "dao")}
    if end == "block":
        await town.blocks.block("ben", "ann", at, 10)
        left |= {("cem", "ann"), ("eva", "ann"), ("ann", "eva")}
    elif end == "profile":
        await accounts.delete_user("ann", at)
    elif end == "guest":
        assert await town.users.delete_unseen(["ann"], 2_000.0) == 1
    else:
        await accounts.merge(session_of("ann"), session_of("eva"))
        left |= {("ben", "eva"), ("cem", "eva")}
    async with town.database.read() as connection:
        rows = (await connection.execute(select(notices.c.user_id, notices.c.body))).all()
    assert {(row.user_id, row.body["user_id"]) for row in rows} == left


async def test_a_hidden_profile_is_seen_by_those_alone_whom_its_owner_follows(town: Town) -> None:
    await town.follow("ann", "ben")
    await town.meet("ann", "ben")
    await town.change("ben", is_hidden=True, country="VN", level="B1")
    assert "ben" not in await town.seen_by("ann")
    for one in ("ann", "cem"):
        with pytest.raises(UserNotFound):
            await town.follow(one, "ben")
    await town.follow("ben", "ann")
    assert "ben" in await town.seen_by("ann")
    (ben,) = (await town.lists.page(FRIENDS, "ann", 10, None)).items
    assert (ben.name, ben.country, ben.level) == ("Ben", None, None)
    assert "ben" not in await town.seen_by("cem")
    card = await town.people.card("ben", "ben")
    assert card is not None, "one sees one's own"


async def test_online_friends_are_those_who_chose_it(town: Town) -> None:
    await town.befriend("ann", "ben", "cem", "dao")
    await town.follow("ann", "eva")
    for name, presence in (
        ("ben", Presence.ROOM),
        ("cem", Presence.ONLINE),
        ("dao", Presence.NOBODY),
        ("eva", Presence.ROOM),
    ):
        await town.change(name, presence=presence)
    for strangers in (0, 2_000):  # with many people online, they are looked up among the friends
        town.online = dict.fromkeys([*NAMES, *(f"s{number}" for number in range(strangers))], "r1")
        first = await town.lists.online_friends("ann", 1, None)
        second = await town.lists.online_friends("ann", 1, first.next_cursor)
        assert [p.id for p in (*first.items, *second.items)] == ["cem", "ben"], "dao shows nothing"
        assert second.next_cursor is None
        assert not (await town.lists.online_friends("eva", 9, None)).items, "who follows is no friend"


async def test_notes_that_are_written_at_the_same_time_are_never_too_many(town: Town) -> None:
    others = ("ben", "cem", "dao", "eva")
    written = await asyncio.gather(
        *(town.people.set_note("ann", other, "x", 1.0, 2) for other in others), return_exceptions=True
    )
    assert sorted(map(type, written), key=str) == sorted([type(None)] * 2 + [TooManyNotes] * 2, key=str)


async def test_two_who_write_notes_on_each_other_at_one_time_do_not_deadlock(town: Town) -> None:
    for n in range(10):
        pairs = (("ann", "ben"), ("ben", "ann"))
        await asyncio.gather(*(town.people.set_note(*pair, f"note {n}", float(n), 9) for pair in pairs))
        for pair in pairs:
            card = await town.people.card(*pair)
            assert card is not None
            assert card.note == f"note {n}"
            await town.people.set_note(*pair, "", float(n), 9)


async def test_a_note_is_its_writers_alone_and_bounded(town: Town) -> None:
    await town.people.set_note("ann", "ben", "Likes tea. " * 40, 1.0, 2)
    await town.people.set_note("ann", "ben", "Likes coffee.", 2.0, 2)
    for one, note in (("ann", "Likes coffee."), ("cem", "")):
        card = await town.people.card(one, "ben")
        assert card is not None
        assert card.note == note
    await town.people.set_note("ann", "cem", "x" * 500, 3.0, 2)
    await town.follow("ann", "cem")
    (cem,) = (await town.lists.page(FOLLOWING, "ann", 9, None)).items
    assert cem.note == "x" * 120
    with pytest.raises(TooManyNotes):
        await town.people.set_note("ann", "dao", "x", 4.0, 2)
    with pytest.raises(UserNotFound):
        await town.people.set_note("ann", "nobody", "x", 4.0, 9)
    await town.people.set_note("ann", "cem", "", 5.0, 2)
    await town.people.set_note("ann", "dao", "x", 6.0, 2)


async def test_people_met_are_kept_for_each_apart_bounded_and_deleted(town: Town) -> None:
    await town.meet("ann", "ben")
    await town.meet("ann", "cem", hides_other=True)
    assert await town.ids(MET, "ann") == ["ben"]
    assert await town.ids(MET, "cem") == ["ann"]
    await town.meetings.record([Meeting("ann", "nobody", 9.0, "Tea"), Meeting("ann", "dao", 9.0, "Tea")], 9)
    assert await town.ids(MET, "ann") == ["ben", "dao"]
    await town.meetings.record([Meeting("ann", "eva", town.clock(), "Tea")], 2)
    assert await town.ids(MET, "ann") == ["eva", "ben"]
    await town.meetings.forget("ann", "eva")
    assert await town.ids(MET, "ann") == ["ben"]
    assert await town.ids(MET, "eva") == ["ann"], "the others keep theirs"
    assert await town.meetings.delete_old(500.0) == 1, "dao's"
    await town.meetings.forget("ann")
    assert await town.ids(MET, "ann") == []


async def test_a_deleted_profile_leaves_nothing_with_others(town: Town) -> None:
    await town.befriend("ann", "ben")
    await town.follow("ann", "cem")
    await town.meet("ann", "ben")
    for one, other in (("ann", "ben"), ("ben", "ann")):
        await town.people.set_note(one, other, "x", 1.0, 9)
    async with town.database.write() as connection:
        await connection.execute(delete(tables.users).where(tables.users.c.id == "ann"))
        for table in (follows, people_notes, meetings):
            assert (await connection.execute(select(table))).all() == [], table.name


async def test_a_guest_s_people_become_those_of_the_account(town: Town) -> None:
    """ann is the guest, eva the account."""
    await town.befriend("ann", "ben")
    await town.follow("ann", "cem")
    await town.follow("cem", "eva")
    await town.follow("ann", "dao")
    await town.befriend("ann", "eva")
    await town.blocks.block("eva", "dao", 1.0, 9)
    await town.meet("ann", "ben")
    await town.people.set_note("ann", "ben", "Likes tea.", 1.0, 9)
    await SqlAccountStore(town.database).merge(session_of("ann"), session_of("eva"))
    assert set(await town.ids(FRIENDS, "eva")) == {"ben", "cem"}
    assert [await town.ids(FRIENDS, name) for name in ("ben", "cem")] == [["eva"], ["eva"]]
    assert await town.ids(FOLLOWERS, "dao") == [], "one of the two has blocked the other"
    assert await town.ids(MET, "eva") == ["ben"]
    card = await town.people.card("eva", "ben")
    assert card is not None
    assert card.note == "Likes tea."


@pytest.mark.parametrize("which", PeopleList)
async def test_no_list_reads_a_whole_table_or_sorts(town: Town, which: PeopleList) -> None:
    async with town.database.write() as connection:
        is_sqlite = connection.dialect.name == "sqlite"
        if not is_sqlite:  # of a table with few rows the planner would read all
            for way in ("seqscan", "bitmapscan", "hashjoin", "mergejoin"):
                await connection.execute(text(f"SET LOCAL enable_{way} = off"))
        for after in (None, (5.0, "ben")):
            query = people_query(which, "ann", after, 31)
            written = str(query.compile(dialect=connection.dialect, compile_kwargs={"literal_binds": True}))
            explain = "EXPLAIN QUERY PLAN " if is_sqlite else "EXPLAIN "
            plan = "\n".join(str(row) for row in await connection.execute(text(explain + written)))
            sorts = () if which is BLOCKED else ("TEMP B-TREE", "Sort")  # that one has 1,000 rows at most
            for bad in ("SCAN ", "Seq Scan", *sorts):
                assert bad not in plan, plan
