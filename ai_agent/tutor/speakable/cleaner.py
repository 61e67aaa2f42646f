"""One cleaner between any model and both the voice and the page. Streaming, pure, without time.

Text comes in pieces and goes out as soon as what it is part of is known: mostly word by word. How it was cut
into pieces makes no difference to the result.
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass

from ai_agent.providers.ports import ToolCall, primary_tag
from ai_agent.tutor.speakable import calls, marks

_WORD = re.compile(r"[^\s*_`\[\]{}<>|~\\()]+")
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uff01-\uff60。、「」]+")
_BLANKS = re.compile(r"[ \t\u00a0]+")
_BREAK = re.compile(r"[ \t\u00a0\r]*(?:\n|\\n)(?:\s|\\n)*")
_RULE = re.compile(
    r"[ \t]*([-*_=])(?:[ \t]*\1){2,}[ \t]*(?=\n|$)|[ \t]*\|?(?:[ \t]*:?-{2,}:?[ \t]*\|)+[ \t]*:?-*"
)
_MARKER = re.compile(r"[ \t]*(?:#{1,6}[ \t]+|>[ \t]*|[-*•+–][ \t]+|\d{1,2}[.)][ \t]+)")
_MAYBE_MARKER = re.compile(r"[ \t]*(?:#{1,6}|[-*•+–=_| \t:]*|\d{1,2}[.)]?)[ \t]*")
_LINK = re.compile(r"!?\[([^\[\]\n]{0,200})\](?:\(([^)\n]{0,300})\))?")
_STARRED = re.compile(r"\*([^*\n]{1,80})\*(?!\*)")
_BRACKETED = re.compile(r"\(([^()\n]{1,60})\)")
_TOOL = re.compile(r"(?:functions?\.)?(give_?feedback)\s*(?:with\s*|:\s*)?(?=[({])", re.IGNORECASE)
_TOOL_STARTS = ("give_feedback", "givefeedback", "functions.give_feedback", "function.give_feedback")
_SENTENCE_END = re.compile(r"[.!?…。！？]+[\"'”’)]*$")
_ABBREVIATION = re.compile(r"^(?:mr|mrs|ms|dr|prof|st|vs|etc|e\.g|i\.e|no|a\.m|p\.m|[a-z])\.$", re.IGNORECASE)
_PUNCTUATION = ".!?…,;:。！？、，"
_OPENS = "(\"'“‘"
"""No space between these and a word; an empty text too."""
MAX_HELD = 300
"""A mark that has not closed after so many characters is no mark."""
_TAIL = 40
"""Characters kept of dropped text, in which a closing mark may have begun."""


@dataclass(frozen=True, slots=True)
class DroppedCall:
    """Something like a tool call that could not be understood."""


CleanPart = str | ToolCall | DroppedCall


@dataclass(slots=True)
class _Block:
    """An open stretch that is not spoken. `text`: kept of a call, to be searched."""

    closing: re.Pattern[str]
    is_call: bool
    name: str = ""
    text: str = ""


class Cleaner:
    """`tutor`, `people`: names that a model may put before its lines. `max_sentences`: what follows is
    dropped."""

    def __init__(
        self,
        language: str = "en",
        *,
        tutor: str = "Emma",
        people: Sequence[str] = (),
        max_sentences: int | None = None,
    ) -> None:
        self._link = marks.LINKS.get(primary_tag(language).lower(), marks.LINKS["en"])
        self._own = (tutor.lower(), *marks.OWN_ROLES)
        self._others = (*(name.lower() for name in people if name), *marks.OTHER_ROLES)
        self._max_sentences = max_sentences
        self._buffer = ""
        self._parts: list[CleanPart] = []
        self._block: _Block | None = None
        self._at_line_start = True
        self._at_start = True
        self._needs_stop = False
        self._last = ""
        self._is_over = False
        self._sentences = 0
        self._words = 0

    def feed(self, delta: str) -> list[CleanPart]:
        self._buffer += delta.replace("\r", "")
        return self._run(final=False)

    def finish(self) -> list[CleanPart]:
        """The rest. An open stretch of reasoning is dropped, an open call is searched as it is."""
        return self._run(final=True)

    @property
    def is_empty(self) -> bool:
        """Nothing to say has come so far."""
        return not self._last

    def _run(self, *, final: bool) -> list[CleanPart]:
        while self._buffer or (final and self._block):
            length = self._in_block(final=final) if self._block else self._step(final=final)
            if length < 0:
                break
            self._buffer = self._buffer[length:]
        parts, self._parts = self._parts, []
        return parts

    # Blocks

    def _in_block(self, *, final: bool) -> int:
        block = self._block
        assert block is not None  # noqa: S101 - set before a block is read
        found = block.closing.search(self._buffer)
        if found is None and not final:
            if not block.is_call:
                self._buffer = self._buffer[-_TAIL:]
            return -1
        self._block = None
        end = found.start() if found else len(self._buffer)
        if block.is_call:
            self._call(self._buffer[:end], block.name)
        return found.end() if found else len(self._buffer)

    def _call(self, text: str, name: str = "") -> None:
        found = calls.found_in(text, name)
        speech = None if found else calls.speech_in(text)
        self._parts.extend(found)
        if speech is not None:
            inner = Cleaner(tutor=self._own[0], people=self._others)
            for part in (*inner.feed(speech), *inner.finish()):
                if isinstance(part, str):
                    self._emit(part)
            self._space()
        elif not found and (name or "{" in text):
            self._parts.append(DroppedCall())

    # Steps: each returns how much of the buffer it has dealt with; -1: more is needed to know what it is

    def _step(self, *, final: bool) -> int:
        buffer = self._buffer
        for handle in (self._start, self._line, self._open, self._special, self._space_step, self._word):
            length = handle(buffer, final)
            if length:
                return length
        return 1  # a lone mark

    def _start(self, buffer: str, final: bool) -> int:
        """Reasoning without its opening tag, at the very beginning."""
        if not self._at_start:
            return 0
        plain = buffer.lstrip().lower().replace("’", "'")
        while lead := next((w for w in marks.LEADS if re.match(rf"{w}[,.!…]*\s+", plain)), None):
            plain = re.sub(rf"^{lead}[,.!…]*\s+", "", plain)
        if any(plain.startswith(phrase) for phrase in marks.THINKING_ALOUD):
            self._block = _Block(re.compile(marks.THOUGHT_ENDS, re.IGNORECASE), is_call=False)
            self._at_start = False
            return len(buffer) - len(buffer.lstrip()) or 1
        starts = (*marks.THINKING_ALOUD, *marks.LEADS)
        lead = plain.rstrip(",.!… ")
        if not final and any(start.startswith(plain) or start == lead for start in starts):
            return -1
        self._at_start = False
        return 0

    def _line(self, buffer: str, final: bool) -> int:
        """Markers of lists and headings, and the speaker's name."""
        if not self._at_line_start:
            return 0
        if not final and (_MAYBE_MARKER.fullmatch(buffer) or _RULE.fullmatch(buffer)):
            return -1
        if marker := _RULE.match(buffer) or _MARKER.match(buffer):
            return marker.end()
        role = self._role(buffer, final)
        if role == 0:
            self._at_line_start = False
        return role

    def _role(self, buffer: str, final: bool) -> int:
        plain = buffer.lstrip("*_# ").lower()
        if not plain and not final:
            return -1
        for name in (*self._own, *self._others):
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
                is_short = len(plain) < len(name) + 40
                begun = re.fullmatch(rf"{re.escape(name)}[*_ ]*(?:\([^)\n]{{0,30}}\)?)?[*_ ]*", plain)
                if not final and is_short and (begun or (plain and name.startswith(plain))):
                    return -1
                continue
            if label and label.end() == len(buffer) and not final:
                return -1  # marks may follow
            if name in self._others and name not in self._own and label:
                self._is_over = True
            return found.end()
        return 0

    def _open(self, buffer: str, final: bool) -> int:  # noqa: PLR0911 - a return for each kind
        """What opens a block, or is a token of a template."""
        if buffer[0] not in "<[`◁{gfGF":
            return 0
        if not final and marks.TEMPLATE.fullmatch(buffer):
            return -1
        for table, is_call in ((marks.REASONING, False), (marks.CALLS, True)):
            for opening, closing in table:
                if (found := opening.match(buffer)) is None:
                    continue
                if found.end() == len(buffer) and not final and buffer.startswith("```"):
                    return -1
                name = found.groupdict().get("name") or ""
                closes = closing.replace(r"\1", re.escape(found[1])) if found.lastindex else closing
                self._block = _Block(re.compile(closes, re.IGNORECASE), is_call, name)
                return found.end()
        if buffer[0] in "{gfGF":
            return self._written_call(buffer, final)
        if not final and any(opening.startswith(buffer) for opening in ("```", "◁think▷", "[TOOL_CALLS]")):
            return -1
        return self._tag(buffer, final)

    def _written_call(self, buffer: str, final: bool) -> int:
        """JSON, or a function with its brackets."""
        tool = _TOOL.match(buffer)
        at = tool.end() if tool else 0
        if not tool and buffer[0] != "{":
            plain = buffer.lower()
            is_begun = re.fullmatch(r"(?:functions?\.)?give_?feedback\s*(?:w|wi|wit|with|:)?\s*", plain)
            waits = is_begun or any(start.startswith(plain) for start in _TOOL_STARTS)
            return -1 if (waits and not final and "_" in plain) or (is_begun and not final) else 0
        end = _balanced(buffer, at)
        if end < 0 and not final and len(buffer) < calls.MAX_CHARS:
            return -1
        end = end if end > 0 else len(buffer)
        self._call(buffer[at:end], tool[1] if tool else "")
        return end

    def _tag(self, buffer: str, final: bool) -> int:
        if buffer[0] != "<":
            return 0
        if (ends := marks.ENDS.match(buffer)) is not None:
            self._is_over = self._is_over or bool(self._last)
            return ends.end()
        header = marks.HEADERS.match(buffer)
        if header is not None:
            return header.end() if final or header.end() < len(buffer) else -1
        if (link := marks.LINK_TAG.match(buffer)) is not None:
            self._say(self._link)
            return link.end()
        if (tag := marks.TAG.match(buffer)) is not None:
            if re.match(r"<(?:br|/p|/li|/h\d)", buffer, re.IGNORECASE):
                self._space()
            return tag.end()
        is_short = len(buffer) < MAX_HELD and "\n" not in buffer and ">" not in buffer
        return -1 if is_short and not final and not re.match(r"<[\s\d=]", buffer) else 0

    def _special(self, buffer: str, final: bool) -> int:  # noqa: PLR0911 - a return for each kind
        first = buffer[0]
        if first == "*":
            return self._star(buffer, final)
        if first in "[!" and (first == "[" or buffer.startswith("![") or buffer == "!"):
            return self._brackets(buffer, final)
        if first == "(":
            return self._round(buffer, final)
        if first == "_":
            return self._underscores(buffer, final)
        if first in ":;=^" and self._last[-1:] in {"", " "}:
            if (face := marks.EMOTICON.match(buffer)) and (final or face.end() < len(buffer)):
                return face.end()
            return -1 if len(buffer) < 4 and not final and not buffer[-1].isspace() else 0
        return 0

    def _star(self, buffer: str, final: bool) -> int:
        run = len(buffer) - len(buffer.lstrip("*"))
        if run == len(buffer):
            return run if final else -1
        if run != 1 or buffer[1].isspace():
            return run
        starred = _STARRED.match(buffer)
        is_open = starred is None or starred.end() == len(buffer)
        may_close = len(buffer) < MAX_HELD and "\n" not in buffer and "**" not in buffer[1:]
        if is_open and may_close and not final:
            return -1 if starred or "*" not in buffer[1:] else 1
        if starred is None:
            return 1
        after = buffer[starred.end() :].lstrip(" ")
        if not after and not final and len(buffer) < MAX_HELD:
            return -1
        begins = not self._last.strip() or self._last.rstrip()[-1] in _PUNCTUATION + '"”'
        ends = not after or after[0] == "\n" or after[0].isupper() or begins
        is_stage = marks.STAGE.fullmatch(starred[1]) or (begins and marks.VERB.fullmatch(starred[1]))
        return starred.end() if is_stage and (begins or ends) else 1

    def _brackets(self, buffer: str, final: bool) -> int:
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
            return -1
        if link is None:
            return 1
        text = link[1]
        is_noise = marks.STAGE.fullmatch(text) or text.strip("^ ").isdigit() or buffer[0] == "!"
        if is_noise:
            return link.end()
        self._buffer = buffer[0] + text + buffer[link.end() :]
        return 1

    def _round(self, buffer: str, final: bool) -> int:
        found = _BRACKETED.match(buffer)
        if found is not None:
            if marks.STAGE.fullmatch(found[1]):
                return found.end()
        elif not final and len(buffer) < 60 and re.fullmatch(r"\([^()\n]*", buffer):
            return -1
        self._say("(")
        return 1

    def _underscores(self, buffer: str, final: bool) -> int:
        run = len(buffer) - len(buffer.lstrip("_"))
        if run == len(buffer) and not final:
            return -1
        is_gap = run > 2 or (
            run == 2 and buffer[run : run + 1] in {"", " ", ".", "?"} and self._last[-1:] == " "
        )
        if is_gap:
            self._say("…")
        elif self._last[-1:].isalnum() and buffer[run : run + 1].isalnum():
            self._space()
        return run

    def _space_step(self, buffer: str, final: bool) -> int:  # noqa: PLR0911 - a return for each kind
        found = _BREAK.match(buffer)
        if found is not None:
            if found.end() == len(buffer) and not final:
                return -1
            if self._last.strip() and self._last.rstrip()[-1] not in _PUNCTUATION:
                self._needs_stop = True
            else:
                self._space()
            self._at_line_start = True
            return found.end()
        blanks = _BLANKS.match(buffer)
        if blanks is None:
            if buffer[0] == "\\":
                return 1 if final or len(buffer) > 1 else -1
            if buffer[0].isspace():
                self._space()
                return 1
            return 0
        is_open = blanks.end() == len(buffer) and not self._last.endswith(tuple(_PUNCTUATION))
        if not final and (is_open or buffer[blanks.end() :] == "\\"):
            return -1
        self._space()
        return blanks.end()

    def _word(self, buffer: str, final: bool) -> int:  # noqa: C901, PLR0911 - a return for each kind
        if (url := marks.URL.match(buffer)) is not None:
            if url.end() == len(buffer) and not final:
                return -1
            stop = url[0][len(url[0].rstrip(".,!?;:)")) :]
            if self._last[-1:] not in _OPENS:
                self._space()
            self._say(self._link + stop)
            return url.end()
        if (run := _UNSPACED.match(buffer)) is not None:
            self._say(run[0])
            return run.end()
        found = _WORD.match(buffer)
        if found is None:
            if buffer[0] == ">" and len(buffer) == 1 and not final:
                return -1
            if buffer[0] == ")":
                self._say(")")
            elif buffer[0] in "<>" and self._last.endswith(" ") and buffer[1:2].isspace():
                self._say(buffer[0])
            elif buffer[0] == "|":
                self._space()
            return 1
        word = found[0]
        if (glued := marks.URL.search(word)) is not None:
            word = word[: glued.start()]
        elif (foreign := _UNSPACED.search(word)) is not None:
            word = word[: foreign.start()]
        elif found.end() == len(buffer) and not final:
            return -1
        self._say(self._plain_word(word))
        return len(word)

    def _plain_word(self, word: str) -> str:
        plain = marks.EMOJI.sub("", html.unescape(word).replace("#", ""))
        bare = plain.rstrip(_PUNCTUATION)
        if marks.DOMAIN.fullmatch(bare):
            return self._link + plain[len(bare) :]
        return plain

    # Output

    def _space(self) -> None:
        if self._last and not self._needs_stop and not self._last.endswith(" "):
            self._emit(" ")

    def _say(self, word: str) -> None:
        if not word:
            return
        if self._needs_stop:
            self._needs_stop = False
            self._end_sentence()
            self._emit(". ")
        self._emit(word)
        self._words += 1
        if _SENTENCE_END.search(word) and not _ABBREVIATION.match(word):
            self._end_sentence()

    def _end_sentence(self) -> None:
        self._sentences += self._words > 1  # "Oh!" and "Great!" alone are no sentences
        self._words = 0
        self._is_over = self._is_over or self._sentences == self._max_sentences

    def _emit(self, text: str) -> None:
        if self._is_over:
            return
        if self._parts and isinstance(self._parts[-1], str):
            self._parts[-1] += text
        else:
            self._parts.append(text)
        self._last = (self._last + text)[-_TAIL:]


def _balanced(text: str, start: int) -> int:
    """Index after the bracket that closes the one at `start`, strings left out; -1: it is still open."""
    pairs = {"{": "}", "[": "]", "(": ")"}
    expected: list[str] = []
    quote = ""
    at = start
    while at < len(text):
        char = text[at]
        if quote:
            at += char == "\\"
            quote = "" if char == quote else quote
        elif char == '"':
            quote = char
        elif char in pairs:
            expected.append(pairs[char])
        elif char in pairs.values():
            if not expected or expected.pop() != char:
                return at + 1
            if not expected:
                return at + 1
        at += 1
    return -1
