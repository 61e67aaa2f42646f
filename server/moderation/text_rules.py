"""Cleans or refuses names, topics and messages with words of the lists, before others see them."""

from __future__ import annotations

from typing import Literal

from server.errors import InvalidRequest
from server.moderation.words import default_list, find_words, mask_words
from server.protocol.field_errors import wrong_field

BadWordMode = Literal["off", "mask", "refuse"]


class TextRules:
    def __init__(self, mode: BadWordMode) -> None:
        self._mode = mode

    def clean(self, text: str, path: str) -> str:
        """The text as others may see it. `path`: the field of the message that it came in. Raises
        InvalidRequest."""
        match self._mode:
            case "mask":
                return mask_words(text, default_list())
            case "refuse" if find_words(text, default_list()):
                wrong = wrong_field(path, "must not contain insulting words", "bad_words")
                raise InvalidRequest(errors=[wrong])
        return text
