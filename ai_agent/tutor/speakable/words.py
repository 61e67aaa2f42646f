"""Words, addresses, blanks and line breaks. Each reader answers as in `steps`."""

from __future__ import annotations

import html
import re

from ai_agent.tutor.speakable import marks
from ai_agent.tutor.speakable.output import PUNCTUATION, Output
from ai_agent.tutor.speakable.steps import OTHER, WAIT

_WORD = re.compile(r"[^\s*_`\[\]{}<>|~\\()]+")
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uff01-\uff60。、「」]+")
_BLANKS = re.compile(r"[ \t\u00a0]+")
_BREAK = re.compile(r"[ \t\u00a0\r]*(?:\n|\\n)(?:\s|\\n)*")
_OPENS = "(\"'“‘"
"""No space between these and a word; an empty text too."""


def blank(buffer: str, final: bool, out: Output) -> int:  # noqa: PLR0911 - a return for each kind
    """Line breaks, also written as "\\n", and blanks."""
    if (found := _BREAK.match(buffer)) is not None:
        if found.end() == len(buffer) and not final:
            return WAIT
        out.end_line()
        return found.end()
    if (blanks := _BLANKS.match(buffer)) is not None:
        is_open = blanks.end() == len(buffer) and not out.last.endswith(tuple(PUNCTUATION))
        if not final and (is_open or buffer[blanks.end() :] == "\\"):
            return WAIT
        out.space()
        return blanks.end()
    if buffer[0] == "\\":
        return 1 if final or len(buffer) > 1 else WAIT
    if buffer[0].isspace():
        out.space()
        return 1
    return OTHER


def word(buffer: str, final: bool, out: Output) -> int:
    """An address, text in a script without spaces, a word, or a lone mark."""
    if (url := marks.URL.match(buffer)) is not None:
        return _address(url, buffer, final, out)
    if (run := _UNSPACED.match(buffer)) is not None:
        out.say(run[0])
        return run.end()
    found = _WORD.match(buffer)
    if found is None:
        return _lone_mark(buffer, final, out)
    text = found[0]
    if (glued := marks.URL.search(text) or _UNSPACED.search(text)) is not None:
        text = text[: glued.start()]
    elif found.end() == len(buffer) and not final:
        return WAIT
    out.say(_plain(text, out.link))
    return len(text)


def _address(url: re.Match[str], buffer: str, final: bool, out: Output) -> int:
    if url.end() == len(buffer) and not final:
        return WAIT
    stop = url[0][len(url[0].rstrip(".,!?;:)")) :]
    if out.last[-1:] not in _OPENS:
        out.space()
    out.say(out.link + stop)
    return url.end()


def _lone_mark(buffer: str, final: bool, out: Output) -> int:
    if buffer == ">" and not final:
        return WAIT
    if buffer[0] == ")":
        out.say(")")
    elif buffer[0] in "<>" and out.last.endswith(" ") and buffer[1:2].isspace():
        out.say(buffer[0])
    elif buffer[0] == "|":
        out.space()
    return 1


def _plain(word: str, link: str) -> str:
    """The word without emoji and hashes; `link` in place of a domain."""
    plain = marks.EMOJI.sub("", html.unescape(word).replace("#", ""))
    bare = plain.rstrip(PUNCTUATION)
    return link + plain[len(bare) :] if marks.DOMAIN.fullmatch(bare) else plain
