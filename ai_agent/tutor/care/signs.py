"""The signs of a concern in one language: patterns of `signs/<tag>.toml`, compiled once. Pure."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).with_name("signs")
_SLOT = re.compile(r"<(\w+)>")
_GAP = r"(?:[\w']+ ){0,3}"
"""Up to three words: written as "~" in a pattern."""
_CONTRACTIONS = (
    (r"\b(can|ca)n'?t\b|\bcannot\b", "can not"),
    (r"\bwon'?t\b", "will not"),
    (r"\bshan't\b", "shall not"),
    (r"\b(do|does|did|is|are|was|were|have|has|had|would|could|should)n'?t\b", r"\1 not"),
    (r"\bain't\b", "am not"),
    (r"\bi'?m\b", "i am"),
    (r"\b(you|we|they)'re\b|\b(they)re\b", r"\1\2 are"),
    (r"\b(i|you|we|they)'ve\b|\b(i)ve\b", r"\1\2 have"),
    (r"\b(he|she|it|that|there|what|who|how|nobody|everyone|everything|someone)'s\b", r"\1 is"),
    (r"\blet's\b", "let us"),
    (r"\b(\w+)'ll\b", r"\1 will"),
    (r"\b(\w+)'d\b", r"\1 would"),
    (r"\bgonna\b", "going to"),
    (r"\b(\w+)'s\b", r"\1"),
)
_EXPANDED = tuple((re.compile(pattern), text) for pattern, text in _CONTRACTIONS)
_UNSPACED = frozenset({"ja", "zh"})
"""Languages written without spaces between words."""


@dataclass(frozen=True, slots=True)
class Signs:
    """`own`: about the speaker, `other`: about somebody else; by the name of the category. `hard`: bad news
    or a bad feeling of any size. `fiction`, `past`, `first_person`: a talk of a film or the like, of the
    distant past, of oneself.
    """

    language: str
    spelling: tuple[tuple[re.Pattern[str], str], ...]
    harmless: re.Pattern[str] | None
    fiction: re.Pattern[str] | None
    first_person: re.Pattern[str] | None
    past: re.Pattern[str] | None
    own: dict[str, re.Pattern[str]]
    other: dict[str, re.Pattern[str]]
    hard: re.Pattern[str] | None
    folds: bool

    def prepared(self, text: str) -> str:
        """`text` as the patterns expect it: see `signs/en.toml`."""
        plain = normalised(text, self.language)
        plain = folded(plain) if self.folds else plain
        for pattern, right in self.spelling:
            plain = pattern.sub(right, plain)
        return " ".join(plain.split())

    def unmasked(self, prepared: str) -> str:
        """Without the stretches that only look alike, such as "kill two birds with one stone"."""
        return self.harmless.sub(" _ ", prepared) if self.harmless else prepared


def normalised(text: str, language: str) -> str:
    """Lower case, words separated by one space, sentences by " . ". English contractions are written out."""
    plain = unicodedata.normalize("NFC", unicodedata.normalize("NFKC", text).lower())
    plain = re.sub(r"[‘’`´]", "'", plain)
    if language == "en":
        for pattern, whole in _EXPANDED:
            plain = pattern.sub(whole, plain)
    plain = re.sub(r"[.!?;:…。！？\n]+", " . ", plain)
    plain = re.sub(r"[^\w'. ]|(?<!\w)'|'(?!\w)", "" if language in _UNSPACED else " ", plain)
    return " ".join(plain.split())


def folded(text: str) -> str:
    """Without accents: learners and recognisers leave them out."""
    decomposed = unicodedata.normalize("NFD", text.replace("đ", "d").replace("ß", "ss"))
    return "".join(mark for mark in decomposed if not unicodedata.combining(mark))


@cache
def languages() -> frozenset[str]:
    """Return the languages that have signs, as BCP 47 primary tags. Asked for with every sentence, so read
    once."""
    return frozenset(path.stem for path in _FOLDER.glob("*.toml"))


@cache
def load_signs(language: str, *, folds: bool = True) -> Signs:
    """`folds`: compare without accents. Raises FileNotFoundError for a language without a file."""
    table = tomllib.loads((_FOLDER / f"{language}.toml").read_text("utf-8"))
    words: dict[str, str] = table.get("words", {})

    def compiled(patterns: list[str]) -> re.Pattern[str] | None:
        if not patterns:
            return None
        joined = "|".join(f"(?:{pattern})" for pattern in patterns).replace("~", _GAP)
        while _SLOT.search(joined):
            joined = _SLOT.sub(lambda slot: words[slot[1]], joined)
        return re.compile(folded(joined) if folds else joined)

    def categories(key: str) -> dict[str, re.Pattern[str]]:
        found = {
            name: compiled(section.get(key, []))
            for name, section in table.items()
            if isinstance(section, dict) and name not in {"words", "harmless", "hard"}
        }
        return {name: pattern for name, pattern in found.items() if pattern}

    mild = table.get("hard", {})
    harmless = table.get("harmless", {})
    lone = [rf"\b(?:{'|'.join(mild['words'].split())})\b"] if mild.get("words") else []
    return Signs(
        language=language,
        spelling=tuple((re.compile(wrong), right) for wrong, right in table.get("spelling", [])),
        harmless=compiled(harmless.get("patterns", [])),
        fiction=compiled(harmless.get("fiction", [])),
        first_person=compiled(harmless.get("first_person", [])),
        past=compiled(harmless.get("past", [])),
        own=categories("own"),
        other=categories("other"),
        hard=compiled([*lone, *mild.get("patterns", [])]),
        folds=folds,
    )
