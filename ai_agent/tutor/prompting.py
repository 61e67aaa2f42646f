"""Builds the system prompt from files by language, level, topic and purpose (see README)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from string import Template

from ai_agent.providers.ports import LessonFacts
from ai_agent.tutor.elicit.hints import hint
from ai_agent.tutor.memory import prompt_lines

_PROMPTS = Path(__file__).parent / "prompts"
_MAX_SAID = 800
"""Characters of a class's last sentences."""
_TOPIC_WORDS = re.compile(r"^keywords:\s*(.*)$", re.MULTILINE)


def system_prompt(
    lesson: LessonFacts, tutor_name: str, *, one_to_one: bool, notes: Sequence[str] = ()
) -> str:
    """`notes`: names of files in `prompts/notes`, about the last words of the learner or the tutor."""
    language = lesson.language.split("-", maxsplit=1)[0].lower()
    base = Template(_read("base.md"))
    setting = "alone.md" if one_to_one else "group.md"
    parts = [
        base.safe_substitute(
            tutor=tutor_name,
            language=_language_name(language),
            topic=_one_line(lesson.topic) or "everyday life",
            level=lesson.level,
            learner=_one_line(lesson.learner) or "the learner",
            native=f" Their first language is {lesson.native_language}." if lesson.native_language else "",
        ),
        _read(f"settings/{setting}"),
        Template(_read(f"levels/{lesson.level}.md") or _read("levels/B1.md")).safe_substitute(
            language=_language_name(language)
        ),
        _language_prompt(language, lesson.level),
        _topic_prompt(lesson.topic),
        _memory(lesson),
        _exercise(lesson) or _read(f"purposes/{lesson.purpose}.md"),
        _elicitation(lesson),
        _class(lesson),
        *(_read(f"notes/{note}.md") for note in notes),
    ]
    return "\n\n".join(part.strip() for part in parts if part.strip())


def _one_line(text: str, limit: int = 200) -> str:
    """Keeps what people typed on one line of the prompt."""
    return " ".join(text.split())[:limit].replace("$", "")


def simpler_prompt(lesson: LessonFacts, said: str) -> str:
    """Asks for an easier end of an answer that has begun with `said`, maybe with nothing."""
    text = Template(_read("notes/simpler.md"))
    return text.safe_substitute(said=_one_line(said) or "...", level=lesson.level).strip()


def _elicitation(lesson: LessonFacts) -> str:
    """Whether the learner may be asked to mend a mistake, or what they made of it when they were."""
    retry = lesson.retry
    if retry is None:
        return _read("elicitation/may_ask.md") if lesson.may_elicit else ""
    mended = _one_line(retry.mended)
    return Template(_read(f"elicitation/{retry.outcome}.md")).safe_substitute(
        original=_one_line(retry.original),
        corrected=_one_line(retry.corrected),
        mended=f' ("{mended}")' if mended else "",
        then=_read(f"elicitation/{'then_exercise' if retry.is_exercise else 'then'}.md").strip(),
    )


def _class(lesson: LessonFacts) -> str:
    """That the answer interrupts a class, which goes on by itself."""
    taught = lesson.taught
    if taught is None:
        return ""
    question = Template(_read("class_question.md")).safe_substitute(question=_one_line(taught.question))
    return Template(_read("class.md")).safe_substitute(
        title=_one_line(taught.title),
        said=_one_line(" ".join(taught.said)[-_MAX_SAID:], _MAX_SAID),
        question=question.strip() if taught.question else "",
    )


def _memory(lesson: LessonFacts) -> str:
    lines = prompt_lines(lesson.memory) if lesson.memory is not None else ""
    return f"{_read('memory.md').strip()}\n{lines}" if lines else ""


def _exercise(lesson: LessonFacts) -> str:
    """The greeting with an exercise in place of a first question."""
    due = lesson.exercise
    if due is None:
        return ""
    is_english = lesson.language.partition("-")[0] == "en"
    found = hint(due.said, due.better, due.category) if is_english else None
    return Template(_read("purposes/exercise.md")).safe_substitute(
        said=_one_line(due.said),
        better=_one_line(due.better),
        hint=f" (where to look: {found})" if found else "",
    )


@cache
def _read(name: str) -> str:
    path = _PROMPTS / name
    return path.read_text("utf-8") if path.is_file() else ""


@cache
def _language_name(language: str) -> str:
    head = _read(f"languages/{language}.md").partition("\n")[0]
    return head.removeprefix("# ").strip() or f'the language with the code "{language}"'


def _language_prompt(language: str, level: str) -> str:
    """The part for all levels, then the sections whose heading names the level."""
    text = _read(f"languages/{language}.md").partition("\n")[2]
    general, *sections = re.split(r"^## ", text, flags=re.MULTILINE)
    own = [section.partition("\n")[2] for section in sections if level in section.partition("\n")[0]]
    return "\n".join(part.strip() for part in (general, *own))


@cache
def _topics() -> tuple[tuple[frozenset[str], str], ...]:
    topics = []
    for path in sorted((_PROMPTS / "topics").glob("*.md")):
        text = path.read_text("utf-8")
        match = _TOPIC_WORDS.search(text)
        words = frozenset(match.group(1).lower().replace(",", " ").split()) if match else frozenset()
        topics.append((words, _TOPIC_WORDS.sub("", text).strip()))
    return tuple(topics)


def is_role_play(topic: str) -> bool:
    return re.search(r"\brole.?play", topic.lower()) is not None


def _topic_prompt(topic: str) -> str:
    """The file that shares the most keywords with the topic; empty if none does."""
    said = set(re.findall(r"\w+", topic.lower()))
    best = max(_topics(), key=lambda entry: len(entry[0] & said), default=None)
    return best[1] if best is not None and best[0] & said else ""
