"""The rooms' state as messages: users, participants, rooms, slots; without invites, tokens and bans."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from server.protocol import chat, classes, club, door, entities, lobby
from server.protocol.levels import Level
from server.protocol.rooms import SlotState
from server.protocol.tutor import Tutor, TutorState
from server.rooms.chat import ChatLine
from server.rooms.club import Club, seconds_left
from server.rooms.knocks import Knock
from server.rooms.model import (
    TUTOR_NAME,
    Ban,
    EventSeats,
    RoomInfo,
    SeatRecord,
    SlotTable,
    TaughtClass,
    TutorReport,
    TutorSettings,
    User,
)

LISTED_PEOPLE = 3
"""The number of faces that a room in a list shows."""


def timestamp(seconds: float) -> datetime:
    """In whole milliseconds, as on the wire: a message equals its copy that another node read from JSON."""
    exact = datetime.fromtimestamp(seconds, UTC)
    return exact.replace(microsecond=exact.microsecond // 1000 * 1000)


def timestamp_text(seconds: float) -> str:
    """As `timestamp` is written on the wire, for members of problems."""
    return timestamp(seconds).isoformat(timespec="milliseconds").replace("+00:00", "Z")


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
        zone_is_chosen=user.zone_is_chosen,
        is_hidden=user.is_hidden,
        accepted_rules=user.rules_accepted_at is not None,
        created_at=timestamp(user.created_at),
        about=user.about,
        also_speaks=list(user.also_speaks),
        practises=list(user.practises),
        presence=user.presence,
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
    hides = user.is_hidden
    return entities.Participant(
        id=seat.id,
        user_id=user.id,
        kind=seat.kind,
        name=user.name,
        avatar_url=user.avatar,
        native_language=None if hides else user.native_language,
        learning_level=None if hides else _level(user),
        country=None if hides else user.country,
        is_muted=seat.is_muted,
        is_speaking=is_speaking and not seat.is_muted,
        hand_raised=seat.hand_raised,
        hand_raised_at=None if seat.hand_raised_at is None else timestamp(seat.hand_raised_at),
        heard_by_tutor=heard_by_tutor,
        joined_at=timestamp(seat.joined_at),
        connection=connection,
        is_hidden=hides,
    )


def for_strangers(room: entities.Room) -> entities.Room:
    """The room as people without a seat see it: without those who hide their profile."""
    return room.model_copy(update={"participants": [p for p in room.participants if not p.is_hidden]})


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
        cohost_ids=list(info.cohosts),
        chat_open=info.options.chat_open,
        links_allowed=info.options.links_allowed,
        tutor_allowed=info.options.tutor_allowed,
        event=_event_view(info.event),
        created_at=timestamp(info.created_at),
    )


def _event_view(event: EventSeats | None) -> entities.RoomEvent | None:
    if event is None:
        return None
    return entities.RoomEvent(
        event_id=event.event_id,
        occurrence_id=event.occurrence_id,
        starts_at=timestamp(event.starts_at),
        ends_at=timestamp(event.ends_at),
        waiting_room=event.waiting_room,
        is_open=event.is_open,
    )


def listed_view(room: entities.Room) -> entities.ListedRoom:
    return entities.ListedRoom(
        id=room.id,
        name=room.name,
        topic=room.topic,
        level=room.level,
        type=room.type,
        language=room.language,
        is_locked=room.is_locked,
        knock_to_enter=room.knock_to_enter,
        max_participants=room.max_participants,
        participant_count=room.participant_count,
        participants=[
            entities.ListedPerson(
                id=p.id, kind=p.kind, name=p.name, avatar_url=p.avatar_url, user_id=p.user_id
            )
            for p in for_strangers(room).participants[:LISTED_PEOPLE]
        ],
        seat_count=len(room.participants),
        tags=room.tags,
        created_at=room.created_at,
    )


def knocker_views(knocks: Sequence[Knock]) -> list[door.Knocker]:
    return [
        door.Knocker(
            id=knock.id,
            name=knock.user.name,
            avatar_url=knock.user.avatar,
            learning_level=None if knock.user.is_hidden else _level(knock.user),
            country=None if knock.user.is_hidden else knock.user.country,
        )
        for knock in knocks
    ]


def chat_view(line: ChatLine) -> chat.ChatLine:
    return chat.ChatLine(
        id=line.id,
        participant_id=line.participant_id,
        user_id=line.user_id,
        name=line.name,
        text=line.text,
        at=timestamp(line.at),
    )


def club_view(state: Club, wall_now: float) -> club.Club:
    turns = state.turns
    return club.Club(
        topics=list(state.topics),
        topic_index=state.current,
        turns=None
        if turns is None
        else club.Turns(
            order=turns.order,
            seconds=turns.seconds,
            number=turns.number,
            participant_id=turns.speaker,
            left_s=round(seconds_left(turns, wall_now), 1),
        ),
    )


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
        knowledge_base=settings.knowledge.name if settings.knowledge else None,
        teaches=class_view(settings.teaches),
    )


def class_view(taught: TaughtClass | None) -> classes.TaughtClass | None:
    if taught is None:
        return None
    return classes.TaughtClass(
        id=taught.id,
        course_id=taught.course_id,
        module_index=taught.module_index,
        sub_topic_index=taught.sub_topic_index,
        title=taught.title,
        sentences=taught.sentences,
        questions=taught.questions,
        phase=taught.phase,
        sentence=taught.sentence,
        question=taught.question,
    )


def slot_states(slots: SlotTable) -> list[SlotState]:
    return [SlotState(mid=str(index), participant_id=held) for index, held in enumerate(slots, start=1)]


def _voice(settings: TutorSettings, report: TutorReport) -> str | None:
    """The voice that the host chose if the engine has it, otherwise the voice in use."""
    has_it = not report.voices or any(voice.id == settings.voice for voice in report.voices)
    return settings.voice if settings.voice and has_it else report.voice


def _level(user: User) -> Level | None:
    return None if user.level is None else Level(user.level)
