"""The CEFR levels (Common European Framework of Reference for Languages)."""

from __future__ import annotations

from enum import StrEnum

from server.protocol.base import Outbound


class Level(StrEnum):
    """CEFR levels, easiest first."""

    A1 = "A1"
    A2 = "A2"
    B1 = "B1"
    B2 = "B2"
    C1 = "C1"
    C2 = "C2"


class LevelInfo(Outbound):
    """`color` is a Mantine palette name."""

    id: Level
    name: str
    description: str
    color: str


LEVELS: tuple[LevelInfo, ...] = (
    LevelInfo(id=Level.A1, name="Beginner", description="Basic phrases, introductions", color="green"),
    LevelInfo(
        id=Level.A2, name="Elementary", description="Routine tasks, simple conversations", color="lime"
    ),
    LevelInfo(id=Level.B1, name="Intermediate", description="Travel, work, opinions", color="yellow"),
    LevelInfo(
        id=Level.B2,
        name="Upper-intermediate",
        description="Abstract topics, technical discussions",
        color="orange",
    ),
    LevelInfo(id=Level.C1, name="Advanced", description="Complex ideas, implicit meanings", color="red"),
    LevelInfo(id=Level.C2, name="Proficient", description="Near-native fluency", color="grape"),
)
