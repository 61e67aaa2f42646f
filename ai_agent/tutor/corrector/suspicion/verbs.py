"""Verbs that do not agree, follow the wrong word, lack a subject or have the wrong tense."""

from __future__ import annotations

from ai_agent.tutor.corrector import inflection as forms
from ai_agent.tutor.corrector import lexicon as lx
from ai_agent.tutor.corrector.parse import FINITE, Parse
from ai_agent.tutor.corrector.rules.agreement import number
from ai_agent.tutor.corrector.rules.past import UNITS, past_time

_BE = frozenset({"am", "is", "are", "was", "were", "'m", "'re", "be", "been"})


def wrong_after_auxiliary(parse: Parse) -> bool:
    for token in parse:
        following = parse.after(token)
        if following.low in (
            "not",
            "n't",
            "never",
            "always",
            "really",
            "also",
            "just",
            "ever",
            "even",
            "still",
            "only",
            "already",
        ):
            following = parse.after(following)
        if (
            token.tag == "MD"
            and following.tag in ("VBZ", "VBD", "VBN", "VBG", "VBP", "TO", "MD")
            and token.low not in ("ought", "'d", "dare", "need")
        ):
            if not (following.tag in ("VBP", "VBN") and forms.can_be_base(following.low)):
                return True
        if (
            token.tag == "TO"
            and following.tag in ("VBZ", "VBD", "VBP", "MD")
            and not forms.can_be_base(following.low)
        ):
            return True
        if (
            token.low in ("do", "does", "did")
            and parse.after(token).low in ("n't", "not")
            and following.is_verb
            and not forms.can_be_base(following.low)
        ):
            return True
        if (
            token.low in _BE
            and token.low != "'s"
            and following.tag in ("VB", "VBP", "VBZ")
            and following.lemma != "be"
            and not _is_participle(following.low)
        ):
            return True
        if (
            token.low in ("have", "has", "'ve")
            and token.dep == "aux"
            and following.tag in ("VB", "VBP", "VBZ", "VBG")
            and not _is_participle(following.low)
        ):
            return True
    return False


def would_have_after_if(parse: Parse) -> bool:
    """ "If I would have known": many say so, and teachers mark it."""
    return any(
        parse.before(would, 2).low == "if"
        and would.low in ("would", "'d")
        and parse.after(would).low == "have"
        for would in parse
    )


def since_length(parse: Parse) -> bool:
    """ "Since two years"."""
    return any(
        token.low == "since"
        and (parse.after(token).tag == "CD" or parse.after(token).low in ("a", "many", "some"))
        and parse.after(token, 2).low in UNITS
        and parse.after(token, 3).low != "ago"
        for token in parse
    )


def _is_participle(word: str) -> bool:
    return forms.participle(forms.base(word)) == word


def verb_without_subject(parse: Parse) -> bool:
    """ "Is very hot", "because is cold"."""
    for verb in parse:
        if (
            verb.tag not in ("VBZ", "VBD", "MD")
            or verb.low in ("'s", "'d")
            or verb.dep in ("aux", "auxpass", "conj", "relcl", "csubj")
        ):
            continue
        if (
            verb.dep == "ROOT"
            and parse.subject(verb) is None
            and not any(t.dep in ("nsubj", "nsubjpass", "expl", "csubj", "csubjpass", "attr") for t in parse)
        ):
            return verb.i > 1 or (verb.tag == "VBZ" and not parse.text.endswith("?"))
        if (
            verb.dep in ("advcl", "ccomp")
            and parse.subject(verb) is None
            and verb.tag == "VBZ"
            and parse.before(verb).low in ("because", "if", "that", "when", "but")
        ):
            return True
    return False


def loose_agreement(parse: Parse) -> bool:
    for verb in parse:
        if not verb.tag.startswith("VB") or verb.dep in ("aux", "auxpass"):
            continue
        subject, finite = parse.child(verb, "nsubj", "nsubjpass"), parse.finite(verb)
        if subject is None:
            continue
        is_joined = parse.child(subject, "conj") is not None
        count = (
            "many"
            if is_joined and any(c.low == "and" for c in parse.children(subject))
            else number(parse, subject)
        )
        if verb.dep == "relcl" and subject.low in ("who", "which", "that"):
            noun = parse.head(verb)
            count = (
                {"NNS": "many", "NN": "one"}.get(noun.tag)
                if noun.low not in lx.word_set("either_number") and parse.head(noun).low != "of"
                else None
            )
        if (
            count is None
            and subject.tag in ("NNP", "NN", "VBG")
            and not is_joined
            and subject.low not in lx.word_set("either_number+units")
        ):
            count = "one" if subject.tag != "NNP" else None
        if (
            count == "one"
            and (finite.tag == "VBP" or finite.low == "were")
            and finite.i > subject.i
            and not parse.has("if", "wish")
        ):
            return True
        if (
            count in ("many", "I")
            and (finite.tag == "VBZ" or (finite.low == "was" and count == "many"))
            and finite.i > subject.i
            and finite.low != "'s"
        ):
            return not (count == "many" and subject.low in lx.word_set("units"))
    return False


def bare_verb(parse: Parse) -> bool:
    """ "He likes play", "I went buy": a base form that nothing asks for, or two finite verbs side by side."""
    for verb in parse:
        before = parse.before(verb)
        if (
            verb.tag in ("VB", "VBP")
            and before.lemma
            in (
                "like",
                "want",
                "love",
                "need",
                "enjoy",
                "hate",
                "start",
                "stop",
                "begin",
                "try",
                "decide",
                "forget",
                "learn",
                "hope",
                "finish",
                "prefer",
            )
            and before.is_verb
            and verb.low != "to"
        ):
            return True
        if (
            verb.tag in FINITE
            and before.tag in FINITE
            and verb.tag != "MD"
            and before.dep not in ("aux", "auxpass", "relcl")
            and before.low
            not in ("think", "know", "say", "said", "do", "does", "did", "is", "was", "are", "means", "guess")
        ):
            return verb.low not in ("'s", "'re", "'m")
        if (
            verb.tag == "NN"
            and before.lemma in ("need", "want")
            and before.is_verb
            and parse.after(verb).low in ("about", "to", "with")
            and forms.can_be_base(verb.low)
        ):
            return True
        if verb.tag == "VBZ" and before.low in ("'s", "'re", "'m"):
            return True
        if (
            verb.tag == "VB"
            and before.tag in ("VB", "VBP", "VBZ", "VBD")
            and before.lemma not in ("do", "let", "help", "make", "go", "come", "have", "be", "dare", "need")
        ):
            return True
        if (
            before.tag == "IN"
            and before.dep == "prep"
            and verb.tag in ("VB", "VBP")
            and before.low not in ("like", "than", "but", "except", "that")
        ):
            return True
    return False


def tense_and_time(parse: Parse) -> bool:
    """ "Yesterday I go", "I have seen him yesterday", "I live here for three years"."""
    span = past_time(parse)
    finite = [t for t in parse if t.tag in FINITE]
    if span is not None and finite and not any(t.tag in ("VBD", "MD") for t in finite):
        return not parse.has("since", "ago") or (parse.has("ago") and not parse.has("since"))
    if parse.has("since") and not any(
        t.low in ("have", "has", "had", "'ve", "been", "'s", "'d") for t in parse
    ):
        since = next(t for t in parse if t.low == "since")
        if parse.after(since).tag in ("CD", "NN", "NNP", "JJ", "RB") or parse.after(since).low in (
            "last",
            "yesterday",
            "a",
            "i",
        ):
            return True
    duration = next(
        (
            t
            for t in parse
            if t.low == "for"
            and parse.after(t, 2).low in ("years", "months", "weeks", "year", "days")
            and (parse.after(t).tag == "CD" or parse.after(t).low in ("many", "several", "a", "some"))
        ),
        None,
    )
    if (
        duration is not None
        and finite
        and all(t.tag in ("VBP", "VBZ") and t.low not in ("have", "has", "'ve") for t in finite)
    ):
        return True
    return (
        parse.has("when")
        and parse.has("was", "were")
        and any(
            t.tag in ("VBP", "VBZ") and t.low not in ("remember", "think", "know", "guess", "'s", "is")
            for t in finite
        )
        and parse.has("child", "kid", "young", "little")
    )


def no_verb(parse: Parse) -> bool:
    """A long stretch of words without a finite verb."""
    words = parse.words()
    has_verb = any(t.tag in FINITE or (t.tag == "VB" and t.dep in ("ROOT", "conj", "ccomp")) for t in parse)
    return len(words) > 6 and not has_verb


def too_many_clauses(parse: Parse) -> bool:
    """Finite verbs that neither a conjunction nor a relative clause joins."""
    mains = [t for t in parse if t.tag in FINITE and (t.dep not in ("aux", "auxpass"))]
    joined = sum(
        t.tag in ("CC", "WDT", "WP", "WRB", "WP$")
        or t.dep == "mark"
        or t.low in ("so", "then")
        or t.text in (",", ";", ":", "-", '"')
        for t in parse
    )
    claused = sum(t.dep in ("ccomp", "relcl", "advcl", "pcomp", "csubj", "parataxis") for t in parse)
    return len(mains) > 1 + joined + claused
