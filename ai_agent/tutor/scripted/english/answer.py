"""The tutor's next message in English: requests and questions first, then what the learner tells."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from ai_agent.tutor.corrector import Judgement, Outcome
from ai_agent.tutor.scripted.bank import load_bank, named_topic
from ai_agent.tutor.scripted.english import (
    about_words,
    checking,
    choosing,
    feelings,
    follow_on,
    foreign,
    role_play,
    statement,
    told,
    topic_questions,
)
from ai_agent.tutor.scripted.english.handlers import HANDLERS
from ai_agent.tutor.scripted.english.handlers.words import explained
from ai_agent.tutor.scripted.english.hearing import plain, signs
from ai_agent.tutor.scripted.english.intents import Found, found_in, intents
from ai_agent.tutor.scripted.english.reply import Reply
from ai_agent.tutor.scripted.english.talk import Talk, said_sentences, sentences_of

_ABOUT_LANGUAGE = follow_on.ABOUT_WORDS | frozenset(
    ["difference", "example", "teach_word", "judge", "judge_this", "my_mistakes"]
)
_CLEAR = _ABOUT_LANGUAGE | frozenset(
    [
        "goodbye",
        "slower",
        "faster",
        "repeat",
        "unclear_to_learner",
        "new_topic",
        "avoid_topic",
        "wait",
        "stop",
        "want_role_play",
        "asked_already",
        "sum_up",
        "may_i_tell",
    ]
)
"""Requests that are answered before the news in the same turn."""
_ONE_WORD = re.compile(r"(?:an? |the )?[\"'“‘]?(?P<word>[^\W\d_]{3,20})[\"'”’]?\s*\?", re.IGNORECASE)


def answer(talk: Talk, purpose: str, judged: Judgement | None, before: Judgement | None) -> Reply:
    """`judged`: of the learner's words, `before`: of their message before, if these are short."""
    if purpose in {"greet", "break_silence"} or not talk.said:
        return Reply(_opening(talk, "greet" if purpose == "greet" else "silence"))
    talk = _heard(talk, judged, before)
    reply = _answer(talk, judged, before)
    return replace(reply, text=_finished(talk, reply), then="nothing")


def _heard(talk: Talk, judged: Judgement | None, before: Judgement | None) -> Talk:
    """With common phrases of the learner's own language put into English, and with what the parser read."""
    said = foreign.in_english(talk.said)
    is_read = judged is not None and said == talk.said and checking.asked_about(talk) is None
    return replace(
        talk,
        said=said,
        clauses=judged.clauses if judged is not None and is_read else (),
        is_read=is_read,
        clauses_before=before.clauses if before is not None else (),
    )


def _answer(talk: Talk, judged: Judgement | None, other: Judgement | None) -> Reply:
    if (reply := foreign.reply(talk)) is not None:
        return reply
    if feelings.is_heavy(talk.said) and not feelings.is_story(talk):
        return feelings.reply(talk)
    if (reason := follow_on.why(talk) or follow_on.right_form(talk)) is not None:
        return reason
    if checking.tried_again(talk) is not None:
        return checking.reply(talk, judged)
    talk = follow_on.completed(talk)
    found = found_in(talk)
    reply = role_play.chosen(talk) or role_play.reply(talk, found)
    if reply is None and (choice := choosing.asked(talk)):
        reply = choosing.reply(choice, judged, other)
    reply = reply or _first_handled(talk, found, judged)
    return reply or _not_known(talk) or _to_statement(talk, judged)


def _not_known(talk: Talk) -> Reply | None:
    """To a question or a demand that no intent took. None: the learner tells something."""
    if (means := _one_word_asked(talk)) is not None:
        return Reply(means, "again")
    if _asks(talk):
        return Reply(talk.pick_any(signs()["declined"]["say"]))
    return Reply(talk.pick_any(signs()["cannot"]["say"]), "again") if _demands(talk) else None


def _to_statement(talk: Talk, judged: Judgement | None) -> Reply:
    if told.TAG.search(talk.said) and not feelings.is_news(talk.said):
        last = talk.hearing(said_sentences(talk.said)[-1].rstrip("?"))
        return Reply(f"{talk.pick_any(signs()['agreed']['say'])} {statement.next_question(last)}")
    if (reply := feelings.of(talk)) is not None:
        return reply
    is_corrected = judged is not None and judged.outcome is Outcome.CORRECTED
    corrected = judged.corrections[-1].corrected if judged is not None and is_corrected else None
    return Reply(statement.reply(talk, corrected))


def _first_handled(talk: Talk, found: Sequence[Found], judged: Judgement | None) -> Reply | None:
    if (news := _news(talk, found)) is not None:
        return news
    for one in found:
        if _is_left_for_later(talk, one, found):
            continue
        if (reply := _handled(talk, one, judged)) is not None:
            if not checking.is_presented(talk):
                reply = _with_second(talk, one, reply, found, judged)
            leaves = one.intent.name == "new_topic" and role_play.is_on(talk)
            return replace(reply, text=f"{role_play.STOPPED} {reply.text}") if leaves else reply
    return None


def _is_left_for_later(talk: Talk, one: Found, found: Sequence[Found]) -> bool:
    """Whether another request of the turn goes first: "OK, enough. Tell me a joke.", or "Ciao Emma!" at the
    beginning, which is a greeting there.
    """
    if one.intent.name == "goodbye":
        return not talk.said_before and re.fullmatch(r"ciao(?: \w+)?", one.sentence) is not None
    others = [f for f in found if not f.intent.is_weak and f.sentence != one.sentence]
    return one.intent.name == "stop" and bool(others) and others[-1].sentence == _last_plain(talk)


def _news(talk: Talk, found: Sequence[Found]) -> Reply | None:
    """Good or bad news that the turn tells goes before all but a clear request: "I'm back! She is well." """
    asks = any(told.asks(sentence, talk.tutor) for sentence in said_sentences(talk.said))
    if asks or any(one.intent.name in _CLEAR for one in found):
        return None
    rest = told.told_part(talk.said, talk.tutor)
    return feelings.of(talk.hearing(rest)) if rest and feelings.is_news(rest) else None


def _with_second(
    talk: Talk, first: Found, reply: Reply, found: Sequence[Found], judged: Judgement | None
) -> Reply:
    """With the answer to another request of the turn: a goodbye, another topic, what follows a complaint."""
    others = [one for one in found if one is not first and one.sentence != first.sentence]
    names = {one.intent.name for one in others}
    if first.intent.name == "asked_already":
        others = [one for one in others if not one.intent.is_weak]
        second = next((r for one in others if (r := _handled(talk, one, judged)) is not None), None)
        if second is None and _asks(talk) and not first.intent.match(_last_plain(talk)):
            second = Reply(talk.pick_any(signs()["declined"]["say"]))
        return reply if second is None else replace(second, text=f"{reply.text} {second.text}")
    if "asked_already" in names and first.intent.name in _ABOUT_LANGUAGE:
        return replace(reply, text=f"{reply.text} I'm sorry that I asked twice.", then="on")
    if "goodbye" in names:
        return _with_goodbye(talk, reply)
    if "new_topic" in names and first.intent.name in _ABOUT_LANGUAGE | {"avoid_topic"}:
        second = next(_handled(talk, one, judged) for one in others if one.intent.name == "new_topic")
        if second is not None and first.intent.name == "avoid_topic":
            return second
        return reply if second is None else replace(second, text=f"{reply.text} {second.text}")
    return reply


def _last_plain(talk: Talk) -> str:
    said = said_sentences(talk.said)
    return plain(said[-1], talk.tutor) if said else ""


def _with_goodbye(talk: Talk, reply: Reply) -> Reply:
    """The answer to what was asked on leaving, without a further question."""
    said = " ".join(s for s in sentences_of(reply.text) if not s.endswith("?"))
    bye = next(intent for intent in intents() if intent.name == "goodbye")
    return Reply(f"{said} {talk.filled(talk.pick_any(bye.say[talk.band]))}")


def _handled(talk: Talk, found: Found, judged: Judgement | None) -> Reply | None:
    intent = found.intent
    if intent.do == "judge":
        return checking.reply(talk, judged) if checking.asked_about(talk) is not None else None
    if intent.do == "choose":
        return None
    if intent.do == "my_mistakes":
        return checking.mistakes(judged)
    if intent.do == "start_role_play":
        return role_play.start(talk, found)
    if intent.do:
        return HANDLERS[intent.do](talk, found)
    return Reply(talk.filled(talk.pick_any(intent.say[talk.band])), intent.then)


def _asks(talk: Talk) -> bool:
    """Whether the last sentence is a question to the tutor that no intent took."""
    said = said_sentences(talk.said)
    return bool(said) and told.asks(said[-1], talk.tutor)


def _demands(talk: Talk) -> bool:
    """Whether the last sentence tells the tutor to do something that no intent took: "give me a recipe"."""
    said = said_sentences(talk.said)
    return bool(said) and re.match(signs()["demand"], plain(said[-1], strips=False)) is not None


def _one_word_asked(talk: Talk) -> str | None:
    """The meaning of a word that is all the learner says, with a question mark: "A kettle?" """
    one = _ONE_WORD.fullmatch(talk.said.strip())
    return explained(one["word"].lower(), talk) if one is not None else None


def _finished(talk: Talk, reply: Reply) -> str:
    if reply.then == "nothing":
        return reply.text
    question, rest = talk.open_question, told.told_part(talk.said, talk.tutor)
    if role_play.is_on(talk):
        question = role_play.line_again(talk)
    elif rest and (reply.then != "next" or feelings.is_news(rest)):
        question = told.next_question(talk)
    elif reply.then == "next" or not talk.told:
        question = statement.topic_question(talk)
    elif reply.then == "on" or not _was_repeated(talk, question):
        is_quiet = reply.then == "again" and not question and _is_said_lately(talk)
        question = "" if is_quiet else told.next_question(talk)
    else:
        question = "" if "?" in talk.said else statement.topic_question(talk)
    return f"{reply.text} {question}".strip()


def _was_repeated(talk: Talk, question: str) -> bool:
    """Whether the learner heard the question twice already, and wants something else."""
    return question != "" and sum(question in told for told in talk.told[-4:]) >= 2


def _is_said_lately(talk: Talk) -> bool:
    """Whether the tutor's last message had no question because the learner asks one after the other."""
    return len(talk.told) >= 2 and not talk.open_question


def _opening(talk: Talk, kind: str) -> str:
    lead = talk.filled(talk.pick_any(statement.texts(kind, talk)))
    return f"{lead} {first_question(talk) if kind == 'greet' else topic_questions.topic_question(talk)}"


def first_question(talk: Talk) -> str:
    """Of the topic that was chosen."""
    if (scenario := role_play.named(talk.topic)) is not None:
        return role_play.opening(talk, scenario)
    topic = named_topic(load_bank("en"), talk.topic)
    if topic is None and talk.topic.strip():
        wish = talk.topic.strip()
        return about_words.about_wish(talk, wish.lower()) or f"What would you like to tell me about {wish}?"
    return topic_questions.topic_question(talk, topic)
