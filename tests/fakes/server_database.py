"""The database of a server that runs as a process, on SQLite: for what a test cannot do through the API."""

from __future__ import annotations

import sqlite3
import time
from typing import Any

from tests.fakes.server_process import ServerProcess


class ServerDatabase:
    def __init__(self, server: ServerProcess) -> None:
        self._file = server.data_dir / "parlor.db"

    def run(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        connection = sqlite3.connect(self._file, timeout=10)
        try:
            with connection:
                return connection.execute(statement, values).fetchall()
        finally:
            connection.close()

    def keep(self, user_id: str, address: str = "") -> None:
        """The profile has an e-mail address, so it is no guest's."""
        to = address or f"{user_id}@example.org"
        columns = "id, user_id, issuer, subject, label, created_at"
        row = (f"i-{user_id}", user_id, "email", to, to, time.time())
        self.run(f"INSERT INTO identities ({columns}) VALUES (?, ?, ?, ?, ?, ?)", *row)

    def remind(self) -> None:
        """Reminders that are due ten minutes before the start are due now."""
        self.run("UPDATE reminders SET due_at = ? WHERE kind = 'soon'", time.time())
