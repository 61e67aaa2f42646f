"""The tables of rooms at a set time. Times are seconds since the epoch, except local starts: texts such as
`2027-03-09T19:00`, in the event's zone. A change here needs a migration."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Double,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from server.storage.columns import key, of_user, part_of
from server.storage.tables import metadata

# `rule`: a Rule of `server.schedule.recurrence`; NULL: once. `invite` opens a private event. `paused_at`:
# when people with a place were told that the event is paused, as its host is banned; NULL: it is not.
events = Table(
    "events",
    metadata,
    key("id"),
    of_user("host_id"),
    Column("name", Text, nullable=False),
    Column("topic", Text, nullable=False),
    Column("level", String(2), nullable=False),
    Column("type", String(16), nullable=False),
    Column("language", String(16), nullable=False),
    Column("tags", JSON, nullable=False),
    Column("seats", Integer, nullable=False),
    Column("waiting_room", Boolean, nullable=False),
    Column("opens_alone", Boolean, nullable=False),
    Column("start", String(16), nullable=False),
    Column("zone", String(64), nullable=False),
    Column("minutes", Integer, nullable=False),
    Column("rule", JSON(none_as_null=True)),
    Column("invite", String(64), nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("status", String(16), nullable=False),
    Column("created_at", Double, nullable=False),
    Column("changed_at", Double, nullable=False),
    Column("paused_at", Double),
    Index(None, "host_id"),
    Index(None, "paused_at"),
)

# Each time at which an event takes place, those that the host changed or cancelled alone among them.
# `planned`: the local start by the rule. `name` and `topic` are NULL where they are the event's.
event_occurrences = Table(
    "event_occurrences",
    metadata,
    key("id"),
    part_of("events.id", "event_id"),
    Column("planned", String(16), nullable=False),
    Column("start", String(16), nullable=False),
    Column("starts_at", Double, nullable=False),
    Column("ends_at", Double, nullable=False),
    Column("changed_at", Double, nullable=False),
    Column("name", Text),
    Column("topic", Text),
    Column("status", String(16), nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("room_id", String(64)),
    Column("called_at", Double),
    Index(None, "event_id", "starts_at"),
    Index(None, "starts_at", "id"),
)

# People who have a place (`going`) at an occurrence, or wait for one (`waiting`), since when.
registrations = Table(
    "registrations",
    metadata,
    part_of("event_occurrences.id", "occurrence_id", is_key=True),
    of_user("user_id", is_key=True),
    Column("place", String(16), nullable=False),
    Column("at", Double, nullable=False),
    Index(None, "occurrence_id", "place", "at"),
    Index(None, "user_id"),
)

# One for each notice that a person is to get. `sent_at` is set in the transaction that stores the notice.
reminders = Table(
    "reminders",
    metadata,
    part_of("event_occurrences.id", "occurrence_id", is_key=True),
    of_user("user_id", is_key=True),
    Column("kind", String(16), primary_key=True),
    Column("due_at", Double, nullable=False),
    Column("sent_at", Double),
    Index(None, "sent_at", "due_at"),
    Index(None, "user_id"),
)

# The secret address of a person's calendar, by its SHA-256, hex.
calendar_feeds = Table(
    "calendar_feeds",
    metadata,
    of_user("user_id", is_key=True),
    Column("digest", String(64), nullable=False),
    Column("created_at", Double, nullable=False),
    UniqueConstraint("digest"),
)
