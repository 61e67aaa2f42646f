"""Moderation without a database: nobody has been reported, and nobody is a moderator."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from server.cluster.memory import MemoryBus
from server.errors import ReportNotFound, SanctionNotFound
from server.moderation.decisions import Decisions
from server.moderation.enforcement import Enforcement
from server.moderation.model import (
    BanMark,
    FoundBan,
    LogEntry,
    NewReport,
    PersonRef,
    Report,
    ReportLine,
    Sanction,
    ShownEntry,
    ShownSanction,
)
from server.moderation.ports import Decided, Position
from server.moderation.queue import Queue
from server.moderation.reports import Reports
from server.moderation.retention import Retention
from server.moderation.service import Moderation
from server.moderation.standing import Standings
from server.protocol.moderation import ReportOutcome, ReportState
from server.rooms.chat import ChatLine
from server.rooms.model import Origin
from server.rooms.ports import UserStore
from server.shared_runs import SharedRuns
from server.storage import Database, SqlStoredValues


class FakeReports:
    """Keeps reports that are sent; lists none."""

    def __init__(self) -> None:
        self.sent: list[NewReport] = []

    async def add(self, report: NewReport) -> None:
        self.sent.append(report)

    async def page(self, state: ReportState, limit: int, after: Position | None) -> Sequence[Report]:
        return []

    async def count_open(self, most: int) -> int:
        return 0

    async def get(self, report_id: str) -> Report | None:
        return None

    async def lines(self, report_id: str) -> Sequence[ReportLine]:
        return []

    async def count_of(self, target_id: str, most: int) -> int:
        return 0

    async def close(self, report_id: str, outcome: ReportOutcome, entry: LogEntry) -> None:
        raise ReportNotFound

    async def delete_old(self, closed_before: float) -> int:
        return 0


class FakeSanctions:
    """Keeps sanctions by their id, and the marks that were added; nobody is banned but by `ban`."""

    def __init__(self) -> None:
        self.sanctions: dict[str, Sanction] = {}
        self.marks: list[tuple[str, BanMark]] = []
        self.sessions: list[tuple[str, str]] = []
        self.devices: list[str] = []
        self.spared: list[bool] = []
        self.ban: FoundBan | None = None
        self.asked: list[tuple[str, frozenset[str], str]] = []

    async def add(self, sanction: Sanction, entry: LogEntry) -> Decided:
        self.sanctions[sanction.id] = sanction
        return Decided(self.sessions, self.devices)

    async def undo(self, sanction_id: str, entry: LogEntry) -> Sanction:
        raise SanctionNotFound

    async def add_marks(
        self, sanction_id: str, marks: Sequence[BanMark], *, spares_others: bool = False
    ) -> None:
        self.marks += [(sanction_id, mark) for mark in marks]
        self.spared.append(spares_others)

    async def page(
        self, limit: int, after: Position | None, *, active_at: float | None, objected: bool
    ) -> Sequence[ShownSanction]:
        return []

    async def history(self, target_id: str, limit: int) -> Sequence[ShownSanction]:
        return []

    async def holding(self, target_id: str, now: float) -> Sequence[Sanction]:
        return [s for s in self.sanctions.values() if s.target_id == target_id]

    async def acknowledge(self, target_id: str, sanction_id: str, now: float) -> None:
        raise SanctionNotFound

    async def object(self, target_id: str, words: str, now: float) -> bool:
        return False

    async def find_ban(
        self, user_id: str, digests: Collection[str], now: float, *, address: str = ""
    ) -> FoundBan | None:
        self.asked.append((user_id, frozenset(digests), address))
        return self.ban

    async def delete_old(self, ended_before: float, now: float) -> int:
        return 0

    async def changed_since(self, since: float) -> Sequence[tuple[Sanction, Decided]]:
        return [(sanction, Decided(self.sessions, self.devices)) for sanction in self.sanctions.values()]


class FakeModerators:
    """`ids`: of the moderators."""

    def __init__(self, users: UserStore) -> None:
        self.ids: set[str] = set()
        self._users = users

    async def is_moderator(self, user_id: str) -> bool:
        return user_id in self.ids

    async def person(self, user_id: str) -> PersonRef | None:
        user = await self._users.get_user(user_id)
        return None if user is None else PersonRef(user.id, user.name, user.avatar)

    async def log_page(self, limit: int, before: int | None) -> Sequence[ShownEntry]:
        return []

    async def delete_old_entries(self, before: float) -> int:
        return 0


class FakeEffects:
    """Notes what a decision does on a server."""

    def __init__(self) -> None:
        self.cuts: list[tuple[str, list[str], list[str]]] = []
        self.silenced: list[tuple[str, float | None]] = []
        self.shown: list[str] = []
        self.events_asked_again = 0
        self.origins: list[Origin] = []

    def cut(self, user_id: str, sessions: Sequence[str], devices: Sequence[str]) -> Sequence[Origin]:
        self.cuts.append((user_id, list(sessions), list(devices)))
        return self.origins

    def silence(self, user_id: str, until: float | None) -> None:
        self.silenced.append((user_id, until))

    def events_changed(self) -> None:
        self.events_asked_again += 1

    def show_standing(self, user_id: str) -> None:
        self.shown.append(user_id)


async def _no_messages(_room_id: str, _count: int) -> Sequence[ChatLine]:
    return []


def no_moderation(
    users: UserStore, clock: Callable[[], float], sanctions: FakeSanctions | None = None
) -> Moderation:
    reports, sanctions, moderators = FakeReports(), sanctions or FakeSanctions(), FakeModerators(users)
    enforcement = Enforcement(sanctions, MemoryBus(), FakeEffects(), clock)
    unused = Database("sqlite+aiosqlite:///:memory:")
    runs = SharedRuns(unused.lock, SqlStoredValues(unused), clock)
    return Moderation(
        reports=Reports(reports, users, _no_messages, clock),
        standings=Standings(sanctions, moderators, clock),
        queue=Queue(reports, sanctions, moderators, clock),
        decisions=Decisions(reports, sanctions, moderators, moderators, enforcement, clock),
        moderators=moderators,
        enforcement=enforcement,
        retention=Retention(reports, sanctions, moderators, runs, clock),
    )
