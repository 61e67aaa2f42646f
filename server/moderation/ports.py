"""Interfaces that moderation needs from the outside: its stores, and what a decision changes on each
server."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Protocol

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
from server.protocol.moderation import ReportOutcome, ReportState
from server.rooms.chat import ChatLine
from server.rooms.model import Origin

Position = tuple[float, str]
"""Time and id of the last row of the page before."""
RecentMessages = Callable[[str, int], Awaitable[Sequence[ChatLine]]]
"""The last lines of a room's text chat, at most so many; none without a chat. Raises Unavailable."""


class ReportStore(Protocol):
    """All methods raise Unavailable."""

    async def add(self, report: NewReport) -> None:
        """With the digests of the devices that the target is signed in with. Lines of deleted profiles are
        left out. Raises UserNotFound."""
        ...

    async def page(self, state: ReportState, limit: int, after: Position | None) -> Sequence[Report]:
        """Open ones oldest first, closed ones newest first."""
        ...

    async def count_open(self, most: int) -> int:
        """At most `most`, which bounds the work."""
        ...

    async def get(self, report_id: str) -> Report | None: ...

    async def lines(self, report_id: str) -> Sequence[ReportLine]: ...

    async def count_of(self, target_id: str, most: int) -> int: ...

    async def close(self, report_id: str, outcome: ReportOutcome, entry: LogEntry) -> None:
        """With an entry of the log. Raises ReportNotFound, ReportClosed."""
        ...

    async def delete_old(self, closed_before: float) -> int: ...


@dataclass(frozen=True, slots=True)
class Decided:
    """The marks by which a ban keeps people out besides its account: sessions, as (user id, digest of the
    session), and digests of device cookies."""

    sessions: Sequence[tuple[str, str]] = ()
    devices: Sequence[str] = ()


class SanctionStore(Protocol):
    """All methods raise Unavailable."""

    async def add(self, sanction: Sanction, entry: LogEntry) -> Decided:
        """In one transaction: the sanction, the end of its report, the marks of a ban on the account and on
        the devices that are known, and an entry of the log. Raises UserNotFound; ReportNotFound, also for
        a report on somebody else; ReportClosed."""
        ...

    async def undo(self, sanction_id: str, entry: LogEntry) -> Sanction:
        """With its marks, and an entry of the log. Raises SanctionNotFound."""
        ...

    async def add_marks(
        self, sanction_id: str, marks: Sequence[BanMark], *, spares_others: bool = False
    ) -> None:
        """Add the marks that the ban does not have yet, up to MAX_MARKS in all. None for a ban that was
        undone. `spares_others`: none on a device on which somebody else is signed in."""
        ...

    async def page(
        self, limit: int, after: Position | None, *, active_at: float | None, objected: bool
    ) -> Sequence[ShownSanction]:
        """Newest first; of those with an objection by its time. `active_at`: only those that hold then."""
        ...

    async def history(self, target_id: str, limit: int) -> Sequence[ShownSanction]: ...

    async def holding(self, target_id: str, now: float) -> Sequence[Sanction]:
        """Warnings that were not acknowledged, and mutes that hold."""
        ...

    async def acknowledge(self, target_id: str, sanction_id: str, now: float) -> None:
        """Of a warning. Raises SanctionNotFound."""
        ...

    async def object(self, target_id: str, words: str, now: float) -> bool:
        """To one's newest ban that holds, once. False if there is none, or it has an objection."""
        ...

    async def find_ban(
        self, user_id: str, digests: Collection[str], now: float, *, address: str = ""
    ) -> FoundBan | None:
        """A ban of the account, of one of the devices with these digests, or of the address."""
        ...

    async def delete_old(self, ended_before: float, now: float) -> int:
        """Sanctions that ended before then, and marks that do not hold any more."""
        ...

    async def changed_since(self, since: float) -> Sequence[tuple[Sanction, Decided]]:
        """Sanctions that were made or undone since, oldest first; with what a ban that holds keeps out."""
        ...


class ModeratorStore(Protocol):
    """Roles, and the log. All methods raise Unavailable."""

    async def is_moderator(self, user_id: str) -> bool: ...

    async def log_page(self, limit: int, before: int | None) -> Sequence[ShownEntry]: ...

    async def delete_old_entries(self, before: float) -> int: ...


class People(Protocol):
    """All methods raise Unavailable."""

    async def person(self, user_id: str) -> PersonRef | None: ...


class ServerEffects(Protocol):
    """Makes a decision take effect on this server. Methods return at once and never raise."""

    def cut(self, user_id: str, sessions: Sequence[str], devices: Sequence[str]) -> Sequence[Origin]:
        """End the person's connections and those of the sessions with these digests, with their seats; and
        those of the devices that have no session. Returns from where the person's connections came."""
        ...

    def silence(self, user_id: str, until: float | None) -> None:
        """Mute the person in every room with others, or let them unmute again."""
        ...

    def events_changed(self) -> None:
        """Let open pages ask again which events there are: those of a banned host are hidden."""
        ...

    def show_standing(self, user_id: str) -> None:
        """Let the person's open pages ask again what holds for them."""
        ...
