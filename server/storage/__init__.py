"""Stores of users, rooms, conversations and progress: SQLite by default, PostgreSQL by URL."""

from server.storage.audio import AudioFiles
from server.storage.conversations import SqlConversationStore
from server.storage.database import Database
from server.storage.mistakes import SqlMistakeStore
from server.storage.nodes import NodeLease
from server.storage.progress import SqlProgressStore
from server.storage.rooms import SqlRoomStore
from server.storage.sessions import SqlSessionStore
from server.storage.stored_values import SqlStoredValues
from server.storage.users import SqlUserStore

__all__ = [
    "AudioFiles",
    "Database",
    "NodeLease",
    "SqlConversationStore",
    "SqlMistakeStore",
    "SqlProgressStore",
    "SqlRoomStore",
    "SqlSessionStore",
    "SqlStoredValues",
    "SqlUserStore",
]
