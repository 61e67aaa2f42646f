"""The tables of people and each other, apart from blocks. Times are seconds since the epoch. A change here
needs a migration."""

from __future__ import annotations

from sqlalchemy import Column, Double, Index, Table, Text

from server.storage.columns import of_user
from server.storage.tables import metadata

# `user_id` follows `other_id`. `friends_at`: since when the other one follows them too, in both
# rows; NULL: not.
follows = Table(
    "follows",
    metadata,
    of_user("user_id", is_key=True),
    of_user("other_id", is_key=True),
    Column("at", Double, nullable=False),
    Column("friends_at", Double),
    Index("ix_follows_user_id_at", "user_id", "at", "other_id"),
    Index("ix_follows_other_id_at", "other_id", "at", "user_id"),
    Index("ix_follows_user_id_friends_at", "user_id", "friends_at", "other_id"),
)

# Notes that `user_id` has written about `other_id`, for themselves alone.
people_notes = Table(
    "people_notes",
    metadata,
    of_user("user_id", is_key=True),
    of_user("other_id", is_key=True),
    Column("text", Text, nullable=False),
    Column("at", Double, nullable=False),
    Index("ix_people_notes_other_id", "other_id"),
)

# `user_id` was in a room with `other_id`, last at `at`. Each of the two has a row of their own.
meetings = Table(
    "meetings",
    metadata,
    of_user("user_id", is_key=True),
    of_user("other_id", is_key=True),
    Column("at", Double, nullable=False),
    Column("room_name", Text, nullable=False),
    Index("ix_meetings_user_id_at", "user_id", "at", "other_id"),
    Index("ix_meetings_other_id", "other_id"),
    Index("ix_meetings_at", "at"),
)
