"""One cleaner between any model and both the voice and the page. Streaming, pure, without time.

Text comes in pieces and goes out as soon as what it is part of is known: mostly word by word. How it was cut
into pieces makes no difference to the result.
"""

from __future__ import annotations

from collections.abc import Sequence

from ai_agent.providers.ports import primary_tag
from ai_agent.tutor.speakable import blocks, calls, inline, lines, marks, words
from ai_agent.tutor.speakable.output import CleanPart, DroppedCall, Output
from ai_agent.tutor.speakable.steps import OTHER, WAIT

_TAIL = 40
"""Characters kept of dropped text, in which a closing mark may have begun."""


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
        link = marks.LINKS.get(primary_tag(language).lower(), marks.LINKS["en"])
        self._speakers = lines.Speakers(tutor, people)
        self._out = Output(link, max_sentences)
        self._buffer = ""
        self._block: blocks.Block | None = None
        self._at_start = True

    def feed(self, delta: str) -> list[CleanPart]:
        self._buffer += delta.replace("\r", "")
        return self._run(final=False)

    def finish(self) -> list[CleanPart]:
        """The rest. An open stretch of reasoning is dropped, an open call is searched as it is."""
        return self._run(final=True)

    @property
    def is_empty(self) -> bool:
        """Nothing to say has come so far."""
        return not self._out.last

    def _run(self, *, final: bool) -> list[CleanPart]:
        while self._buffer or (final and self._block):
            length = self._in_block(self._block, final) if self._block else self._step(final)
            if length == WAIT:
                break
            self._buffer = self._buffer[length:]
        return self._out.take()

    # Readers: each answers as in `steps`

    def _step(self, final: bool) -> int:
        buffer = self._buffer
        return (
            self._start(buffer, final)
            or self._line(buffer, final)
            or self._open(buffer, final)
            or self._link(buffer, final)
            or inline.mark(buffer, final, self._out)
            or words.blank(buffer, final, self._out)
            or words.word(buffer, final, self._out)
        )

    def _start(self, buffer: str, final: bool) -> int:
        if not self._at_start:
            return OTHER
        length, self._block = blocks.thought_aloud(buffer, final)
        self._at_start = length == WAIT
        return length

    def _line(self, buffer: str, final: bool) -> int:
        if not self._out.at_line_start:
            return OTHER
        if marker := lines.marker(buffer, final):
            return marker
        length, is_other = self._speakers.label(buffer, final)
        self._out.is_over = self._out.is_over or is_other
        self._out.at_line_start = length != OTHER
        return length

    def _open(self, buffer: str, final: bool) -> int:
        """Read what opens a block, a written call, or a tag."""
        if buffer[0] in "{gfGF":
            length, text, name = calls.written(buffer, final)
            if length > 0:
                self._call(text, name)
            return length
        if buffer[0] not in "<[`◁":
            return OTHER
        if not final and marks.TEMPLATE.fullmatch(buffer):
            return WAIT
        length, self._block = blocks.opened(buffer, final)
        return length or inline.tag(buffer, final, self._out)

    def _link(self, buffer: str, final: bool) -> int:
        if not buffer.startswith(("[", "![")) and buffer != "!":
            return OTHER
        length, text = inline.link_text(buffer, final)
        if length > 0 and text:
            self._buffer = buffer[0] + text + buffer[length:]  # marks in the link's text are read too
            return 1
        return length

    def _in_block(self, block: blocks.Block, final: bool) -> int:
        found = block.closing.search(self._buffer)
        if found is None and not final:
            if not block.is_call:
                self._buffer = self._buffer[-_TAIL:]
            return WAIT
        self._block = None
        if block.is_call:
            self._call(self._buffer[: found.start()] if found else self._buffer, block.name)
        return found.end() if found else len(self._buffer)

    def _call(self, text: str, name: str = "") -> None:
        """Search a call in the text. An answer in JSON is said."""
        found = calls.found_in(text, name)
        speech = None if found else calls.speech_in(text)
        self._out.add(*found)
        if speech is not None:
            inner = Cleaner(tutor=self._speakers.own[0], people=self._speakers.others)
            for part in (*inner.feed(speech), *inner.finish()):
                if isinstance(part, str):
                    self._out.emit(part)
            self._out.space()
        elif not found and (name or "{" in text):
            self._out.add(DroppedCall())
