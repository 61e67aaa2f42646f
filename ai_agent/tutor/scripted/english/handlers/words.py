"""Questions about words: meaning, translation, spelling, opposites, examples."""

from __future__ import annotations

import re
from functools import cache

from ai_agent.tutor.scripted.bank import read_data
from ai_agent.tutor.scripted.english.handlers.grammar import opposite_of, sound
from ai_agent.tutor.scripted.english.intents import Found
from ai_agent.tutor.scripted.english.language_question import named_word
from ai_agent.tutor.scripted.english.question_kind import help_to_answer
from ai_agent.tutor.scripted.english.reply import Reply
from ai_agent.tutor.scripted.english.talk import Talk, last_question
from ai_agent.tutor.words import dictionary, forms
from ai_agent.tutor.words.dictionary import Entry
from ai_agent.tutor.words.glossary import Pair, to_english, to_vietnamese

_ARTICLE = re.compile(r"^(?:the word|the words|word|a|an|the|to)\s+(?=\S)")
POINTING = frozenset(
    [
        "it",
        "this",
        "that",
        "these",
        "those",
        "the",
        "your",
        "my",
        "his",
        "her",
        "their",
        "our",
        "he",
        "she",
        "they",
        "we",
        "you",
        "i",
        "going",
        "wrong",
        "new",
        "up",
    ]
)
_LANGUAGE_NAMES = (
    "arabic bengali bulgarian burmese cantonese chinese croatian czech danish dutch farsi finnish "
    "french german greek hebrew hindi hungarian indonesian italian japanese khmer korean lao latin "
    "malay mandarin mongolian norwegian persian polish portuguese punjabi romanian russian serbian "
    "slovak somali spanish swahili swedish tagalog tamil thai turkish ukrainian urdu welsh "
)
_LANGUAGES = frozenset(_LANGUAGE_NAMES.split())
_MAX_WORDS = 4
_ALL = 200
QUOTED = re.compile(r"(?<!\w)['\"“‘]([^'\"”’]{2,40})['\"”’](?!\w)")


def meaning(talk: Talk, found: Found) -> Reply | None:
    asked = word_of(found)
    if asked in {"it", "this", "that"} and (quoted := QUOTED.search(talk.said)):
        asked = quoted[1].strip().lower()
    words = asked.split()
    if not words or words[0] in POINTING or len(words) > _MAX_WORDS:
        return _said_word(talk, asked) if words and words[0] in {"it", "this", "that"} else None
    text = explained(asked, talk)
    if text is not None and (verb := _as_verb(asked)):
        text = f"{text} {verb}"
    if text is not None:
        is_loose = re.match(r"what(?:'s| is)\b", found.sentence) is not None and "mean" not in found.sentence
        return None if is_loose and not _is_thing(asked) else Reply(text + _manners(talk), "again")
    if re.match(r"what(?:'s| is)\b|explain|define", found.sentence) and "mean" not in found.sentence:
        return None
    if words[0] in {"when", "how", "why", "where", "if"}:
        return None
    if len(words) > 1 and (question := _with_words(talk, asked)):
        return Reply(f"No problem. The question was: {question} {help_to_answer(question)}")
    kind = "word" if len(words) == 1 else "expression"
    return Reply(
        f'I don\'t know the {kind} "{asked}", sorry. My dictionary is small.{_manners(talk)}', "again"
    )


def _with_words(talk: Talk, words: str) -> str:
    """The tutor's last question, if it has the words."""
    questions = [last_question(told) for told in talk.told[-3:]]
    return next((one for one in reversed(questions) if words in one.lower()), "")


def _as_verb(word: str) -> str:
    """The meaning as a verb of a word whose first meaning is a noun's and not our own. Else empty."""
    entries = dictionary.look_up(word)
    verb = next((entry for entry in entries if entry.part == "v" and entry.word == word), None)
    if verb is None or entries[0].part == "v" or entries[0].is_plain:
        return ""
    return f'As a verb, "{word}" means {verb.definition}.'


def _manners(talk: Talk) -> str:
    """Return the answer if the learner also asks whether the word is polite."""
    is_asked = re.search(
        r"\b(?:rude|impolite|polite|formal|informal|positive|negative|(?:good|bad) word)\b", talk.said.lower()
    )
    return " I can't tell if it is polite or rude, positive or negative." if is_asked else ""


def explained(word: str, talk: Talk) -> str | None:
    """The meaning, with Vietnamese for people whose language it is. None: unknown."""
    pair, entries = to_vietnamese(word), dictionary.look_up(word)
    best = next((entry for entry in entries if not _is_circular(word, entry)), None)
    vietnamese = f" In Vietnamese: {', '.join(pair.vietnamese[:2])}." if pair and talk.native == "vi" else ""
    if best is not None and best.definition:
        return _definition(word, best) + vietnamese
    if pair is not None and talk.native == "vi":
        return f'"{shown(word)}" is {" or ".join(pair.vietnamese[:2])} in Vietnamese.'
    if pairs := to_english(word):
        return f'"{shown(word)}" is Vietnamese for "{pairs[0].word}".' + (
            f" It is {pairs[0].meaning}." if pairs[0].meaning else ""
        )
    return None


def _is_circular(word: str, entry: Entry) -> bool:
    """Whether the definition has the word itself: "shift" is "to make a shift in"."""
    return not entry.is_plain and re.search(rf"\b{re.escape(word)}\b", entry.definition) is not None


def _definition(word: str, entry: Entry) -> str:
    is_plural = word in (entry.word + "s", entry.word + "es", forms.plural(entry.word))
    base = "" if entry.word == word or is_plural else f'"{shown(word)}" comes from "{entry.word}". '
    has_example = entry.example and not entry.is_plain and entry.part != "n"
    example = f' For example: "{_sentence(entry.example)}"' if has_example else ""
    return f'{base}"{shown(entry.word)}" means {entry.definition}.{example}'


def translate(talk: Talk, found: Found) -> Reply | None:
    asked = word_of(found).removesuffix(" in english").strip()
    language = found.group("language").lower()
    if not asked or len(asked.split()) > 8 or asked in {"it", "this", "that"}:
        return _said_word(talk, asked) if asked in {"it", "this", "that"} else None
    if language in {"", "english"}:
        return _into_english(
            talk, asked, is_sure=language == "english" or found.sentence.startswith("translate")
        )
    if language == "vietnamese":
        return _into_vietnamese(asked)
    if language not in _LANGUAGES:
        return None  # "in a more natural way"
    return Reply(
        f"I can't translate into {language.capitalize()} without a language model. I know some Vietnamese.",
        "again",
    )


def _into_english(talk: Talk, asked: str, *, is_sure: bool) -> Reply | None:
    if pairs := to_english(asked):
        return Reply(_english_for(asked, pairs), "again")
    if (pair := to_vietnamese(asked)) is not None and asked.isascii():
        if talk.native == "vi" and not is_sure:
            return Reply(f'In Vietnamese, "{asked}" is {" or ".join(pair.vietnamese[:2])}.', "again")
        text = explained(asked, talk)
        return Reply(f"That is already English. {text or ''}".strip(), "again")
    if dictionary.is_known(asked):
        return Reply(f"That is already English. {explained(asked, talk)}", "again")
    if not is_sure and len(asked.split()) > _MAX_WORDS:
        return None
    return Reply(
        f'I don\'t know "{_as_said(talk.said, asked)}", sorry. '
        "Without a language model I only know some Vietnamese words. "
        "Try to say it with other words: what is it for, or what does it look like?",
        "nothing",
    )


def _into_vietnamese(asked: str) -> Reply:
    if (pair := to_vietnamese(_ARTICLE.sub("", asked))) is not None:
        return Reply(f'In Vietnamese, "{asked}" is {" or ".join(pair.vietnamese[:2])}.', "again")
    return Reply(f'I don\'t know the Vietnamese for "{asked}", sorry. I only know common words.', "again")


def _english_for(asked: str, pairs: tuple[Pair, ...]) -> str:
    words = list(dict.fromkeys(pair.word for pair in pairs))[:2]
    said = " or ".join(f'"{word}"' for word in words)
    return f"{shown(asked)} is {said} in English."


def spell(talk: Talk, found: Found) -> Reply | None:
    asked = re.sub(r"^the word |[^\w' -]", "", found.group("word")).strip()
    if asked in {"it", "this", "that"}:
        return _said_word(talk, asked)
    if not asked or len(asked.split()) > 3 or not re.fullmatch(r"[a-z' -]+", asked):
        return None
    letters = "; then ".join(", ".join(c.upper() for c in word if c.isalpha()) for word in asked.split())
    return Reply(f'You spell "{asked}" like this: {letters}.', "again")


def pronounce(talk: Talk, found: Found) -> Reply | None:
    asked = word_of(found).removesuffix(" in english")
    if not asked or len(asked.split()) > 3:
        return None
    if asked in {"it", "this", "that"}:
        asked = named_word(talk.said)
    if not asked:
        return _said_word(talk, "it")
    if (made := sound(asked.removeprefix("sound "))) is not None:
        return Reply(made)
    return Reply(f"Listen, and say it after me: {asked}. Once more: {asked}.")


def opposite(talk: Talk, found: Found) -> Reply | None:
    del talk
    asked = word_of(found)
    for entry in dictionary.look_up(asked):
        if entry.opposite:
            return Reply(f'The opposite of "{entry.word}" is "{entry.opposite.replace("_", " ")}".', "again")
    if (own := opposite_of(asked)) is not None:
        return Reply(f'The opposite of "{asked}" is "{own}".', "again")
    return Reply(f'I know no opposite of "{asked}", sorry.', "again") if asked else None


def synonym(talk: Talk, found: Found) -> Reply | None:
    asked = word_of(found)
    if (own := stronger().get(asked)) and not talk.has_said(own, _ALL):
        return Reply(f'For "{asked}" you can say {own}.', "again")
    for entry in dictionary.look_up(asked):
        if entry.synonyms and not talk.has_said(f'nearly the same as "{entry.word}"', _ALL):
            same = " or ".join(f'"{w}"' for w in entry.synonyms)
            return Reply(
                f"In some sentences you can also say {same}. There it means nearly the same as "
                f'"{entry.word}".',
                "again",
            )
    more = "further" if own else "other"
    return Reply(f'I know no {more} word for "{asked}", sorry.', "again") if asked else None


@cache
def stronger() -> dict[str, str]:
    """Words with nearly the same meaning as common ones, often stronger."""
    found: dict[str, str] = read_data("en/grammar.toml")["stronger"]
    return found


def example(talk: Talk, found: Found) -> Reply | None:
    asked = word_of(found)
    if not asked or asked.split()[0] in POINTING:
        asked = _last_explained(talk)
    if not asked:
        return Reply("I can give you an example with a word. Which word do you mean?")
    entry = next((entry for entry in dictionary.look_up(asked) if entry.example), None)
    if entry is not None:
        return Reply(f'For example: "{_sentence(entry.example)}"', "again")
    text = f"{means} " if (means := explained(asked, talk)) and not talk.has_said(means, 2) else ""
    return Reply(
        f'{text}I have no example with "{asked}", sorry. Try to make one yourself, and ask me if it is right.'
    )


def _said_word(talk: Talk, pointer: str) -> Reply:
    del talk
    return Reply(f'Which word do you mean with "{pointer.split(maxsplit=1)[0]}"? Please say the word itself.')


def _last_explained(talk: Talk) -> str:
    """The word of the tutor's last explanation."""
    for said in reversed(talk.said_before[-2:]):
        if (word := named_word(said)) and dictionary.is_known(word):
            return word
    for told in reversed(talk.told[-3:]):
        if quoted := re.search(
            r'"([a-z\' -]+)"(?:, from "[\w-]+",)? (?:means|is|comes)\b', told, re.IGNORECASE
        ):
            return quoted[1].lower()
    quoted_lately = (QUOTED.search(text) for text in (*reversed(talk.said_before[-2:]), talk.last))
    return next((found[1].lower() for found in quoted_lately if found and len(found[1].split()) <= 3), "")


def _is_thing(word: str) -> bool:
    entries = dictionary.look_up(_ARTICLE.sub("", word))
    return any(entry.part in {"n", "a"} for entry in entries)


def word_of(found: Found) -> str:
    word = found.group("word").strip("' ")
    shorter = _ARTICLE.sub("", word)
    return shorter if len(shorter) > 1 else word


def _as_said(said: str, word: str) -> str:
    at = said.lower().find(word)
    return said[at : at + len(word)] if at >= 0 else word


def shown(word: str) -> str:
    return word[0].upper() + word[1:]


def _sentence(text: str) -> str:
    text = text.strip(" .")
    return text[0].upper() + text[1:] + ("" if text.endswith(("?", "!")) else ".")
