"""The rules in the order in which they are tried: those that affect others come first."""

from ai_agent.tutor.corrector.rules import (
    agreement,
    choice,
    comparison,
    nouns,
    order,
    prepositions,
    tenses,
    verbs,
)

RULES = (
    *order.RULES,
    *choice.RULES,
    *comparison.RULES,
    *tenses.RULES,
    *verbs.RULES,
    *prepositions.RULES,
    *nouns.RULES,
    *agreement.RULES,
)
