"""Flux as Parlor's own page speaks it, and talks that go on in it."""

from __future__ import annotations

import asyncio
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.fakes.speech import ScriptedLlm
from tests.fakes.voice import VoiceScene, VoiceSocket, loud, quiet

pytestmark = pytest.mark.asyncio(loop_scope="package")
GREETING, ANSWER = "Hello, Ann! How are you?", "I see. And what did you do then?"


def path(session: str, **query: str) -> str:
    return f"/v2/flux/{session}?{urlencode({'extended': '1', **query})}"


def parts(client: VoiceSocket, kind: str) -> list[dict[str, Any]]:
    return [message["part"] for message in client.texts if message["type"] == kind]


async def answered(client: VoiceSocket) -> None:
    await client.until(lambda m: m["type"] == "TalkText" and m["part"]["spoken"] is not None)


async def conversation_of(scene: VoiceScene, token: str, messages: int) -> dict[str, Any]:
    """The only one, once it has so many messages."""
    headers = {"Authorization": f"Bearer {token}"}
    async with asyncio.timeout(10):
        while True:
            async with scene.http.get(scene.server.url + "/api/conversations", headers=headers) as response:
                found: list[dict[str, Any]] = (await response.json())["items"]
            if found and found[0]["messageCount"] == messages:
                assert len(found) == 1
                return found[0]
            await asyncio.sleep(0.05)


async def test_the_page_gets_a_greeting_and_all_that_a_room_shows(scene: VoiceScene) -> None:
    scene.engines.llm = ScriptedLlm([GREETING], [ANSWER])
    token = await scene.sign_in()
    async with scene.connect(path("shown", token=token, topic="Food", level="A2")) as client:
        opened = await client.kind("TalkOpened")
        assert (opened["tutor_name"], opened["topic"], opened["level"]) == ("Emma", "Food", "A2")
        assert opened["engines"]["llm"] == {"name": "scripted llm", "vendor": "test", "isCloud": False}
        await answered(client)
        assert "".join(part["text"] for part in parts(client, "TalkText")) == GREETING
        start = next(m for m in client.texts if m["type"] == "AudioStart")
        assert start["format"] == "linear16"
        # 60 ms a character, 16 bits at 24 kHz.
        assert len(client.audio) / 48_000 == pytest.approx(len(GREETING) * 0.06, abs=0.2)

        await client.send(loud(1.0) + quiet(0.5))
        await answered(client)
        said = [part for part in parts(client, "TalkTranscript") if part["isFinal"]]
        assert [part["text"] for part in said] == ["I like tea."]
        states = [m["state"] for m in client.texts if m["type"] == "TalkState"]
        while states[-1] == "idle":
            states.pop()
        assert states[-3:] == ["listening", "thinking", "speaking"]
        await client.say(type="KeepAlive")
        await client.kind("KeepAlive")
        await client.say(type="Say", text="I typed this.")
        typed = await client.until(lambda m: m["type"] == "TalkTranscript" and m["part"]["isFinal"])
        assert typed["part"]["text"] == "I typed this."
        await answered(client)
    found = await conversation_of(scene, token, 5)
    assert (found["topic"], found["level"]) == ("Food", "A2")


async def test_a_client_of_flux_gets_nothing_but_flux(scene: VoiceScene) -> None:
    async with scene.connect("/v2/flux/plain") as client:
        await client.send(loud(1.0) + quiet(0.5))
        await client.kind("AudioEnd")
        assert {m["type"] for m in client.texts} == {
            "Connected",
            "TurnInfo",
            "TutorText",
            "AudioStart",
            "AudioEnd",
        }
        await client.say(type="Say", text="I typed this.")
        assert (await client.kind("Error"))["code"] == "INVALID_MESSAGE"


async def test_a_talk_goes_on_in_another_session_with_its_history(scene: VoiceScene) -> None:
    llm = scene.engines.llm = ScriptedLlm([GREETING], [ANSWER])
    token = await scene.sign_in()
    async with scene.connect(path("first", token=token, topic="Food")) as client:
        await answered(client)  # the greeting
        await client.say(type="Say", text="I eat rice.")
        await answered(client)
    talk = await conversation_of(scene, token, 3)
    async with scene.connect(path("second", token=token, conversation=talk["id"], topic="Food")) as client:
        await client.kind("TalkOpened")
        await client.say(type="Say", text="And fish.")
        await answered(client)
        asked = [message.text for message in llm.requests[-1].messages]
        assert any("I eat rice." in text for text in asked)
    again = await conversation_of(scene, token, 5)
    assert (again["id"], again["roomName"]) == (talk["id"], talk["roomName"])


async def test_nobody_else_goes_on_with_a_talk(scene: VoiceScene) -> None:
    ann, ben = await scene.sign_in(), await scene.sign_in("Ben")
    async with scene.connect(path("hers", token=ann)) as client:
        await answered(client)
    talk = (await conversation_of(scene, ann, 1))["id"]
    for query in (
        {"token": ben, "conversation": talk},
        {"conversation": talk},  # anonymous
        {"token": ann, "conversation": "unknown"},
    ):
        async with scene.connect(path("his", **query)) as client:
            error = await client.kind("Error")
            assert error["code"] == "CONVERSATION_NOT_FOUND"
            assert await client.closed() == 1008
            assert not any(m["type"] == "TalkOpened" for m in client.texts)
    assert (await conversation_of(scene, ann, 1))["id"] == talk


@pytest.mark.parametrize("query", [{"level": "D1"}, {"topic": "x" * 141}, {"topic": "a\u202eb"}])
async def test_a_wrong_wish_is_refused(scene: VoiceScene, query: dict[str, str]) -> None:
    async with scene.connect(path("wrong", **query)) as client:
        assert (await client.kind("Error"))["code"] == "INVALID_REQUEST"
        assert await client.closed() == 1008


async def _recorded(scene: VoiceScene, token: str, talk: str, least: int) -> dict[str, bool]:
    """By role, whether recordings of the messages are stored, once so many are."""
    headers = {"Authorization": f"Bearer {token}"}
    url = f"{scene.server.url}/api/conversations/{talk}"
    async with asyncio.timeout(10):
        while True:
            async with scene.http.get(url, headers=headers) as response:
                messages = (await response.json())["messages"]
            if sum(message["audioUrl"] is not None for message in messages) >= least:
                return {message["role"]: message["audioUrl"] is not None for message in messages}
            await asyncio.sleep(0.05)


@pytest.mark.parametrize("consents", [True, False])
async def test_voices_are_stored_by_the_rule_of_rooms(scene: VoiceScene, consents: bool) -> None:
    """The tutor's voice, and the learner's only by their consent."""
    token = await scene.sign_in()
    headers = {"Authorization": f"Bearer {token}"}
    change = scene.http.patch(
        f"{scene.server.url}/api/users/me", json={"keepMyAudio": consents}, headers=headers
    )
    async with change as response:
        assert response.status == 200, await response.text()
    async with scene.connect(path("kept", token=token)) as client:
        await answered(client)  # the greeting
        await client.send(loud(1.0) + quiet(0.5))
        await answered(client)
    talk = (await conversation_of(scene, token, 3))["id"]
    found = await _recorded(scene, token, talk, 3 if consents else 2)
    assert found == {"tutor": True, "learner": consents}


async def test_clients_that_cannot_ask_for_consent_store_no_voices(scene: VoiceScene) -> None:
    token = await scene.sign_in()
    headers = {"Authorization": f"Bearer {token}"}
    change = scene.http.patch(f"{scene.server.url}/api/users/me", json={"keepMyAudio": True}, headers=headers)
    async with change as response:
        assert response.status == 200
    async with scene.connect(f"/v2/flux/plain?token={token}") as client:
        await client.send(loud(1.0) + quiet(0.5))
        await client.kind("AudioEnd")
    talk = (await conversation_of(scene, token, 2))["id"]
    later = await scene.sign_in("Ben")
    async with scene.connect(path("later", token=later)) as client:
        await answered(client)
    await _recorded(scene, later, (await conversation_of(scene, later, 1))["id"], 1)
    assert await _recorded(scene, token, talk, 0) == {"tutor": False, "learner": False}
