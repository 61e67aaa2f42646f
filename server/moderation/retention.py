"""Deletes what moderation need not keep any longer, once a day."""

from __future__ import annotations

import logging
from collections.abc import Callable

from server.common.durations import DAY_S
from server.common.tasks import Ticker
from server.errors import ParlorError
from server.moderation.model import CLOSED_REPORTS_KEPT_S, LOG_KEPT_S
from server.moderation.ports import ModeratorStore, ReportStore, SanctionStore
from server.shared_runs import SharedRuns

_CHECK_EVERY_S = 3_600.0
_LAST_SWEEP = "moderation_swept_at"
_log = logging.getLogger(__name__)


class Retention:
    """Closed reports, sanctions that are over, marks that do not hold, old entries of the log."""

    def __init__(
        self,
        reports: ReportStore,
        sanctions: SanctionStore,
        moderators: ModeratorStore,
        runs: SharedRuns,
        clock: Callable[[], float],
    ) -> None:
        self._reports = reports
        self._sanctions = sanctions
        self._moderators = moderators
        self._runs = runs
        self._clock = clock
        self._ticker = Ticker("old reports", _CHECK_EVERY_S, self._check, at_start=True)

    def start(self) -> None:
        self._ticker.start()

    async def aclose(self) -> None:
        """Idempotent."""
        await self._ticker.aclose()

    async def sweep(self) -> None:
        """Unless a server has done so today. Raises Unavailable."""
        await self._runs.run(_LAST_SWEEP, DAY_S, self._delete)

    async def _delete(self) -> None:
        now = self._clock()
        count = await self._reports.delete_old(now - CLOSED_REPORTS_KEPT_S)
        count += await self._sanctions.delete_old(now - LOG_KEPT_S, now)
        count += await self._moderators.delete_old_entries(now - LOG_KEPT_S)
        if count:
            _log.info("old reports and decisions deleted", extra={"count": count})

    async def _check(self) -> None:
        try:
            await self.sweep()
        except ParlorError as error:
            _log.warning("old reports not deleted, retrying in an hour", extra={"code": error.code})
