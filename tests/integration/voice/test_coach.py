"""The coach protocol, as its client sees it: a real server, a worker with scripted engines, a WebSocket."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from typing import Any

import pytest

from ai_agent.providers.ports import SpeechChunk, SpeechRequest, ToolCall
from tests.fakes.speech import ScriptedLlm, ScriptedStt, ScriptedTts
from tests.fakes.voice import VoiceEngines, VoiceScene, loud, quiet

FIX = ToolCall(
    "give_feedback",
    {
        "original": "I buyed tea.",
        "corrected": "I bought tea.",
        "explanation": "The past of buy is bought.",
        "category": "grammar",
    },
)


pytestmark = pytest.mark.asyncio(loop_scope="package")


class StuckTts(ScriptedTts):
    """Its sentences have no end."""

    async def speak(self, request: SpeechRequest) -> AsyncGenerator[SpeechChunk, None]:
        async for chunk in super().speak(request):
            yield chunk
        await asyncio.Event().wait()


def is_final(message: dict[str, Any]) -> bool:
    return message["type"] == "coach_text" and bool(message["isFinal"])


async def test_a_reply_is_deltas_and_even_pcm_then_the_final_text_then_the_end_of_audio(
    scene: VoiceScene,
) -> None:
    async with scene.connect("/session?session=a") as client:
        await client.send(loud(1.0))
        await client.say(type="end_turn")
        await client.kind("audio_end")
        transcripts = [m for m in client.texts if m["type"] == "transcript"]
        assert transcripts[-1] == {"type": "transcript", "text": "I like tea.", "isFinal": True}
        deltas = [m["text"] for m in client.texts if m["type"] == "coach_text"]
        assert "".join(deltas) == "I see. And what did you do then?"
        assert deltas[-1] == ""
        assert client.order[-2:] == [
            {"type": "coach_text", "text": "", "isFinal": True},
            {"type": "audio_end"},
        ]
        sound = [m for m in client.order if isinstance(m, bytes)]
        assert sound
        assert all(len(m) % 2 == 0 for m in sound)
        # 60 ms a character, 16 kHz, 16 bits
        assert len(client.audio) / 32_000 == pytest.approx(33 * 0.06, abs=0.1)


async def test_every_end_of_turn_is_answered_by_one_final_text_also_if_nothing_was_said(
    scene: VoiceScene,
) -> None:
    async with scene.connect("/session") as client:
        for _ in range(3):
            await client.say(type="end_turn")
        for _ in range(3):
            await client.until(is_final)
        await client.say(type="ping")
        await client.kind("pong")
        assert sum(map(is_final, client.texts)) == 3


async def test_new_speech_cuts_a_reply_whose_end_is_still_told(scene: VoiceScene) -> None:
    engines = VoiceEngines(llm=ScriptedLlm(["One. Two. Three. Four."], ["Yes?"]), tts=StuckTts())
    scene.engines.become(engines)
    async with scene.connect("/session") as client:
        await client.send(loud(0.6))
        await client.say(type="end_turn")
        await client.until(lambda m: m["type"] == "coach_text")
        await client.send(quiet(1.0))  # an open microphone interrupts nothing
        await client.send(loud(0.6))
        await client.kind("audio_end")
        await client.say(type="end_turn")
        await client.until(lambda m: m.get("text") == "Yes?")
        await client.send(loud(0.6))
        await client.kind("audio_end")
        assert sum(map(is_final, client.texts)) == 2


async def test_topic_and_difficulty_reach_the_engine_as_topic_and_cefr_level(scene: VoiceScene) -> None:
    llm = scene.engines.llm = ScriptedLlm()
    async with scene.connect("/session") as client:
        await client.say(type="set_topic", topic="Travel in Vietnam")
        await client.say(type="set_difficulty", level="advanced")
        await client.send(loud(0.6))
        await client.say(type="end_turn")
        await client.kind("audio_end")
        facts = llm.requests[-1].lesson
        assert (facts.topic, facts.level) == ("Travel in Vietnam", "C1")


async def test_a_correction_is_asked_for_of_the_last_message_and_spoken(scene: VoiceScene) -> None:
    engines = VoiceEngines(stt=ScriptedStt("I buyed tea."), llm=ScriptedLlm(["Nice."], [FIX]))
    scene.engines.become(engines)
    async with scene.connect("/session") as client:
        await client.send(loud(0.6))
        await client.say(type="end_turn")
        await client.kind("audio_end")
        client.order.clear()
        await client.say(type="request_correction")
        assert await client.kind("correction") == {
            "type": "correction",
            "original": "I buyed tea.",
            "corrected": "I bought tea.",
            "explanation": "The past of buy is bought.",
        }
        await client.kind("audio_end")
        assert client.audio
        assert not [m for m in client.texts if m["type"] == "coach_text"]


async def test_a_correction_that_is_asked_for_during_a_reply_is_spoken_after_it(scene: VoiceScene) -> None:
    reply = "At the market there is a lot of tea from many countries. " * 4
    scene.engines.become(VoiceEngines(stt=ScriptedStt("I buyed tea."), llm=ScriptedLlm([reply], [FIX])))
    async with scene.connect("/session") as client:
        await client.send(loud(0.6))
        await client.say(type="end_turn")
        await client.kind("coach_text")
        await client.say(type="request_correction")
        await client.kind("correction")
        assert not [m for m in client.texts if m["type"] == "audio_end"], "the reply has ended: too late"
        await client.kind("audio_end")
        client.order.clear()
        await client.kind("audio_end")
        assert client.audio


async def test_a_session_is_found_again_after_a_reconnect_and_a_restart_of_the_server(
    scene: VoiceScene,
) -> None:
    llm = scene.engines.llm = ScriptedLlm()

    async def speak(session: str) -> int:
        """Returns the number of messages that the engine was told of."""
        async with scene.connect(f"/session?session={session}") as client:
            await client.send(loud(0.6))
            await client.say(type="end_turn")
            await client.kind("audio_end")
        return len(llm.requests[-1].messages)

    assert [await speak(name) for name in ("mine", "mine", "other")] == [1, 3, 1]
    await scene.restart()
    assert [await speak(name) for name in ("mine", "other")] == [5, 3]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("{", "not valid JSON"),
        ("[1]", "object"),
        ('{"type":"dance"}', "not known"),
        ('{"type":"set_difficulty","level":"hard"}', "level"),
        ('{"type":"set_topic","topic":"' + "x" * 200 + '"}', "topic"),
        ('{"type":"set_topic"}', "topic"),
    ],
)
async def test_a_malformed_message_is_an_error_and_the_session_goes_on(
    scene: VoiceScene, text: str, problem: str
) -> None:
    async with scene.connect("/session") as client:
        await client.socket.send_str(text)
        assert problem in (await client.kind("error"))["message"]
        await client.socket.send_bytes(b"odd")
        assert "odd number" in (await client.kind("error"))["message"]
        await client.say(type="ping")
        await client.kind("pong")


async def test_a_language_without_speech_engines_is_said_so_and_every_turn_still_ends(
    scene: VoiceScene,
) -> None:
    engines = VoiceEngines(stt=None, tts=None)
    scene.engines.become(engines)
    async with scene.connect("/session?language=vi") as client:
        assert "Vietnamese" in (await client.kind("error"))["message"]
        await client.send(loud(0.6))
        await client.say(type="end_turn")
        await client.until(is_final)


async def test_plain_http_is_told_to_upgrade(scene: VoiceScene) -> None:
    async with scene.http.get(scene.server.url + "/session") as response:
        assert response.status == 426
    async with scene.http.get(scene.server.url + "/health") as response:
        assert (response.status, await response.text()) == (200, "OK")


EXTENDED = "/session?extended=1&session="


async def test_the_page_is_told_which_engines_there_are_and_typed_words_are_a_turn(scene: VoiceScene) -> None:
    llm = ScriptedLlm(["Chào bạn!"], ["Hay quá!"])
    scene.engines.become(VoiceEngines(stt=None, llm=llm))
    async with scene.connect(f"{EXTENDED}typed&language=vi") as client:
        opened = await client.kind("opened")
        assert opened["engines"]["stt"] is None
        assert opened["engines"]["tts"]["name"] == "scripted tts"
        await client.say(type="say", text=" Xin chào ")
        await client.kind("audio_end")
        transcripts = [m for m in client.texts if m["type"] == "transcript"]
        assert transcripts == [{"type": "transcript", "text": "Xin chào", "isFinal": True}]
        assert "".join(m["text"] for m in client.texts if m["type"] == "coach_text") == "Chào bạn!"
        assert sum(map(is_final, client.texts)) == 1
        assert client.audio
        assert not [m for m in client.texts if m["type"] == "error"]
        await client.say(type="say", text="")
        assert "text" in (await client.kind("error"))["message"]
    async with scene.connect(f"{EXTENDED}typed&language=vi") as client:
        await client.say(type="say", text="Tôi thích trà")
        await client.kind("audio_end")
    assert [m.text for m in llm.requests[-1].messages] == ["Xin chào", "Chào bạn!", "Tôi thích trà"]


async def test_the_page_is_told_if_there_is_nothing_to_correct(scene: VoiceScene) -> None:
    scene.engines.become(VoiceEngines(llm=ScriptedLlm(["Nice."], ["I find no mistake."])))
    async with scene.connect(f"{EXTENDED}right") as client:
        await client.send(loud(0.6))
        await client.say(type="end_turn")
        await client.kind("audio_end")
        await client.say(type="request_correction")
        assert await client.kind("no_correction") == {"type": "no_correction"}
    async with scene.connect("/session?session=right") as client:
        await client.say(type="say", text="Hello")
        assert "not known" in (await client.kind("error"))["message"]
