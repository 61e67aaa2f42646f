"""The tutor protocol, as its client sees it."""

from __future__ import annotations

import asyncio
import base64
import uuid
from io import BytesIO

import av
import pytest

from tests.fakes.recorded import recorded
from tests.fakes.speech import ScriptedLlm, ScriptedStt
from tests.fakes.voice import WITHIN_S, VoiceScene, VoiceSocket, loud

pytestmark = pytest.mark.asyncio(loop_scope="package")
PATH = "/api/ws/voice"


def a_recording(kind: str = "wav", seconds: float = 1.0) -> str:
    return base64.b64encode(recorded(loud(seconds), kind)).decode()


async def initialized(client: VoiceSocket, thread: str = "") -> str:
    thread = thread or str(uuid.uuid4())
    await client.say(action="init", thread_id=thread, audio_format="wav")
    assert await client.kind("initialized", "event") == {
        "event": "initialized",
        "thread_id": thread,
        "kb_id": "default",
    }
    client.order.clear()
    return thread


def events(client: VoiceSocket) -> list[str]:
    """Return the names of the events, those of one kind in a row once."""
    names = [str(message["event"]) for message in client.texts]
    return [name for at, name in enumerate(names) if at == 0 or names[at - 1] != name]


@pytest.mark.parametrize("kind", ["wav", "webm", "ogg", "mp4", "mp3"])
async def test_a_recording_is_answered_in_the_order_of_the_protocol_whatever_its_bytes_are(
    scene: VoiceScene, kind: str
) -> None:
    async with scene.connect(PATH) as client:
        await initialized(client)
        await client.say(action="audio", data=a_recording(kind))
        await client.kind("done", "event")
        assert events(client) == [
            "stt_start",
            "stt_complete",
            "rag_start",
            "rag_token",
            "rag_complete",
            "tts_start",
            "tts_complete",
            "done",
        ]
        by_name = {message["event"]: message for message in client.texts}
        assert by_name["stt_complete"]["text"] == "I like tea."
        tokens = "".join(m["token"] for m in client.texts if m["event"] == "rag_token")
        assert by_name["rag_complete"]["text"] == tokens.strip() == "I see. And what did you do then?"
        assert by_name["done"]["duration"] >= 0
        answer = by_name["tts_complete"]
        assert answer["format"] == "mp3"
        with av.open(BytesIO(base64.b64decode(answer["audio"])), "r") as file:
            samples = sum(frame.samples for frame in file.decode(audio=0))
        assert samples / 24_000 == pytest.approx(33 * 0.06, abs=0.2)


async def test_before_init_audio_is_refused_and_pings_are_answered(scene: VoiceScene) -> None:
    async with scene.connect(PATH) as client:
        await client.say(action="ping")
        await client.kind("pong", "event")
        await client.say(action="audio", data=a_recording())
        assert (await client.kind("error", "event"))["message"] == "Session not initialized"
        await client.socket.send_str("{")
        await client.kind("error", "event")
        await initialized(client)
        await client.say(action="ping")
        await client.kind("pong", "event")


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (base64.b64encode(b"no audio at all" * 100).decode(), "Invalid audio format"),
        ("not base64!", "Invalid audio format"),
        ("", "Invalid audio format"),
        (a_recording("mp3", 61.0), "at most 60 seconds"),
        (base64.b64encode(bytes(11 << 20)).decode(), "at most 10 MB"),
        (7, "data"),
        (None, "data"),
    ],
    ids=["no audio", "no base64", "empty", "too long", "too large", "number", "none"],
)
async def test_a_recording_that_cannot_be_used_ends_with_done_and_the_next_is_answered(
    scene: VoiceScene, data: str | float | None, message: str
) -> None:
    async with scene.connect(PATH) as client:
        await initialized(client)
        await client.say(action="audio", data=data)
        assert message in (await client.kind("error", "event"))["message"]
        await client.kind("done", "event")
        client.order.clear()
        await client.say(action="audio", data=a_recording())
        await client.kind("done", "event")
        assert "tts_complete" in events(client)


async def test_recordings_wait_their_turn_up_to_a_limit(scene: VoiceScene) -> None:
    llm = scene.engines.llm = ScriptedLlm()
    llm.gate.clear()
    async with scene.connect(PATH) as client:
        await initialized(client)
        await client.say(action="audio", data=a_recording())
        await client.kind("rag_start", "event")
        for _ in range(4):
            await client.say(action="audio", data=a_recording())
        assert "maximum" in (await client.kind("error", "event"))["message"]
        await client.kind("done", "event")
        llm.gate.set()
        for _ in range(4):
            await client.kind("done", "event")
        assert sum(m["event"] == "tts_complete" for m in client.texts) == 4


async def test_the_recordings_of_all_sessions_that_wait_have_a_limit_together(
    scene: VoiceScene, monkeypatch: pytest.MonkeyPatch
) -> None:
    backlog, llm, data = scene.engines.backlog, ScriptedLlm(), a_recording()
    monkeypatch.setattr(backlog, "_max_bytes", 2 * len(data))
    scene.engines.llm = llm
    llm.gate.clear()
    async with scene.connect(PATH) as ann, scene.connect(PATH) as bob:
        for client in (ann, bob):
            await initialized(client)
            await client.say(action="audio", data=data)
            await client.kind("rag_start", "event")
        await bob.say(action="audio", data=data)
        assert "Too many recordings are waiting" in (await bob.kind("error", "event"))["message"]
        await bob.kind("done", "event")
        llm.gate.set()
        for client in (ann, bob):
            await client.kind("tts_complete", "event")
            await client.kind("done", "event")
        assert backlog.total == 0
        llm.gate.clear()
        for _ in range(2):
            await ann.say(action="audio", data=data)
        await ann.kind("rag_start", "event")
        assert backlog.total == 2 * len(data)
    async with asyncio.timeout(WITHIN_S):
        while backlog.total:  # noqa: ASYNC110 - of the worker, which hears of the cut
            await asyncio.sleep(0.01)


async def test_a_recording_without_words_is_an_error_and_done(scene: VoiceScene) -> None:
    scene.engines.stt = ScriptedStt()
    async with scene.connect(PATH) as client:
        await initialized(client)
        await client.say(action="audio", data=a_recording())
        await client.kind("error", "event")
        await client.kind("done", "event")


async def test_a_thread_goes_on_after_a_reconnect_and_is_no_others(scene: VoiceScene) -> None:
    llm = scene.engines.llm = ScriptedLlm()
    thread = str(uuid.uuid4())
    told = []
    for name in (thread, thread, str(uuid.uuid4())):
        async with scene.connect(PATH) as client:
            await initialized(client, name)
            await client.say(action="audio", data=a_recording())
            await client.kind("done", "event")
        told.append(len(llm.requests[-1].messages))
    assert told == [1, 3, 1]


async def test_answers_are_grounded_in_the_learners_own_documents(scene: VoiceScene) -> None:
    llm = scene.engines.llm = ScriptedLlm()
    scene.engines.stt = ScriptedStt("When does the library open?")
    token = await scene.sign_in()
    text = b"# Library\n\nThe library opens at nine in the morning.\n"
    base = await a_base(scene, {"Authorization": f"Bearer {token}"}, "Default", text)
    for query in ("", f"&kb_id={base}"):
        async with scene.connect(f"{PATH}?token={token}{query}") as client:
            await client.say(action="init", thread_id="t")
            assert (await client.kind("initialized", "event"))["kb_id"] == base
    async with scene.connect(f"{PATH}?token={token}") as client:
        await client.say(action="init", thread_id="t")
        await client.say(action="audio", data=a_recording())
        await client.kind("done", "event")
    assert "opens at nine" in llm.requests[-1].system
    async with scene.connect(f"{PATH}?token={token}&kb_id=another") as client:
        await client.say(action="init", thread_id="t")
        await client.kind("error", "event")
        assert await client.closed() == 1008


async def test_a_thread_keeps_its_knowledge_base_and_its_answers_keep_their_passages(
    scene: VoiceScene,
) -> None:
    """Also for a client that names the base only once, and after the server was restarted."""
    scene.engines.stt = ScriptedStt("When does the library open?")
    token = await scene.sign_in()
    head = {"Authorization": f"Bearer {token}"}
    base = await a_base(scene, head, "School", b"# Library\n\nThe library opens at nine.\n")
    async with scene.connect(f"{PATH}?token={token}&kb_id={base}") as client:
        await client.say(action="init", thread_id="t")
        await client.say(action="audio", data=a_recording())
        await client.kind("done", "event")
    await scene.restart()
    async with scene.connect(f"{PATH}?token={token}") as client:
        await client.say(action="init", thread_id="t")
        assert (await client.kind("initialized", "event"))["kb_id"] == base
    async with scene.connect(f"{PATH}?token={token}") as client:
        await client.say(action="init", thread_id="another")
        assert (await client.kind("initialized", "event"))["kb_id"] == "default"

    url = f"{scene.server.url}/api/conversations"
    async with scene.http.get(url, headers=head) as response:
        [talk] = (await response.json())["items"]
    async with scene.http.get(f"{url}/{talk['id']}", headers=head) as response:
        said, answer = (await response.json())["messages"]
    assert said["citations"] == []
    assert answer["citations"] == [
        {"document": "library.md", "heading": "Library", "text": "The library opens at nine."}
    ]


async def a_base(scene: VoiceScene, head: dict[str, str], name: str, text: bytes) -> str:
    """A knowledge base with the document `library.md`; its id."""
    bases = f"{scene.server.url}/api/knowledge-bases"
    async with scene.http.post(bases, json={"name": name, "language": "en"}, headers=head) as response:
        base = str((await response.json())["id"])
    markdown = {**head, "Content-Type": "text/markdown"}
    added = scene.http.post(f"{bases}/{base}/documents?name=library.md", data=text, headers=markdown)
    async with added as response:
        assert response.status == 201, await response.text()
    return base


async def test_another_thread_needs_another_connection(scene: VoiceScene) -> None:
    async with scene.connect(PATH) as client:
        thread = await initialized(client)
        await client.say(action="init", thread_id=thread)
        await client.kind("initialized", "event")
        await client.say(action="init", thread_id="another")
        assert "another thread" in (await client.kind("error", "event"))["message"]
