"""Finds corrected sentences that are said rightly later in the same talk. No I/O."""

from __future__ import annotations

from collections import defaultdict, deque

from server.learning.answers import is_same_sentence

MAX_REMEMBERED = 50
"""Corrections of one person in one talk; the oldest go."""


class Mending:
    """The corrections of open talks that were not mended yet, by talk and person. Those from before a restart
    are not known."""

    def __init__(self) -> None:
        self._open: defaultdict[str, defaultdict[str, deque[str]]] = defaultdict(
            lambda: defaultdict(lambda: deque(maxlen=MAX_REMEMBERED))
        )

    def corrected(self, conversation_id: str, user_id: str, sentence: str) -> None:
        self._open[conversation_id][user_id].append(sentence)

    def said(self, conversation_id: str, user_id: str, sentence: str) -> int:
        """Return the number of corrections of the person that this mends: none or one, the same sentence
        counts once."""
        talk = self._open.get(conversation_id)
        if talk is None or user_id not in talk:
            return 0
        waiting = talk[user_id]
        mended = [one for one in waiting if is_same_sentence(sentence, one)]
        for one in mended:
            waiting.remove(one)
        return min(1, len(mended))

    def end(self, conversation_id: str) -> None:
        self._open.pop(conversation_id, None)
