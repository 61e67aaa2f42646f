"""Reads what begins a line and is not spoken: markers of lists and headings, rules, the name of a speaker."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ai_agent.tutor.speakable import marks
from ai_agent.tutor.speakable.steps import OTHER, WAIT

_RULE = re.compile(
    r"[ \t]*([-*_=])(?:[ \t]*\1){2,}[ \t]*(?=\n|$)|[ \t]*\|?(?:[ \t]*:?-{2,}:?[ \t]*\|)+[ \t]*:?-*"
)
_MARKER = re.compile(r"[ \t]*(?:#{1,6}[ \t]+|>[ \t]*|[-*•+–][ \t]+|\d{1,2}[.)][ \t]+)")
_MAYBE_MARKER = re.compile(r"[ \t]*(?:#{1,6}|[-*•+–=_| \t:]*|\d{1,2}[.)]?)[ \t]*")


def marker(buffer: str, final: bool) -> int:
    """Markers of lists and headings, and rules."""
    if not final and (_MAYBE_MARKER.fullmatch(buffer) or _RULE.fullmatch(buffer)):
        return WAIT
    found = _RULE.match(buffer) or _MARKER.match(buffer)
    return found.end() if found else OTHER


class Speakers:
    """Names that a model may put before its lines. `own`: those of the tutor; a line of another speaker ends
    the answer."""

    def __init__(self, tutor: str, people: Sequence[str]) -> None:
        self.own = (tutor.lower(), *marks.OWN_ROLES)
        self.others = (*(name.lower() for name in people if name), *marks.OTHER_ROLES)

    def label(self, buffer: str, final: bool) -> tuple[int, bool]:
        """The length of a speaker's name before a line, and whether it is that of another speaker."""
        plain = buffer.lstrip("*_# ").lower()
        if not plain and not final:
            return WAIT, False
        for name in (*self.own, *self.others):
            label = re.match(
                rf"[*_# ]*{re.escape(name)}[*_ ]*(?:\([^)\n]{{0,30}}\))?[*_ ]*[:：][*_ ]*",
                buffer,
                re.IGNORECASE,
            )
            header = (
                re.match(rf"{re.escape(name)}\s*\n", buffer, re.IGNORECASE)
                if name in marks.OWN_ROLES
                else None
            )
            found = label or header
            if found is None:
                if not final and _may_become(name, plain):
                    return WAIT, False
                continue
            if label and label.end() == len(buffer) and not final:
                return WAIT, False  # marks may follow
            return found.end(), label is not None and name in self.others and name not in self.own
        return OTHER, False


def _may_become(name: str, plain: str) -> bool:
    """Whether the text is the beginning of a label with this name."""
    if len(plain) >= len(name) + 40:
        return False
    begun = re.fullmatch(rf"{re.escape(name)}[*_ ]*(?:\([^)\n]{{0,30}}\)?)?[*_ ]*", plain)
    return bool(begun or (plain and name.startswith(plain)))
