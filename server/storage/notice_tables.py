"""The tables of notices and of messages to devices. Times are seconds since the epoch. A change here needs a
migration."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Double,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from server.storage.columns import key, of_user, part_of
from server.storage.tables import metadata

# A notice to a person. `body`: a NoticeBody. `key`: at most one notice of it to a person; NULL: any number.
# `about_id`: the person who is named in it; it is deleted with their profile too.
notices = Table(
    "notices",
    metadata,
    key("id"),
    of_user("user_id"),
    Column("key", String(160)),
    Column("body", JSON, nullable=False),
    Column("at", Double, nullable=False),
    Column("read_at", Double),
    Column("about_id", String(64), ForeignKey("users.id", ondelete="CASCADE")),
    UniqueConstraint("user_id", "key"),
    Index(None, "user_id", "at"),
    Index(None, "about_id"),
    Index(None, "at"),
)

# Notices that are to be sent by e-mail, from `due_at` to `until`. A row is deleted before its
# notice is sent, so that nothing is sent twice.
notice_deliveries = Table(
    "notice_deliveries",
    metadata,
    part_of("notices.id", "notice_id", is_key=True),
    Column("channel", String(16), primary_key=True),
    Column("due_at", Double, nullable=False),
    Column("until", Double, nullable=False),
    Index(None, "due_at"),
)

# How a person wants to be reached; without a row by e-mail, in English. `push_off`: topics that devices do
# not get. `quiet_start`, `quiet_end`: minutes after midnight in the person's zone; NULL: no quiet hours.
notice_settings = Table(
    "notice_settings",
    metadata,
    of_user("user_id", is_key=True),
    Column("mail", Boolean, nullable=False),
    Column("language", String(8), nullable=False),
    Column("push_off", JSON),
    Column("quiet_start", Integer),
    Column("quiet_end", Integer),
)

# Devices that get messages (Web Push), at most one of a session. `id`: a digest of what is in the row.
push_subscriptions = Table(
    "push_subscriptions",
    metadata,
    key("id"),
    of_user("user_id"),
    part_of("sessions.digest", "session_digest"),
    Column("endpoint", Text, nullable=False),
    Column("p256dh", LargeBinary, nullable=False),
    Column("auth", LargeBinary, nullable=False),
    Column("created_at", Double, nullable=False),
    UniqueConstraint("session_digest"),
    Index(None, "user_id", "created_at"),
)

# Notices for devices, to be sent from `due_at` to `until`. A row is deleted before its message is sent, and
# comes back if the push service asks for that.
push_messages = Table(
    "push_messages",
    metadata,
    part_of("notices.id", "notice_id", is_key=True),
    part_of("push_subscriptions.id", "subscription_id", is_key=True),
    Column("due_at", Double, nullable=False),
    Column("until", Double, nullable=False),
    Column("tries", Integer, nullable=False),
    Index(None, "due_at"),
    Index(None, "subscription_id"),
)
