"""A second try is one of these: right, partly right, wrong, given up, or something else."""

from __future__ import annotations

import pytest

from ai_agent.tutor.elicit.compare import compared

WENT = ("Yesterday I go to Hanoi with my sister", "Yesterday I went to Hanoi with my sister")
INFORMATIONS = ("I need some informations", "I need some information")
AN_APPLE = ("I want a apple", "I want an apple")
MARRIED = ("She married with a doctor", "She is married to a doctor")
MORE_BETTER = ("This is more better", "This is better")
DO_YOU = ("Where you live?", "Where do you live?")
TRIES = [
    # the whole sentence, however it is written
    (WENT, "yesterday I went to Hanoi with my sister", "right", "went"),
    (WENT, "Yesterday, I WENT to Hanoi, with my sister!", "right", "went"),
    (WENT, "Oh sorry, yesterday I went to Hanoi with my sister.", "right", "went"),
    # a part of it with the change
    (WENT, "I went to Hanoi", "right", "went"),
    (WENT, "went", "right", "went"),
    (AN_APPLE, "an apple", "right", "an"),
    (DO_YOU, "where do you live", "right", "do"),
    (MORE_BETTER, "this is better", "right", ""),
    (INFORMATIONS, "some information", "right", "information"),
    # with another small slip elsewhere the target counts
    (WENT, "yesterday I went to the Hanoi with sister", "right", "went"),
    (MARRIED, "she married to a doctor", "partly", "to"),
    (MARRIED, "She is married with a doctor", "partly", "is"),
    (MARRIED, "she is married to a doctor", "right", "is … to"),
    # not mended
    (WENT, "yesterday I go to Hanoi with my sister", "wrong", ""),
    (WENT, "yesterday I going to Hanoi with my sister", "wrong", ""),
    (WENT, "I goed to Hanoi", "wrong", ""),
    (AN_APPLE, "I want the apple", "wrong", ""),
    (MORE_BETTER, "this is more better", "wrong", ""),
    # given up
    (WENT, "I don't know", "gave_up", ""),
    (WENT, "Sorry, I don't know the answer.", "gave_up", ""),
    (WENT, "please tell me", "gave_up", ""),
    (WENT, "Skip it, please!", "gave_up", ""),
    # something else
    (WENT, "my sister likes the food in Hue very much", "other", ""),
    (WENT, "What is your favourite city?", "other", ""),
    (WENT, "ok", "other", ""),
    (WENT, "", "other", ""),
    (AN_APPLE, "What does mend mean?", "other", ""),
]


@pytest.mark.parametrize(("pair", "said", "outcome", "mended"), TRIES)
def test_a_second_try(pair: tuple[str, str], said: str, outcome: str, mended: str) -> None:
    retry = compared(*pair, said)
    assert (retry.outcome.value, retry.mended) == (outcome, mended)


def test_other_scripts_are_compared_by_their_words() -> None:
    assert compared("tôi là mệt", "tôi mệt", "Tôi mệt").outcome.value == "right"
    assert compared("tôi là mệt", "tôi mệt", "tôi là mệt").outcome.value == "wrong"
