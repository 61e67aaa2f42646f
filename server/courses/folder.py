"""The courses of a folder, read again when its files have changed."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from pathlib import Path

from server.courses.model import Course
from server.courses.reading import CourseError, read_courses
from server.errors import CourseNotFound

BOX = Path(__file__).with_name("box")
"""The courses that come with Parlor."""
_LOOK_EVERY_S = 5.0
_log = logging.getLogger(__name__)


class Courses:
    """`folder`: None for those in the box. `clock`: monotonic seconds. A teacher who edits a file sees the
    change within _LOOK_EVERY_S; while a file is wrong, what was read before stays, and the log says why."""

    def __init__(self, folder: Path | None, clock: Callable[[], float]) -> None:
        self._folder = folder or BOX
        self._clock = clock
        self._courses: Sequence[Course] = ()
        self._seen: object = None
        self._looked_at = float("-inf")
        self._lock = asyncio.Lock()

    async def start(self) -> None:
        """Raises CourseError, OSError: a server with a wrong folder does not start."""
        self._seen, self._courses = await asyncio.to_thread(_read, self._folder)
        self._looked_at = self._clock()

    async def all(self) -> Sequence[Course]:
        async with self._lock:
            if self._clock() - self._looked_at >= _LOOK_EVERY_S:
                await self._look()
        return self._courses

    async def find(self, course_id: str) -> Course:
        """Raises CourseNotFound."""
        for course in await self.all():
            if course.id == course_id:
                return course
        raise CourseNotFound

    async def _look(self) -> None:
        self._looked_at = self._clock()
        try:
            seen = await asyncio.to_thread(_state, self._folder)
            if seen == self._seen:
                return
            self._seen = seen
            _, self._courses = await asyncio.to_thread(_read, self._folder)
            _log.info("courses read again: %d", len(self._courses))
        except (CourseError, OSError) as error:
            _log.warning("courses not read again: %s", error)


def _read(folder: Path) -> tuple[object, Sequence[Course]]:
    return _state(folder), read_courses(folder)


def _state(folder: Path) -> object:
    """Differs once a file has changed."""
    files = sorted(folder.rglob("*.md"))
    return [(str(path), stat.st_mtime_ns, stat.st_size) for path in files if (stat := path.stat())]
