"""Decides which rooms need a tutor now, what its job says of the room, and when an idle tutor leaves."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence

from server.errors import TooManyRequests
from server.protocol.agents import ClassToTeach, InputKind, JobSettings, KnowledgeRef, Person, TutorInput
from server.protocol.classes import ClassPhase, ClassPlace
from server.protocol.entities import RoomType
from server.protocol.levels import Level
from server.protocol.rooms import LeftReason
from server.protocol.tutor import TutorStatus
from server.rooms.early_inputs import EarlyInputs
from server.rooms.effects import Effects
from server.rooms.members import Member
from server.rooms.membership import Membership
from server.rooms.model import RoomInfo, TutorReport, TutorSettings
from server.rooms.ports import Clock, RoomsSettings
from server.rooms.room import Room
from server.rooms.runtime import OpenRoom, OpenRooms
from server.rooms.seat_states import SeatState
from server.rooms.shares import TutorShares, claim_of_tutor
from server.rooms.tutor_ports import JobSpec, Tutors
from server.rooms.tutor_silence import Step, TutorSilence
from server.rooms.tutor_state import set_tutor_report, set_tutor_rests

_log = logging.getLogger(__name__)
_MEDIA_WITHIN_S = 5.0


class TutorReconciler:
    """`tick` compares what rooms need with what was requested, so that no change of a room can be missed."""

    def __init__(
        self,
        rooms: OpenRooms,
        effects: Effects,
        membership: Membership,
        tutors: Tutors,
        shares: TutorShares,
        *,
        clock: Clock,
        settings: RoomsSettings,
    ) -> None:
        self._rooms = rooms
        self._effects = effects
        self._silence = TutorSilence(settings.tutor_silence_s)
        self._membership = membership
        self._tutors = tutors
        self._shares = shares
        self._clock = clock
        self._grace_s = settings.seat_grace_s
        self._requested: dict[str, JobSpec] = {}
        self._early: dict[str, EarlyInputs] = {}

    def tick(self) -> None:
        if self._rooms.is_draining:
            return
        opened = {o.room.id: o for o in self._rooms.all()}
        for each in opened.values():
            self._compare(each)
        for room_id in [r for r in self._requested if r not in opened]:
            self._release(room_id)
        for room_id in [r for r in self._early if r not in opened]:
            del self._early[room_id]
        self._end_silences(opened)

    def heard(self, room: Room) -> None:
        """Somebody has typed or pressed a key for the tutor."""
        self._silence.heard(room.id, self._clock())

    def wake(self, room: Room) -> None:
        """Somebody calls the tutor: if it rests, it is requested at once."""
        if _rests(room):
            _log.info("tutor called back", extra={"room_id": room.id})
            self._effects.apply(room, set_tutor_rests(room, False))
            self._compare(self._rooms.get(room.id))

    def input(self, room: Room, given: TutorInput) -> None:
        """Pass it on to the room's tutor. What comes before the tutor is requested is kept for it, because
        its sender is told that it has arrived; a tutor that rests gets only what calls it. Raises
        TooManyTutors, TooManyTutorsFromNetwork for words if no tutor may come now, and TooManyRequests if too
        much waits already."""
        if room.id in self._requested:
            self._tutors.input(room.id, given)
        elif not _rests(room):
            if given.kind is InputKind.SAY:
                self._shares.check(claim_of_tutor(room))
            self._early.setdefault(room.id, EarlyInputs()).add(given, self._clock())

    def unanswered(self, room: Room) -> list[TutorInput]:
        """Return what people typed to the room's tutor and it has not answered yet, oldest first: at another
        server `Room.unanswered`."""
        early = self._early.get(room.id)
        kept = early.staying() if early is not None else []
        return [*room.unanswered, *self._tutors.unanswered(room.id), *kept]

    def _pass_on_unanswered(self, room: Room, spec: JobSpec) -> None:
        present = {person.participant_id for person in spec.people}
        unanswered, room.unanswered = room.unanswered, ()
        for given in unanswered:
            if given.participant_id in present:
                self._tutors.input(room.id, given)

    def _pass_on_early(self, spec: JobSpec) -> None:
        early = self._early.pop(spec.room_id, None)
        present = {person.participant_id for person in spec.people}
        for given in early.take(present, self._clock()) if early is not None else ():
            self._tutors.input(spec.room_id, given)

    def _compare(self, opened: OpenRoom) -> None:
        room, now = opened.room, self._clock()
        requested = self._requested.get(room.id)
        if room.info.tutor is None or not room.people:
            if _rests(room):  # it comes to whoever joins next
                self._effects.apply(room, set_tutor_rests(room, False))
            self._early.pop(room.id, None)
            room.unanswered = ()
        spec = spec_of(room, now, self._grace_s, is_at_work=requested is not None)
        if spec is not None and requested is None and not self._has_share(room):
            return
        if spec is not None and (spec != requested or room.unanswered):
            self._silence.begin(room.id, now)
            self._requested[room.id] = spec
            self._tutors.request(spec)
            self._pass_on_unanswered(room, spec)
            self._pass_on_early(spec)
        elif spec is None and requested is not None:
            self._release(room.id)
            opened.mailbox.post(self._remove_tutor, room)

    def _has_share(self, room: Room) -> bool:
        """Whether those who called the tutor may have one more; if so it counts as theirs. People may call
        tutors into many rooms before anyone is in them."""
        claim = claim_of_tutor(room)
        try:
            self._shares.check(claim)
        except TooManyRequests:
            self._effects.apply(room, set_tutor_report(room, TutorReport(status=TutorStatus.LIMITED)))
            return False
        self._shares.add(room.id, claim)
        if room.tutor_report.status is TutorStatus.LIMITED:
            self._effects.apply(room, set_tutor_report(room, TutorReport()))
        return True

    def _end_silences(self, opened: Mapping[str, OpenRoom]) -> None:
        now = self._clock()
        rooms = [opened[room_id].room for room_id in self._requested if room_id in opened]
        serving = [room.id for room in rooms if room.tutor_report.status is TutorStatus.READY]
        for room in rooms:
            is_heard = any(person.is_speaking for person in room.people) or _is_in_class(room)
            if room.id not in serving or is_heard:
                self._silence.heard(room.id, now)
        is_short, crowding = self._tutors.is_short(), self._tutors.crowding()
        for room_id, step in self._silence.due(serving, now, is_short=is_short, crowding=crowding):
            if step in (Step.FAREWELL, Step.MAKE_WAY):
                self._tutors.say_goodbye(room_id, for_others=step is Step.MAKE_WAY)
            elif step is Step.YIELD:
                _log.info("tutor leaves for people who have fewer", extra={"room_id": room_id})
                self._tutors.make_room(room_id)
            elif step is Step.REST:
                self._rest(opened[room_id])

    def _rest(self, opened: OpenRoom) -> None:
        _log.info("tutor rests: nobody talked to it", extra={"room_id": opened.room.id})
        self._effects.apply(opened.room, set_tutor_rests(opened.room, True))
        self._compare(opened)

    def _release(self, room_id: str) -> None:
        self._shares.drop(room_id)
        del self._requested[room_id]
        self._silence.forget(room_id)
        self._tutors.release(room_id)

    async def _remove_tutor(self, room: Room) -> None:
        member = room.tutor_member
        if member is not None and room.id not in self._requested:
            await self._membership.remove(room, member, LeftReason.LEFT)


def spec_of(room: Room, now: float, grace: float, *, is_at_work: bool) -> JobSpec | None:
    """None if the room needs no tutor now. It needs one once somebody can hear it, until the last person's
    seat ends or the tutor rests. People whose media does not connect can still read and type: they get a
    tutor after 5 s.

    `is_at_work`: a tutor was requested and not released.
    """
    info, people = room.info, room.people
    if info.tutor is None or info.tutor.rests or not people:
        return None
    if not is_at_work and not any(_is_there(member, now) for member in people):
        return None
    return JobSpec(
        room_id=info.id,
        room_name=info.name,
        invite=info.invite or None,
        conversation_id=info.tutor.conversation_id,
        settings=_settings(info.tutor, one_to_one=info.type is RoomType.AI or len(people) == 1),
        people=tuple(_person(info, member, reached=_is_reached(member, now, grace)) for member in people),
        learner_id=_learner_id(info, people),
        claim=claim_of_tutor(room),
        class_at=_class_at(info.tutor),
    )


def _rests(room: Room) -> bool:
    return room.info.tutor is not None and room.info.tutor.rests


def _is_in_class(room: Room) -> bool:
    """People who listen to a class say nothing for long."""
    taught = room.info.tutor.teaches if room.info.tutor is not None else None
    return taught is not None and taught.phase is not ClassPhase.PAUSED


def _class_at(settings: TutorSettings) -> ClassPlace | None:
    taught = settings.teaches
    if taught is None:
        return None
    return ClassPlace(phase=taught.phase, sentence=taught.sentence, question=taught.question)


def _learner_id(info: RoomInfo, people: Sequence[Member]) -> str | None:
    """Return whom the tutor may remember: others must not hear or read what it knows of somebody."""
    is_alone = info.type is RoomType.AI and len(people) == 1 and people[0].user.id == info.host_id
    return people[0].user.id if is_alone else None


def _is_there(member: Member, now: float) -> bool:
    if member.state is SeatState.CONNECTED:
        return True
    asked = member.media_requested_at
    return member.connection_id is not None and (asked is None or now - asked > _MEDIA_WITHIN_S)


def _is_reached(member: Member, now: float, grace: float) -> bool:
    """Someone whose media does not connect can still read, so the tutor must not wait for them."""
    if member.state is SeatState.CONNECTING and member.deadline is not None:
        return now - (member.deadline - grace) > _MEDIA_WITHIN_S
    return member.state is SeatState.CONNECTED


def _settings(settings: TutorSettings, *, one_to_one: bool) -> JobSettings:
    return JobSettings(
        language=settings.language,
        level=Level(settings.level),
        topic=settings.topic,
        voice=settings.voice,
        rate=settings.rate,
        one_to_one=one_to_one,
        captions=settings.captions,
        breaks_silence=settings.breaks_silence,
        knowledge=_knowledge(settings),
        teaches=_teaches(settings),
    )


def _teaches(settings: TutorSettings) -> ClassToTeach | None:
    taught = settings.teaches
    if taught is None:
        return None
    return ClassToTeach(
        id=taught.id,
        course_id=taught.course_id,
        module_index=taught.module_index,
        sub_topic_index=taught.sub_topic_index,
    )


def _knowledge(settings: TutorSettings) -> KnowledgeRef | None:
    chosen = settings.knowledge
    return KnowledgeRef(id=chosen.id, owner_id=chosen.owner_id, name=chosen.name) if chosen else None


def _person(info: RoomInfo, member: Member, *, reached: bool) -> Person:
    user = member.user
    return Person(
        participant_id=member.id,
        user_id=user.id,
        name=user.name,
        native_language=user.native_language,
        learning_level=Level(user.level) if user.level else None,
        is_host=user.id == info.host_id,
        heard=member.heard,
        keep_audio=user.keep_audio,
        browser_recognition=member.record.browser_recognition,
        hand_raised=member.record.hand_raised,
        reached=reached,
        patience=member.patience,
        wants_feedback=member.wants_feedback,
        country=user.country,
        time_zone=user.time_zone,
    )
