"""The summary of a talk says what is stored, and nothing else."""

from __future__ import annotations

from dataclasses import replace

from server.learning.model import Mistake, NewWord, Pattern, Schedule, Word
from server.learning.summary import Summary, summarize
from server.protocol.tutor import Confidence, FeedbackCategory, FeedbackItem
from server.tutor.model import (
    Conversation,
    ConversationSummary,
    ConversationView,
    Message,
    StoredCorrection,
)

START = 1_800_000_000.0
TALK = Conversation("k1", "r1", "Room", "en", "A2", "Food", START)


class Talk:
    """Ann's turns in one talk, with their corrections."""

    def __init__(self) -> None:
        self.messages: list[Message] = []
        self.corrections: list[StoredCorrection] = []
        self.mistakes: list[Mistake] = []
        self.words: list[Word] = []

    def said(self, text: str, *, confidence: Confidence | None = None, speech_s: float = 0.0) -> str:
        turn = f"t{len(self.messages)}"
        at = START + len(self.messages)
        message = Message(f"m{turn}", "k1", turn, "learner", "ann", "p", "Ann", text, at, speech_s)
        self.messages.append(replace(message, confidence=confidence))
        return turn

    def corrected(
        self, original: str, right: str, category: FeedbackCategory = FeedbackCategory.TENSE
    ) -> None:
        turn = self.said(original)
        item = FeedbackItem(
            id=f"c{turn}",
            turn_id=turn,
            original_sentence=original,
            corrected_sentence=right,
            explanation="Because.",
            category=category,
        )
        self.corrections.append(StoredCorrection("k1", "ann", f"m{turn}", START, item))

    def made_before(self, said: str, right: str, times: int = 1, category: str = "tense") -> None:
        pattern = Pattern("en", FeedbackCategory(category), said, right)
        past = START - 86_400
        self.mistakes.append(Mistake(f"x{right}", pattern, past, past, times, 0, 0, Schedule(past)))

    def summary(self) -> Summary:
        counted = ConversationSummary(TALK, len(self.messages), len(self.corrections))
        view = ConversationView(counted, self.messages, self.corrections)
        return summarize(view, "ann", self.mistakes, self.words)


def test_right_sentences_are_those_of_three_words_that_were_not_corrected() -> None:
    talk = Talk()
    talk.said("Yes")
    talk.said("I like green tea")
    talk.corrected("I goed home", "I went home.")
    summary = talk.summary()
    assert (summary.turns, summary.sentences, summary.right) == (3, 2, 1)


def test_sentences_that_were_not_heard_well_are_neither_right_nor_wrong() -> None:
    talk = Talk()
    talk.corrected("I goed home", "I went home.")
    talk.said("I like green tea", confidence=Confidence.MIDDLE)
    talk.said("Tea is very nice", confidence=Confidence.HIGH)
    assert (talk.summary().sentences, talk.summary().right) == (2, 1)


def test_nothing_is_called_right_where_nothing_was_ever_corrected() -> None:
    talk = Talk()
    talk.said("Tôi thích trà xanh")
    summary = talk.summary()
    assert (summary.sentences, summary.right, summary.turns) == (None, None, 1)


def test_a_correction_that_was_said_again_rightly_is_mended() -> None:
    talk = Talk()
    talk.said("I went home.")
    talk.corrected("I goed home", "I went home.")
    assert talk.summary().mended == ()
    talk.said("I went home")
    assert [item.corrected_sentence for item in talk.summary().mended] == ["I went home."]


def test_speech_and_practice_are_counted_in_seconds() -> None:
    talk = Talk()
    talk.said("I like green tea", speech_s=4.0)
    answer = Message("a", "k1", "t0", "tutor", "ann", "p", None, "Me too.", START, 2.0)
    other = replace(answer, id="b", role="learner", user_id="bob", speech_s=50.0)
    talk.messages += [answer, other]
    summary = talk.summary()
    assert (summary.speaking_s, summary.practice_s, summary.turns) == (4.0, 6.0, 1)


def test_three_corrections_are_kept_those_made_most_often_first() -> None:
    talk = Talk()
    talk.made_before("eated", "ate", times=4)
    talk.corrected("I like it very mutch", "I like it very much.", FeedbackCategory.SPELLING)
    talk.corrected("I goed home", "I went home.")
    talk.corrected("I eated rice", "I ate rice.")
    talk.corrected("She work here", "She works here.", FeedbackCategory.AGREEMENT)
    kept = talk.summary().keep
    assert [one.item.corrected_sentence for one in kept] == [
        "I ate rice.",
        "I went home.",
        "She works here.",
    ]
    assert [(one.times, one.mistake_id) for one in kept][:2] == [(4, "xate"), (1, None)]


def test_a_mistake_made_twice_in_a_talk_is_kept_once() -> None:
    talk = Talk()
    talk.corrected("I goed home", "I went home.")
    talk.corrected("We goed out", "We went out.")
    [kept] = talk.summary().keep
    assert (kept.item.original_sentence, kept.times) == ("I goed home", 2)


def test_what_was_mended_is_kept_after_what_was_not() -> None:
    talk = Talk()
    talk.corrected("I goed home", "I went home.")
    talk.said("I went home")
    talk.corrected("I eated rice", "I ate rice.")
    assert [one.item.corrected_sentence for one in talk.summary().keep] == ["I ate rice.", "I went home."]


def test_an_earlier_mistake_that_was_not_made_again_is_noticed() -> None:
    talk = Talk()
    talk.made_before("goed", "went")
    talk.made_before("", "the", category="article")
    talk.made_before("an", "a", category="article")
    talk.made_before("eated", "ate rice")
    talk.said("Then I went to the sea for a day")
    assert talk.summary().used == ("went",)


def test_a_mistake_that_was_made_again_is_not_called_overcome() -> None:
    talk = Talk()
    talk.made_before("goed", "went")
    talk.corrected("I goed home", "I went home.", FeedbackCategory.TENSE)
    talk.said("Then I went to the sea")
    assert talk.summary().used == ()


def test_a_mistake_first_made_after_the_talk_is_not_part_of_it() -> None:
    talk = Talk()
    talk.made_before("goed", "went")
    talk.mistakes = [replace(one, first_at=START + 86_400) for one in talk.mistakes]
    talk.said("Then I went to the sea")
    assert talk.summary().used == ()


def test_right_words_in_a_corrected_sentence_are_not_praised() -> None:
    talk = Talk()
    talk.made_before("goed", "went")
    talk.corrected("Then I went to a beach of the sea", "Then I went to a beach by the sea.")
    assert talk.summary().used == ()


def test_words_are_those_of_this_talk() -> None:
    talk = Talk()
    for n, conversation_id in enumerate(("k1", "k2", None)):
        given = NewWord("en", f"word{n}", "meaning", "", conversation_id, START)
        talk.words.append(Word(f"w{n}", given, 0, 0, Schedule(START)))
    assert [word.given.word for word in talk.summary().words] == ["word0"]
