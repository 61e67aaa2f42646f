"""Words that learners confuse: do and make, say and tell, bored and boring."""

from __future__ import annotations

from collections.abc import Iterator

from ai_agent.tutor.corrector import lexicon as lx
from ai_agent.tutor.corrector.edit import Edit, Rule, replace
from ai_agent.tutor.corrector.parse import Parse
from ai_agent.tutor.corrector.phrases import same_form, table

_MAKES = frozenset({"mistake", "mistakes", "decision", "decisions", "noise", "effort", "progress"})
_DOES = frozenset(
    {
        "homework",
        "housework",
        "yoga",
        "exercise",
        "exercises",
        "research",
        "shopping",
        "dishes",
        "laundry",
        "sport",
        "sports",
    }
)
_TAKES = frozenset({"photo", "photos", "shower", "nap", "exam"})
_FEELERS = frozenset({"i", "we", "she", "he", "they"})
_CAUSES = frozenset(
    [
        "film",
        "movie",
        "book",
        "lesson",
        "class",
        "game",
        "trip",
        "story",
        "job",
        "party",
        "journey",
        "meeting",
        "course",
        "news",
    ]
)
_HOW = frozenset(["speak", "drive", "cook", "sing", "play", "swim", "dance", "write", "work"])


def collocation(parse: Parse) -> Iterator[Edit]:
    """ "Do a mistake", "make my homework"."""
    for verb in parse:
        thing = parse.child(verb, "dobj")
        if (
            verb.lemma not in ("do", "make")
            or not verb.is_verb
            or thing is None
            or thing.i < verb.i
            or parse.child(thing, "acl", "relcl") is not None
        ):
            continue
        if parse.child(thing, "prep") is not None and thing.low not in _TAKES:
            continue
        if verb.low in ("do", "did", "does") and parse.after(verb).low in ("not", "n't"):
            continue
        right = None
        if verb.lemma == "do" and thing.low in _MAKES:
            right = "make"
        elif verb.lemma == "make" and thing.low in _DOES and parse.child(verb, "prt") is None:
            right = "do"
        elif thing.low in _TAKES and not (
            verb.lemma == "do" and thing.low == "exam" and parse.child(thing, "det") is None
        ):
            right = "take"
        elif thing.low == "party" and verb.lemma == "do":
            right = "have"
        elif thing.low == "question" and verb.lemma == "make":
            right = "ask"
        if right is not None:
            yield replace(verb, same_form(right, verb.low, verb.tag), f"{right}_it")


def feeling(parse: Parse) -> Iterator[Edit]:
    """ "I am boring": bored."""
    for word in parse:
        if word.low in lx.FEELINGS and parse.after(word).low in (
            "",
            ".",
            "!",
            ",",
            "in",
            "about",
            "by",
            "with",
            "because",
            "today",
            "at",
            "when",
            "now",
            "and",
        ):
            i = word.i - 1
            while parse.at(i).low in (
                "very",
                "so",
                "really",
                "too",
                "a",
                "bit",
                "little",
                "always",
                "n't",
                "not",
            ):
                i -= 1
            be, subject = parse.at(i), parse.at(i - 1)
            is_feeling = be.lemma == "feel" or be.low in ("am", "'m", "get", "got")
            needs_in = word.low == "interesting" and parse.after(word).low == "in"
            if (
                subject.low in _FEELERS
                and be.lemma in ("be", "feel", "get")
                and (
                    needs_in
                    or (is_feeling and word.low not in ("interesting", "surprising"))
                    or (
                        be.low == "was"
                        and subject.low == "i"
                        and word.low not in ("interesting", "relaxing")
                        and word.low in ("exciting", "boring", "tiring", "confusing")
                        and parse.before(word) is not be
                    )
                )
            ):
                yield replace(word, lx.FEELINGS[word.low], "ed_or_ing")
        causes = {
            value: key
            for key, value in lx.FEELINGS.items()
            if key in ("boring", "exciting", "interesting", "confusing", "surprising", "disappointing")
        }
        if word.low in causes and word.tag in ("JJ", "VBN"):
            verb = parse.head(word) if word.dep == "acomp" else word
            subject_ = parse.child(verb, "nsubj", "nsubjpass")
            if (
                subject_ is not None
                and subject_.low in _CAUSES
                and not parse.after(word).is_word
                and parse.before(word).low in ("is", "was", "very", "so", "really")
            ):
                yield replace(word, causes[word.low], "ed_or_ing")


def adverb(parse: Parse) -> Iterator[Edit]:
    """ "He speaks English very good"."""
    for word in parse:
        if (
            word.low not in lx.ADVERBS
            or word.tag not in ("JJ", "NN", "RB")
            or (
                parse.after(word).is_word
                and parse.after(word).low not in ("and", "but", "because", "so", "for", "at")
            )
        ):
            continue
        before = parse.before(word)
        if before.low in ("very", "really", "so", "too"):
            before = parse.before(before)
        if (
            before.lemma in _HOW
            and before.is_verb
            and word.low != "easy"
            and not (before.lemma in ("work", "play") and word.low in ("good", "easy"))
        ) or (
            before.low in lx.word_set("languages")
            and parse.before(before).lemma == "speak"
            and word.low in ("good", "bad", "perfect", "fluent")
        ):
            yield replace(word, lx.ADVERBS[word.low], "adverb")


def such(parse: Parse) -> Iterator[Edit]:
    """ "It was so nice day"."""
    for so in parse:
        adjective, noun = parse.after(so), parse.after(so, 2)
        if (
            so.low == "so"
            and adjective.tag == "JJ"
            and adjective.low not in ("much", "many", "little", "few")
            and noun.tag == "NN"
            and noun.low in lx.word_set("always_counted")
        ):
            if parse.before(so).low in ("was", "is", "'s", "had") and not parse.after(noun).is_noun:
                yield replace(so, f"such {lx.article(adjective.low)}", "such")


RULES: list[Rule] = [
    *table(
        "tell_somebody",
        ("[=say&#VBD|VBP|VB|VBZ] me|him|us|them", "{as_tell}"),
        ("[=say&#VBD|VBP|VB|VBZ|VBG] the truth", "{as_tell}"),
        ("[=say&#VBD|VBP|VB|VBZ|VBG] a lie|story|joke|secret @ends", "{as_tell}"),
        ("[=say&#VBD|VBP|VB|VBZ|VBG] lies|jokes @ends", "{as_tell}"),
    ),
    *table(
        "say_that", ("i|he|she|we|they [=tell&#VBD|VBZ] that i|he|she|it|we|they|the|his|her|my", "{as_say}")
    ),
    *table(
        "miss",
        ("[=lose&#VB|VBD|VBP] the|my|our last? bus|train|plane|flight|lesson|class @ends", "{as_miss}"),
    ),
    *table(
        "lend",
        ("[=borrow&#VB|VBP|VBD|VBZ] me|him|us|them your|my|his|her|some|a|the|money", "{as_lend}"),
        ("^ can|could i [lend] your|a|some|the", "borrow"),
    ),
    *table("teach", ("[=learn&#VBD|VB|VBP|VBZ] me|him|us|them to|how|english|the", "{as_teach}")),
    *table("beat", ("[=win&#VB|VBP|VBD] me|him|us|them @ends", "{as_beat}")),
    *table(
        "attend",
        (
            "[=assist&#VBD|VB|VBP to|at] a|the|my|this conference|meeting|class|course|lesson|concert|lecture|wedding|event",
            "{as_attend}",
        ),
    ),
    *table(
        "current",
        (
            "my|the|our|his|her [actual] job|boss|address|house|flat|president|company|girlfriend|boyfriend",
            "current",
        ),
    ),
    *table("sensitive", ("am|is|are|very|so [sensible] to", "sensitive")),
    *table("factory", ("=work in a [fabric] $", "factory")),
    *table("remind", ("[remember|remembers] me to #VB", "remind")),
    *table(
        "look_like",
        ("=look&#VBZ|VBD|VBP [like] happy|sad|tired|young|old|beautiful|angry|sick|nice|good @ends", ""),
    ),
    *table(
        "what_call",
        ("[how] do you call this|that|it", "what"),
        ("[how] does|do|did it|he|she|they look like $", "what"),
    ),
    collocation,
    feeling,
    adverb,
    such,
]
