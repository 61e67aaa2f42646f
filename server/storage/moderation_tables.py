"""The tables of moderation. Times are seconds since the epoch. A change here needs a migration.

A deleted profile leaves no name, no id and no words here: see `moderation_end.py`.
"""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Double,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    and_,
)

from server.storage.columns import key, of_user, part_of
from server.storage.tables import metadata


def _person(name: str) -> Column[str]:
    """A person, or NULL once their profile is deleted."""
    return Column(name, String(64), ForeignKey("users.id", ondelete="SET NULL"))


# `target_name`: at that time. `devices`: digests of the device cookies that the target was signed in with,
# for a ban that comes after they have signed out. `state`: `open` or `closed`.
reports = Table(
    "reports",
    metadata,
    key("id"),
    Column("at", Double, nullable=False),
    Column("state", String(8), nullable=False),
    Column("outcome", String(16)),
    Column("closed_at", Double),
    Column("reason", String(16), nullable=False),
    Column("place", String(16), nullable=False),
    Column("words", Text, nullable=False),
    _person("reporter_id"),
    _person("target_id"),
    Column("target_name", Text, nullable=False),
    Column("room_name", Text),
    Column("devices", JSON, nullable=False),
    Index(None, "state", "at", "id"),
    Index(None, "reporter_id"),
    Index(None, "target_id", "at"),
)

# The lines of a room's text chat that went with a report. A line is deleted with its author's profile.
report_lines = Table(
    "report_lines",
    metadata,
    part_of("reports.id", "report_id", is_key=True),
    Column("position", Integer, primary_key=True),
    of_user("user_id"),
    Column("name", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("at", Double, nullable=False),
    Column("is_subject", Boolean, nullable=False),
    Index(None, "user_id"),
)

# Warnings, mutes and bans. `until` NULL: for good, or a warning. `changed_at`: also of undoing it; servers
# look there for what a lost message would have told them.
sanctions = Table(
    "sanctions",
    metadata,
    key("id"),
    Column("kind", String(8), nullable=False),
    _person("target_id"),
    Column("report_id", String(64), ForeignKey("reports.id", ondelete="SET NULL")),
    Column("reason", String(16), nullable=False),
    Column("message", Text, nullable=False),
    Column("at", Double, nullable=False),
    Column("until", Double),
    Column("address_until", Double),
    Column("acknowledged_at", Double),
    Column("undone_at", Double),
    Column("changed_at", Double, nullable=False),
    Column("objection", Text, nullable=False),
    Column("objected_at", Double),
    Index(None, "target_id", "at"),
    Index(None, "report_id"),
    Index(None, "at", "id"),
    Index(None, "changed_at"),
    Index(None, "objected_at", "id"),
)
# Of those that may hold, for the moderators' list. The number of those for good only grows, so a page of
# them is read newest first.
_may_hold = and_(sanctions.c.undone_at.is_(None), sanctions.c.acknowledged_at.is_(None))
_for_good = and_(_may_hold, sanctions.c.until.is_(None))
_for_a_time = and_(_may_hold, sanctions.c.until.is_not(None))
Index(
    "ix_sanctions_at_id_for_good",
    sanctions.c.at,
    sanctions.c.id,
    sqlite_where=_for_good,
    postgresql_where=_for_good,
)
Index(
    "ix_sanctions_until_for_a_time",
    sanctions.c.until,
    sqlite_where=_for_a_time,
    postgresql_where=_for_a_time,
)

# By what a ban is found: an account, or the digest of a device cookie or of an address. Undoing the ban
# deletes its marks.
ban_marks = Table(
    "ban_marks",
    metadata,
    key("id"),
    part_of("sanctions.id", "sanction_id"),
    Column("scope", String(8), nullable=False),
    Column("user_id", String(64), ForeignKey("users.id", ondelete="CASCADE")),
    Column("digest", String(64)),
    Column("until", Double),
    Index(None, "sanction_id"),
    Index(None, "user_id"),
    Index(None, "digest"),
)

# Lines of the audit log. `moderator_id` NULL: the command line, or a deleted profile.
moderation_log = Table(
    "moderation_log",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    Column("at", Double, nullable=False),
    Column("action", String(16), nullable=False),
    _person("moderator_id"),
    _person("target_id"),
    Column("kind", String(8)),
    Column("until", Double),
    Column("note", Text, nullable=False),
    Column("report_id", String(64)),
    Column("sanction_id", String(64)),
    Index(None, "at"),
    Index(None, "moderator_id"),
    Index(None, "target_id"),
    Index(None, "sanction_id"),
)
