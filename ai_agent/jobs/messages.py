"""Conversions between messages of `/agents` and the dialogue's and the engines' own types."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Literal

from pydantic import ValidationError

from ai_agent.dialogue.ports import Learner, Lesson, PastMessage
from ai_agent.providers.ports import EngineCard, EngineSet, VoiceCard
from server.protocol import agents as wire
from server.protocol.tutor import Engine, Engines, Voice

MAX_VOICES = 100


def learner(person: wire.Person) -> Learner:
    return Learner(
        id=person.participant_id,
        name=person.name,
        level=person.learning_level.value if person.learning_level else None,
        native_language=person.native_language,
        is_host=person.is_host,
        recognition=_recognition(person),
        keep_audio=person.keep_audio,
        hand_raised=person.hand_raised,
        is_reached=person.reached,
        patience=person.patience,
        wants_feedback=person.wants_feedback,
        country=person.country,
        time_zone=person.time_zone,
    )


def _recognition(person: wire.Person) -> Literal["stt", "browser", "none"]:
    if not person.heard:
        return "none"
    return "browser" if person.browser_recognition else "stt"


def learners(people: Sequence[wire.Person]) -> list[Learner]:
    return [learner(person) for person in people]


def lesson(settings: wire.JobSettings, tutor_name: str) -> Lesson:
    return Lesson(
        tutor_name=tutor_name,
        language=settings.language,
        level=settings.level.value,
        topic=settings.topic,
        voice=settings.voice,
        rate=settings.rate,
        one_to_one=settings.one_to_one,
        breaks_silence=settings.breaks_silence,
    )


def history(items: Sequence[wire.HistoryItem]) -> list[PastMessage]:
    return [PastMessage(item.role, item.text, item.name, item.participant_id) for item in items]


def engines_of(engines: EngineSet) -> Engines:
    return Engines(
        stt=_engine(engines.stt.card) if engines.stt else None,
        llm=_engine(engines.llm.card),
        tts=_engine(engines.tts.card) if engines.tts else None,
    )


def job_engines(
    engines: EngineSet, voices: Sequence[VoiceCard], voice: str | None, fallbacks: Sequence[str]
) -> wire.JobEngines:
    serving = engines_of(engines)
    return wire.JobEngines(
        stt=serving.stt,
        llm=serving.llm,
        tts=serving.tts,
        voices=list(_voices(voices)),
        voice=voice,
        fallbacks=list(fallbacks[:20]),
    )


def _voices(voices: Sequence[VoiceCard]) -> Iterator[Voice]:
    """Without voices whose id, name or language does not fit the wire: vendors choose them freely."""
    for voice in voices[:MAX_VOICES]:
        with suppress(ValidationError):
            yield Voice(id=voice.id, name=voice.name, language=voice.language)


def _engine(card: EngineCard) -> Engine:
    return Engine(name=card.name, vendor=card.vendor, is_cloud=card.is_cloud)
