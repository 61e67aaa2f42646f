"""Reports, sanctions with their marks, and the log, on both databases."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any

import pytest
from sqlalchemy import insert, select, text, update

from server.errors import ReportClosed, ReportNotFound, SanctionNotFound, UserNotFound
from server.moderation.model import (
    MAX_MARKS,
    Action,
    BanMark,
    LogEntry,
    NewReport,
    ReportLine,
    Sanction,
)
from server.protocol.moderation import (
    BanScope,
    ReportOutcome,
    ReportPlace,
    ReportReason,
    ReportState,
    SanctionKind,
    SanctionState,
)
from server.storage import (
    Database,
    SqlAccountStore,
    SqlModeratorStore,
    SqlReportStore,
    SqlSanctionStore,
    SqlSessionStore,
    SqlUserStore,
)
from server.storage.moderation_tables import ban_marks, reports, sanctions
from server.storage.reports import page_query as report_page
from server.storage.sanctions import page_query as sanction_page
from tests.contract.storage_urls import database, postgres_socket, url
from tests.contract.test_accounts import everything
from tests.fakes.one_user import AT, fill, session_of

__all__ = ["database", "postgres_socket", "url"]

DEVICE, OTHER_DEVICE, ADDRESS = "d" * 64, "e" * 64, "a" * 64


@pytest.fixture
async def people(database: Database) -> Database:
    for name in ("ann", "ben", "cy", "mod"):
        await fill(database, name, is_moderated=False)
    return database


def a_report(report_id: str = "r1", **change: Any) -> NewReport:
    lines = (
        ReportLine("ben", "Ben", "something of ben", AT - 2, is_subject=True),
        ReportLine("cy", "Cy", "something of cy", AT - 1),
        ReportLine("gone", "Gone", "something of nobody", AT),
    )
    report = NewReport(
        report_id,
        AT,
        ReportReason.INSULTS,
        ReportPlace.ROOM,
        "He was rude, says ann.",
        "ann",
        "ben",
        "Ben",
        room_name="Coffee",
        lines=lines,
    )
    return replace(report, **change)


def a_sanction(kind: SanctionKind = SanctionKind.BAN, **change: Any) -> Sanction:
    until = None if kind is SanctionKind.WARN else AT + 100
    sanction = Sanction("s1", kind, "ben", ReportReason.INSULTS, "Be kind, ben.", AT, until)
    return replace(sanction, **change)


def an_entry(sanction: Sanction | None = None, action: Action = Action.SANCTION) -> LogEntry:
    return LogEntry(
        at=AT,
        action=action,
        moderator_id="mod",
        target_id="ben",
        kind=sanction.kind if sanction else None,
        note="because of ben",
        sanction_id=sanction.id if sanction else None,
    )


async def test_a_report_is_listed_with_its_people_and_the_lines_of_those_who_exist(people: Database) -> None:
    store = SqlReportStore(people)
    await store.add(a_report())
    (report,) = await store.page(ReportState.OPEN, 9, None)
    assert report == await store.get("r1")
    assert report.target is not None
    assert report.reporter is not None
    assert (report.target.name, report.target_name, report.reporter.id) == ("Name of ben", "Ben", "ann")
    assert [(line.user_id, line.is_subject) for line in await store.lines("r1")] == [
        ("ben", True),
        ("cy", False),
    ]
    with pytest.raises(UserNotFound):
        await store.add(a_report("r2", target_id="nobody"))
    assert await store.get("r2") is None


async def test_open_reports_are_paged_oldest_first_and_closed_ones_newest_first(people: Database) -> None:
    store = SqlReportStore(people)
    for number in range(5):
        await store.add(a_report(f"r{number}", at=AT + number // 2, lines=()))
    first = await store.page(ReportState.OPEN, 3, None)
    rest = await store.page(ReportState.OPEN, 3, (first[-1].at, first[-1].id))
    assert [report.id for report in (*first, *rest)] == ["r0", "r1", "r2", "r3", "r4"]
    assert (await store.count_open(100), await store.count_open(2), await store.count_of("ben", 9)) == (
        5,
        2,
        5,
    )
    for number in range(4):
        await store.close(f"r{number}", ReportOutcome.DISMISSED, an_entry(action=Action.DISMISS))
    first = await store.page(ReportState.CLOSED, 3, None)
    rest = await store.page(ReportState.CLOSED, 3, (first[-1].at, first[-1].id))
    assert [report.id for report in (*first, *rest)] == ["r3", "r2", "r1", "r0"]
    assert await store.count_open(100) == 1


async def test_of_two_moderators_one_closes_a_report(people: Database) -> None:
    store = SqlReportStore(people)
    await store.add(a_report())
    entry = an_entry(action=Action.DISMISS)
    await store.close("r1", ReportOutcome.DISMISSED, entry)
    with pytest.raises(ReportClosed):
        await store.close("r1", ReportOutcome.DISMISSED, entry)
    with pytest.raises(ReportNotFound):
        await store.close("r9", ReportOutcome.DISMISSED, entry)
    with pytest.raises(ReportClosed):
        await SqlSanctionStore(people).add(a_sanction(report_id="r1"), an_entry(a_sanction()))
    assert len(await SqlModeratorStore(people).log_page(9, None)) == 1, "what failed is not in the log"


async def test_a_ban_keeps_out_the_account_and_its_devices_until_it_ends_or_is_undone(
    people: Database,
) -> None:
    now = [AT]
    sessions = SqlSessionStore(people, lambda: now[0])
    store = SqlSanctionStore(people)
    await sessions.add_session("ben-laptop", "ben", AT, "Laptop", DEVICE)
    await sessions.add_session("cy-laptop", "cy", AT, "Laptop", DEVICE)
    await sessions.add_session("cy-phone", "cy", AT, "Phone", OTHER_DEVICE)

    async def allowed() -> list[str]:
        names = ("ben-laptop", "cy-laptop", "cy-phone")
        return [name for name in names if await sessions.has_session(name, name[: name.index("-")])]

    ban = a_sanction(address_until=AT + 10)
    decided = await store.add(ban, an_entry(ban))
    assert set(decided.sessions) == {("ben", "ben-laptop"), ("ben", "ben-session"), ("cy", "cy-laptop")}
    assert decided.devices == [DEVICE]
    assert await allowed() == ["cy-phone"]
    assert await sessions.device_of("ben-laptop", "ben") == DEVICE
    found = await store.find_ban("ben", [DEVICE], AT)
    assert found is not None
    assert (found.scope, found.sanction, found.until) == (BanScope.ACCOUNT, ban, AT + 100)
    by_device = await store.find_ban("cy", [DEVICE], AT)
    assert by_device is not None
    assert by_device.scope is BanScope.DEVICE
    assert await store.find_ban("cy", [OTHER_DEVICE], AT) is None
    assert await store.find_ban("", [], AT) is None
    now[0] = AT + 100
    assert len(await allowed()) == 3
    assert await store.find_ban("ben", [DEVICE], AT + 100) is None
    now[0] = AT + 50
    await store.undo("s1", an_entry(ban, Action.UNDO))
    assert len(await allowed()) == 3
    with pytest.raises(SanctionNotFound):
        await store.undo("s1", an_entry(ban, Action.UNDO))
    await store.add_marks("s1", [BanMark(BanScope.DEVICE, OTHER_DEVICE, None)])
    assert await store.find_ban("cy", [OTHER_DEVICE], AT) is None, "an undone ban takes no marks"


async def test_marks_are_kept_once_bounded_and_by_their_scope(people: Database) -> None:
    store = SqlSanctionStore(people)
    await store.add(a_sanction(until=None), an_entry())
    address = BanMark(BanScope.ADDRESS, ADDRESS, AT + 10)
    await store.add_marks("s1", [address, address, BanMark(BanScope.DEVICE, DEVICE, None)])
    assert await store.find_ban("cy", [ADDRESS], AT) is None, "the digest of an address is no device"
    found = await store.find_ban("", [], AT, address=ADDRESS)
    assert found is not None
    assert (found.scope, found.until) == (BanScope.ADDRESS, AT + 10)
    assert await store.find_ban("", [], AT + 10, address=ADDRESS) is None
    many = [BanMark(BanScope.DEVICE, f"{n:064}", None) for n in range(2 * MAX_MARKS)]
    await store.add_marks("s1", many)
    async with people.read() as connection:
        assert len((await connection.execute(select(ban_marks.c.id))).all()) == MAX_MARKS


async def test_a_mark_of_somebody_who_comes_back_spares_devices_of_others(people: Database) -> None:
    """A banned person could give others a code to sign in with, which would lock them out of their own
    profiles."""
    sessions, store = SqlSessionStore(people, lambda: AT), SqlSanctionStore(people)
    await store.add(a_sanction(), an_entry())
    await sessions.add_session("cy-laptop", "cy", AT, "Laptop", DEVICE)
    marks = [BanMark(BanScope.DEVICE, device, None) for device in (DEVICE, OTHER_DEVICE)]
    address = BanMark(BanScope.ADDRESS, ADDRESS, AT + 10)
    await store.add_marks("s1", [*marks, address], spares_others=True)
    assert await sessions.has_session("cy-laptop", "cy")
    assert await store.find_ban("", [DEVICE], AT) is None
    assert await store.find_ban("", [OTHER_DEVICE], AT) is not None
    assert await store.find_ban("", [], AT, address=ADDRESS) is not None


async def test_a_ban_needs_a_report_on_the_same_person(people: Database) -> None:
    """A report holds the devices of the person whom it is about."""
    sessions, store = SqlSessionStore(people, lambda: AT), SqlSanctionStore(people)
    await sessions.add_session("ben-laptop", "ben", AT, "Laptop", DEVICE)
    await SqlReportStore(people).add(a_report())
    with pytest.raises(ReportNotFound):
        await store.add(a_sanction(report_id="r1", target_id="cy"), an_entry())
    assert await SqlReportStore(people).count_open(9) == 1
    assert await store.find_ban("cy", [DEVICE], AT) is None
    assert await store.history("cy", 9) == []


async def test_a_report_holds_the_device_of_somebody_who_signed_out_since(people: Database) -> None:
    sessions, store = SqlSessionStore(people, lambda: AT), SqlSanctionStore(people)
    await sessions.add_session("ben-laptop", "ben", AT, "Laptop", DEVICE)
    await SqlReportStore(people).add(a_report())
    await sessions.delete_sessions("ben")
    await store.add(a_sanction(report_id="r1"), an_entry())
    found = await store.find_ban("cy", [DEVICE], AT)
    assert found is not None
    (report,) = await SqlReportStore(people).page(ReportState.CLOSED, 9, None)
    assert report.outcome is ReportOutcome.BANNED


async def test_warnings_hold_until_they_are_acknowledged_and_mutes_until_their_time(
    people: Database,
) -> None:
    store = SqlSanctionStore(people)
    warning = a_sanction(SanctionKind.WARN)
    mute = a_sanction(SanctionKind.MUTE, id="s2", at=AT + 1)
    for sanction in (warning, mute, a_sanction(SanctionKind.MUTE, id="s3", target_id="cy")):
        await store.add(sanction, an_entry(sanction))
    assert [s.id for s in await store.holding("ben", AT + 2)] == ["s1", "s2"]
    with pytest.raises(SanctionNotFound):
        await store.acknowledge("cy", "s1", AT + 2)
    with pytest.raises(SanctionNotFound):
        await store.acknowledge("ben", "s2", AT + 2)
    await store.acknowledge("ben", "s1", AT + 2)
    await store.acknowledge("ben", "s1", AT + 9)
    assert [s.id for s in await store.holding("ben", AT + 2)] == ["s2"]
    assert await store.holding("ben", AT + 100) == []
    newest, oldest = await store.history("ben", 9)
    assert (newest.sanction.id, oldest.sanction.acknowledged_at) == ("s2", AT + 2)
    assert (newest.by, newest.target and newest.target.name) == ("Name of mod", "Name of ben")
    assert oldest.sanction.state_at(AT + 2) is SanctionState.ENDED


async def test_servers_find_what_was_decided_and_undone_lately(people: Database) -> None:
    store = SqlSanctionStore(people)
    await SqlSessionStore(people).add_session("ben-laptop", "ben", AT)
    await store.add(a_sanction(), an_entry())
    await store.add(a_sanction(SanctionKind.MUTE, id="s2", at=AT - 60, target_id="cy"), an_entry())
    ((ban, decided),) = await store.changed_since(AT - 30)
    assert (ban.id, {digest for _user, digest in decided.sessions}) == ("s1", {"ben-laptop", "ben-session"})
    await store.undo("s2", replace(an_entry(action=Action.UNDO), at=AT + 1))
    assert [sanction.id for sanction, _ in await store.changed_since(AT)] == ["s1", "s2"]


async def test_one_may_object_once_to_a_ban_that_holds(people: Database) -> None:
    store = SqlSanctionStore(people)
    assert not await store.object("ben", "It was not me", AT)
    await store.add(a_sanction(), an_entry())
    assert not await store.object("cy", "It was not me", AT)
    assert await store.object("ben", "It was not me", AT + 1)
    assert not await store.object("ben", "Again", AT + 2)
    (shown,) = await store.page(9, None, active_at=None, objected=True)
    assert shown.sanction.objection == "It was not me"
    assert not await store.object("ben", "Too late", AT + 200)


async def test_sanctions_and_the_log_are_paged_newest_first(people: Database) -> None:
    store, moderators = SqlSanctionStore(people), SqlModeratorStore(people)
    for number in range(5):
        sanction = a_sanction(SanctionKind.MUTE, id=f"s{number}", at=AT + number // 2)
        await store.add(sanction, an_entry(sanction))
    await store.undo("s4", an_entry(a_sanction(id="s4"), Action.UNDO))
    first = await store.page(3, None, active_at=None, objected=False)
    last = first[-1].sanction
    rest = await store.page(3, (last.at, last.id), active_at=None, objected=False)
    assert [shown.sanction.id for shown in (*first, *rest)] == ["s4", "s3", "s2", "s1", "s0"]
    active = await store.page(9, None, active_at=AT + 5, objected=False)
    assert [shown.sanction.id for shown in active] == ["s3", "s2", "s1", "s0"]
    entries = await moderators.log_page(4, None)
    assert [entry.entry.action for entry in entries] == [Action.UNDO, *[Action.SANCTION] * 3]
    assert entries[0].target is not None
    assert len(await moderators.log_page(9, entries[-1].number)) == 2


async def test_moderators_are_granted_by_id_address_or_name(people: Database) -> None:
    store = SqlModeratorStore(people)
    assert not await store.is_moderator("mod")
    (found,) = await store.find("Name of mod")
    assert found == (await store.find("mod"))[0]
    await store.set_moderator("mod", AT, granted=True)
    assert await store.is_moderator("mod")
    assert [person.id for person in await store.moderators()] == ["mod"]
    user = await SqlUserStore(people).get_user("mod")
    assert user is not None
    await SqlUserStore(people).update_user(replace(user, name="Another name"))
    assert await store.is_moderator("mod"), "an edited profile keeps the role"
    await store.set_moderator("mod", AT, granted=False)
    assert not await store.is_moderator("mod")
    with pytest.raises(UserNotFound):
        await store.set_moderator("nobody", AT, granted=True)
    assert [e.entry.action for e in await store.log_page(9, None)] == [Action.REVOKE, Action.GRANT]


async def _a_case(people: Database) -> None:
    """ann has reported ben, who is banned for good by mod; the log says so."""
    await SqlSessionStore(people, lambda: AT).add_session("laptop", "ben", AT, "Laptop", DEVICE)
    await SqlReportStore(people).add(a_report())
    await SqlReportStore(people).add(a_report("r2"))
    ban = a_sanction(until=None, report_id="r1")
    await SqlSanctionStore(people).add(ban, an_entry(ban))
    await SqlSanctionStore(people).object("ben", "It was not me, says ben", AT)


async def test_nothing_names_a_deleted_profile(people: Database) -> None:
    await _a_case(people)
    for who in ("mod", "ann", "cy", "ben"):  # the reported person last: with them most of the case goes
        assert f"'{who}'" in await everything(people)
        await SqlAccountStore(people).delete_user(who, 0.0)
        left = (await everything(people)).lower()
        for trace in (f"'{who}'", f"'{who}-", f"name of {who}", f"something of {who}", f"says {who}"):
            assert trace not in left, trace
    for words in ("because of ben", "be kind", "it was not me", "something of"):
        assert words not in left


async def test_a_ban_outlives_the_deleted_profile_by_its_device_alone(people: Database) -> None:
    await _a_case(people)
    await SqlAccountStore(people).delete_user("ben", 0.0)
    store = SqlReportStore(people)
    assert await store.count_open(9) == 0
    outcomes = {report.id: report.outcome for report in await store.page(ReportState.CLOSED, 9, None)}
    assert outcomes == {"r1": ReportOutcome.BANNED, "r2": ReportOutcome.GONE}
    assert await store.lines("r1") == []
    found = await SqlSanctionStore(people).find_ban("", [DEVICE], AT)
    assert found is not None
    assert (found.sanction.target_id, found.until) == (None, AT + 400 * 86_400)


async def test_guests_who_are_swept_leave_as_little(people: Database) -> None:
    await _a_case(people)
    assert await SqlUserStore(people).delete_unseen(["ann", "ben"], AT + 1) == 2
    left = await everything(people)
    for words in ("He was rude", "'Ben'", "Be kind", "It was not me"):
        assert words not in left


async def test_a_guest_who_becomes_an_account_takes_a_ban_along(people: Database) -> None:
    await _a_case(people)
    await SqlAccountStore(people).merge(session_of("ben"), session_of("cy"))
    found = await SqlSanctionStore(people).find_ban("cy", [], AT)
    assert found is not None
    assert found.sanction.target_id == "cy"
    assert "'ben'" not in (await everything(people)).replace("'goals': ['ben']", "")


async def test_old_reports_decisions_and_entries_are_deleted(people: Database) -> None:
    reports_, sanctions, moderators = (
        SqlReportStore(people),
        SqlSanctionStore(people),
        SqlModeratorStore(people),
    )
    for report_id in ("r1", "r2", "r3"):
        await reports_.add(a_report(report_id))
    await reports_.close("r1", ReportOutcome.DISMISSED, an_entry(action=Action.DISMISS))
    await reports_.close("r2", ReportOutcome.DISMISSED, replace(an_entry(), at=AT + 50))
    assert await reports_.delete_old(AT + 10) == 1
    assert {report.id for report in await reports_.page(ReportState.CLOSED, 9, None)} == {"r2"}
    await sanctions.add(a_sanction(), an_entry())
    await sanctions.add(a_sanction(id="s2", until=None, target_id="cy"), an_entry())
    assert await sanctions.delete_old(AT + 99, AT + 99) == 0
    assert await sanctions.delete_old(AT + 200, AT + 200) == 1, "one for good stays"
    assert await sanctions.find_ban("cy", [], AT) is not None
    assert await moderators.delete_old_entries(AT + 10) == 3


async def test_pages_of_what_holds_have_each_decision_once_newest_first(people: Database) -> None:
    """Every third is for good, every third is for a time, the others are over or undone."""
    untils = [(None, AT + 900, AT + 5)[n % 3] for n in range(30)]
    async with people.write() as connection:
        rows = [
            {**asdict(a_sanction(id=f"s{n:02}", until=until)), "at": AT + n // 2, "changed_at": AT}
            for n, until in enumerate(untils)
        ]
        await connection.execute(insert(sanctions), rows)
        undone = update(sanctions).where(sanctions.c.id.in_(["s03", "s04"])).values(undone_at=AT + 20)
        await connection.execute(undone)
    store, shown, after = SqlSanctionStore(people), [], None
    while page := await store.page(4, after, active_at=AT + 60, objected=False):
        shown += [each.sanction.id for each in page]
        after = page[-1].sanction.at, page[-1].sanction.id
    held = [f"s{n:02}" for n, until in enumerate(untils) if until in {None, AT + 900} and n not in {3, 4}]
    assert shown == held[::-1]


async def test_the_queue_is_read_from_an_index(people: Database) -> None:
    """Both databases say how they find a page."""
    async with people.write() as connection:
        rows: list[dict[str, Any]] = [
            {
                "id": f"x{n}",
                "at": AT + n,
                "state": "open" if n % 2 else "closed",
                "reason": "spam",
                "place": "profile",
                "words": "",
                "target_name": "Ben",
                "devices": [],
                "target_id": "ben",
                "reporter_id": "ann",
            }
            for n in range(3_000)
        ]
        await connection.execute(insert(reports), rows)
        if not people.is_sqlite:
            await connection.execute(text("ANALYZE reports"))
    after = (AT + 1_500, "x1500")
    for query in (
        report_page(ReportState.OPEN, 20, None),
        report_page(ReportState.OPEN, 20, after),
        report_page(ReportState.CLOSED, 20, None),
        report_page(ReportState.CLOSED, 20, after),
    ):
        plan = await _plan(people, query)
        assert "ix_reports_state_at_id" in plan, plan
        assert "Sort" not in plan
        assert "TEMP B-TREE" not in plan, plan
    held = await _plan(people, sanction_page(20, None, active_at=AT, objected=False))
    if people.is_sqlite:
        assert "ix_sanctions_at_id_for_good" in held, held
        assert "ix_sanctions_until_for_a_time" in held, held
    objected = await _plan(people, sanction_page(20, None, active_at=None, objected=True))
    if people.is_sqlite:
        assert "ix_sanctions_objected_at_id" in objected, objected


async def _plan(database: Database, query: Any) -> str:
    dialect = "sqlite" if database.is_sqlite else "postgresql"
    async with database.read() as connection:
        compiled = query.compile(
            dialect=connection.dialect, compile_kwargs={"literal_binds": True, "render_postcompile": True}
        )
        explain = "EXPLAIN QUERY PLAN" if dialect == "sqlite" else "EXPLAIN"
        return "\n".join(str(row) for row in await connection.execute(text(f"{explain} {compiled}")))
