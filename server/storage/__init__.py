"""Stores of users, rooms, conversations and progress: SQLite by default, PostgreSQL by URL."""

from server.storage.audio import AudioFiles
from server.storage.audio_objects import AudioObjects, open_bucket
from server.storage.avatars import SqlAvatarStore
from server.storage.conversations import SqlConversationStore
from server.storage.database import Database, database_name
from server.storage.memory import SqlMemoryStore
from server.storage.mistakes import SqlMistakeStore
from server.storage.nodes import NodeLease
from server.storage.progress import SqlProgressStore
from server.storage.rooms import SqlRoomStore
from server.storage.sessions import SqlSessionStore
from server.storage.stored_values import SqlStoredValues
from server.storage.users import SqlUserStore
from server.storage.words import SqlWordStore

__all__ = [
    "AudioFiles",
    "AudioObjects",
    "Database",
    "NodeLease",
    "SqlAvatarStore",
    "SqlConversationStore",
    "SqlMemoryStore",
    "SqlMistakeStore",
    "SqlProgressStore",
    "SqlRoomStore",
    "SqlSessionStore",
    "SqlStoredValues",
    "SqlUserStore",
    "SqlWordStore",
    "database_name",
    "open_bucket",
]
