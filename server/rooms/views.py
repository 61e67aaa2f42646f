"""Rooms and participants as they are shown: without invites, tokens, bans and sockets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from server.protocol.tutor import Engines, TutorState, TutorStatus, Voice
from server.rooms.model import Connection, ParticipantKind, RoomInfo, RoomType, User
from server.rooms.tutor_model import TutorReport, TutorSettings, TutorView


@dataclass(frozen=True, slots=True)
class ParticipantView:
    """`is_speaking` is never true of someone muted."""

    id: str
    kind: ParticipantKind
    user: User
    is_muted: bool
    is_speaking: bool
    hand_raised: bool
    joined_at: float
    connection: Connection
    heard_by_tutor: bool = True


@dataclass(frozen=True, slots=True)
class RoomView:
    """`participants` in the order in which they came."""

    id: str
    name: str
    topic: str
    level: str
    type: RoomType
    language: str
    host_id: str
    is_locked: bool
    max_participants: int
    tags: tuple[str, ...]
    created_at: float
    participants: tuple[ParticipantView, ...]
    tutor: TutorView | None = None

    @property
    def people(self) -> int:
        return sum(p.kind is ParticipantKind.PERSON for p in self.participants)

    @property
    def is_listed(self) -> bool:
        return self.type is RoomType.PUBLIC


def room_view(info: RoomInfo, participants: tuple[ParticipantView, ...], tutor: TutorView | None) -> RoomView:
    return RoomView(
        id=info.id,
        name=info.name,
        topic=info.topic,
        level=info.level,
        type=info.type,
        language=info.language,
        host_id=info.host_id,
        is_locked=info.is_locked,
        max_participants=info.max_participants,
        tags=info.tags,
        created_at=info.created_at,
        participants=participants,
        tutor=tutor,
    )


def view_to_json(view: RoomView) -> dict[str, object]:
    """For the bus between nodes."""
    data = asdict(view)
    if view.tutor is not None:
        report = view.tutor.report
        data["tutor"]["report"] |= {
            "engines": report.engines.model_dump() if report.engines else None,
            "voices": [voice.model_dump() for voice in report.voices],
        }
    return data


def view_from_json(data: Mapping[str, Any]) -> RoomView:
    participants = tuple(
        ParticipantView(
            **{
                **p,
                "kind": ParticipantKind(p["kind"]),
                "connection": Connection(p["connection"]),
                "user": User(**p["user"]),
            }
        )
        for p in data["participants"]
    )
    return RoomView(
        **{
            **data,
            "type": RoomType(data["type"]),
            "tags": tuple(data["tags"]),
            "participants": participants,
            "tutor": _tutor(data["tutor"]),
        }
    )


def _tutor(data: Mapping[str, Any] | None) -> TutorView | None:
    if data is None:
        return None
    report = data["report"]
    return TutorView(
        settings=TutorSettings(**data["settings"]),
        report=TutorReport(
            **{
                **report,
                "status": TutorStatus(report["status"]),
                "engines": Engines(**report["engines"]) if report["engines"] else None,
                "voices": tuple(Voice(**v) for v in report["voices"]),
                "fallbacks": tuple(report["fallbacks"]),
            }
        ),
        state=TutorState(data["state"]),
        participant_id=data["participant_id"],
    )
