from __future__ import annotations

import pytest

from server.learning.gaps import fills, with_gap


@pytest.mark.parametrize(
    ("sentence", "word", "shown", "form"),
    [
        ("Please join the queue.", "queue", "Please join the ____.", "queue"),
        ("The Queues are long.", "queue", "The ____ are long.", "Queues"),
        ("Did they catch the cat?", "cat", "Did they catch the ____?", "cat"),
        ("A cat in a catalogue.", "cat", "A ____ in a catalogue.", "cat"),
        ("お茶を飲みます", "飲み", "お茶を____ます", "飲み"),
        ("Nothing of it here.", "queue", "", "queue"),
        ("", "queue", "", "queue"),
        ("What is 1+1?", "1+1", "What is ____?", "1+1"),
    ],
)
def test_a_word_leaves_a_gap_in_its_sentence(sentence: str, word: str, shown: str, form: str) -> None:
    assert with_gap(sentence, word) == (shown, form)


@pytest.mark.parametrize(
    ("given", "is_right"),
    [("queues", True), ("Queue.", True), ("queued", False), ("line", False), ("", False)],
)
def test_the_form_of_the_sentence_and_the_words_own_fill_the_gap(given: str, is_right: bool) -> None:
    assert fills(given, "The queues are long.", "queue") is is_right
