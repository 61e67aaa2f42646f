"""When each word begins, from a vendor that times characters. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from ai_agent.providers.ports import WordMark


class Aligner:
    """Follows the characters of one speech through its text. Spaces may differ; after another character that
    the text does not have there, nothing is known.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._is_lost = False

    def words(self, characters: Iterable[tuple[str, float]]) -> tuple[WordMark, ...]:
        """Which begin with `characters`: the next ones, with the seconds at which each begins."""
        marks = []
        for character, at_s in characters:
            if not character.strip() or self._is_lost:
                continue
            begins = self._skip_spaces()
            self._is_lost = not self._text.startswith(character, self._at)
            if not self._is_lost and begins:
                marks.append(WordMark(at_s, self._end_of_word()))
            self._at += len(character)
        return tuple(marks)

    def _skip_spaces(self) -> bool:
        """Whether a word begins after them."""
        before = self._at
        while self._text[self._at : self._at + 1].isspace():
            self._at += 1
        return before == 0 or self._at > before

    def _end_of_word(self) -> int:
        word = self._text[self._at :].split(maxsplit=1)[0]
        return self._at + len(word)
