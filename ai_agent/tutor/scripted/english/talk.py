"""The state of a talk, all of it read from the request: the tutor itself is stateless."""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ai_agent.providers.ports import ChatRequest
from ai_agent.tutor.corrector import Clause
from ai_agent.tutor.scripted.bank import BANDS, LEVELS

RECENT = 15
"""No phrase is said twice in as many of the tutor's turns."""
MAX_ASIDE = 8
"""Words of a message that does not end the question before it."""
_TURNED_BACK = frozenset({"And you?", "What about you?", "Tell me when you are ready."})
"""The learner's own question, and words that ask nothing."""
_JOINED_QUESTION = re.compile(
    r",\s+(?=(?:and |but |so )?(?:do|does|did|have|can|could|are|is|was|what|how|where|why|who|which|should)"
    r" (?:you|it|that|this|i|we|there|about|is|are|do)\b[^.!?,]*\?|you know \w+[^.!?,]*\?)",
    re.IGNORECASE,
)
_WRAPPER = re.compile(
    r"^(?:I said|Again|Sure, once more|The question was|My first question was|In other words): "
)
"""Words before a question that is repeated, and is no part of it."""
_REPEATED = re.compile(r"(?:The question was|My first question was): ([^?]+\?)")
_AFTER_COLON = re.compile(
    r"[:;]\s+(?=(?:what|who|where|when|why|how|which|do|does|did|is|are|can|could|would)\b)", re.IGNORECASE
)
_SENTENCE = re.compile(r"[^.!?]+[.!?]*[\"”’')]*")


@dataclass(frozen=True, slots=True)
class Talk:
    """`said`: the learner's last words, empty if the tutor speaks on its own. `said_before`: the learner's
    earlier messages. `told`: the tutor's messages. Both oldest first. `seed` differs between talks.
    `clauses`: what `said` says; `is_read`: whether a parser looked for them; `clauses_before`: what the
    message before said.
    """

    level: str
    topic: str
    learner: str
    tutor: str
    native: str
    said: str
    said_before: tuple[str, ...]
    told: tuple[str, ...]
    seed: int = 0
    clauses: tuple[Clause, ...] = ()
    is_read: bool = False
    clauses_before: tuple[Clause, ...] = ()

    @property
    def band(self) -> str:
        """ "a", "b" or "c", for A1-A2, B1-B2 and C1-C2."""
        return BANDS[self.level[0]]

    @property
    def turn(self) -> int:
        return len(self.told)

    @property
    def last(self) -> str:
        """The tutor's last message."""
        return self.told[-1] if self.told else ""

    @property
    def open_question(self) -> str:
        """Return the question that the learner has not answered yet: at the end of the last message, or of
        the one before if that was only a short word, such as "Take your time.".
        """
        if repeated := _REPEATED.search(self.last):
            return repeated[1]
        question = last_question(self.last)
        if (question in _TURNED_BACK or question.startswith(("Try ", "Which word "))) and len(self.told) > 1:
            return last_question(self.told[-2])
        if question or len(self.told) < 2 or len(self.last.split()) > MAX_ASIDE:
            return question
        return last_question(self.told[-2])

    def has_said(self, text: str, turns: int = RECENT) -> bool:
        """Whether the tutor said it in its last `turns` messages, up to a placeholder in it."""
        start = text.split("{", maxsplit=1)[0].strip()
        if len(start) < 3:
            start = text.rsplit("}", maxsplit=1)[-1].strip()
        return any(start in told for told in self.told[-turns:])

    def pick(self, options: Sequence[str], turns: int = RECENT) -> str | None:
        """One of the options that was not said lately, another one in another talk. None: all were said."""
        fresh = [option for option in options if not self.has_said(option, turns)]
        return fresh[mixed(self.seed, self.turn, *options[:1]) % len(fresh)] if fresh else None

    def pick_any(self, options: Sequence[str]) -> str:
        """Like `pick`; if all were said, the one that was said longest ago."""
        for turns in (RECENT, RECENT // 2, 3, 1):
            if (found := self.pick(options, turns)) is not None:
                return found
        return options[self.turn % len(options)]

    def filled(self, text: str) -> str:
        """`text` with the names in it, which may be empty."""
        text = text.replace("{name}", self.learner).replace("{tutor}", self.tutor)
        return re.sub(r"\s+([,!.?])", r"\1", re.sub(r"\s{2,}", " ", text)).strip()

    def hearing(self, said: str) -> Talk:
        """The same talk if the learner had said this instead."""
        return replace(self, said=said)


def talk_of(request: ChatRequest, tutor: str) -> Talk:
    lesson, messages = request.lesson, request.messages
    learner = [m.text for m in messages if m.role == "learner"]
    replies = bool(messages) and messages[-1].role == "learner" and lesson.purpose == "reply"
    return Talk(
        level=lesson.level if lesson.level in LEVELS else "B1",
        topic=lesson.topic,
        learner=lesson.learner,
        tutor=tutor,
        native=(lesson.native_language or "").split("-", maxsplit=1)[0].lower(),
        said=learner[-1].strip() if replies else "",
        said_before=tuple(learner[:-1] if replies else learner),
        told=(*lesson.earlier, *(m.text for m in messages if m.role == "tutor")),
        seed=lesson.seed,
    )


def sentences_of(text: str) -> list[str]:
    return [s.strip() for s in _SENTENCE.findall(text) if s.strip(" .!?\"'”’")]


def said_sentences(text: str) -> list[str]:
    """Of a learner: a question after a comma or a colon is a sentence of its own
    ("I read a book, do you know it?").
    """
    return sentences_of(_JOINED_QUESTION.sub(". ", _AFTER_COLON.sub(". ", text)))


def last_question(text: str) -> str:
    """The questions at the end of `text`, or the sentence "Tell me …" that stands for one. Empty: none."""
    asked: list[str] = []
    for sentence in reversed(sentences_of(text)):
        if sentence.startswith("For next time:"):
            break
        if not sentence.rstrip("\"”’'").endswith("?"):
            if not asked and re.match(
                r"(?:please |can you )?(?:tell|describe|give|name|say)\b", sentence, re.IGNORECASE
            ):
                asked.append(sentence)
            break
        asked.insert(0, sentence)
        if (whole := _WRAPPER.sub("", sentence)) != sentence:
            asked[0] = whole
            break
    return " ".join(asked)


def mixed(*parts: object) -> int:
    """A number that is the same for the same parts, in every process."""
    return zlib.crc32(repr(parts).encode())
