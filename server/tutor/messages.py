"""What workers are told, of what the rooms and the store know; and what they say, for the rooms."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from server.protocol import agents as wire
from server.protocol.levels import Level
from server.protocol.tutor import Engines, TutorStatus
from server.rooms.tutor_model import TUTOR_NAME, TutorReport
from server.rooms.tutor_port import TutorBrief, TutorInput, TutorPerson
from server.tutor.jobs import Job
from server.tutor.model import Message


def job(given: Job, brief: TutorBrief, history: Sequence[Message]) -> wire.Job:
    return wire.Job(
        job_id=given.id,
        room_id=brief.room_id,
        conversation_id=brief.settings.conversation_id,
        token=given.token,
        invite=brief.invite,
        name=TUTOR_NAME,
        settings=_settings(brief),
        people=_people(brief),
        history=[_past(message) for message in history],
    )


def job_changed(job_id: str, brief: TutorBrief) -> wire.JobChanged:
    return wire.JobChanged(job_id=job_id, settings=_settings(brief), people=_people(brief))


def person_input(job_id: str, given: TutorInput) -> wire.PersonInput:
    return wire.PersonInput(
        job_id=job_id,
        participant_id=given.participant_id,
        kind=given.kind.value,
        text=given.text,
        flag=given.flag,
    )


def report(status: TutorStatus, engines: wire.JobEngines | None) -> TutorReport:
    if engines is None:
        return TutorReport(status)
    return TutorReport(
        status=status,
        engines=Engines(**Engines.fields_of(engines)),
        voice=engines.voice,
        voices=tuple(engines.voices),
        fallbacks=tuple(engines.fallbacks),
    )


def _settings(brief: TutorBrief) -> wire.JobSettings:
    settings = brief.settings
    return wire.JobSettings(
        language=settings.language,
        level=Level(settings.level),
        topic=settings.topic,
        voice=settings.voice,
        rate=settings.rate,
        one_to_one=brief.one_to_one,
        captions=settings.captions,
        breaks_silence=settings.breaks_silence,
    )


def _people(brief: TutorBrief) -> list[wire.Person]:
    return [_person(person) for person in brief.people]


def _person(person: TutorPerson) -> wire.Person:
    user = person.user
    return wire.Person(
        participant_id=person.participant_id,
        user_id=user.id,
        name=user.name,
        native_language=user.native_language,
        learning_level=Level(user.level) if user.level else None,
        is_host=person.is_host,
        heard=person.heard,
        keep_audio=user.keep_audio,
        browser_recognition=person.browser_recognition,
        hand_raised=person.hand_raised,
        reached=person.reached,
    )


def _past(message: Message) -> wire.HistoryItem:
    return wire.HistoryItem(
        role=message.role,
        participant_id=message.participant_id,
        name=message.name,
        text=message.text,
        at=datetime.fromtimestamp(message.at, UTC),
    )
