"""Texts that take long to work on must not keep others waiting."""

from __future__ import annotations

import pytest

from tests.attack.arena import Arena
from tests.attack.attacks import texts


@pytest.mark.attack_short
async def test_a_chat_of_marks_keeps_nobody_waiting(arena: Arena) -> None:
    facts = await arena.unharmed_by(texts.chat_of_marks, seconds=3, people=8)
    assert set(facts) == {"invalid_request"}
