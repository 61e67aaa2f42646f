"""Shows a learner, and nobody else, what they have heard of classes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from server.errors import InvalidRequest
from server.learning.model import ClassKey, HeardClass
from server.learning.ports import ClassStore
from server.protocol import classes as wire

_END = "/"


class HeardClasses:
    def __init__(self, store: ClassStore) -> None:
        self._store = store

    async def page(self, user_id: str, limit: int, cursor: str | None) -> wire.HeardClassPage:
        """In the order of the courses. Raises InvalidRequest for a cursor that is not from this list,
        Unavailable."""
        after = _decoded(cursor) if cursor else None
        found = await self._store.list_for(user_id, limit + 1, after)
        items = found[:limit]
        more = _encoded(items[-1].key) if len(found) > limit else None
        return wire.HeardClassPage(items=[_view(item) for item in items], next_cursor=more)


def ranges_of(sentences: Iterable[int]) -> list[tuple[int, int]]:
    """First and last of each run of numbers that follow each other, in order."""
    runs: list[tuple[int, int]] = []
    for sentence in sorted(set(sentences)):
        if runs and sentence == runs[-1][1] + 1:
            runs[-1] = (runs[-1][0], sentence)
        else:
            runs.append((sentence, sentence))
    return runs


def _view(item: HeardClass) -> wire.HeardClass:
    return wire.HeardClass(
        course_id=item.key.course_id,
        module_index=item.key.module_index,
        sub_topic_index=item.key.sub_topic_index,
        heard=[wire.HeardRange(first=first, last=last) for first, last in ranges_of(item.sentences)],
    )


def _encoded(key: ClassKey) -> str:
    return _END.join((str(key.module_index), str(key.sub_topic_index), key.course_id))


def _decoded(cursor: str) -> ClassKey:
    """Raises InvalidRequest."""
    module, _, rest = cursor.partition(_END)
    sub_topic, _, course = rest.partition(_END)
    numbers: Sequence[str] = (module, sub_topic)
    if not course or not all(n.isascii() and n.isdecimal() and len(n) <= 4 for n in numbers):
        raise InvalidRequest("The cursor is not from this list.")
    return ClassKey(course, int(module), int(sub_topic))
