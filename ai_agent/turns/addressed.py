"""Whether a turn is for the tutor when several people are in the room. Pure rules, the surest first."""

from __future__ import annotations

import difflib
import itertools
from collections.abc import Sequence
from dataclasses import dataclass

from ai_agent.turns.phrases import Phrases, has_phrase, plain

FOLLOW_UP_S = 12.0
"""After the tutor's words, an answer within this time counts as one to its question."""
THANKS_S = 6.0
"""After them, anything from the person that the tutor spoke to counts as for it."""


@dataclass(frozen=True, slots=True)
class TurnContext:
    """The state of the conversation when the turn began.

    `others`: names of the other people. `last_speaker`: "tutor", "speaker" (the same as now), "other" or
    None. `tutor_spoke_to`: the tutor's last words went to the present speaker. `gap_s`: time since the last
    words.
    """

    tutor_name: str
    others: Sequence[str] = ()
    people: int = 2
    last_speaker: str | None = None
    tutor_asked: bool = False
    tutor_spoke_to: bool = False
    gap_s: float = 0.0
    interrupts_tutor: bool = False
    wants_tutor: bool = False


def is_for_tutor(text: str, context: TurnContext, phrases: Phrases) -> bool:
    said = plain(text)
    if not said:
        return False
    if context.wants_tutor or context.people <= 1 or _calls_tutor(said, context.tutor_name, phrases):
        return True
    if any(_calls(said, plain(name), phrases) for name in context.others):
        return False
    if context.interrupts_tutor or has_phrase(said, phrases.to_a_teacher):
        return True
    speaks_of_it = bool(_sounds_like(said, plain(context.tutor_name)))
    is_for_others = speaks_of_it or has_phrase(said, phrases.to_everyone)
    return not is_for_others and context.last_speaker == "tutor" and _follows_up(said, context, phrases)


def _follows_up(said: str, context: TurnContext, phrases: Phrases) -> bool:
    if context.gap_s > FOLLOW_UP_S:
        return False
    if context.tutor_spoke_to:
        return context.tutor_asked or context.gap_s <= THANKS_S
    # another person takes up what the tutor said: a question is for the tutor, an answer for everybody
    words = said.split()
    return words[0] in phrases.question_starts and has_phrase(said, phrases.to_somebody)


def _calls_tutor(said: str, name: str, phrases: Phrases) -> bool:
    if any(_calls(said, title, phrases) for title in phrases.titles):
        return True
    return any(_calls(said, heard, phrases) for heard in _sounds_like(said, plain(name)))


def _sounds_like(said: str, name: str) -> set[str]:
    """Words, or pairs of words, that a recogniser may have made of the name."""
    words = said.split()
    pairs = [" ".join(pair) for pair in itertools.pairwise(words)]
    return {heard for heard in [*words, *pairs] if _alike(heard.replace(" ", "").removesuffix("'s"), name)}


_SAME_SOUND = str.maketrans({"y": "i", "z": "s", "c": "k", "q": "k", "h": "", "'": ""})


def _alike(heard: str, name: str) -> bool:
    if heard == name:
        return True
    if abs(len(heard) - len(name)) > 2 or len(heard) < 3:
        return False
    return _skeleton(heard) == _skeleton(name) or (
        len(name) >= 6 and difflib.SequenceMatcher(None, heard, name, autojunk=False).ratio() >= 0.85
    )


def _skeleton(word: str) -> str:
    """Repeated letters once, all vowels as one sign: emma, ema, emmer and amma are equal."""
    plainer = word.translate(_SAME_SOUND)
    marked = "".join("a" if letter in "aeiou" else letter for letter in plainer)
    if len(marked) > 2:
        marked = marked.removesuffix("r")
    out = ""
    for letter in marked:
        if not out.endswith(letter):
            out += letter
    return out


def _calls(said: str, name: str, phrases: Phrases) -> bool:
    """The name is at either end or after calling words: "Emma, ...", "... , Emma", "thanks Emma that
    helps".
    """
    words, called = said.split(), name.split()
    size = len(called)
    for at in range(len(words) - size + 1):
        if words[at : at + size] != called:
            continue
        after = words[at + size : at + size + 1]
        if after and (after[0] in phrases.about or after[0].startswith("'")):
            # "Emma said ..." speaks of her; "Emma, is it ...", "Emma, can you ..." to her
            if at == 0 and has_phrase(said, phrases.to_somebody | phrases.to_a_teacher):
                return True
            continue
        if at == 0 or words[at - 1] in phrases.calls or " ".join(words[max(0, at - 2) : at]) in phrases.calls:
            return True
        if not after and (words[0] in phrases.question_starts or has_phrase(said, phrases.to_somebody)):
            return True
    return False
