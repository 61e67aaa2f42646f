"""Names in what was said: who is called, and who is only spoken of. Pure.

Recognisers differ: some give capitals and commas, which decide much, some only lower-case words.
"""

from __future__ import annotations

import difflib
import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ai_agent.turns.phrases import Phrases, has_phrase, plain

_ENDS_PART = re.compile(r"[,.!?;:…]$")
_POSSESSIVE = "'s"


@dataclass(frozen=True, slots=True)
class Talk:
    """`words`: plain. `stops`: a comma or a full stop follows the word. `capitals`: it begins with one."""

    words: tuple[str, ...]
    stops: tuple[bool, ...]
    capitals: tuple[bool, ...]

    @property
    def plain(self) -> str:
        return " ".join(self.words)


def talk_of(text: str) -> Talk:
    words: list[str] = []
    stops: list[bool] = []
    capitals: list[bool] = []
    for raw in text.split():
        parts = plain(raw).split()
        if not parts:
            if words and _ENDS_PART.search(raw):
                stops[-1] = True
            continue
        words += parts
        stops += [False] * (len(parts) - 1) + [bool(_ENDS_PART.search(raw))]
        capitals += [raw.lstrip("\"'“‘(")[:1].isupper()] * len(parts)
    return Talk(tuple(words), tuple(stops), tuple(capitals))


def last_sentence(text: str) -> str:
    """A name at its end, or at its start, says who is asked."""
    return re.split(r"(?<=[.!?…])\s+", text.strip())[-1]


# Finding who is called


def calls_by_name(talk: Talk, name: str, phrases: Phrases) -> bool:
    """Whether somebody of this name is spoken to: "Emma, ...", "..., Emma", "thanks Emma that helps"."""
    return any(_is_call(talk, at, size, phrases) for at, size in _mentions(talk, name))


def calls_everyone(talk: Talk, phrases: Phrases) -> bool:
    """ "Guys, can we ...", "see you everybody"; not "everybody likes it"."""
    return any(
        _is_call(talk, at, size, phrases)
        and (at > 0 or _asks_next(talk, at + size, phrases) or talk.stops[size - 1])
        for called in phrases.names.everyone_called
        for at, size in _found(talk, called.split())
    )


def _mentions(talk: Talk, name: str) -> Iterator[tuple[int, int]]:
    """Where the words hold the name, or one word of it: people called "Anh Nguyen" are "Anh"."""
    called = plain(name).split()
    seen: set[int] = set()
    for part in (called, *([[word] for word in called if len(word) > 1] if len(called) > 1 else [])):
        for at, size in _found(talk, part):
            if at not in seen:
                seen.update(range(at, at + size))
                yield at, size


def _found(talk: Talk, called: Sequence[str]) -> Iterator[tuple[int, int]]:
    size = len(called)
    for at in range(len(talk.words) - size + 1):
        if size and list(talk.words[at : at + size]) == list(called):
            yield at, size


def _is_call(talk: Talk, at: int, size: int, phrases: Phrases) -> bool:
    words, end = talk.words, at + size
    stop_before, stop_after = at > 0 and talk.stops[at - 1], talk.stops[end - 1]
    before, after = words[at - 1] if at else None, words[end] if end < len(words) else None
    if stop_before and (stop_after or after is None):
        return True
    opens = (
        at == 0
        or stop_before
        or not phrases.names.calls.isdisjoint((before, " ".join(words[max(0, at - 2) : at])))
    )
    if _may_be_no_name(words[at:end], phrases):
        return opens and (stop_after or after in phrases.question_starts)
    if before in phrases.names.speaks_of and not stop_before:
        return False
    if after is None or stop_after:
        return opens or after is None
    if _is_surname(talk, end, phrases) or _speaks_about(talk, end, phrases):
        return False
    return opens or _asks_next(talk, end, phrases)


def _may_be_no_name(called: Sequence[str], phrases: Phrases) -> bool:
    """Will, May and An are names and words."""
    return (
        len(called) == 1 and called[0] in phrases.question_starts | phrases.unfinished | phrases.names.calls
    )


def _is_surname(talk: Talk, at: int, phrases: Phrases) -> bool:
    """Whether the word after a first name belongs to it: "Emma Stone is in it"."""
    word = talk.words[at]
    if (
        talk.stops[at - 1]
        or word in phrases.question_starts | phrases.names.question_subjects | phrases.unfinished
    ):
        return False
    if talk.capitals[at] and talk.capitals[at - 1] and not all(talk.capitals):
        return True
    return at + 1 < len(talk.words) and talk.words[at + 1] in phrases.names.about_only


def _speaks_about(talk: Talk, at: int, phrases: Phrases) -> bool:
    """ "Emma said ..." speaks of her; "Emma is it ...", "Emma can you ..." to her."""
    word = talk.words[at]
    is_verb = word in phrases.names.about or (
        len(word) > 3
        and word.endswith(tuple(phrases.names.about_endings))
        and word not in phrases.names.no_verbs
    )
    if not is_verb or talk.stops[at - 1]:
        return False
    rest = " ".join(talk.words[at:])
    return not (_asks_next(talk, at, phrases) or has_phrase(rest, phrases.to_somebody | phrases.to_a_teacher))


def _asks_next(talk: Talk, at: int, phrases: Phrases) -> bool:
    """Whether a question begins here: "can i", "is it", "what does", "is table a word"."""
    words = talk.words[at:]
    if len(words) < 2 or words[0] not in phrases.question_starts:
        return False
    if words[0] not in phrases.names.about or words[1] in phrases.names.question_subjects:
        return True
    is_noun = words[1] not in phrases.names.about | phrases.unfinished
    return (is_noun and not phrases.names.question_objects.isdisjoint(words[2:4])) or words[
        -1
    ] in phrases.names.judgements


# Names as recognisers write them


def sounds_like_name(talk: Talk, name: str, people: Sequence[str]) -> set[str]:
    """Words, or pairs of words, that a recogniser may have made of the tutor's name. The exact name of one of
    the `people` is theirs. "Emma's" is not among them: it speaks of her.
    """
    wanted = plain(name)
    theirs = {word for person in people for word in plain(person).split()} - {wanted}
    words = [word for word in talk.words if word not in theirs]
    # "am a" is mostly no name, so of the pairs only those count with which the turn begins
    pairs = [" ".join(pair) for pair in itertools.pairwise(talk.words[:3]) if theirs.isdisjoint(pair)]
    heard = {word.removesuffix(_POSSESSIVE) for word in (*words, *pairs)}
    return {word for word in heard if _alike(word.replace(" ", ""), wanted)}


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
    plainer = word[0] + word[1:].translate(_SAME_SOUND)  # a first h is heard: home is not Emma
    marked = "".join("a" if letter in "aeiou" else letter for letter in plainer)
    if len(marked) > 2:
        marked = marked.removesuffix("r")
    out = ""
    for letter in marked:
        if not out.endswith(letter):
            out += letter
    return out
