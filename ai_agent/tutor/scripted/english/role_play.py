"""Role plays with a goal, steps, and a debrief: `data/en/scenarios/`, one file a scenario, by level.

Where a role play stands is read from the tutor's messages: each line of its role occurs in one step only.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cache
from typing import Any

from ai_agent.tutor.scripted.bank import BANDS, read_data
from ai_agent.tutor.scripted.english.hearing import pattern_of, plain
from ai_agent.tutor.scripted.english.intents import Found
from ai_agent.tutor.scripted.english.reply import Reply
from ai_agent.tutor.scripted.english.talk import Talk

NAMES = ("hotel", "interview", "shop", "doctor", "small_talk", "restaurant")
END = "That's the end of the role play."
STOPPED = "We stop the role play here."
_OUTSIDE = frozenset(
    [
        "slower",
        "faster",
        "repeat",
        "unclear_to_learner",
        "in_language",
        "spelling",
        "pronunciation",
        "opposite",
        "synonym",
        "difference",
        "tense",
        "past_form",
        "plural_form",
        "example",
        "meaning",
        "judge",
        "judge_this",
        "my_mistakes",
        "how_did_i_do",
        "what_i_said",
        "want_role_play",
        "help",
        "wait",
        "back",
        "advice",
        "exercise",
        "language_model",
        "sum_up",
        "joke",
        "teach_word",
        "correction_of_hearing",
        "insult",
        "sexual",
        "jailbreak",
        "chinese_and_others",
        "robot",
    ]
)
"""Intents that are not part of the role: the learner speaks to the tutor itself."""
_WHICH = "Which one would you like: hotel, interview, restaurant, shop, doctor, or small talk?"
_NO_SUCH = "I have no role play for that, sorry."
_ROLES = re.compile(r"\byou(?:'re| are|'ll be| will be| be| play)\b|\b(?:at|in) (?:the|a|an)\b|\bwith a\b")
"""The learner says who plays what, or where."""
_AGAIN = "Shall we do it again, or talk about something else?"
_NEAREST = "I have only some role plays, and this one is the nearest. "
_ASKS_QUESTION = re.compile(r"\bask me (?:a|an|some|one|the|your|another|next) (?:\w+ ){0,2}questions?\b")
"""A wish that belongs to the role, as "ask me a typical question" in an interview does."""
_LEAVING = frozenset({"stop", "avoid_topic"})
_MARK_CHARS = 30
"""A line is recognised by its start: what was spoken of it may have been cut."""


@dataclass(frozen=True, slots=True)
class Step:
    """`wants`: what the learner should say. `hint`: a sentence that does. `task`: "asked for a room"."""

    say: str
    wants: re.Pattern[str]
    hint: str
    task: str


@dataclass(frozen=True, slots=True)
class Scenario:
    """`words`: of a request that it fits; `name_words`: those that ask for just this one. `steps` and `goal`
    by band. `answers`: pairs of a pattern and an answer in the role.
    """

    name: str
    title: str
    words: re.Pattern[str]
    name_words: re.Pattern[str]
    roles: str
    goal: Mapping[str, str]
    steps: Mapping[str, tuple[Step, ...]]
    closing: str
    answers: tuple[tuple[re.Pattern[str], str], ...]


@dataclass(frozen=True, slots=True)
class _Place:
    """`since`: the tutor's messages from the first line of this role play on."""

    scenario: Scenario
    band: str
    step: int
    since: tuple[str, ...]

    @property
    def steps(self) -> tuple[Step, ...]:
        return self.scenario.steps[self.band]

    @property
    def now(self) -> Step:
        return self.steps[self.step]


@cache
def scenarios() -> tuple[Scenario, ...]:
    return tuple(_scenario(name, read_data(f"en/scenarios/{name}.toml")) for name in NAMES)


def named(text: str, *, is_request: bool = False) -> Scenario | None:
    """The scenario of a topic such as "Role play: at the hotel". `is_request`: the words "role play" may be
    missing.
    """
    lowered = text.lower()
    if not is_request and not re.search(r"role.?play", lowered):
        return None
    return next((scenario for scenario in scenarios() if scenario.words.search(lowered)), None)


def is_on(talk: Talk) -> bool:
    return _place(talk) is not None


def opening(talk: Talk, scenario: Scenario) -> str:
    first = scenario.steps[talk.band][0].say
    return f"Let's do a role play: {scenario.title}. {scenario.roles} {scenario.goal[talk.band]} {first}"


def start(talk: Talk, found: Found) -> Reply | None:
    scene = found.group("scene")
    scenario = named(f"{scene} {found.sentence}", is_request=True)
    if scene and scene == found.sentence and "role play" not in talk.last.lower():
        return None  # the answer to a question, such as "Where did you stay?"
    if scenario is None and "play" not in found.sentence:
        return Reply(f"{_NO_SUCH} {_WHICH}")
    if scenario is None:
        has_roles = _ROLES.search(found.sentence) is not None
        return Reply(f"{_NO_SUCH if has_roles else 'Good idea, a role play!'} {_WHICH}")
    is_near = not scenario.name_words.search(talk.said.lower())
    return Reply(f"{_NEAREST if is_near else ''}{opening(talk, scenario)}")


def chosen(talk: Talk) -> Reply | None:
    """The role play that the learner chooses after the tutor has offered some."""
    if _WHICH not in talk.last:
        return None
    is_any = pattern_of("yes", "after_yes").fullmatch(plain(talk.said, strips=False)) is not None
    scenario = scenarios()[0] if is_any else named(talk.said, is_request=True)
    return Reply(opening(talk, scenario)) if scenario is not None else None


def line_again(talk: Talk) -> str:
    """The line that the learner has not answered yet."""
    place = _place(talk)
    return place.now.say if place is not None else ""


def reply(talk: Talk, found: Sequence[Found]) -> Reply | None:
    """None: no role play is going on, or the learner speaks to the tutor itself."""
    place = _place(talk)
    if place is None:
        return None
    names = {one.intent.name for one in found}
    said = talk.said.lower().replace("’", "'")
    is_wanted = place.now.wants.search(said) is not None
    if _is_left(names, said) or ("goodbye" in names and not is_wanted):
        debrief = _debrief(place, place.step)
        if "goodbye" in names:
            debrief = talk.filled(f"{debrief.removesuffix(_AGAIN).strip()} Goodbye, {{name}}!")
        return Reply(f"{STOPPED} {debrief}")
    if _ASKS_QUESTION.search(said):
        return Reply(place.now.say)
    if names & (_OUTSIDE | {"new_topic"}) and not (is_wanted and names == {"want_role_play"}):
        return None
    if is_wanted and "unsure" not in names:
        return _next(talk, place, said)
    is_greeting = bool(names & {"hello", "how_are_you", "nice_to_meet_you"})
    return Reply(f"Hello! {place.now.say}") if is_greeting else _helped(talk, place, said)


def _is_left(names: Set[str], said: str) -> bool:
    leaves = re.search(r"\b(?:stop|end|finish|quit|leave) (?:the |this )?role.?play", said)
    return bool(names & _LEAVING) or leaves is not None


def _helped(talk: Talk, place: _Place, said: str) -> Reply:
    """For other words: the answer to what they ask in the role, or a hint, or the next step."""
    if (text := _in_role(place, said)) is not None:
        return Reply(f"{text} {place.now.hint if _is_hinted(place) else place.now.say}")
    if _is_hinted(place):
        return _next(talk, place, "")
    return Reply(f"{_not_yet(talk)} {place.now.hint}")


def _next(talk: Talk, place: _Place, said: str) -> Reply:
    answered = _in_role(place, said) if said else None
    lead = answered or (talk.pick(_THANKS, 6) if said else "OK, let's go on.") or ""
    if place.step + 1 == len(place.steps):
        return Reply(f"{lead} {place.scenario.closing} {END} {_debrief(place, len(place.steps))}".strip())
    return Reply(f"{lead} {place.steps[place.step + 1].say}".strip())


def _in_role(place: _Place, said: str) -> str | None:
    return next((text for pattern, text in place.scenario.answers if pattern.search(said)), None)


def _not_yet(talk: Talk) -> str:
    return talk.pick_any(
        ("I'm not sure I understood.", "Sorry, could you say that in another way?", "Let me help you.")
    )


_THANKS = ("Thank you.", "All right.", "Of course.", "Very good.", "I see.", "Certainly.", "OK.")


def _is_hinted(place: _Place) -> bool:
    return any(place.now.hint[:_MARK_CHARS] in told for told in place.since)


def _debrief(place: _Place, reached: int) -> str:
    """Say what went well, and up to two sentences to keep."""
    done, helped = list[str](), list[Step]()
    for number, step in enumerate(place.steps):
        if number >= reached or any(step.hint[:_MARK_CHARS] in told for told in place.since):
            helped.append(step)
        else:
            done.append(step.task)
    if not done:
        first = "That was a start."
    elif helped:
        first = f"Without help you {_listed(done)}."
    else:
        first = f"You reached the goal without help: you {_listed(done)}. Well done!"
    keep = " ".join(f"For next time: {step.hint.removeprefix('You can say: ')}" for step in helped[:2])
    return f"{first} {keep} {_AGAIN}".replace("  ", " ")


def _listed(tasks: Sequence[str]) -> str:
    return tasks[0] if len(tasks) == 1 else f"{', '.join(tasks[:-1])} and {tasks[-1]}"


def _place(talk: Talk) -> _Place | None:
    for back, told in enumerate(reversed(talk.told)):
        if END in told or STOPPED in told:
            return None
        for scenario in scenarios():
            for band, steps in scenario.steps.items():
                for number, step in enumerate(steps):
                    if step.say[:_MARK_CHARS] in told:
                        end = len(talk.told) - back
                        return _Place(scenario, band, number, _since_start(talk.told, end, steps[0]))
    return None


def _since_start(told: Sequence[str], end: int, first: Step) -> tuple[str, ...]:
    starts = [
        at for at, text in enumerate(told[:end]) if first.say[:_MARK_CHARS] in text and "role play:" in text
    ]
    return tuple(told[starts[-1] if starts else 0 :])


def _scenario(name: str, given: Mapping[str, Any]) -> Scenario:
    return Scenario(
        name=name,
        title=given["title"],
        words=re.compile(given["words"]),
        name_words=re.compile(given.get("name_words", given["words"])),
        roles=given["roles"],
        goal={band: given[band]["goal"] for band in BANDS.values()},
        steps={band: tuple(_step(step) for step in given[band]["step"]) for band in BANDS.values()},
        closing=given["closing"],
        answers=tuple((re.compile(a["pattern"]), a["say"]) for a in given["answer"]),
    )


def _step(given: Mapping[str, str]) -> Step:
    return Step(given["say"], re.compile(given["wants"]), given["hint"], given["task"])
