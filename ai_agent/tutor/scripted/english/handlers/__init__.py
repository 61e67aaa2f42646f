"""The functions that answer intents, by the names of `data/en/intents.toml`.

Each gets the talk and what was found, and returns a reply, or None: the sentence was meant in another way.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ai_agent.tutor.scripted.english.handlers import (
    about,
    flow,
    grammar,
    practice,
    teaching,
    topics,
    words,
)
from ai_agent.tutor.scripted.english.intents import Found
from ai_agent.tutor.scripted.english.reply import Reply
from ai_agent.tutor.scripted.english.talk import Talk

Handler = Callable[[Talk, Found], Reply | None]

HANDLERS: Mapping[str, Handler] = {
    "about_you": about.about_you,
    "advice": grammar.advice,
    "am_fine": about.am_fine,
    "and_you": about.and_you,
    "asked_already": flow.asked_already,
    "avoid_topic": flow.avoid_topic,
    "criticism": about.criticism,
    "difference": grammar.difference,
    "example": words.example,
    "exercise": practice.exercise,
    "explain_question": flow.explain_question,
    "faster": flow.faster,
    "grammar": grammar.rule,
    "heard_wrong": flow.heard_wrong,
    "hello": about.hello,
    "how_did_i_do": flow.how_did_i_do,
    "how_are_you": about.how_are_you,
    "meaning": words.meaning,
    "my_name_is": about.my_name_is,
    "new_topic": topics.new_topic,
    "nice_to_meet_you": about.nice_to_meet_you,
    "off_track": flow.off_track,
    "opinion": about.opinion,
    "opposite": words.opposite,
    "other_language": about.other_language,
    "past_form": grammar.past_form,
    "plural_form": grammar.plural_form,
    "pronounce": words.pronounce,
    "quote_learner": flow.quote_learner,
    "rephrase": teaching.rephrase,
    "repeat": flow.repeat,
    "slower": flow.slower,
    "spell": words.spell,
    "sum_up": topics.sum_up,
    "synonym": words.synonym,
    "teach_word": teaching.teach_word,
    "translate": words.translate,
    "unsure": flow.unsure,
    "useful_phrases": practice.useful_phrases,
    "world_knowledge": about.world_knowledge,
}
"""`judge`, `my_mistakes` and `start_role_play` need more than the talk: see `answer.py`."""
