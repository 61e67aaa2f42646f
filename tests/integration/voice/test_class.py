"""The class protocol, as its client sees it."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from io import BytesIO
from typing import Any

import av
import pytest

from ai_agent.classes.course import Question
from server.common.tasks import cancel_and_wait
from tests.fakes.speech import ScriptedLlm, ScriptedStt
from tests.fakes.voice import WITHIN_S, VoiceEngines, VoiceScene, VoiceSocket, loud

pytestmark = pytest.mark.asyncio(loop_scope="package")
PATH = "/ws/class"
SENTENCES = ("Welcome to the market.", "Here you can buy fruit.", "See you soon.")


def coded(audio: bytes) -> str:
    return base64.b64encode(audio).decode()


class Microphone:
    """Sends 100 ms at a time: what is `said`, else silence."""

    def __init__(self, client: VoiceSocket) -> None:
        self._client = client
        self.said = b""

    async def run(self) -> None:
        while True:
            chunk, self.said = self.said[:3_200], self.said[3_200:]
            await self._client.say(type="stt_audio_chunk", audio=coded(chunk.ljust(3_200, b"\0")))
            await asyncio.sleep(0.1)


@asynccontextmanager
async def microphone(client: VoiceSocket) -> AsyncIterator[Microphone]:
    found = Microphone(client)
    task = asyncio.create_task(found.run())
    try:
        yield found
    finally:
        await cancel_and_wait(task)


def seconds_of(chunk: dict[str, Any]) -> float:
    data = base64.b64decode(chunk["audio_data"])
    assert chunk["size"] == len(data)
    with av.open(BytesIO(data), "r") as file:
        return sum(frame.samples for frame in file.decode(audio=0)) / 24_000


def lessons(client: VoiceSocket) -> list[int]:
    """The sentences of the lesson that were begun, in order."""
    responses = [m["metadata"] for m in client.texts if m["type"] == "agent_response"]
    return [metadata["sentence"] for metadata in responses if metadata["kind"] == "lesson"]


async def test_a_lesson_is_taught_in_mp3s_that_play_by_themselves(scene: VoiceScene) -> None:
    scene.engines.sentences = SENTENCES
    async with scene.connect(PATH) as client:
        await client.say(type="start_class", course_id="1", language="en-IN", interactive_mode=False)
        end = await client.kind("audio_generation_complete")
        chunks = [m for m in client.texts if m["type"] == "audio_chunk"]
        assert end == {"type": "audio_generation_complete", "total_chunks": len(chunks), "cancelable": True}
        assert [chunk["chunk_id"] for chunk in chunks] == list(range(len(chunks)))
        assert lessons(client) == [0, 1, 2]
        # 60 ms a character; an MP3 begins and ends with some silence of its own
        expected = sum(len(sentence) + 1 for sentence in SENTENCES) * 0.06
        assert sum(map(seconds_of, chunks)) == pytest.approx(expected, abs=0.5)
        assert not [m for m in client.texts if m["type"] == "stt_ready"]


@pytest.mark.parametrize(("sentence", "taught"), [(1, [1, 2]), (9_999, [2])])
async def test_a_client_that_comes_back_begins_at_its_sentence(
    scene: VoiceScene, sentence: int, taught: list[int]
) -> None:
    scene.engines.sentences = SENTENCES
    async with scene.connect(PATH) as client:
        await client.say(type="start_class", course_id="1", sentence=sentence, interactive_mode=False)
        await client.kind("audio_generation_complete")
        assert lessons(client) == taught


async def test_a_question_stops_the_lesson_is_answered_and_the_lesson_goes_on_at_its_sentence(
    scene: VoiceScene,
) -> None:
    scene.engines.become(
        VoiceEngines(
            stt=ScriptedStt(*["What does fruit mean please?"] * 9),
            llm=ScriptedLlm(["Apples."]),
            sentences=SENTENCES,
        )
    )
    async with scene.connect(PATH) as client:
        await client.say(type="start_class", course_id="1", language="en-IN")
        await client.kind("audio_chunk")
        await client.kind("interactive_mode_starting")
        await client.kind("stt_ready")
        async with microphone(client) as voice:
            await client.until(lambda m: m.get("metadata", {}).get("sentence") == 1)
            await client.kind("audio_chunk")
            voice.said = loud(1.0)
            await client.kind("speech_started")
            await client.kind("tts_interrupted")
            assert (await client.kind("final_transcript"))["text"] == "What does fruit mean please?"
            answer = await client.until(lambda m: m.get("metadata", {}).get("kind") == "answer")
            assert answer["text"] == "Apples."
            await client.kind("audio_generation_complete")
        assert lessons(client)[0] == 0
        assert lessons(client)[-1] == 2
        assert lessons(client).count(1) >= 2
        await client.say(type="get_metrics")
        metrics = await client.kind("metrics")
        assert metrics["turns"] == 1
        assert metrics["interruptions"] >= 1
        assert metrics["first_chunk_latency_ms"] >= 0


async def test_the_questions_of_the_class_are_asked_aloud_and_answers_are_judged(scene: VoiceScene) -> None:
    scene.engines.become(
        VoiceEngines(
            stt=ScriptedStt("It is meat.", "You can buy fruit.", "I like apples very much."),
            llm=ScriptedLlm(["So do I."]),
            sentences=SENTENCES[1:2],
            questions=(Question("What can you buy?", ("fruit",)), Question("What do you like?")),
        )
    )
    async with scene.connect(PATH) as client:
        await client.say(type="start_class", course_id="1", language="en-IN")
        await client.kind("stt_ready")
        async with microphone(client) as voice:
            asked = await client.until(lambda m: m.get("metadata", {}).get("kind") == "question")
            assert asked["text"].endswith("What can you buy?")
            place = {"question": 0, "questions": 2, "sentence": None, "sentences": None}
            assert place.items() <= asked["metadata"].items()
            await client.kind("audio_chunk")
            assert not [m for m in client.texts if m["type"] == "audio_generation_complete"]
            for again in ("What can you buy?", None):
                voice.said = loud(1.0)
                await client.kind("final_transcript")
                remark = await client.until(lambda m: m.get("metadata", {}).get("kind") == "answer")
                assert again is None or again in remark["text"]
                await client.kind("audio_chunk")
            second = await client.until(lambda m: m.get("metadata", {}).get("kind") == "question")
            assert second["text"] == "What do you like?"
            await client.kind("audio_chunk")
            voice.said = loud(1.0)
            answer = await client.until(lambda m: m.get("metadata", {}).get("kind") == "answer")
            assert answer["text"] == "So do I."
            await client.kind("audio_generation_complete")
        assert lessons(client)[-1] == 0


async def test_without_a_microphone_no_question_is_asked(scene: VoiceScene) -> None:
    questions = (Question("What can you buy?", ("fruit",)),)
    scene.engines.become(VoiceEngines(sentences=SENTENCES[:1], questions=questions))
    async with scene.connect(PATH) as client:
        await client.say(type="start_class", course_id="1", language="en-IN")
        await client.kind("audio_generation_complete")
        kinds = [m["metadata"]["kind"] for m in client.texts if m["type"] == "agent_response"]
        assert kinds == ["lesson"]


async def test_speech_recognition_starts_as_often_as_it_is_asked_and_stops(scene: VoiceScene) -> None:
    async with scene.connect(PATH) as client:
        await client.say(type="stt_audio_chunk", audio=coded(loud(0.1)))
        assert "stt_stream_start" in (await client.kind("error"))["error"]
        for _ in range(2):
            await client.say(type="stt_stream_start", language="en-US", sample_rate=16_000)
            ready = await client.kind("stt_ready")
        assert ready["features"] == ["VAD", "barge_in", "partial_transcripts"]
        assert (ready["sample_rate"], ready["language"]) == (16_000, "en-US")
        async with microphone(client) as voice:
            voice.said = loud(1.0)
            await client.kind("speech_started")
            await client.kind("utterance_end")
            assert (await client.kind("final_transcript"))["is_final"] is True
            await client.kind("agent_response")
        await client.say(type="stt_stream_end")
        await client.kind("stt_stopped")


async def test_without_a_recogniser_the_client_is_told(scene: VoiceScene) -> None:
    scene.engines.stt = None
    async with scene.connect(PATH) as client:
        await client.say(type="stt_stream_start")
        assert "English" in (await client.kind("stt_unavailable"))["error"]
        await client.say(type="stt_stream_start", language="xx")
        assert "xx" in (await client.kind("error"))["error"]


@pytest.mark.parametrize(
    ("message", "problem"),
    [
        ('{"type":"start_class","course_id":"9"}', "no course 9"),
        ('{"type":"start_class","course_id":"1","module_index":-1}', "module_index"),
        ('{"type":"stt_stream_start","sample_rate":1}', "sample_rate"),
        ('{"type":"stt_audio_chunk","audio":"%%%"}', "base64"),
        ('{"type":"stt_audio_chunk","audio":"AAA="}', ""),
        ('{"type":"stt_audio_chunk","audio":"' + "A" * 200_000 + '"}', "audio"),
        ("{}", "not known"),
        ("nonsense", "JSON"),
    ],
)
async def test_a_malformed_message_is_an_error_and_the_session_goes_on(
    scene: VoiceScene, message: str, problem: str
) -> None:
    async with scene.connect(PATH) as client:
        await client.say(type="stt_stream_start")
        await client.kind("stt_ready")
        await client.socket.send_str(message)
        if problem:
            assert problem in (await client.kind("error"))["error"]
        await client.socket.send_bytes(b"binary")
        await client.kind("error")
        await client.say(type="get_metrics")
        await client.kind("metrics")


@pytest.mark.parametrize("kind", ["lesson", "question"])
async def test_a_client_that_leaves_in_mid_sentence_is_no_failure(
    scene: VoiceScene, caplog: pytest.LogCaptureFixture, kind: str
) -> None:
    questions = (Question("What can you buy here on the market?", ("fruit",)),)
    scene.engines.become(VoiceEngines(sentences=SENTENCES[:1], questions=questions))
    async with scene.connect(PATH) as client, microphone(client):
        await client.say(type="stt_stream_start")
        await client.say(type="start_class", course_id="1", language="en-IN")
        await client.until(lambda m: m.get("metadata", {}).get("kind") == kind)
    async with asyncio.timeout(WITHIN_S):
        while (await scene.server.metrics())["parlor_voice_connections"]:  # noqa: ASYNC110 - a metric
            await asyncio.sleep(0.05)
    async with scene.connect(PATH) as client:  # the worker serves others meanwhile
        await client.say(type="get_metrics")
        await client.kind("metrics")
    assert "voice session failed" not in caplog.text
