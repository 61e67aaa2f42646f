"""Errors that mean that the database cannot serve now, and one log line a cause and minute about them."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from sqlalchemy.exc import DatabaseError, DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from server.common.repeats import Repeats

_PERIOD_S, _MAX_CAUSES = 60.0, 50
_SERVING_STATES = (
    *("08", "28", "3D", "40", "53", "57", "58", "F0", "XX"),  # classes
    *("25006", "55P03"),  # read_only_sql_transaction, lock_not_available
)
"""SQLSTATE classes and codes of PostgreSQL (its manual, appendix A) that do not blame the statement."""
_log = logging.getLogger(__name__)


def cause_of(error: BaseException) -> str | None:
    """In one line, why the database could not serve; None for an error of the statement."""
    if isinstance(error, PoolTimeout):
        return "every connection is in use"
    if isinstance(error, DBAPIError):
        driver = error.orig or error
        if not (_is_unserved(error) or error.connection_invalidated or _has_state(driver)):
            return None
        return _line(driver)
    if isinstance(error, TimeoutError):
        return "no answer in time"
    # asyncpg's own classes while it connects
    return _line(error) if isinstance(error, OSError) or _has_state(error) else None


class Failures:
    """`clock` is monotonic, in seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._repeats = Repeats[str](period_s=_PERIOD_S, max_keys=_MAX_CAUSES)
        self._is_failing = False

    def failed(self, cause: str) -> None:
        self._is_failing = True
        self._summarise()
        if self._repeats.is_shown(cause, 1):
            _log.error("the database cannot serve: %s", cause)

    def served(self) -> None:
        if self._is_failing:
            self._is_failing = False
            self._summarise()
            if self._repeats.is_shown("", 1):
                _log.warning("the database serves again")

    def _summarise(self) -> None:
        for cause, count in self._repeats.ended(self._clock()):
            if cause != "":
                _log.error("the database could not serve %d more times: %s", count, cause or "other causes")


def _is_unserved(error: DBAPIError) -> bool:
    # SQLite reports a damaged file as a plain DatabaseError; its subclasses blame the statement.
    return isinstance(error, OperationalError | InterfaceError) or type(error) is DatabaseError


def _has_state(error: BaseException) -> bool:
    state = getattr(error, "sqlstate", None)
    return isinstance(state, str) and state.startswith(_SERVING_STATES)


def _line(error: BaseException) -> str:
    """The first line of the text. The dialect's wrapper of asyncpg puts a class in front of it."""
    text = str(error).strip().partition("\n")[0]
    return text.partition(">: ")[2] or text or type(error).__name__
