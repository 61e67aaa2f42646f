"""Short requests that only make sense after the one before: "another one, please", "and sleep?", "why?"."""

from __future__ import annotations

import re

from ai_agent.tutor.scripted.english.hearing import plain
from ai_agent.tutor.scripted.english.intents import found_in
from ai_agent.tutor.scripted.english.reply import Reply
from ai_agent.tutor.scripted.english.talk import Talk, sentences_of

ABOUT_WORDS = frozenset(
    {"past_form", "plural_form", "opposite", "synonym", "spelling", "in_language", "meaning"}
)
_REPEATABLE = ABOUT_WORDS | frozenset(
    ["rephrase", "example", "teach_word", "joke", "exercise", "useful_phrases", "advice", "exam_question"]
)
_MORE = re.compile(
    r"(?:(?:ok|okay|thanks|thank you)[.,!]? )*(?:and|what about|how about) (?:the word )?"
    r"[\"'“‘]?(?P<word>[\w-]+(?: [\w-]+){0,2})[\"'”’]?\s*\?",
    re.IGNORECASE,
)
_ANOTHER = re.compile(
    r"(?:(?:can|could|may) (?:you|i) )?(?:please )?"
    r"(?:give me |tell me |show me |say |have |do you know |do you have )?"
    r"(?:another|one more|another one|some more|(?:any|some)thing else|two more|a different one|more|again)"
    r"(?: (?:one|ones|examples?|words?|sentences?|synonyms?|exercises?|jokes?|idioms?|tips?|phrases?))?"
    r"(?: please)?"
)
_MOST_BACK = 4
"""Messages of the learner among which the request is looked for."""
_WHY = re.compile(
    r"(?:but |and )?(?:why(?: is (?:that|it|this))?(?: (?:wrong|not (?:right|correct)|right|so))?(?: not)?"
    r"|how come|what(?:'s| is| was) (?:wrong|the (?:mistake|problem|rule|reason))"
    r"(?: (?:with|in|about|there|here) ?.*)?"
    r"|why (?:not|can't i|don't we|do we|can i not|no) ?(?:say |use )?.{0,40})"
)
_JUDGED = re.compile(r"(?:Better: \"[^\"]*\"\.|I'd say \"[^\"]*\"\.) *(?P<reason>.*)")
_BETTER = re.compile(r"(?:Better: |I'd say )\"([^\"]*)\"")
_HOW_THEN = re.compile(
    r"how (?:do|can|should|must|would|to) ?(?:i|we|you)? ?say (?:it|this|that)(?: \w+){0,3}"
    r"|what(?:'s| is) (?:the )?(?:correct|right)(?: \w+){0,3}"
)
_DECLINED = re.compile(
    r"small program"
    r"|\bI(?: can't| have no answer| know (?:too little|nothing|no)|'m a (?:small )?program| don't know)\b"
)


def completed(talk: Talk) -> Talk:
    """The talk as if the learner had said the whole request again."""
    if not talk.said_before:
        return talk
    if (more := _MORE.fullmatch(talk.said.strip())) is not None:
        for before in found_in(talk.hearing(talk.said_before[-1])):
            if before.intent.name in ABOUT_WORDS and (word := before.group("word")):
                return talk.hearing(f"{before.sentence.replace(word, more['word'])}?")
    return talk.hearing(_repeated(talk)) if _is_another(talk.said, talk.tutor) else talk


def why(talk: Talk) -> Reply | None:
    """The reason of a correction or a refusal that the tutor has just given. None: nothing of the kind."""
    if not _WHY.fullmatch(plain(talk.said, talk.tutor)):
        return None
    if (judged := _JUDGED.search(talk.last)) is not None:
        reasons = [s for s in sentences_of(judged["reason"]) if ":" in s or not s.endswith("?")]
        if reason := " ".join(reasons).removesuffix("Now back to you.").strip():
            return Reply(f"Because of this rule: {reason}", "again")
        return Reply("I only know that it is the usual form, sorry. I can't explain this one.", "again")
    if "I can't judge" in talk.last:
        return Reply(
            "I can't explain that one, sorry: I'm a simple checker, and I see only some kinds of mistakes. "
            "A shorter sentence is easier for me."
        )
    has_question = talk.last.rstrip().endswith("?") and not re.search(r"why (?:not|can)", talk.said.lower())
    if _DECLINED.search(talk.last) is not None and not has_question:
        return Reply(
            "Because I'm a small program without a language model: people wrote my questions and answers, "
            "and I know little besides words and some grammar."
        )
    return None


def right_form(talk: Talk) -> Reply | None:
    """The sentence as it was mended, for "so how do I say it correctly?". None: nothing was mended."""
    better = next((found for one in reversed(talk.told[-2:]) if (found := _BETTER.search(one))), None)
    if better is None or not _HOW_THEN.fullmatch(plain(talk.said, talk.tutor)):
        return None
    return Reply(f'Say: "{better[1]}".', "again")


def _is_another(said: str, tutor: str) -> bool:
    sentences = [plain(s, tutor) for s in sentences_of(said)]
    return any(_ANOTHER.fullmatch(one) for one in sentences if one)


def _repeated(talk: Talk) -> str:
    """The last request that can be met again, such as for an exercise, though others came after it."""
    for said in reversed(talk.said_before[-_MOST_BACK:]):
        names = {one.intent.name for one in found_in(talk.hearing(said))}
        if names & _REPEATABLE and not _is_another(said, talk.tutor):
            return said
    return talk.said
