"""All rules, in the order in which they are tried: those that others build on come first."""

from ai_agent.tutor.corrector.edit import Rule
from ai_agent.tutor.corrector.rules import (
    agreement,
    articles,
    choice,
    comparison,
    nouns,
    order,
    past,
    prepositions,
    questions,
    tenses,
    verb_forms,
    verb_patterns,
)

RULES: tuple[Rule, ...] = (
    *questions.RULES,
    *verb_forms.RULES,
    *nouns.RULES,
    *order.RULES,
    *past.RULES,
    *tenses.RULES,
    *agreement.RULES,
    *comparison.RULES,
    *verb_patterns.RULES,
    *prepositions.RULES,
    *choice.RULES,
    *articles.RULES,
)
