"""Stores of users, rooms, conversations and progress: SQLite by default, PostgreSQL by URL."""

from server.storage.accounts import SqlAccountStore
from server.storage.achievements import SqlAchievementStore
from server.storage.audio import AudioFiles
from server.storage.audio_objects import AudioObjects, open_bucket
from server.storage.avatars import SqlAvatarStore
from server.storage.blocks import SqlBlockStore
from server.storage.classes import SqlClassStore
from server.storage.conversations import SqlConversationStore
from server.storage.database import Database, database_name
from server.storage.export import SqlExport
from server.storage.follows import SqlFollowStore
from server.storage.knowledge import SqlKnowledgeStore
from server.storage.log_emptying import LogEmptying
from server.storage.meetings import SqlMeetingStore
from server.storage.memory import SqlMemoryStore
from server.storage.mistakes import SqlMistakeStore
from server.storage.moderation_log import SqlModeratorStore
from server.storage.nodes import NodeLease
from server.storage.notices import SqlNoticeStore
from server.storage.one_time import SqlOneTimeStore
from server.storage.people import SqlPeopleStore
from server.storage.progress import SqlProgressStore
from server.storage.push import SqlPushStore
from server.storage.reports import SqlReportStore
from server.storage.rooms import SqlRoomStore
from server.storage.sanctions import SqlSanctionStore
from server.storage.schedule import SqlScheduleStore
from server.storage.sessions import SqlSessionStore
from server.storage.stored_values import SqlStoredValues
from server.storage.users import SqlUserStore
from server.storage.weeks import SqlWeekStore
from server.storage.words import SqlWordStore

__all__ = [
    "AudioFiles",
    "AudioObjects",
    "Database",
    "LogEmptying",
    "NodeLease",
    "SqlAccountStore",
    "SqlAchievementStore",
    "SqlAvatarStore",
    "SqlBlockStore",
    "SqlClassStore",
    "SqlConversationStore",
    "SqlExport",
    "SqlFollowStore",
    "SqlKnowledgeStore",
    "SqlMeetingStore",
    "SqlMemoryStore",
    "SqlMistakeStore",
    "SqlModeratorStore",
    "SqlNoticeStore",
    "SqlOneTimeStore",
    "SqlPeopleStore",
    "SqlProgressStore",
    "SqlPushStore",
    "SqlReportStore",
    "SqlRoomStore",
    "SqlSanctionStore",
    "SqlScheduleStore",
    "SqlSessionStore",
    "SqlStoredValues",
    "SqlUserStore",
    "SqlWeekStore",
    "SqlWordStore",
    "database_name",
    "open_bucket",
]
