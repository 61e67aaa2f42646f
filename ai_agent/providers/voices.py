"""Which of an engine's voices speaks."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

from ai_agent.providers.ports import VoiceCard


def primary(language: str) -> str:
    return language.split("-", maxsplit=1)[0]


def voice_for(cards: Sequence[VoiceCard], language: str, wanted: str | None) -> str | None:
    """The wanted voice if the engine has it, else the first of the language, the exact region first, else
    one that speaks every language.
    """
    if wanted is not None and any(card.id == wanted for card in cards):
        return wanted
    exact = (card.id for card in cards if card.language == language)
    near = (card.id for card in cards if primary(card.language) == primary(language))
    any_language = (card.id for card in cards if not card.language)
    return next(chain(exact, near, any_language), None)
