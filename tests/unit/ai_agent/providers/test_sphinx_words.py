"""Spelling of the words from pocketsphinx."""

import pytest

from ai_agent.providers.local.sphinx_child import as_written


@pytest.mark.parametrize(
    ("heard", "written"), [("i", "I"), ("i'm", "I'm"), ("i've", "I've"), ("in", "in"), ("tea", "tea")]
)
def test_the_first_person_is_written_with_a_capital(heard: str, written: str) -> None:
    assert as_written(heard) == written
