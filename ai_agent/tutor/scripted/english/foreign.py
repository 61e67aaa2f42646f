"""Words that are not English: common phrases are understood, single words are translated, the rest is
declined.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from ai_agent.tutor.scripted.bank import read_data
from ai_agent.tutor.scripted.english.reply import Reply
from ai_agent.tutor.scripted.english.talk import Talk
from ai_agent.tutor.words import dictionary
from ai_agent.tutor.words.glossary import to_english

_VIETNAMESE = re.compile(
    r"[ăâđêôơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]|[àáãèéìíòóõùúýĩũ]", re.IGNORECASE
)
_HOW_IN_ENGLISH = re.compile(
    r"^(?:từ |chữ )?(?P<word>.+?) (?:trong )?tiếng anh(?: (?:là (?:gì|chi)|nói (?:(?:như )?thế nào|sao)))?$"
    r"|^tiếng anh của (?:từ )?(?P<other>.+?) là gì$"
)
_ASKED = (
    (
        re.compile(
            r"\b(?:qu[eé] (?:significa|quiere decir)|o que significa|que veut dire|was bedeutet) "
            r"(?P<word>[a-z' -]+)"
        ),
        "what does {} mean",
    ),
    (
        re.compile(
            r"\b(?:c[oó]mo se dice|como se diz|comment dit[ -]on|wie sagt man) (?P<word>[\w' -]+?)"
            r"(?: (?:en ingl[eé]s|em ingl[eê]s|en anglais|auf englisch))?$"
        ),
        "how do you say {} in english",
    ),
)
"""How learners ask about words in Spanish, Portuguese, French and German, and the same in English."""
_THIS = frozenset({"cái này", "cái đó", "cái kia", "từ này", "nó", "con này", "đây"})
_MEANS = re.compile(r"^(?P<word>[a-z' -]+) (?:có )?(?:nghĩa )?là gì$")


def in_english(said: str) -> str:
    """`said`, or its meaning if it is a common request or greeting in another language."""
    text = _plain(said)
    if (means := _phrases().get(text)) is not None:
        return means
    if asked := _HOW_IN_ENGLISH.match(text):
        word = asked["word"] or asked["other"]
        return f"how do you say {'this' if word in _THIS else word} in english"
    if asked := _MEANS.match(text):
        return f"what does {asked['word']} mean"
    for pattern, means_in_english in _ASKED:
        if found := pattern.search(text):
            return means_in_english.format(found["word"])
    for phrase, means in _phrases().items():
        if (
            len(phrase) > 5
            and text.startswith(phrase + " ")
            and len(text.split()) <= len(phrase.split()) + 3
            and (" " in phrase or not phrase.isascii())
        ):
            return means
    return said


def reply(talk: Talk) -> Reply | None:
    """None: it is English, or asks about foreign words in English."""
    said = talk.said
    letters = [c for c in said if c.isalpha()]
    if not letters and not any(c.isdigit() for c in said):
        return Reply("Sorry, I didn't get any words. Could you say that again?")
    others = len(letters) and sum(not unicodedata.name(c, "").startswith("LATIN") for c in letters)
    if others > len(letters) / 2:
        return Reply(f"{talk.pick_any(_PLEASE)} You can use easy words.", "again")
    if _is_all_unknown(said):
        return Reply(talk.pick_any(_PLEASE), "again")
    words = said.split()
    strange = [w for w in words if _VIETNAMESE.search(w)]
    if len(strange) * 2 < len(words) or re.search(
        r"\b(?:in english|how|say|mean|what|my|the|is)\b", said.lower()
    ):
        return None
    if pairs := to_english(_plain(said)):
        return Reply(f'In English that is "{pairs[0].word}". Can you say a sentence with it?')
    return Reply(
        f"{talk.pick_any(_PLEASE)} If you miss a word, ask me: how do you say it in English?", "again"
    )


def _is_all_unknown(said: str) -> bool:
    """Whether no word is English, and none may be a name: "quiero dormir"."""
    words = re.findall(r"[^\W\d_]+(?:'\w+)?", said)
    known = any(dictionary.is_known(word.lower()) or word.lower() in _SMALL_WORDS for word in words)
    return len(words) > 1 and not known and said == said.lower() and all(len(word) > 1 for word in words)


_SMALL = (
    "i you he she it we they me him her us them my your his its our their mine yours am is are was "
    "were be been do does did has had have can could will would shall should may might must not no "
    "yes yeah yep ok okay hi hello hey bye oh ah um uh hmm mm haha lol wow ouch so and or but if "
    "than then that this these those the a an of to in on at by for with from as too very much many "
    "more most what who where when why how which whose because please thanks thank sorry today "
    "tomorrow yesterday here there "
)
_SMALL_WORDS = frozenset(_SMALL.split())
_PLEASE = (
    "I only understand English here. Please try in English.",
    "That was not English, I think. Please try it in English.",
    "Let's stay with English, that's the best practice.",
)


def _plain(said: str) -> str:
    text = unicodedata.normalize("NFC", said).lower()
    return " ".join(re.sub(r"[^\w' ]+", " ", text).split())


@cache
def _phrases() -> dict[str, str]:
    """Also as people write them without accents, if they have several words: "xin chao"."""
    given = read_data("en/foreign.toml")
    exact = {_plain(phrase): means for means, phrases in given.items() for phrase in phrases}
    bare = {_without_accents(phrase): means for phrase, means in exact.items() if " " in phrase}
    return bare | exact


def _without_accents(text: str) -> str:
    parts = unicodedata.normalize("NFD", text.replace("đ", "d"))
    return "".join(c for c in parts if not unicodedata.combining(c))
