"""Makes use of the memory of a learner: text for a prompt, an exercise for a greeting. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from ai_agent.tutor.care import Mood, mood
from server.protocol.memory import Memory, RememberedMistake

MAX_LINE = 300


def exercise_in(memory: Memory) -> RememberedMistake | None:
    """The mistake that is due longest; not one in a sentence about something sad."""
    return next((m for m in memory.mistakes if mood(m.said, memory.language) is Mood.PLAIN), None)


def prompt_lines(memory: Memory) -> str:
    """Empty if there is nothing. Texts of the learner are on one line and in quotes."""
    return "\n".join(_lines(memory))


def _lines(memory: Memory) -> Iterator[str]:
    if memory.goals:
        yield f"- Their goals: {_listed(memory.goals)}."
    for talk in memory.talks:
        topic = f" about {quoted(talk.topic)}" if talk.topic.strip() else ""
        yield f"- An earlier talk, {talk.at.date().isoformat()}{topic}: {quoted(talk.summary)}."
    if memory.words:
        words = _listed(word.word for word in memory.words)
        yield f"- Words they are learning: {words}. Use one now and then, so that its meaning is clear."
    for mistake in memory.mistakes:
        yield f"- A mistake to listen for: {quoted(mistake.said)}; right is {quoted(mistake.better)}."


def _listed(texts: Iterator[str] | list[str]) -> str:
    return ", ".join(map(quoted, texts))


def quoted(text: str) -> str:
    plain = " ".join(text.split())[:MAX_LINE].replace("$", "").replace('"', "'")
    return f'"{plain}"'
