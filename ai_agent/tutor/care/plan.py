"""Decides what the tutor says instead of asking an engine, from the words so far. Pure.

After words that call for care the lesson rests until the person chooses: to stop, or to talk about something
else. No state is kept: what is open is read from the messages, so a worker that takes a job over goes on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ai_agent.providers.ports import ChatMessage, LessonFacts, primary_tag
from ai_agent.tutor.care.concern import BOUNDARIES, URGENT, Category, Concern, Mood, find_concern, mood
from ai_agent.tutor.care.helplines import INTERNATIONAL, Country, Helpline, country_of, lines_for
from ai_agent.tutor.care.signs import load_signs
from ai_agent.tutor.care.texts import languages, load_texts

_CALLED = URGENT | {Category.DESPAIR}
"""A helpline is named aloud; for the others it is listed on the page."""
_MIN_WORDS = 4
"""A plain sentence of this length about something else shows that the person wants to go on."""


@dataclass(frozen=True, slots=True)
class CarePlan:
    """`text`: what is said; empty to say nothing. `lines`: shown on the page with it."""

    text: str
    language: str
    lines: tuple[Helpline, ...] = ()


def plan(
    messages: Sequence[ChatMessage],
    lesson: LessonFacts,
    *,
    country: str | None = None,
    time_zone: str | None = None,
) -> CarePlan | None:
    """None: the engine answers. `messages` end with the words that are answered; `country` (ISO 3166-1) and
    `time_zone` (IANA) are the speaker's."""
    if lesson.purpose == "break_silence":
        return CarePlan("", _OTHERWISE) if _open_in(messages, None) else None
    said = next((m for m in reversed(messages) if m.role == "learner"), None)
    if said is None or lesson.purpose == "greet":
        return None
    concern = find_concern(said.text, lesson.language)
    if concern is None:
        return _unless_open(messages, said, lesson)
    if lesson.purpose == "feedback":
        return _no_correction(lesson.language)
    if concern.category in BOUNDARIES:
        return _refusal(concern, messages)
    return _care(concern, country_of(country, time_zone))


_OTHERWISE = "en"
"""Language of the texts for a lesson in one that has none."""


def _unless_open(messages: Sequence[ChatMessage], said: ChatMessage, lesson: LessonFacts) -> CarePlan | None:
    earlier = messages[: len(messages) - 1 - list(reversed(messages)).index(said)]
    offered = _open_in(earlier, said.name) if lesson.purpose == "reply" else None
    return _after_care(said.text, offered, lesson.language) if offered else None


def _no_correction(language: str) -> CarePlan:
    own = primary_tag(language).lower()
    tag = own if own in languages() else _OTHERWISE
    return CarePlan(load_texts(tag).of["feedback"], tag)


def note(messages: Sequence[ChatMessage], lesson: LessonFacts) -> str:
    """Name of the prompt for a model that answers such words: "bad_news", "after_care", or empty."""
    said = next((m for m in reversed(messages) if m.role == "learner"), None)
    if said is not None and lesson.purpose == "reply" and mood(said.text, lesson.language) is Mood.BAD:
        return "bad_news"
    is_after = any(m.role == "tutor" and _care_language(m.text) for m in messages)
    return "after_care" if is_after else ""


def _care(concern: Concern, place: Country | None) -> CarePlan:
    texts = load_texts(concern.language)
    name = concern.category.value + ("_other" if concern.is_other else "")
    lines = lines_for(concern.category, place)
    parts = [texts.of[name]]
    if concern.category not in _CALLED:
        parts.append(texts.of["listed"])
    elif place is None or lines[0] is INTERNATIONAL:
        parts.append(texts.of["no_line"])
    else:
        parts.append(texts.of["call"].format(line=lines[0].name, phone=lines[0].phone))
        parts.append(texts.of["danger"].format(emergency=place.emergency))
    return CarePlan(_joined([*parts, texts.of["choose"]]), concern.language, lines)


def _refusal(concern: Concern, messages: Sequence[ChatMessage]) -> CarePlan:
    """The third time and later it is the last line; any other sentence is answered as ever."""
    texts = load_texts(concern.language)
    before = sum(m.role == "tutor" and texts.is_boundary(m.text) for m in messages)
    steps = texts.boundaries[concern.category]
    return CarePlan(steps[before] if before < len(steps) else texts.of["last_time"], concern.language)


def _after_care(said: str, language: str, lesson_language: str) -> CarePlan | None:
    """`language`: in which the choice was offered. None: the person has chosen to go on."""
    chosen = _chosen(said, language) or _chosen(said, primary_tag(lesson_language).lower())
    if chosen == "other":
        return None
    texts = load_texts(language)
    if chosen is not None:
        return CarePlan(texts.of[_REPLIES[chosen]], language)
    if mood(said, lesson_language) is Mood.BAD:
        return CarePlan(texts.of["listening"], language)
    words = len(said.split())
    is_long = words >= _MIN_WORDS or (words == 1 and len(said) > 2 * _MIN_WORDS and not said.isascii())
    return None if is_long else CarePlan(texts.of["unclear"], language)


def _chosen(said: str, language: str) -> str | None:
    if language not in languages():
        return None
    prepared = load_signs(language, folds=language not in {"vi", "ja", "ko", "zh"}).prepared(said)
    choices = load_texts(language).choice
    return next((name for name, pattern in choices.items() if pattern.search(prepared)), None)


_REPLIES = {"stop": "stopped", "thanks": "thanks", "joke": "relieved", "yes": "unclear"}


def _open_in(messages: Sequence[ChatMessage], name: str | None) -> str | None:
    """The language in which the tutor's first answer to the person's last words offered a choice. `name`:
    None in a lesson of one and for the whole room, where the tutor's last words count."""
    if name is not None:
        theirs = [i for i, m in enumerate(messages) if m.role == "learner" and m.name == name]
        messages = messages[theirs[-1] + 1 :] if theirs else ()
    answers = [m.text for m in messages if m.role == "tutor"]
    return _care_language(answers[-1] if name is None else answers[0]) if answers else None


def _care_language(said: str) -> str | None:
    return next((tag for tag in sorted(languages()) if load_texts(tag).is_care(said)), None)


def _joined(sentences: Sequence[str]) -> str:
    """With spaces between them, except after a full stop of Chinese or Japanese, which needs none."""
    return "".join(s if s[-1] in "。！？" else f"{s} " for s in sentences).strip()
