"""Marks within a line: tags, stars, brackets, underscores, emoticons. Each reader answers as in `steps`."""

from __future__ import annotations

import re

from ai_agent.tutor.speakable import marks
from ai_agent.tutor.speakable.output import PUNCTUATION, Output
from ai_agent.tutor.speakable.steps import MAX_HELD, OTHER, WAIT

_LINK = re.compile(r"!?\[([^\[\]\n]{0,200})\](?:\(([^)\n]{0,300})\))?")
_STARRED = re.compile(r"\*([^*\n]{1,80})\*(?!\*)")
_BRACKETED = re.compile(r"\(([^()\n]{1,60})\)")


def tag(buffer: str, final: bool, out: Output) -> int:
    """Tags of HTML and tokens of templates."""
    if buffer[0] != "<":
        return OTHER
    if (ends := marks.ENDS.match(buffer)) is not None:
        out.is_over = out.is_over or bool(out.last)
        return ends.end()
    if (header := marks.HEADERS.match(buffer)) is not None:
        return header.end() if final or header.end() < len(buffer) else WAIT
    if (link := marks.LINK_TAG.match(buffer)) is not None:
        out.say(out.link)
        return link.end()
    if (found := marks.TAG.match(buffer)) is not None:
        if re.match(r"<(?:br|/p|/li|/h\d)", buffer, re.IGNORECASE):
            out.space()
        return found.end()
    is_short = len(buffer) < MAX_HELD and "\n" not in buffer and ">" not in buffer
    return WAIT if is_short and not final and not re.match(r"<[\s\d=]", buffer) else OTHER


def mark(buffer: str, final: bool, out: Output) -> int:
    """Stars, round brackets, underscores, emoticons."""
    match buffer[0]:
        case "*":
            return _star(buffer, final, out)
        case "(":
            return _round(buffer, final, out)
        case "_":
            return _underscores(buffer, final, out)
        case ":" | ";" | "=" | "^" if out.last[-1:] in {"", " "}:
            return _emoticon(buffer, final)
        case _:
            return OTHER


def link_text(buffer: str, final: bool) -> tuple[int, str]:
    """The length of a link or a footnote in square brackets, and its text, which is to be read."""
    link = _LINK.match(buffer)
    at = link.end() if link else 0
    is_open = link is None or at == len(buffer) or (link[2] is None and buffer[at] == "(")
    is_nested = link is None and "[" in buffer.removeprefix("!")[1:]
    if (
        is_open
        and not is_nested
        and not final
        and len(buffer) < 2 * MAX_HELD
        and "\n" not in buffer[at:]
        and ")" not in buffer[at:]
    ):
        return WAIT, ""
    if link is None:
        return 1, ""
    text = link[1]
    is_noise = marks.STAGE.fullmatch(text) or text.strip("^ ").isdigit() or buffer[0] == "!"
    return link.end(), "" if is_noise else text


def _star(buffer: str, final: bool, out: Output) -> int:
    run = len(buffer) - len(buffer.lstrip("*"))
    if run == len(buffer):
        return run if final else WAIT
    if run != 1 or buffer[1].isspace():
        return run
    starred = _STARRED.match(buffer)
    is_open = starred is None or starred.end() == len(buffer)
    may_close = len(buffer) < MAX_HELD and "\n" not in buffer and "**" not in buffer[1:]
    if is_open and may_close and not final:
        return WAIT if starred or "*" not in buffer[1:] else 1
    if starred is None:
        return 1
    after = buffer[starred.end() :].lstrip(" ")
    if not after and not final and len(buffer) < MAX_HELD:
        return WAIT
    begins = out.last_char in PUNCTUATION + '"”'  # of an empty text too
    ends = not after or after[0] == "\n" or after[0].isupper() or begins
    is_stage = marks.STAGE.fullmatch(starred[1]) or (begins and marks.VERB.fullmatch(starred[1]))
    return starred.end() if is_stage and (begins or ends) else 1


def _round(buffer: str, final: bool, out: Output) -> int:
    found = _BRACKETED.match(buffer)
    if found is not None:
        if marks.STAGE.fullmatch(found[1]):
            return found.end()
    elif not final and len(buffer) < 60 and re.fullmatch(r"\([^()\n]*", buffer):
        return WAIT
    out.say("(")
    return 1


def _underscores(buffer: str, final: bool, out: Output) -> int:
    run = len(buffer) - len(buffer.lstrip("_"))
    if run == len(buffer) and not final:
        return WAIT
    after, before = buffer[run : run + 1], out.last[-1:]
    if run > 2 or (run == 2 and after in {"", " ", ".", "?"} and before == " "):
        out.say("…")  # a gap to be filled in
    elif before.isalnum() and after.isalnum():
        out.space()
    return run


def _emoticon(buffer: str, final: bool) -> int:
    if (face := marks.EMOTICON.match(buffer)) and (final or face.end() < len(buffer)):
        return face.end()
    return WAIT if len(buffer) < 4 and not final and not buffer[-1].isspace() else OTHER
