"""Courses that workers read, and what people have heard of classes, in memory."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from ai_agent.classes.course import SubTopic
from ai_agent.errors import AgentError
from server.learning.model import ClassKey, HeardClass
from server.protocol.classes import ClassRef


@dataclass
class FakeCourses:
    """One class of course "1"; None: none. `failures`: so many requests fail first."""

    topic: SubTopic | None = None
    failures: int = 0

    async def find(self, server_url: str, ref: ClassRef) -> SubTopic | None:
        del server_url
        if self.failures:
            self.failures -= 1
            raise AgentError("status 503")
        is_known = (ref.course_id, ref.module_index, ref.sub_topic_index) == ("1", 0, 0)
        return self.topic if is_known else None


class FakeClassStore:
    """A ClassStore. `heard`: sentences by user id and class."""

    def __init__(self) -> None:
        self.heard: defaultdict[str, dict[ClassKey, set[int]]] = defaultdict(dict)

    async def add_heard(
        self, user_ids: Collection[str], key: ClassKey, sentences: Collection[int], at: float
    ) -> None:
        del at
        for user_id in user_ids:
            self.heard[user_id].setdefault(key, set()).update(sentences)

    async def list_for(self, user_id: str, limit: int, after: ClassKey | None) -> Sequence[HeardClass]:
        found = sorted(self.heard[user_id].items())
        rest = [item for item in found if after is None or item[0] > after]
        return [HeardClass(key, tuple(sorted(sentences))) for key, sentences in rest[:limit]]
