"""Sentences far above a learner's level, and sentences that are only a little hard."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from ai_agent.tutor.level.frequency import COMMON, UNLISTED, rank
from ai_agent.tutor.level.measure import Fault, fault_of, is_above, words_in

GRADINGS = Path(__file__).parents[4] / "bench" / "dialogues" / "gradings"
FITS = [
    ("A1", "Hello Ann! Do you like tea or coffee?"),
    ("A1", "What vegetables do you buy at the supermarket?"),
    ("A1", "Linh, is Tuan in Guangzhou or in Ho Chi Minh City?"),
    ("A1", "It's seven o'clock, and I'm in the kitchen."),
    ("A2", "That sounds like a wonderful trip! Did you eat fresh seafood at the beach?"),
    ("B1", "Staying in a hostel can be noisy, but you meet lots of other travellers there."),
    ("C1", "Fundamentally, epistemic humility presupposes fallibility and intellectual candour."),
]
TOO_HARD = [
    ("A1", "The ubiquitous phenomenon of procrastination undermines productivity.", Fault.RARE_WORDS),
    ("A2", "Nonetheless, sustainable consumption patterns necessitate structural reforms.", Fault.RARE_WORDS),
    ("B1", "Epistemic humility presupposes fallibility and intellectual candour.", Fault.RARE_WORDS),
    ("A1", "I think that " + "you can go there with your friends and " * 3 + "eat.", Fault.LONG),
    ("B1", "I think that " + "you can go there with your friends and " * 4 + "eat.", Fault.LONG),
]


@pytest.mark.parametrize(("level", "sentence"), FITS)
def test_a_sentence_at_the_level_fits(level: str, sentence: str) -> None:
    assert fault_of(sentence, level, "en") is None


@pytest.mark.parametrize(("level", "sentence", "fault"), TOO_HARD)
def test_a_sentence_far_above_the_level_does_not(level: str, sentence: str, fault: Fault) -> None:
    assert fault_of(sentence, level, "en") is fault
    assert fault_of(sentence, "C1", "en") is None
    assert is_above(f"Good. {sentence} Do you agree?", level, "en")


def test_words_of_the_learner_are_not_too_hard() -> None:
    sentence = "A dermatologist prescribes an ointment."
    assert fault_of(sentence, "A1", "en") is Fault.RARE_WORDS
    assert fault_of(sentence, "A1", "en", words_in("My dermatologist: what is an ointment?")) is None


def test_other_languages_are_measured_by_length() -> None:
    assert fault_of("Em thích ăn phở không?", "A1", "vi") is None
    assert fault_of("Hôm nay em có đi học ở trường với bạn của em và cô giáo không?", "A1", "vi") is None
    assert fault_of("và " * 24, "A1", "vi") is Fault.LONG
    assert fault_of("คุณชอบดื่มชาหรือกาแฟตอนเช้าครับ", "A1", "th") is None
    assert fault_of("昨日は何を食べましたか。", "A1", "ja") is None
    assert (
        fault_of("昨日友達と一緒に新しいレストランに行って美味しい料理をたくさん食べました。", "A1", "ja")
        is Fault.LONG
    )


def test_ranks() -> None:
    assert rank("the") == rank("won't") == rank("o'clock") == 1
    assert rank("doesn't") == rank("do") < 100
    assert rank("went") == rank("go") < rank("ubiquitous")
    assert rank("breakfast") <= COMMON
    assert rank("epistemically") == UNLISTED


def test_what_teachers_wrote_for_a_level_fits_it() -> None:
    """The scripted tutor's sentences in the graded dialogues."""
    faults, count = list[str](), 0
    for path in GRADINGS.glob("*.tsv"):
        with path.open(encoding="utf-8") as lines:
            for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
                level = re.search(r"-([abc][12])", row["dialogue"])
                for sentence in re.findall(r"[^.!?]+[.!?]*", row["tutor"]):
                    if level is None or '"' in sentence or "Vietnamese" in sentence:
                        continue  # meanings of words that the learner asked about
                    count += 1
                    if fault_of(sentence, level[1].upper(), "en") is not None:
                        faults.append(sentence)
    assert count > 300
    assert len(faults) <= count * 0.01, faults
