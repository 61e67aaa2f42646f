"""Constructs what learners keep, and what they learn from: mistakes, words, memories, courses, documents."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from server.config import Config
from server.courses.folder import Courses
from server.knowledge.embeddings import EmbeddingsApi
from server.knowledge.service import KnowledgeBases
from server.learning.memories import Memories
from server.learning.mistakes import Mistakes
from server.learning.words import Words
from server.storage import SqlClassStore, SqlKnowledgeStore, SqlMemoryStore, SqlMistakeStore, SqlWordStore
from server.wiring.common import CommonParts


@dataclass(frozen=True, slots=True)
class LearningParts:
    mistakes: Mistakes
    words: Words
    memories: Memories
    courses: Courses
    classes: SqlClassStore
    knowledge: KnowledgeBases


def learning_of(common: CommonParts, mended: Callable[[str], Awaitable[None]]) -> LearningParts:
    """`mended` is told whose mistake was mended."""
    database, users = common.database, common.users
    mistakes = Mistakes(SqlMistakeStore(database), users, time.time, mended)
    words = Words(SqlWordStore(database), users, time.time)
    return LearningParts(
        mistakes,
        words,
        Memories(SqlMemoryStore(database), mistakes, words, time.time),
        Courses(common.config.courses_dir, time.monotonic),
        SqlClassStore(database),
        KnowledgeBases(SqlKnowledgeStore(database), _embeddings(common.config), time.time),
    )


def _embeddings(config: Config) -> EmbeddingsApi | None:
    if not config.embeddings_url:
        return None
    key = config.embeddings_key.get_secret_value()
    return EmbeddingsApi(config.embeddings_url, key, config.embeddings_model)
