"""The rooms' state as messages: users, participants, rooms, slots; without invites, tokens and bans."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from server.protocol import door, entities, lobby
from server.protocol.levels import Level
from server.protocol.rooms import SlotState
from server.protocol.tutor import Tutor, TutorState
from server.rooms.knocks import Knock
from server.rooms.model import (
    TUTOR_NAME,
    Ban,
    RoomInfo,
    SeatRecord,
    SlotTable,
    TutorReport,
    TutorSettings,
    User,
)


def timestamp(seconds: float) -> datetime:
    """In whole milliseconds, as on the wire: a message equals its copy that another node read from JSON."""
    exact = datetime.fromtimestamp(seconds, UTC)
    return exact.replace(microsecond=exact.microsecond // 1000 * 1000)


def user_view(user: User) -> entities.User:
    return entities.User(
        id=user.id,
        name=user.name,
        native_language=user.native_language,
        learning_level=_level(user),
        country=user.country,
        avatar_url=user.avatar,
        keep_my_audio=user.keep_audio,
        time_zone=user.time_zone,
        created_at=timestamp(user.created_at),
    )


def online_user(user: User) -> lobby.OnlineUser:
    return lobby.OnlineUser(
        id=user.id,
        name=user.name,
        avatar_url=user.avatar,
        learning_level=_level(user),
        country=user.country,
    )


def participant_view(
    seat: SeatRecord, user: User, connection: entities.Connection, *, is_speaking: bool, heard_by_tutor: bool
) -> entities.Participant:
    return entities.Participant(
        id=seat.id,
        user_id=user.id,
        kind=seat.kind,
        name=user.name,
        avatar_url=user.avatar,
        native_language=user.native_language,
        learning_level=_level(user),
        country=user.country,
        is_muted=seat.is_muted,
        is_speaking=is_speaking and not seat.is_muted,
        hand_raised=seat.hand_raised,
        hand_raised_at=None if seat.hand_raised_at is None else timestamp(seat.hand_raised_at),
        heard_by_tutor=heard_by_tutor,
        joined_at=timestamp(seat.joined_at),
        connection=connection,
    )


def room_view(
    info: RoomInfo, participants: Sequence[entities.Participant], tutor: Tutor | None
) -> entities.Room:
    """`participants` are in the order in which they joined."""
    return entities.Room(
        id=info.id,
        name=info.name,
        topic=info.topic,
        level=Level(info.level),
        type=info.type,
        language=info.language,
        host_id=info.host_id,
        is_locked=info.is_locked,
        knock_to_enter=info.knock_to_enter,
        max_participants=info.max_participants,
        participant_count=sum(p.kind is entities.ParticipantKind.PERSON for p in participants),
        participants=list(participants),
        tags=list(info.tags),
        tutor=tutor,
        created_at=timestamp(info.created_at),
    )


def knocker_views(knocks: Sequence[Knock]) -> list[door.Knocker]:
    return [
        door.Knocker(
            id=knock.id,
            name=knock.user.name,
            avatar_url=knock.user.avatar,
            learning_level=_level(knock.user),
            country=knock.user.country,
        )
        for knock in knocks
    ]


def bans_view(bans: Sequence[Ban]) -> door.Bans:
    return door.Bans(
        bans=[door.Ban(id=ban.id, name=ban.name, at=timestamp(ban.at)) for ban in reversed(bans)]
    )


def tutor_view(
    settings: TutorSettings, report: TutorReport, state: TutorState, participant_id: str | None
) -> Tutor:
    return Tutor(
        status=report.status,
        state=state,
        participant_id=participant_id,
        name=TUTOR_NAME,
        language=settings.language,
        level=Level(settings.level),
        topic=settings.topic,
        voice=_voice(settings, report),
        rate=settings.rate,
        voices=list(report.voices),
        engines=report.engines,
        fallbacks=list(report.fallbacks),
        captions=settings.captions,
        breaks_silence=settings.breaks_silence,
        conversation_id=settings.conversation_id,
    )


def slot_states(slots: SlotTable) -> list[SlotState]:
    return [SlotState(mid=str(index), participant_id=held) for index, held in enumerate(slots, start=1)]


def _voice(settings: TutorSettings, report: TutorReport) -> str | None:
    """The voice that the host chose if the engine has it, otherwise the voice in use."""
    has_it = not report.voices or any(voice.id == settings.voice for voice in report.voices)
    return settings.voice if settings.voice and has_it else report.voice


def _level(user: User) -> Level | None:
    return None if user.level is None else Level(user.level)
