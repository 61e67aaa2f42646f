from __future__ import annotations

import logging
import sqlite3

import pytest
from sqlalchemy.exc import DatabaseError, DBAPIError, IntegrityError, OperationalError

from server.errors import RoomNotFound
from server.storage.failures import Failures, cause_of


class FromPostgres(Exception):
    def __init__(self, sqlstate: str, text: str) -> None:
        super().__init__(text)
        self.sqlstate = sqlstate


@pytest.mark.parametrize(
    ("error", "cause"),
    [
        (
            OperationalError("INSERT", {}, sqlite3.OperationalError("database or disk is full")),
            "database or disk is full",
        ),
        (
            DatabaseError("SELECT", {}, sqlite3.DatabaseError("database disk image is malformed")),
            "database disk image is malformed",
        ),
        (
            DBAPIError(
                "INSERT", {}, FromPostgres("53100", "<class 'asyncpg.DiskFullError'>: could not extend\nHINT")
            ),
            "could not extend",
        ),
        (DBAPIError("INSERT", {}, FromPostgres("25006", "read-only transaction")), "read-only transaction"),
        (FromPostgres("57P03", "the database system is starting up"), "the database system is starting up"),
        (ConnectionRefusedError(111, "Connection refused"), "[Errno 111] Connection refused"),
        (TimeoutError(), "no answer in time"),
        (IntegrityError("INSERT", {}, sqlite3.IntegrityError("UNIQUE")), None),
        (DBAPIError("SELECT", {}, FromPostgres("42601", "syntax error")), None),
        (RoomNotFound(), None),
    ],
)
def test_errors_of_the_database_are_told_from_those_of_statements(
    error: Exception, cause: str | None
) -> None:
    assert cause_of(error) == cause


def test_a_cause_is_one_line_a_minute_and_its_end_another(caplog: pytest.LogCaptureFixture) -> None:
    now = 0.0
    failures = Failures(lambda: now)
    with caplog.at_level(logging.WARNING):
        failures.served()
        for cause in ("disk full", "disk full", "locked") * 100:
            failures.failed(cause)
        now = 61.0
        failures.failed("disk full")
        failures.served()
        failures.served()
    assert [record.getMessage() for record in caplog.records] == [
        "the database cannot serve: disk full",
        "the database cannot serve: locked",
        "the database could not serve 199 more times: disk full",
        "the database could not serve 99 more times: locked",
        "the database cannot serve: disk full",
        "the database serves again",
    ]
