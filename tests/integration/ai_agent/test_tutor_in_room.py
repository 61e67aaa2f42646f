"""The worker in a room of a real server: audio in and out, and recovery from losses."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ai_agent.dialogue.ports import TurnTimes
from ai_agent.room import connection, session, transport
from ai_agent.room.offer import Offer
from ai_agent.room.opus import OpusDecoder
from server.protocol import agents as wire
from server.protocol.memory import Memory
from server.protocol.tutor import (
    FeedbackCategory,
    FeedbackItem,
    FeedbackNonePart,
    TranscriptPart,
    TutorTextPart,
)
from tests.fakes.lossy_link import Impairment, LossyLink
from tests.fakes.rtc import Pacer, RestClient, RtcClient, silence_clip, tone_clip
from tests.fakes.rtc.client import ClientOptions
from tests.fakes.rtc.clips import tone_pcm
from tests.fakes.rtc.receiver import SlotLog
from tests.fakes.server_process import ServerProcess
from tests.fakes.signalling_server import eventually
from tests.fakes.tutor.agents_server import AgentsServer
from tests.fakes.tutor.echo import EchoDialogue
from tests.fakes.tutor.worker import WorkerScene, a_job, a_person, a_setting, running_worker, some_history


@dataclass
class Practice:
    """Ann and the tutor in one room."""

    server: ServerProcess
    rest: RestClient
    room_id: str
    ann: RtcClient
    scene: WorkerScene
    pacer: Pacer

    @property
    def dialogue(self) -> EchoDialogue:
        return self.scene.dialogues[-1]

    @property
    def ann_id(self) -> str:
        return self.ann.participant_id

    async def begin(self, **job: Any) -> str:
        """Bring the tutor into the room. Returns its participant id."""
        worker = await self.scene.agents_server.worker()
        job = {"people": [a_person(self.ann_id)], **job}
        await self.scene.agents_server.send(
            worker, "job", a_job(self.room_id, await self.rest.guest("Emma"), **job)
        )
        await self.scene.agents_server.wait_for("job_ready")
        joined = await self.ann.wait_event("participant_joined")
        return str(joined.data["participant"]["id"])

    async def tutor_heard(self, tutor: str, packets: int, within_s: float = 15) -> SlotLog:
        log = await self.ann.wait_slot(tutor)
        await eventually(lambda: log.packets >= packets, within_s=within_s)
        return log

    def speak(self, seconds: float = 1.0) -> None:
        assert self.ann.publisher is not None
        self.ann.publisher.play(tone_clip(440, seconds) + silence_clip(60))


@pytest.fixture
async def practice(tmp_path: Path) -> AsyncIterator[Practice]:
    async with _practice(tmp_path) as found:
        yield found


@asynccontextmanager
async def _practice(tmp_path: Path) -> AsyncIterator[Practice]:
    async with (
        ServerProcess(tmp_path) as server,
        RestClient(server.url) as rest,
        AgentsServer() as agents_server,
        running_worker(agents_server, server.url) as scene,
        Pacer() as pacer,
    ):
        token = await rest.guest("Ann")
        room_id = str((await rest.create_room(token))["id"])
        async with RtcClient(server.url, token, ClientOptions(keep=True)) as ann:
            await ann.join(room_id, clip=silence_clip(60))
            await ann.set_muted(False)
            assert ann.publisher is not None
            pacer.add(ann.publisher)
            yield Practice(server, rest, room_id, ann, scene, pacer)


async def test_the_tutor_receives_and_sends_audio(practice: Practice) -> None:
    tutor = await practice.begin()
    practice.speak(1.0)
    log = await practice.tutor_heard(tutor, 45)
    dialogue = practice.dialogue
    assert set(dialogue.heard) == {practice.ann_id}
    assert dialogue.energy[practice.ann_id] > 45 * 5_000
    decoder = OpusDecoder()
    heard = [decoder.decode(packet.payload) for packet in log.kept]
    assert np.abs(np.concatenate(heard)).max() > 5_000
    await eventually(lambda: dialogue.quieted[practice.ann_id] >= 1)


async def test_silence_is_not_passed_to_the_dialogue(practice: Practice) -> None:
    await practice.begin()
    assert practice.ann.publisher is not None
    sent = practice.ann.publisher.sent
    await eventually(lambda: practice.ann.publisher is not None and practice.ann.publisher.sent > sent + 100)
    assert practice.dialogue.heard == {}


async def test_nothing_is_sent_while_the_tutor_is_silent(practice: Practice) -> None:
    tutor = await practice.begin()
    practice.dialogue.speak(tone_pcm(440, 0.5))
    log = await practice.tutor_heard(tutor, 25)
    await eventually(lambda: practice.dialogue.frames_asked > 150)
    assert log.packets <= 25 + 3


async def test_the_output_of_a_dialogue_reaches_the_server_in_order(practice: Practice) -> None:
    memory = Memory(language="en", goals=["Travel"], talks=[], words=[], mistakes=[])
    await practice.begin(history=some_history(["Hello Ann."]), memory=memory)
    assert practice.dialogue.memory == memory
    sink, ann = practice.dialogue.sink, practice.ann_id
    assert practice.dialogue.history[0].text == "Hello Ann."
    for text, is_final in (("I goes", False), ("I goes home", True)):
        sink.show_transcript(TranscriptPart(participant_id=ann, turn_id="t1", text=text, is_final=is_final))
    said = wire.MessagePart(
        id="m1", turn_id="t1", role="learner", participant_id=ann, text="I goes home", speech_s=1.5
    )
    sink.keep_message(said, None)
    sink.show_text(TutorTextPart(turn_id="t1", text="You go home.", is_final=False))
    sink.show_text(TutorTextPart(turn_id="t1", text="", is_final=True, spoken="You go", message_id="m2"))
    item = FeedbackItem(
        id="c1",
        turn_id="t1",
        original_sentence="I goes home",
        corrected_sentence="I go home",
        explanation="With I: go.",
        category=FeedbackCategory.AGREEMENT,
    )
    sink.show_feedback(ann, item, "m1")
    sink.show_no_feedback(ann, FeedbackNonePart(turn_id=None, text="All right."))
    sink.turn_timing("t1", TurnTimes(llm="scripted tutor", voice_to_voice_ms=900.0))
    answer = wire.MessagePart(
        id="m2", turn_id="t1", role="tutor", participant_id=ann, text="You go", speech_s=0.5
    )
    sink.keep_message(answer, tone_pcm(440, 0.5))
    agents_server = practice.scene.agents_server
    await agents_server.wait_for("keep_message", lambda data: data["id"] == "m2")
    names = [
        name
        for _, name, _ in agents_server.received
        if name not in {"register", "report", "job_ready", "show_state"}
    ]
    assert names == [
        "show_transcript", "show_transcript", "keep_message", "show_text", "show_text", "show_feedback",
        "show_no_feedback", "turn_timing", "keep_message",
    ]  # fmt: skip
    assert (await agents_server.uploaded("m2"))[:4] == b"OggS"
    assert "m1" not in agents_server.uploads


async def test_inputs_and_changes_reach_the_dialogue(practice: Practice) -> None:
    await practice.begin()
    agents_server, worker = practice.scene.agents_server, practice.scene.agents_server.workers[-1]
    changed = wire.JobChanged(
        job_id="job1",
        settings=a_setting(level="C1", topic="Work"),
        people=[a_person(practice.ann_id, heard=False)],
    )
    await agents_server.send(worker, "job_changed", changed)
    ann, kinds = practice.ann_id, wire.InputKind
    said = wire.PersonInput(job_id="job1", participant_id=ann, kind=kinds.SAY, text="Hi")
    held = wire.PersonInput(
        job_id="job1", participant_id=practice.ann_id, kind=wire.InputKind.HOLD, flag=True
    )
    mended = wire.PersonInput(
        job_id="job1", participant_id=ann, kind=kinds.MEND, text="Hi there", turn_id="t1"
    )
    for message in (said, held, mended):
        await agents_server.send(worker, "input", message)
    dialogue = practice.dialogue
    await eventually(lambda: len(dialogue.inputs) == 3)
    assert dialogue.inputs == [("say", ann, "Hi"), ("hold", ann, "True"), ("mend", ann, "Hi there")]
    assert (dialogue.lesson.level, dialogue.lesson.topic) == ("C1", "Work")
    assert dialogue.people[0].recognition == "none"


async def test_a_cancelled_job_releases_its_seat(practice: Practice) -> None:
    tutor = await practice.begin()
    await practice.scene.agents_server.send(
        practice.scene.agents_server.workers[-1], "cancel_job", wire.JobCancelled(job_id="job1")
    )
    ended = await practice.scene.agents_server.wait_for("job_ended")
    assert ended["reason"] == "done"
    left = await practice.ann.wait_event("participant_left")
    assert (left.data["participantId"], left.data["reason"]) == (tutor, "left")
    assert practice.dialogue.is_closed


async def test_a_closed_room_ends_the_job(practice: Practice) -> None:
    await practice.begin()
    await practice.ann.call("close_room")
    assert (await practice.scene.agents_server.wait_for("job_ended"))["reason"] == "done"


async def test_an_unknown_room_is_refused(practice: Practice) -> None:
    worker = await practice.scene.agents_server.worker()
    token = await practice.rest.guest("Emma")
    await practice.scene.agents_server.send(worker, "job", a_job("nowhere", token))
    assert (await practice.scene.agents_server.wait_for("job_ended"))["reason"] == "refused"


async def test_a_worker_without_its_server_is_silent_and_reconnects_for_new_jobs(
    practice: Practice,
) -> None:
    await practice.begin()
    agents_server = practice.scene.agents_server
    await agents_server.drop(agents_server.workers[-1])
    await practice.ann.wait_event("participant_left")
    await eventually(lambda: agents_server.count("register") == 2, within_s=10)


async def test_the_tutor_keeps_its_seat_unmuted_over_a_server_restart(practice: Practice) -> None:
    tutor = await practice.begin()
    practice.dialogue.speak(tone_pcm(440, 0.4))
    await practice.tutor_heard(tutor, 15)
    await practice.server.restart(kill=True)
    async with RtcClient(practice.server.url, practice.ann.token) as ann:
        joined = await ann.join(practice.room_id)
        await eventually(lambda: tutor in ann.slots.values(), within_s=15)
        log = await ann.wait_slot(tutor)
        people = {p["id"]: p for p in joined["room"]["participants"]}
        assert not people[tutor]["isMuted"]
        before = practice.dialogue.frames_asked
        await eventually(lambda: practice.dialogue.frames_asked > before + 5, within_s=15)
        # Long, since this dialogue does not repeat audio that was sent before media is back.
        practice.dialogue.speak(tone_pcm(440, 8.0))
        await eventually(lambda: log.packets >= 40, within_s=15)
    assert practice.scene.agents_server.count("job_ended") == 0


async def test_no_reconnect_unmutes_a_tutor_muted_by_the_host(practice: Practice) -> None:
    tutor = await practice.begin()
    await practice.ann.call("mute_participant", {"participantId": tutor})
    await practice.server.restart(kill=True)
    async with RtcClient(practice.server.url, practice.ann.token) as ann:
        await ann.join(practice.room_id)
        before = practice.dialogue.frames_asked
        await eventually(lambda: practice.dialogue.frames_asked > before + 5, within_s=15)
        snapshot = await ann.call("sync")
        people = {p["id"]: p for p in snapshot["room"]["participants"]}
        assert people[tutor]["isMuted"]


async def test_a_lost_media_path_is_replaced(practice: Practice, monkeypatch: pytest.MonkeyPatch) -> None:
    async with LossyLink(("127.0.0.1", practice.server.udp_port), seed=1) as link:
        monkeypatch.setattr(session, "parse_offer", _through(link))
        tutor = await practice.begin()
        practice.dialogue.speak(tone_pcm(440, 0.4))
        await practice.tutor_heard(tutor, 15)
        monkeypatch.setattr(session, "parse_offer", transport.parse_offer)
        link.cut = True
        practice.dialogue.speak(tone_pcm(440, 20.0))
        await eventually(lambda: link.up_tally.lost > 100, within_s=10)
        log = await practice.ann.wait_slot(tutor)
        packets = log.packets
        await eventually(lambda: log.packets > packets + 25, within_s=20)
    (missed,) = practice.dialogue.rewound_s
    assert session.UNCONFIRMED_S < missed <= connection.PATH_LOST_S + 0.1
    assert practice.scene.agents_server.count("job_ended") == 0


@pytest.mark.parametrize("seed", [1, 2])
async def test_with_a_fifth_of_packets_lost_speech_is_complete_and_ends(
    practice: Practice, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    bad = Impairment(loss=0.2, delay_ms=10, jitter_ms=10)
    async with LossyLink(
        ("127.0.0.1", practice.server.udp_port), seed=seed, uplink=bad, downlink=bad
    ) as link:
        monkeypatch.setattr(session, "parse_offer", _through(link))
        tutor = await practice.begin()
        dialogue, ann = practice.dialogue, practice.ann_id
        dialogue.repeats = False
        practice.speak(4.0)
        # 200 of speech and 25 until a pause is one; about 180 of them come at first.
        await eventually(lambda: dialogue.heard[ann] > 200, within_s=20)
        # A gap that a busy machine makes counts as quiet too: only one from here on is the end.
        pauses = dialogue.quieted[ann]
        await eventually(lambda: dialogue.quieted[ann] > pauses, within_s=15)
        dialogue.speak(tone_pcm(440, 2.0))
        log = await practice.tutor_heard(tutor, 90)
        assert log.packets >= 90


def _through(link: LossyLink) -> Callable[[str], Offer]:
    def parse(text: str) -> Offer:
        offer = transport.parse_offer(text)
        candidate = replace(offer.candidates[0], address=link.address[0], port=link.address[1])
        return replace(offer, candidates=(candidate,))

    return parse
