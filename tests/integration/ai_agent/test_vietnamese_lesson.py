"""A lesson in Vietnamese with keys: Deepgram v1, an LLM and Azure."""

from __future__ import annotations

import asyncio
import json
from xml.etree import ElementTree as ET

from ai_agent.audio import INPUT_HZ
from ai_agent.config import Settings
from ai_agent.dialogue.ports import Lesson, PastMessage
from ai_agent.providers.catalog import choose
from ai_agent.providers.registry import EngineRegistry
from tests.fakes.speech import SPEECH, Room
from tests.fakes.vendors.deepgram import DeepgramConnection, deepgram, results
from tests.fakes.vendors.openai import Delta, openai, text, tool_arguments, tool_call
from tests.fakes.vendors.tts import voices

TIMEOUT_S = 30.0
LESSON = Lesson("Emma", "vi", "A2", "gia đình", rate=1.0)
SAID = "Em có hai cái mèo. Bạn khỏe không cô? Em thich an pho."
ANSWER = "Hai con mèo à? Mèo của em tên là gì?"
MISTAKES = (
    ("classifier", "Em có hai cái mèo", "Em có hai con mèo", "Animals take “con”."),
    ("pronoun", "Bạn khỏe không cô?", "Cô khỏe không ạ?", "To a teacher one says “cô”."),
    ("diacritics", "Em thich an pho", "Em thích ăn phở", "Without marks these are other words."),
)


async def test_a_spoken_turn_is_heard_corrected_and_answered_aloud_in_vietnamese() -> None:
    is_open, has_sent = asyncio.Event(), asyncio.Event()

    async def play(connection: DeepgramConnection) -> None:
        is_open.set()
        await connection.receive_audio(INPUT_HZ)  # half a second
        await connection.wait_for("Finalize")
        await connection.send(results(SAID, from_finalize=True))
        has_sent.set()

    async with deepgram() as stt_vendor, openai() as chat, voices() as tts_vendor:
        stt_vendor.plays = [play]
        chat.answers = [corrections(), [text("Hai con mèo à? "), text("Mèo của em tên là gì?")]]
        keys = {"DEEPGRAM_API_KEY": "key", "OPENAI_API_KEY": "key", "AZURE_SPEECH_KEY": "key"}
        urls = {"deepgram_url": stt_vendor.url, "openai_base_url": chat.url, "azure_url": tts_vendor.url}
        settings = Settings.model_validate(keys | urls)
        registry = EngineRegistry(settings, choose(settings))
        await registry.build()
        engines = registry.engines("vi")
        assert engines.stt is not None
        assert engines.tts is not None
        names = [engine.card.name for engine in (engines.stt, engines.llm, engines.tts)]
        assert names == ["nova-3", "gpt-6-luna", "Azure speech"]
        history = (PastMessage("tutor", "Chào em."),)
        async with Room(
            stt=engines.stt, mind=engines.llm, tts=engines.tts, lesson=LESSON, history=history
        ) as room:
            async with asyncio.timeout(TIMEOUT_S):
                # The room's virtual time does not advance while the test waits for a vendor.
                await is_open.wait()
                await room.run(1.0, ann=SPEECH)
                room.dialogue.pause_audio("ann", room.now)
                await room.run(0.4)
                await has_sent.wait()
                await room.run(1.0)
                while not tts_vendor.calls:
                    await room.settle()
                while not room.sink.spoken:
                    await room.run(0.1)
            assert room.sink.finals == [SAID]
            assert room.sink.spoken == [ANSWER]
            assert [
                (fix.category, fix.original_sentence, fix.corrected_sentence, fix.explanation)
                for _, fix in room.sink.feedback
            ] == list(MISTAKES)
            assert [kept.text for kept in room.sink.kept] == [SAID, ANSWER]
            assert room.heard_s > 0.3
        await registry.aclose()

    query = dict(stt_vendor.calls[0].query)
    assert (stt_vendor.calls[0].path, query["language"], query["model"]) == ("/v1/listen", "vi", "nova-3")
    asked = json.loads(chat.calls[0].body)
    assert "Speak Vietnamese with correct diacritics" in asked["messages"][0]["content"]
    assert asked["messages"][-1]["content"] == SAID
    assert [tool["function"]["name"] for tool in asked["tools"]] == ["give_feedback", "change_pace"]
    spoken = [ET.fromstring(call.body) for call in tts_vendor.calls]
    (speaker,) = {
        element.attrib["name"] for speech in spoken for element in speech if "name" in element.attrib
    }
    assert speaker.startswith("vi-VN-")
    assert "".join("".join(speech.itertext()) for speech in spoken) == ANSWER


def corrections() -> list[Delta]:
    """All mistakes in one answer, as models send them."""
    deltas: list[Delta] = []
    for index, (category, original, corrected, why) in enumerate(MISTAKES):
        arguments = {
            "originalSentence": original,
            "correctedSentence": corrected,
            "explanation": why,
            "category": category,
        }
        written = json.dumps(arguments, ensure_ascii=False)
        deltas += [tool_call("give_feedback", index), tool_arguments(written[:40], index)]
        deltas.append(tool_arguments(written[40:], index))
    return deltas
