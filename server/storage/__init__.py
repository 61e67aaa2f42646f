"""Where users, rooms and seats are kept: SQLite by default, PostgreSQL by URL."""

from server.storage.database import Database
from server.storage.rooms import SqlRoomStore
from server.storage.settings import SqlSettings
from server.storage.users import SqlUserStore

__all__ = ["Database", "SqlRoomStore", "SqlSettings", "SqlUserStore"]
