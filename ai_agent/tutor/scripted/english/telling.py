"""Questions that follow from what a parsed sentence says: `data/en/tellings.toml`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from ai_agent.tutor.corrector.clause import Clause
from ai_agent.tutor.scripted.bank import BANDS, read_data
from ai_agent.tutor.scripted.english.hearing import words_of
from ai_agent.tutor.scripted.english.talk import Talk
from ai_agent.tutor.words import dictionary
from ai_agent.tutor.words.forms import lemmas

_SAYS_WHAT_ONE_IS = frozenset(["be", "have", "live", "work", "like", "love", "study"])
"""Verbs of a sentence after which any question about its subject fits: it tells no story."""
_AGAIN_AFTER = 25
"""Messages of the tutor after which a question that fits many sentences may be asked again."""
_PEOPLE = {"he": "him", "she": "her"}
_PRONOUNS = {
    **dict.fromkeys(("i", "we"), "me"),
    **dict.fromkeys(_PEOPLE, "person"),
    **dict.fromkeys(("it", "this", "that", "these", "those"), "thing"),
    "they": "they",
}
_INDEFINITE = frozenset(
    f"{some}{one}" for some in ("some", "any", "no", "every") for one in ("body", "one", "thing")
)
_PERSON_KINDS = frozenset({"kin", "job", "person"})
_HAS_LEAD = re.compile(r"(?:Oh|Congratulations|That's|Good|I'm glad)\b")
_SLOTS = (
    ("place", r"^where|^how do you like it there"),
    ("time", r"^when|what time|is it always|since when|how long has it been"),
    ("often", r"how often|every day"),
    ("why", r"^why|what made you|what makes you|reason"),
    ("with", r"\bwith\?$|^who (?:did|do) you"),
)


@dataclass(frozen=True, slots=True)
class Row:
    """Empty sets and texts fit everything."""

    who: str
    verbs: frozenset[str]
    other_verbs: frozenset[str]
    tense: str
    what: frozenset[str]
    kinds: frozenset[str]
    says: str
    modals: frozenset[str]
    needs: str
    questions: Mapping[str, tuple[str, ...]]

    @property
    def is_general(self) -> bool:
        return not (self.verbs or self.what or self.kinds or self.modals)

    def fits(self, clause: Clause) -> bool:
        kind = dictionary.kind_of(clause.is_what if clause.verb == "be" else clause.object_noun)
        return (
            self.who in ("", who(clause))
            and (not self.verbs or clause.verb in self.verbs)
            and clause.verb not in self.other_verbs
            and self.tense in ("", clause.tense)
            and (not self.what or clause.is_what in self.what)
            and (not self.kinds or kind in self.kinds)
            and (not self.modals or clause.modal in self.modals)
            and (not self.needs or bool(getattr(clause, self.needs)))
            and (self.says == "no") is clause.is_negated
        )


def who(clause: Clause) -> str:
    """ "me", "person", "they", "thing", or "other": you, everybody, a name."""
    subject, noun = clause.subject, clause.subject_noun
    if subject in _PRONOUNS:
        return _PRONOUNS[subject]
    if not noun or subject == "you" or subject in _INDEFINITE or not dictionary.is_known(noun):
        return "other"
    return "person" if dictionary.kind_of(noun) in _PERSON_KINDS else "thing"


def questions(talk: Talk, *, is_general: bool) -> Iterator[str]:
    """Yield the questions that the sentence does not answer and that were not asked lately. `is_general`: of
    the rows that fit many sentences, else of the others.
    """
    named = frozenset(slot for clause in talk.clauses for slot in clause.named)
    told = [c for c in reversed(talk.clauses) if not c.is_question and _is_point(c, talk.said)]
    for number, clause in enumerate(told):
        asked = [*_candidates(talk, clause, is_general)]
        if number == 0 and len(told) > 1 and (clause.tense == "past" or who(clause) == "person"):
            asked += _candidates(talk, clause, is_general=True)  # what was said last matters most
        for question in asked:
            if not _is_named(question, named) and not talk.has_said(question, _AGAIN_AFTER):
                yield question


def _is_point(clause: Clause, said: str) -> bool:
    """Whether it is not only what stands before a "but": the main point comes after it."""
    before, but, after = said.lower().replace("’", "'").rpartition(" but ")
    words = set(words_of(after))
    named = {clause.verb, clause.object_noun, clause.is_what, clause.subject_noun} - {"", "be"}
    return not but or not before or any({word, *lemmas(word)} & named for word in words)


def subjects_of(talk: Talk) -> frozenset[str]:
    """The nouns that the learner tells something about: what is theirs, what they do something with and what
    they are. Other nouns may be circumstances ("with friends") or used in a figure ("that is the law").
    """
    nouns = set[str]()
    for clause in talk.clauses:
        if (
            clause.subject.startswith("your ")
            and clause.verb in _SAYS_WHAT_ONE_IS
            and not clause.is_adjective
        ):
            nouns.add(clause.subject_noun)
        is_kin = (
            dictionary.kind_of(clause.is_what) == "kin"
        )  # "I am a father" is not about the learner's father
        if who(clause) == "me":
            nouns |= {clause.object_noun, "" if is_kin else clause.is_what}
    return frozenset(nouns - {""})


def is_own(question: str) -> bool:
    """Whether the question came from what a sentence said."""
    return question != "" and any(pattern.search(question) for pattern in _own_questions())


def has_lead(asked: str) -> bool:
    """Whether the question brings its own reaction, such as "Congratulations!"."""
    return _HAS_LEAD.match(asked) is not None


def _candidates(talk: Talk, clause: Clause, is_general: bool) -> Iterator[str]:
    for row in _rows():
        if row.is_general is is_general and row.fits(clause):
            options = row.questions[talk.band]
            start = (talk.seed + talk.turn) % len(options)
            for text in (*options[start:], *options[:start]):
                if (filled := _filled(text, clause)) is not None:
                    yield _of_person(filled, talk.said, clause.verb)


def _of_person(question: str, said: str, verb: str) -> str:
    """ "What do you like about her?" after "I like her"."""
    found = re.search(rf"\bi (?:\w+ )?{re.escape(verb)} (him|her|them)\b", said.lower())
    return re.sub(r"\bit\?", f"{found[1]}?", question) if found is not None else question


def _is_named(asked: str, named: frozenset[str]) -> bool:
    return any(slot in named and re.search(pattern, asked.lower()) for slot, pattern in _SLOTS)


def _filled(text: str, clause: Clause) -> str | None:
    """None: the sentence has nothing for a placeholder."""
    is_many = clause.is_subject_plural or clause.subject == "they"
    fill = {
        "doing": clause.doing,
        "object": clause.object,
        "it": "them" if clause.is_plural else _it(clause.object),
        "who": clause.subject,
        "them": _PEOPLE.get(clause.subject, clause.subject),
        "does": "do" if is_many else "does",
        "Does": "Do" if is_many else "Does",
        "Has": "Have" if is_many else "Has",
        "is": "are" if is_many else "is",
        "was": "were" if is_many else "was",
        "what": clause.is_what,
        "place": clause.place,
    }
    names = re.findall(r"\{(\w+)\}", text)
    if not all(fill[name] for name in names):
        return None
    return re.sub(r"\{(\w+)\}", lambda name: fill[name[1]], text)


def _it(phrase: str) -> str:
    """A person is named again, because "him" or "her" cannot be known."""
    is_person = dictionary.kind_of(phrase.rsplit(" ", maxsplit=1)[-1]) in _PERSON_KINDS
    is_one = is_person and phrase.startswith(("a ", "an ", "the ", "your "))
    return re.sub(r"^an? ", "the ", phrase) if is_one else "it"


@cache
def _own_questions() -> tuple[re.Pattern[str], ...]:
    texts = {text for row in _rows() for band in row.questions.values() for text in band}
    return tuple(re.compile(re.sub(r"\\\{\w+\\\}", ".{1,60}", re.escape(text)) + "$") for text in texts)


@cache
def _rows() -> tuple[Row, ...]:
    return tuple(_row(given) for given in read_data("en/tellings.toml")["told"])


def _row(given: Mapping[str, Any]) -> Row:
    words = {
        name: frozenset(given.get(name, "").split())
        for name in ("verbs", "other_verbs", "what", "kinds", "modals")
    }
    return Row(
        given.get("who", ""),
        words["verbs"],
        words["other_verbs"],
        given.get("tense", ""),
        words["what"],
        words["kinds"],
        given.get("says", ""),
        words["modals"],
        given.get("needs", ""),
        {band: tuple(given.get(band, given["b"])) for band in BANDS.values()},
    )
