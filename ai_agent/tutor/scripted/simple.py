"""The scripted tutor in a language other than English: questions by topic, with phrases around them
(`data/<tag>`).

It is stateless: all it uses is the conversation in the request.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from ai_agent.providers.ports import ChatRequest
from ai_agent.tutor.scripted.bank import (
    BANDS,
    LEVELS,
    Bank,
    Topic,
    by_band,
    load_bank,
    named_topic,
    primary,
    read_data,
    words_of,
)

_MAX_MESSAGES = 60
"""Messages that are searched besides `LessonFacts.earlier`: no question is repeated within 20 turns."""
_PRAISED = {"a": 6, "b": 10, "c": 16}
"""Words of an answer that is praised."""


@dataclass(frozen=True, slots=True)
class ScriptedAnswer:
    """Answer to a question to the tutor. `again`: repeat the last message. `stop`: no question follows."""

    pattern: re.Pattern[str]
    say: tuple[str, ...]
    again: bool
    stop: bool


@dataclass(frozen=True, slots=True)
class Signs:
    """Patterns of a learner's words. `topic` has a group for the requested topic."""

    good: frozenset[str]
    bad: frozenset[str]
    negation: frozenset[str]
    yes: re.Pattern[str]
    no: re.Pattern[str]
    unsure: re.Pattern[str]
    topic: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Phrases:
    """`by_kind[kind][band]`, where the bands "a", "b", "c" are A1-A2, B1-B2, C1-C2."""

    by_kind: Mapping[str, Mapping[str, tuple[str, ...]]]
    answers: tuple[ScriptedAnswer, ...]
    signs: Signs


@dataclass(frozen=True, slots=True)
class _Scene:
    """Inputs of an answer. `turn`: number of the tutor's messages, used to vary the phrases."""

    bank: Bank
    phrases: Phrases
    level: str
    topic: Topic
    learner: str
    tutor: str
    said: str
    before: str
    last: str
    turn: int

    @property
    def band(self) -> str:
        return BANDS[self.level[0]]

    def phrase(self, kind: str) -> str:
        """A phrase that was not in the last message."""
        choices = self.phrases.by_kind[kind][self.band]
        fresh = [c for c in choices if c.split("{", maxsplit=1)[0] not in self.last or len(choices) == 1]
        return (fresh or list(choices))[self.turn % len(fresh or choices)]


def answer(request: ChatRequest, tutor: str) -> str:
    """The next message."""
    scene = _scene(request, tutor)
    purpose = request.lesson.purpose
    if purpose == "greet":
        return _filled(scene.phrase("greet"), scene, _question(scene))
    if purpose == "break_silence":
        return _filled(scene.phrase("silence"), scene, _question(scene))
    said = scene.said.strip()
    asked = next((a for a in scene.phrases.answers if a.pattern.search(said)), None)
    if asked is not None:
        return _answered(asked, scene)
    if change := scene.phrases.signs.topic.search(said):
        return _new_topic(scene, next((g for g in change.groups() if g), ""))
    return f"{_reaction(scene, said)} {_next_question(scene, said)}".strip()


@cache
def load_phrases(language: str) -> Phrases:
    """Of a language with a file `phrases.toml`. Raises KeyError without."""
    given = read_data(f"{primary(language)}/phrases.toml")
    signs = given["signs"]
    patterns = {name: re.compile(signs[name], re.IGNORECASE) for name in ("yes", "no", "unsure", "topic")}
    words = {name: frozenset(signs[name].split()) for name in ("good", "bad", "not")}
    return Phrases(
        by_kind={kind: by_band(texts) for kind, texts in given.items() if kind not in ("answer", "signs")},
        answers=tuple(_scripted_answer(entry) for entry in given["answer"]),
        signs=Signs(good=words["good"], bad=words["bad"], negation=words["not"], **patterns),
    )


def _scripted_answer(given: Mapping[str, Any]) -> ScriptedAnswer:
    pattern = re.compile(given["pattern"], re.IGNORECASE)
    return ScriptedAnswer(pattern, tuple(given["say"]), bool(given.get("again")), bool(given.get("stop")))


def _scene(request: ChatRequest, tutor: str) -> _Scene:
    lesson = request.lesson
    bank = load_bank(lesson.language)
    messages = request.messages[-_MAX_MESSAGES:]
    mine = [*lesson.earlier, *(m.text for m in messages if m.role == "tutor")]
    theirs = [m.text for m in messages if m.role == "learner"]
    named = named_topic(bank, lesson.topic)
    recent = bank.topic_of(" ".join(mine[-2:] + theirs[-2:])) if named is None else None
    return _Scene(
        bank=bank,
        phrases=load_phrases(lesson.language),
        level=lesson.level if lesson.level in LEVELS else "B1",
        topic=named or recent or next(iter(bank.topics.values())),
        learner=lesson.learner,
        tutor=tutor,
        said=theirs[-1] if theirs and messages[-1].role == "learner" else "",
        before=" ".join(mine),
        last=mine[-1] if mine else "",
        turn=max(lesson.turn, len(mine)),
    )


# Reactions


def _reaction(scene: _Scene, said: str) -> str:
    words = words_of(said)
    if brief := _brief(scene, said):
        return scene.phrase(brief)
    feeling = _feeling(scene, words)
    if feeling == "plain" and len(words) >= _PRAISED[scene.band] and scene.turn % 3 == 2:
        return scene.phrase("praise")
    return scene.phrase(feeling)


def _brief(scene: _Scene, said: str) -> str | None:
    """The kind of phrase for an answer that is only yes, no or "I don't know"."""
    signs = scene.phrases.signs
    if signs.unsure.search(said):
        return "unsure"
    if signs.yes.match(said):
        return "yes"
    return "no" if signs.no.match(said) else None


def _feeling(scene: _Scene, words: Sequence[str]) -> str:
    signs, said = scene.phrases.signs, set(words)
    for kind, hints in (("bad", signs.bad), ("good", signs.good)):
        if said & hints:
            return "plain" if said & signs.negation else kind
    return "plain"


# Questions


def _next_question(scene: _Scene, said: str) -> str:
    words = words_of(said)
    if len(words) < 3 and not _brief(scene, said):
        more = [p for p in scene.phrases.by_kind["short"][scene.band] if p not in scene.before]
        if more and words and scene.turn % 2:
            return more[0]
    return next(_follow_ups(scene, words), None) or _question(scene)


def _follow_ups(scene: _Scene, words: Sequence[str]) -> Iterator[str]:
    """For the learner's last words first, because people end with what they want to talk about."""
    for word in reversed(words):
        for entry in scene.bank.follow_ups:
            if word in entry.words:
                yield from _fresh(scene, entry.questions[scene.band])


def _question(scene: _Scene) -> str:
    """Choose a question of the topic, then related topics, then any topic: first at the level, then at
    lower levels."""
    near = [scene.topic, *(scene.bank.topics[n] for n in scene.topic.next)]
    rest = [topic for topic in scene.bank.topics.values() if topic not in near]
    below = LEVELS[LEVELS.index(scene.level) :: -1]
    for level in below:
        for topic in near + rest:
            for question in _fresh(scene, topic.questions.get(level, ())):
                return question
    return scene.topic.questions["A1"][scene.turn % len(scene.topic.questions["A1"])]


def _fresh(scene: _Scene, questions: Sequence[str]) -> Iterator[str]:
    return (question for question in questions if question not in scene.before)


# Answers


def _answered(asked: ScriptedAnswer, scene: _Scene) -> str:
    text = asked.say[scene.turn % len(asked.say)]
    if asked.again and not scene.last:
        return _question(scene)
    question = "" if asked.stop or asked.again else _question(scene)
    return _filled(text, scene, question)


def _new_topic(scene: _Scene, wish: str) -> str:
    wished = scene.bank.topic_of(wish) if wish.strip() else None
    title = wish.strip(" .!?").lower()
    topic = wished or scene.bank.topics[scene.topic.next[scene.turn % len(scene.topic.next)]]
    named = title if wished and len(title.split()) <= 3 else topic.title
    moved = replace(scene, topic=topic)
    question = next(_follow_ups(moved, words_of(wish)), None) or _question(moved)
    return _filled(scene.phrase("new_topic").replace("{topic}", named), moved, question)


def _filled(text: str, scene: _Scene, question: str) -> str:
    filled = text.replace("{name}", scene.learner).replace("{tutor}", scene.tutor)
    filled = filled.replace("{question}", question).replace("{last}", _last_question(scene.last))
    return re.sub(r"\s+([,!.?])", r"\1", re.sub(r"\s{2,}", " ", filled)).strip()


def _last_question(text: str) -> str:
    """The questions at the end of `text`: a learner who did not understand needs only those."""
    asked: list[str] = []
    for sentence in reversed(re.split(r"(?<=[.!?])\s+", text)):
        if not sentence.endswith("?"):
            break
        asked.insert(0, sentence)
    return " ".join(asked) or text
