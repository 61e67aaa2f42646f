"""The tables of achievements and weeks. Times are seconds since the epoch. A change here needs a
migration."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Double, String, Table

from server.storage.columns import of_user
from server.storage.tables import metadata

# Achievements that a learner has earned. `name`: of a rule in `server/progress/achievements.py`.
achievements = Table(
    "achievements",
    metadata,
    of_user("user_id", is_key=True),
    Column("name", String(32), primary_key=True),
    Column("at", Double, nullable=False),
)

# Weeks that were summed up for a learner, by their Monday. A row is written together with its notice.
learner_weeks = Table(
    "learner_weeks",
    metadata,
    of_user("user_id", is_key=True),
    Column("monday", String(10), primary_key=True),
    Column("goal_reached", Boolean, nullable=False),
    Column("at", Double, nullable=False),
)
