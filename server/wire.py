"""Domain values as wire messages, for both doors: REST and Socket.IO."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from server.protocol import entities, lobby, rest, tutor
from server.rooms.audience import OnlineView
from server.rooms.directory import CreatedRoom
from server.rooms.model import User
from server.rooms.tutor_model import TUTOR_NAME, TutorView
from server.rooms.views import ParticipantView, RoomView


def timestamp(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def level_to_wire(level: str | None) -> entities.Level | None:
    return None if level is None else entities.Level(level)


def user_to_wire(user: User) -> entities.User:
    return entities.User(
        id=user.id,
        name=user.name,
        native_language=user.native_language,
        learning_level=level_to_wire(user.level),
        country=user.country,
        avatar_url=user.avatar,
        keep_my_audio=user.keep_audio,
        created_at=timestamp(user.created_at),
    )


def participant_to_wire(view: ParticipantView) -> entities.Participant:
    user = view.user
    return entities.Participant(
        id=view.id,
        user_id=user.id,
        kind=entities.ParticipantKind(view.kind),
        name=user.name,
        avatar_url=user.avatar,
        native_language=user.native_language,
        learning_level=level_to_wire(user.level),
        country=user.country,
        is_muted=view.is_muted,
        is_speaking=view.is_speaking,
        hand_raised=view.hand_raised,
        heard_by_tutor=view.heard_by_tutor,
        joined_at=timestamp(view.joined_at),
        connection=entities.Connection(view.connection),
    )


def room_to_wire(view: RoomView) -> entities.Room:
    return entities.Room(**_room_fields(view))


def created_room_to_wire(created: CreatedRoom) -> rest.CreatedRoom:
    return rest.CreatedRoom(**_room_fields(created.view), invite=created.invite)


def tutor_to_wire(view: TutorView) -> tutor.Tutor:
    settings, report = view.settings, view.report
    return tutor.Tutor(
        status=report.status,
        state=view.state,
        participant_id=view.participant_id,
        name=TUTOR_NAME,
        language=settings.language,
        level=entities.Level(settings.level),
        topic=settings.topic,
        voice=_voice(view),
        rate=settings.rate,
        voices=list(report.voices),
        engines=report.engines,
        fallbacks=list(report.fallbacks),
        captions=settings.captions,
        breaks_silence=settings.breaks_silence,
        conversation_id=settings.conversation_id,
    )


def _voice(view: TutorView) -> str | None:
    """The one that was asked for, where the engine has it; else the one that speaks."""
    asked, report = view.settings.voice, view.report
    has_it = not report.voices or any(voice.id == asked for voice in report.voices)
    return asked if asked and has_it else report.voice


def online_to_wire(view: OnlineView) -> lobby.Online:
    return lobby.Online(count=view.count, users=[_online_user(u) for u in view.users])


def _room_fields(view: RoomView) -> dict[str, Any]:
    return {
        "id": view.id,
        "name": view.name,
        "topic": view.topic,
        "level": entities.Level(view.level),
        "type": entities.RoomType(view.type),
        "language": view.language,
        "host_id": view.host_id,
        "is_locked": view.is_locked,
        "max_participants": view.max_participants,
        "participant_count": view.people,
        "participants": [participant_to_wire(p) for p in view.participants],
        "tags": list(view.tags),
        "tutor": tutor_to_wire(view.tutor) if view.tutor else None,
        "created_at": timestamp(view.created_at),
    }


def _online_user(user: User) -> lobby.OnlineUser:
    return lobby.OnlineUser(
        id=user.id,
        name=user.name,
        avatar_url=user.avatar,
        learning_level=level_to_wire(user.level),
        country=user.country,
    )
