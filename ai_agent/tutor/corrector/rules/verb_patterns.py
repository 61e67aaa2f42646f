"""Rules for what follows a verb, an adjective or a preposition: to and the base form, the base form, or
-ing."""

from __future__ import annotations

from collections.abc import Iterator

from ai_agent.tutor.corrector import inflection as forms
from ai_agent.tutor.corrector import lexicon as lx
from ai_agent.tutor.corrector.edit import Edit, Rule, replace
from ai_agent.tutor.corrector.parse import Parse
from ai_agent.tutor.corrector.phrases import phrase, table

_OBJECTS = {"i": "me", "he": "him", "she": "her", "we": "us", "they": "them", "you": "you"}
_SURE = "|".join(sorted(lx.word_set("sure_verbs")))
_ACTIVE = "|".join(sorted(lx.word_set("sure_verbs+learner_verbs") - {"like", "need", "want"}))


def wants_that(parse: Parse) -> Iterator[Edit]:
    """ "He wants that I help him"."""
    for that in parse:
        want, subject, verb = parse.before(that), parse.after(that), parse.after(that, 2)
        if that.low != "that" or want.lemma != "want" or not want.is_verb or subject.low not in _OBJECTS:
            continue
        if verb.tag in ("VBP", "VBZ", "VB", "VBD") and forms.base(verb.low) != "be":
            yield replace(
                that, f"{_OBJECTS[subject.low]} to {forms.base(verb.low)}", "want_somebody_to", verb
            )


def after_preposition(parse: Parse) -> Iterator[Edit]:
    """ "Interested in learn", "without say": the -ing form."""
    for preposition in parse:
        verb, before = parse.after(preposition), parse.before(preposition)
        if preposition.low not in (
            "in",
            "of",
            "at",
            "for",
            "about",
            "without",
            "by",
        ) or verb.low not in lx.word_set("sure_verbs+learner_verbs"):
            continue
        is_fixed = f"{before.low} {preposition.low}" in _WITH_ING or preposition.low == "without"
        # "interested in sport", "thank you for help", "good at work": nouns
        is_verb = verb.tag in ("VB", "VBP") or verb.low in lx.word_set("sure_verbs")
        if verb.low in (
            "visit",
            "find",
            "say",
            "make",
            "study",
            "become",
            "need",
            "dream",
        ) and not _has_object(parse, verb.i):
            continue
        if is_fixed and is_verb and parse.after(verb).low not in ("is", "was", "and", "to"):
            yield replace(verb, forms.ing(verb.low), "ing_after_preposition")


def _has_object(parse: Parse, i: int) -> bool:
    following = parse.at(i + 1)
    return following.tag in ("PRP", "PRP$", "DT", "NNS", "NNP", "JJ") or following.low in ("english", "new")


_WITH_ING = frozenset(
    {
        "interested in", "good at", "bad at", "tired of", "afraid of", "fond of", "you for", "thanks for", "instead of",
        "dream of", "think of", "think about", "thinking of", "thinking about", "excited about", "worried about",
        "sorry for", "responsible for", "capable of", "insist on", "proud of", "scared of", "idea of", "way of",
        "succeed in", "talk about", "talking about", "famous for", "used for",
    }
)  # fmt: skip

RULES: list[Rule] = [
    *table(
        "to_after_verb",
        (
            f"=want|decide|hope|plan|need|forget|learn&#VB|VBP|VBZ|VBD|VBG [] !help|look|call|answer|rest|change|talk|work|rain|snow&{_ACTIVE}&#VB|VBP",
            "to",
        ),
        (f"would|'d like|love|prefer [] {_ACTIVE}&#VB|VBP|NN", "to"),
        (
            "=want&#VB|VBP|VBZ|VBD [] learn|buy|go|eat|see|know|be|sleep|sing|swim|cook|become|make|get|find|visit|improve",
            "to",
        ),
        (f"=going&#VBG [] {_SURE}&#VB|VBP", "to"),
        (
            "difficult|hard|easy|important|necessary|impossible|possible for me|him|her|us|them|you [] "
            + f"{_ACTIVE}&#VB|VBP",
            "to",
        ),
        ("=forget&#VB|VBP|VBD|VBZ|VBN [] bring|take|buy|call|do|send|tell|ask|lock|close", "to"),
        ("=want|need&#VB|VBP|VBZ|VBD|VBG to [#VBG&!building|meeting|training|painting|being]", "{base}"),
        ("would|'d like|love|hate to [#VBG]", "{base}"),
        ("able to [#VBG|VBD|VBZ]", "{base}"),
        (
            "=want|decide|hope|agree|promise|refuse|expect|manage|offer|plan&#VB|VBP|VBZ|VBD [#VBG&!meeting|training|building|feeling|nothing|being]",
            "{to}",
        ),
        ("=try|want|need|decide|hope to [#VBZ|VBD&!read|put|cut]", "{base}"),
    ),
    *table(
        "ing_after_verb",
        ("=suggest&#VBP|VBZ|VBD [to #VB]", "{ing}"),
        (
            "=enjoy|finish|avoid|dislike|practise|practice|imagine|quit&#VB|VBP|VBZ|VBD|VBN|VBG [to #VB]",
            "{ing}",
        ),
        ("n't mind [to #VB]", "{ing}"),
        ("=keep&#VB|VBP|VBZ|VBD [to #VB]", "{ing}"),
        (f"=enjoy|avoid|dislike|finish&#VB|VBP|VBZ|VBD [{_ACTIVE}&#VB|VBP]", "{ing}"),
        ("worth [to #VB]", "{ing}"),
        ("have|has|had trouble|difficulty|fun [to #VB]", "{ing}"),
    ),
    *table(
        "like_to",
        (
            f"i|you|we|they|people like|love|hate [] {_ACTIVE}&!play|work|travel|cook|dance|study&#VB|VBP",
            "to",
        ),
        (
            "=like|love|hate&#VB|VBP|VBZ|VBD|IN [] play|watch|listen|read|eat|drink|go|learn|study|swim|visit|make|take|see&#VB|VBP|VBD !to",
            "to",
        ),
    ),
    *table("look_forward", ("=look forward to [#VB|VBP]", "{ing}")),
    *table(
        "used_to_ing",
        ("i|you|we|they am|'m|are|'re|was|were|get|got not? used to [#VB]", "{ing}"),
        ("he|she is|was|'s not? used to [#VB]", "{ing}"),
        ("getting used to [#VB]", "{ing}"),
        (f"am|'m|is|are|'re not? [use to {_ACTIVE}&#VB|VBP|NN]", "used to {ing}"),
        ("am|'m|is|are|'re not? [use] to #VBG", "used"),
    ),
    *table(
        "no_to_after_make",
        ("=make&#VB|VBP|VBZ|VBD|VBN|VBG me|him|her|us|them|you [to] #VB", ""),
        ("=let me|him|her|us|them|you [to] #VB", ""),
        ("=make|let my|his|her|their|our #NN|NNS [to] #VB", ""),
    ),
    *table(
        "suggest_ing",
        ("=suggest&#VBD|VBP|VBZ [me to] #VB", "that I"),
        ("=suggest&#VBD|VBP|VBZ [us to] #VB", "that we"),
    ),
    *table("to_for_purpose", ("[for to] #VB", "to")),
    phrase(
        f"[for] {_SURE}&#VB|VBP my|your|his|her|our|the|a|an|me|him|them|some|english|more|better|new|money|fresh|films|movies|friends",
        "to",
        "to_for_purpose",
    ),
    *table(
        "dream_of",
        ("i|we|they|he|she =dream [to #VB]", "of {ing}"),
        ("=think&#VBG|VBP|VB [to] #VB&change|go|move|buy|leave|become|start", "of"),
    ),
    *table(
        "ing_after_before",
        ("^ before|after [to #VB]", "{ing}"),
        (f"^ before|after [{_SURE}&!finish|rest|return&#VB|VBP|NN]", "{ing}"),
        (
            "before|after [go|eat|come|leave|see|buy|meet|take|sleep|arrive|become|learn|write|speak|finish&#VB|VBP]",
            "{ing}",
        ),
        ("^ after [finish]", "finishing"),
        ("before [to #VB]", "{ing}"),
    ),
    *table(
        "hobby_ing",
        (
            "hobby|hobbies|job is|are|was [read|play|watch|listen|cook|swim|travel|dance|sing|teach|sell|draw|write|collect]",
            "{ing}",
        ),
    ),
    *table(
        "age",
        (
            "i [have|'ve #CD years old?] @ends !of|in|to|with|at|on|here|from|ago|experience|left|and",
            "am {2} years old",
        ),
        (
            "he|she|brother|sister|mother|father|son|daughter|friend|wife|husband|cousin [has #CD years old?] @ends !of|in|to|with|at|on|here|from|ago|left|and",
            "is {2} years old",
        ),
        (
            "we|they|children|parents [have #CD years old?] @ends !of|in|to|with|at|on|here|from|ago|left|and",
            "are {2} years old",
        ),
    ),
    *table(
        "feel_be",
        ("i [have] hungry|thirsty|afraid|sleepy|tired|sick|angry @ends", "am"),
        ("he|she [has] hungry|thirsty|afraid|sleepy|tired|sick|angry @ends", "is"),
    ),
    *table("told_not_to", ("=tell|ask&#VBD me|him|her|us|them [do n't] #VB", "not to")),
    after_preposition,
    wants_that,
]
