"""Order of words in statements, missing and doubled subjects, words too many."""

from __future__ import annotations

from collections.abc import Iterator

from ai_agent.tutor.corrector import inflection as forms
from ai_agent.tutor.corrector import lexicon as lx
from ai_agent.tutor.corrector.edit import Edit, Rule, remove, replace
from ai_agent.tutor.corrector.parse import Parse
from ai_agent.tutor.corrector.phrases import table

_PRONOUNS = frozenset({"i", "we", "they", "you", "he", "she"})
_OFTEN = frozenset({"always", "usually", "often", "never"})
_NOT = {"nothing": "anything", "nobody": "anybody", "nowhere": "anywhere"}


def adverb_place(parse: Parse) -> Iterator[Edit]:
    """ "I go always to school", "always I get up", "I never have been"."""
    for adverb in parse:
        if adverb.low not in _OFTEN:
            continue
        verb, subject = parse.before(adverb), parse.before(adverb, 2)
        following = parse.after(adverb)
        is_active = (
            verb.tag in ("VBP", "VBZ", "VBD")
            and verb.lemma not in ("be", "have", "do")
            and verb.low in _verb_forms(verb.lemma)
        )
        if (
            subject.low in _PRONOUNS
            and is_active
            and following.tag in ("IN", "TO", "DT", "PRP$", "NN", "NNS", "RP", "RB")
            and following.low not in ("enough", "so", "if", "when", "as")
        ):
            if adverb.low != "never" or following.low != "to":
                yield replace(verb, f"{adverb.low} {verb.text}", "adverb_before_verb", adverb)
        if (
            adverb.i == 0
            and adverb.low == "always"
            and following.low in _PRONOUNS
            and parse.after(following).tag in ("VBP", "VBZ", "VBD")
        ):
            if parse.after(following).lemma not in ("be", "have", "do"):
                yield replace(adverb, f"{following.text} always", "adverb_before_verb", following)
        if (
            adverb.low in ("never", "always")
            and verb.low in _PRONOUNS
            and following.low in ("have", "has")
            and parse.after(following).low in ("been", "seen", "eaten")
        ):
            yield replace(adverb, f"{following.text} {adverb.low}", "adverb_after_have", following)


def _verb_forms(lemma: str) -> tuple[str, ...]:
    return (lemma, forms.third(lemma), forms.past(lemma))


def very_much(parse: Parse) -> Iterator[Edit]:
    """ "I like very much this song"."""
    for verb in parse:
        very, much, what = (parse.after(verb, n) for n in (1, 2, 3))
        if (
            verb.lemma in ("like", "love", "enjoy")
            and verb.is_verb
            and (very.low, much.low) == ("very", "much")
            and what.tag in ("DT", "PRP$", "NN", "NNS", "NNP", "TO", "VBG")
        ):
            rest = [t for t in parse.tokens[what.i :] if t.is_word]
            if (
                len(rest) <= 5
                and not any(t.low in ("and", "because", "but", "when", "that") for t in rest)
                and rest[-1].i == what.i + len(rest) - 1
            ):
                yield replace(
                    very, f"{parse.text[what.start : rest[-1].end]} very much", "very_much_last", rest[-1]
                )


def color_place(parse: Parse) -> Iterator[Edit]:
    """ "A car red", "a black big dog"."""
    for noun in parse:
        color, article = parse.after(noun), parse.before(noun)
        if (
            article.low in ("a", "an")
            and noun.low in lx.word_set("things")
            and noun.tag == "NN"
            and color.low in lx.word_set("colors") - {"orange"}
            and not parse.after(color).is_word
        ):
            yield replace(
                article, f"{lx.article(color.low)} {color.text} {noun.text}", "adjective_before_noun", color
            )
    for color in parse:
        size, noun = parse.after(color), parse.after(color, 2)
        if (
            color.low in lx.word_set("colors")
            and size.low in ("big", "small", "long", "new", "old", "large", "little")
            and noun.is_noun
            and noun.low in lx.word_set("things") | {"hair"}
        ):
            if parse.before(color).low in ("a", "an"):
                yield replace(
                    parse.before(color),
                    f"{lx.article(size.low)} {size.text} {color.text}",
                    "adjective_order",
                    size,
                )


def doubled_subject(parse: Parse) -> Iterator[Edit]:
    """ "My sister she works"."""
    first, noun, pronoun, verb = (parse.at(i) for i in range(4))
    if first.low not in ("my", "his", "her", "our", "your") or not verb.is_verb or verb.tag == "VBG":
        return
    is_one = noun.low in lx.word_set("people") and pronoun.low in ("he", "she")
    is_many = noun.low in lx.word_set("people_plural") and pronoun.low == "they"
    if (is_one or is_many) and not any(
        t.tag in ("VBP", "VBZ", "VBD", "MD")
        for t in parse.tokens[4:]
        if t.head != verb.i and verb.head != t.i
    ):
        yield remove(pronoun, "one_subject")


def double_negative(parse: Parse) -> Iterator[Edit]:
    for word in parse:
        if word.low in _NOT or (word.low == "no" and parse.after(word).low == "one"):
            clause = parse.tokens[max(0, word.i - 4) : word.i]
            negative = next(
                (
                    t
                    for t in clause
                    if t.low in ("n't", "not")
                    and parse.before(t).low in ("do", "does", "did", "ca", "could", "have", "has")
                ),
                None,
            )
            if negative is None or any(
                t.low in (",", "but", "if", "that", "and", "just", "for") for t in clause if t.i > negative.i
            ):
                continue
            if word.low == "no":
                yield replace(word, "anyone", "one_negative", parse.after(word))
            else:
                yield replace(word, _NOT[word.low], "one_negative")


def never_nothing(parse: Parse) -> Iterator[Edit]:
    """ "She never says nothing"."""
    for never in parse:
        verb, word = parse.after(never), parse.after(never, 2)
        if (
            never.low == "never"
            and verb.tag in ("VBP", "VBZ", "VBD")
            and word.low in _NOT
            and word.dep == "dobj"
        ):
            yield replace(word, _NOT[word.low], "one_negative")


def never_not(parse: Parse) -> Iterator[Edit]:
    """ "He never doesn't eat meat", "nobody didn't come"."""
    for never in parse:
        do, negative, verb = (parse.after(never, n) for n in (1, 2, 3))
        if (
            never.low in ("never", "nobody", "nothing")
            and do.low in ("do", "does", "did")
            and negative.low in ("n't", "not")
            and verb.tag in ("VB", "VBP")
        ):
            subject = parse.before(never).low if never.low == "never" else "he"
            if do.low == "did":
                form = forms.past(verb.low)
            else:
                form = forms.third(verb.low) if subject in ("he", "she", "it") else verb.low
            yield replace(do, form, "one_negative", verb)


def in_place_have(parse: Parse) -> Iterator[Edit]:
    """ "In my city have many parks", "there have a park"."""
    for have in parse:
        if have.low not in ("have", "has") or (not have.is_verb and have.tag != "VB"):
            continue
        before, first, second = parse.before(have), parse.after(have), parse.after(have, 2)
        is_start = (
            parse.at(0).low == "in" and parse.at(1).low in ("my", "our", "this", "vietnam") and have.i <= 3
        )
        if not ((is_start and before.is_noun) or (before.low == "there" and have.i == 1)):
            continue
        is_many = first.low in (
            "many",
            "several",
            "two",
            "three",
            "four",
            "five",
            "six",
        ) or f"{first.low} {second.low}" in ("a lot", "a few", "lots of")
        is_one = first.low in ("a", "an", "one") and not is_many
        if is_many or is_one:
            be = "are" if is_many else "is"
            yield replace(have, be if before.low == "there" else f"there {be}", "there_is_place")


def although_but(parse: Parse) -> Iterator[Edit]:
    first = parse.at(0)
    if first.low not in ("although", "though", "because"):
        return
    pair = "so" if first.low == "because" else "but"
    for word in parse.tokens[3:]:
        if (
            word.low == pair
            and parse.after(word).low in (*_PRONOUNS, "it", "my")
            and parse.after(word, 2).tag in ("VBD", "VBP", "VBZ", "MD")
        ):
            verbs = [t for t in parse.tokens[: word.i] if t.tag in ("VBD", "VBP", "VBZ", "MD")]
            if len(verbs) == 1:
                yield remove(word, "although_or_but" if pair == "but" else "because_or_so")


RULES: list[Rule] = [
    *table(
        "really",
        ("i [very] like|love|enjoy|want", "really"),
        ("we|they|you [very] like|love|enjoy", "really"),
    ),
    *table(
        "speak_well",
        (
            "=speak&#VB|VBP|VBZ [well|fluently english|vietnamese|french|german|spanish|chinese|japanese] $",
            "{2} {1}",
        ),
        (
            "=speak&#VB|VBP|VBZ [very|so|really well|fluently english|vietnamese|french|german|spanish|chinese|japanese] $",
            "{3} {1} {2}",
        ),
    ),
    *table(
        "enough_after",
        (
            "is|are|was|were|am|not|n't [enough good|big|old|tall|strong|fast|warm|rich|smart|clever|long|hot] @ends",
            "{2} enough",
        ),
    ),
    *table(
        "it_is",
        ("^ [is] raining|snowing $", "it is"),
        ("^ [is] raining|snowing today|now|outside|here|again", "it is"),
        ("^ [is] very hot|cold|important|difficult|nice in|here|today|outside|to|for", "it is"),
        ("^ [is] very hot|cold|important|difficult|nice|good|easy|interesting|beautiful $", "it is"),
        ("^ [is] important|difficult|easy|necessary|better|good|hard|possible to|for #VB|PRP", "it is"),
        ("because|but|and [is] very|too|so #JJ $", "it is"),
    ),
    *table(
        "who_people",
        (
            "man|woman|people|person|girl|boy|friend|teacher|doctor|friends|students|someone|somebody [which] #VBZ|VBD|VBP|MD",
            "who",
        ),
    ),
    *table(
        "of_mine",
        ("a friend of [me]", "mine"),
        ("a friend of [him]", "his"),
        ("a friend of [us]", "ours"),
        ("a friend of [them]", "theirs"),
    ),
    *table("myself", ("i =hurt|cut|enjoy&#VBD|VBP [me] $", "myself"), ("i enjoyed [me] very|at", "myself")),
    *table(
        "subject_i",
        ("^ [me and my #NN|NNS] #VBP|VBD|VBZ|MD", "my {4} and I"),
        ("^ my #NN and [me] #VBP|VBD|MD", "I"),
        ("^ my #NN and [me] like|live|love|work|play|go", "I"),
    ),
    doubled_subject,
    adverb_place,
    very_much,
    color_place,
    double_negative,
    never_not,
    never_nothing,
    in_place_have,
    although_but,
]
