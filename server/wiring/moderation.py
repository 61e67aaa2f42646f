"""Constructs moderation, and what its decisions change on this server."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from server.common.durations import DAY_S
from server.config import Config
from server.moderation.decisions import Decisions
from server.moderation.enforcement import Enforcement
from server.moderation.model import CLOSED_REPORTS_KEPT_S, LOG_KEPT_S
from server.moderation.ports import RecentMessages
from server.moderation.queue import Queue
from server.moderation.reports import Reports
from server.moderation.retention import Retention
from server.moderation.service import Moderation
from server.moderation.standing import Standings
from server.protocol.lobby import EventsChanged
from server.protocol.moderation import PrivacyFacts
from server.rooms.model import Origin
from server.rooms.ports import Bus, UserStore
from server.rooms.service import RoomsService
from server.shared_runs import SharedRuns
from server.signalling import Connections
from server.storage import Database, SqlModeratorStore, SqlReportStore, SqlSanctionStore

Cut = Callable[[str, Sequence[str], Sequence[str]], Sequence[Origin]]


class Effects:
    """Implements `moderation.ports.ServerEffects`. `cuts`: as in the port, for each kind of connection."""

    def __init__(self, cuts: Sequence[Cut], rooms: RoomsService, connections: Connections) -> None:
        self._cuts = cuts
        self._rooms = rooms
        self._connections = connections

    def cut(self, user_id: str, sessions: Sequence[str], devices: Sequence[str]) -> Sequence[Origin]:
        return [origin for cut in self._cuts for origin in cut(user_id, sessions, devices)]

    def silence(self, user_id: str, until: float | None) -> None:
        self._rooms.silence(user_id, until)

    def events_changed(self) -> None:
        self._connections.lobby.send(EventsChanged(event_ids=[]))

    def show_standing(self, user_id: str) -> None:
        self._connections.pages.show_standing(user_id)


def privacy_facts(config: Config) -> PrivacyFacts:
    return PrivacyFacts(
        contact=config.contact,
        guest_days=config.guest_ttl_days,
        audio_days=config.audio_ttl_days,
        report_days=int(CLOSED_REPORTS_KEPT_S / DAY_S),
        decision_days=int(LOG_KEPT_S / DAY_S),
    )


def standings_of(database: Database, clock: Callable[[], float]) -> Standings:
    return Standings(SqlSanctionStore(database), SqlModeratorStore(database), clock)


def moderation_of(
    database: Database,
    users: UserStore,
    bus: Bus,
    runs: SharedRuns,
    effects: Effects,
    *,
    recent_messages: RecentMessages,
    clock: Callable[[], float],
) -> Moderation:
    """`recent_messages`: of the rooms' text chat."""
    reports, sanctions = SqlReportStore(database), SqlSanctionStore(database)
    moderators = SqlModeratorStore(database)
    enforcement = Enforcement(sanctions, bus, effects, clock)
    return Moderation(
        reports=Reports(reports, users, recent_messages, clock),
        standings=Standings(sanctions, moderators, clock),
        queue=Queue(reports, sanctions, moderators, clock),
        decisions=Decisions(reports, sanctions, moderators, moderators, enforcement, clock),
        moderators=moderators,
        enforcement=enforcement,
        retention=Retention(reports, sanctions, moderators, runs, clock),
    )
