"""Plurals and words that cannot be counted."""

from __future__ import annotations

from collections.abc import Iterator

from ai_agent.tutor.corrector import inflection as forms
from ai_agent.tutor.corrector import lexicon as lx
from ai_agent.tutor.corrector.edit import Edit, Rule, replace
from ai_agent.tutor.corrector.parse import Parse, Token
from ai_agent.tutor.corrector.phrases import table

_MANY = frozenset({"many", "several", "both", "these", "those", "various"})
_PEOPLE = frozenset(
    [
        "friend",
        "brother",
        "sister",
        "colleague",
        "cousin",
        "student",
        "teacher",
        "neighbour",
        "neighbor",
        "child",
        "uncle",
        "aunt",
        "classmate",
        "hobby",
        "dream",
        "reason",
        "problem",
        "thing",
        "place",
        "person",
        "book",
        "film",
        "movie",
    ]
)


def _is_countable(noun: Token) -> bool:
    low = noun.low
    if low in lx.word_set("uncountable+either_number") or low in lx.word_set("not_plural"):
        return False
    return (
        low not in forms.PLURAL_ONLY
        and bool(forms.lemmas(low, "NOUN"))
        and forms.lemmas(low, "NOUN")[0] == low
        and forms.plural(low) != low
    )


def plural_after_number(parse: Parse) -> Iterator[Edit]:
    """ "Many tall building", "three cat"."""
    for noun in parse:
        if noun.tag != "NN" or not _is_countable(noun) or not _ends_phrase(parse, noun):
            continue
        counts = [c for c in parse.children(noun, "nummod", "amod", "det") if c.i < noun.i]
        count = next((c for c in counts if _is_many(parse, c)), None)
        if count is None or any(
            c.low in ("a", "an", "one", "1", "another", "this", "that", "the", "every", "each", "per")
            for c in parse.children(noun)
        ):
            continue
        if (count.i == 0 and count.tag == "CD") or noun.low in lx.word_set("numbered"):
            continue
        if count.tag == "CD" and (_is_time(parse, noun) or _is_ordinal(parse, count, noun)):
            continue
        if (count.low in ("these", "those") and forms.can_be_base(noun.low)) or (
            parse.child(noun, "conj", "cc") is not None and count.low == "both"
        ):
            continue
        if any(
            t.tag not in ("JJ", "JJS", "JJR", "VBN", "NN") or t.low in ("one", "a")
            for t in parse.tokens[count.i + 1 : noun.i]
        ):
            continue
        if parse.before(count).text == "$" or any(t.low == "plus" for t in parse.tokens[count.i : noun.i]):
            continue
        if count.low in ("these", "those") and parse.after(noun).low in ("is", "was"):
            continue
        yield replace(noun, forms.plural(noun.low), "plural_after_number")


def _is_time(parse: Parse, noun: Token) -> bool:
    """ "6 o clock", as recognisers and keyboards write it."""
    return noun.low == "clock" and parse.before(noun).low in ("o", "o'", "o’", "'")


def _is_ordinal(parse: Parse, count: Token, noun: Token) -> bool:
    """ "I live on 5 floor": the fifth one is meant, and "5 floors" would say something else."""
    is_place = parse.before(count).low in ("in", "on", "at", "to", "from")
    return is_place and noun.low in lx.word_set("in_a_row")


def _is_many(parse: Parse, count: Token) -> bool:
    if count.tag == "CD":
        return (count.low in lx.word_set("numbers") and count.low != "hundred") or (
            count.text.isdigit() and 2 <= int(count.text) < 100
        )
    if count.low == "few":
        return parse.before(count).low in ("a", "very", "so")
    return count.low in _MANY and not (count.low in ("these", "those") and count.dep != "det")


def _ends_phrase(parse: Parse, noun: Token) -> bool:
    following = parse.after(noun)
    if noun.dep in ("compound", "amod", "nmod", "poss", "npadvmod", "quantmod") and noun.dep != "npadvmod":
        return False
    if (
        following.is_noun
        or following.tag in ("JJ", "CD", "POS", "HYPH", "VBG", "VBN")
        or following.low in ("-", "of")
    ):
        return following.low == "of" and following.is_word
    return parse.before(noun).text != "-"


def plural_after_lot(parse: Parse) -> Iterator[Edit]:
    """ "A lot of tourist", "one of my friend"."""
    for of in parse:
        if of.low != "of":
            continue
        before = parse.before(of)
        noun = parse.child(of, "pobj")
        if noun is None or noun.tag != "NN" or not _is_countable(noun) or not _ends_phrase(parse, noun):
            continue
        determiner = parse.child(noun, "det", "poss")
        if (
            before.low in ("lot", "lots")
            and determiner is None
            and noun.low in lx.word_set("things+people") - lx.word_set("not_after_lot")
        ):
            yield replace(noun, forms.plural(noun.low), "plural_after_number")
        is_group = determiner is not None and determiner.low in ("my", "his", "her", "our", "their", "the")
        if (
            before.low == "one"
            and is_group
            and (
                noun.low in lx.word_set("people") | _PEOPLE
                or any(c.tag == "JJS" for c in parse.children(noun))
            )
        ):
            if noun.low not in ("parliament", "family"):
                yield replace(noun, forms.plural(noun.low), "plural_after_one_of")


def singular_after_every(parse: Parse) -> Iterator[Edit]:
    for token in parse:
        noun = parse.after(token)
        if token.low in ("every", "each", "another") and noun.tag == "NNS" and token.dep == "det":
            if noun.low == "people":
                yield replace(
                    token,
                    {"every": "everybody", "each": "each person", "another": "other people"}[token.low],
                    "everybody",
                    noun,
                )
            elif forms.lemmas(noun.low, "NOUN")[:1] not in ((noun.low,), ()):
                if token.low == "another":
                    yield replace(token, "other", "other_plural")
                else:
                    yield replace(noun, forms.lemmas(noun.low, "NOUN")[0], "singular_after_every")


def wrong_plural(parse: Parse) -> Iterator[Edit]:
    for noun in parse:
        if (
            noun.low in lx.WRONG_PLURALS
            and parse.after(noun).low not in ("'s", "'", "’s")
            and noun.tag in ("NNS", "NN", "NNP", "NNPS", "VBZ")
        ):
            if noun.low == "peoples" and (parse.before(noun).low in ("the", "indigenous", "different", "of")):
                continue
            if noun.low == "leafs" and parse.before(noun).low in ("he", "she", "it"):
                continue
            yield replace(noun, lx.WRONG_PLURALS[noun.low], "irregular_plural")


def uncounted(parse: Parse) -> Iterator[Edit]:
    """ "Many homeworks", "an advice", "a new furniture"."""
    for noun in parse:
        many = parse.before(noun)
        if noun.low in lx.UNCOUNTED and noun.tag in ("NNS", "NN", "NNP", "VBZ"):
            yield from _without_s(parse, noun, many)
        elif noun.low in lx.word_set("never_one") and _ends_phrase(parse, noun):
            article = next((c for c in parse.children(noun, "det") if c.low in ("a", "an")), None)
            if article is not None and noun.i - article.i <= 3 and parse.after(noun).low != "of":
                between = parse.tokens[article.i + 1 : noun.i]
                if all(
                    t.tag in ("JJ", "RB") and t.low not in ("little", "few", "bit", "certain")
                    for t in between
                ):
                    some = "" if noun.low in ("weather", "progress", "traffic") else "some"
                    yield replace(article, some, "no_a_for_mass")


def _without_s(parse: Parse, noun: Token, many: Token) -> Iterator[Edit]:
    right = lx.UNCOUNTED[noun.low]
    article = next((c for c in parse.children(noun, "det") if c.low in ("a", "an", "these", "those")), None)
    before = parse.before(many)
    if many.low == "many":
        text = "much" if before.low in ("so", "too", "how", "not") or before.low == "n't" else "a lot of"
        yield replace(many, f"{text} {right}", "much_for_mass", noun)
    elif article is not None and article.low in ("a", "an"):
        words = [t.text for t in parse.tokens[article.i + 1 : noun.i]]
        yield replace(article, " ".join(["some", *words, right]), "no_a_for_mass", noun)
    elif article is not None:
        words = [t.text for t in parse.tokens[article.i + 1 : noun.i]]
        yield replace(
            article,
            " ".join([{"these": "this", "those": "that"}[article.low], *words, right]),
            "no_s_for_mass",
            noun,
        )
    elif many.tag != "CD" and many.low != "few":
        yield replace(noun, right, "no_s_for_mass")


def much_and_many(parse: Parse) -> Iterator[Edit]:
    for word in parse:
        noun, before = parse.after(word), parse.before(word)
        if word.low == "much" and before.low not in ("as", "very", "that", "this"):
            is_plural = (
                noun.tag == "NNS"
                and noun.low not in lx.word_set("units")
                and noun.low not in lx.UNCOUNTED
                and noun.low != "thanks"
            )
            if (
                (is_plural or noun.low == "people")
                and word.dep in ("amod", "det")
                and forms.lemmas(noun.low, "NOUN") != (noun.low,)
            ):
                yield replace(word, "many", "many_for_count")
        if (
            word.low == "many"
            and noun.low in lx.word_set("mass")
            and _ends_phrase(parse, noun)
            and noun.tag == "NN"
        ):
            text = (
                "much"
                if before.low in ("so", "too", "how", "not", "n't") or parse.has("n't", "not")
                else "a lot of"
            )
            yield replace(word, text, "much_for_mass")


RULES: list[Rule] = [
    wrong_plural,
    uncounted,
    *table(
        "hair",
        (
            "=have&#VBP|VBZ|VBD|VB [a] long|short|black|blond|blonde|brown|red|grey|white|dark|curly|straight|beautiful long|short|black|brown? hairs|hair @ends",
            "",
        ),
        (
            "long|short|black|blond|blonde|brown|red|grey|white|dark|curly|straight|beautiful|my|her|his [hairs]",
            "hair",
        ),
    ),
    *table(
        "how_many_times",
        ("how many [time] #VBP|VBD|VBZ|MD", "times"),
        ("two|three|four|five|six|many|several [time] $", "times"),
        ("two|three|four|five|six|many|several [time] a|every|per day|week|month|year", "times"),
    ),
    *table(
        "much_for_mass", ("n't have [many] time", "much"), ("=spend&#VB|VBP|VBD|VBZ [many] time", "a lot of")
    ),
    *table(
        "time_ago",
        ("two|three|four|five|six|seven|eight|nine|ten|many|several|few [day] ago", "days"),
        ("two|three|four|five|six|seven|eight|nine|ten|many|several|few [week] ago", "weeks"),
        ("two|three|four|five|six|seven|eight|nine|ten|many|several|few [month] ago", "months"),
        ("two|three|four|five|six|seven|eight|nine|ten|many|several|few [year] ago", "years"),
    ),
    *table(
        "other_plural",
        (
            "[others] people|children|things|countries|students|places|languages|cities|cultures|friends",
            "other",
        ),
        ("each [others]", "other"),
    ),
    *table(
        "few_little",
        ("a [few] money|time|water|sugar|milk|rice|help|work|information|advice @ends", "little"),
    ),
    much_and_many,
    plural_after_number,
    plural_after_lot,
    singular_after_every,
]
