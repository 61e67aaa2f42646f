"""Finds the beginning of stretches that are not spoken: reasoning, and tool calls that a model wrote into its
text."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ai_agent.tutor.speakable import marks
from ai_agent.tutor.speakable.steps import OTHER, WAIT


@dataclass(frozen=True, slots=True)
class Block:
    """An open stretch. `name`: of the function, if the opening mark of a call has it."""

    closing: re.Pattern[str]
    is_call: bool
    name: str = ""


def thought_aloud(buffer: str, final: bool) -> tuple[int, Block | None]:
    """Reasoning without its opening tag, at the very beginning of an answer."""
    plain = buffer.lstrip().lower().replace("’", "'")
    while lead := next((w for w in marks.LEADS if re.match(rf"{w}[,.!…]*\s+", plain)), None):
        plain = re.sub(rf"^{lead}[,.!…]*\s+", "", plain)
    if any(plain.startswith(phrase) for phrase in marks.THINKING_ALOUD):
        block = Block(re.compile(marks.THOUGHT_ENDS, re.IGNORECASE), is_call=False)
        return len(buffer) - len(buffer.lstrip()) or 1, block
    starts = (*marks.THINKING_ALOUD, *marks.LEADS)
    lead = plain.rstrip(",.!… ")
    if not final and any(start.startswith(plain) or start == lead for start in starts):
        return WAIT, None
    return OTHER, None


def opened(buffer: str, final: bool) -> tuple[int, Block | None]:
    """A mark that opens a block."""
    for table, is_call in ((marks.REASONING, False), (marks.CALLS, True)):
        for opening, closing in table:
            if (found := opening.match(buffer)) is None:
                continue
            if found.end() == len(buffer) and not final and buffer.startswith("```"):
                return WAIT, None
            name = found.groupdict().get("name") or ""
            closes = closing.replace(r"\1", re.escape(found[1])) if found.lastindex else closing
            return found.end(), Block(re.compile(closes, re.IGNORECASE), is_call, name)
    if not final and any(opening.startswith(buffer) for opening in ("```", "◁think▷", "[TOOL_CALLS]")):
        return WAIT, None
    return OTHER, None
