"""Messages to workers, built from jobs, specs and stored messages; and the report that rooms get of a job."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from server.protocol import agents as wire
from server.protocol.classes import ClassPlace
from server.protocol.memory import Memory
from server.protocol.tutor import Engines, TutorStatus
from server.rooms.model import TUTOR_NAME, TutorReport
from server.rooms.tutor_ports import JobSpec
from server.tutor.jobs import Assignment
from server.tutor.model import Message


def job(
    assignment: Assignment,
    spec: JobSpec,
    history: Sequence[Message],
    memory: Memory | None,
    class_at: ClassPlace | None,
) -> wire.Job:
    return wire.Job(
        job_id=assignment.id,
        room_id=spec.room_id,
        conversation_id=spec.conversation_id,
        token=assignment.token,
        invite=spec.invite,
        name=TUTOR_NAME,
        settings=spec.settings,
        people=list(spec.people),
        history=[past(message) for message in history],
        memory=memory,
        class_at=class_at,
    )


def job_changed(assignment: Assignment, spec: JobSpec) -> wire.JobChanged:
    return wire.JobChanged(
        job_id=assignment.id, settings=spec.settings, people=list(spec.people), class_at=spec.class_at
    )


def person_input(
    assignment: Assignment, given: wire.TutorInput, turn_id: str | None = None
) -> wire.PersonInput:
    fields = wire.TutorInput.fields_of(given)
    if turn_id is not None:
        fields["turn_id"] = turn_id
    return wire.PersonInput(job_id=assignment.id, **fields)


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


def past(message: Message) -> wire.HistoryItem:
    return wire.HistoryItem(
        role=message.role,
        participant_id=message.participant_id,
        name=message.name,
        text=message.text,
        at=datetime.fromtimestamp(message.at, UTC),
    )
