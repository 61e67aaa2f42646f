"""Empties SQLite's log from time to time, so that nothing deleted stays in it for long."""

from __future__ import annotations

import logging

from server.common.tasks import Ticker
from server.errors import ParlorError
from server.storage.database import Database

EVERY_S = 300.0
_log = logging.getLogger(__name__)


class LogEmptying:
    """Does nothing on PostgreSQL."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._ticker = Ticker("log of the database", EVERY_S, self._empty)

    def start(self) -> None:
        self._ticker.start()

    async def aclose(self) -> None:
        """Idempotent."""
        await self._ticker.aclose()

    async def _empty(self) -> None:
        try:
            if not await self._database.empty_log():
                _log.debug("log of the database is in use, trying again in %.0f s", EVERY_S)
        except ParlorError as error:
            _log.warning("log of the database not emptied, trying again", extra={"code": error.code})
