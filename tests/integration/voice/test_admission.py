"""Admission: clients are let in, or refused in the form of their own protocol."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import pytest_asyncio

from ai_agent import places
from tests.fakes.server_process import ServerProcess
from tests.fakes.speech import ScriptedLlm
from tests.fakes.voice import VoiceEngines, VoiceScene, VoiceSocket, loud, voice_scene

pytestmark = pytest.mark.asyncio(loop_scope="package")
PATHS = ["/session", "/api/ws/voice", "/ws/class", "/v2/flux/x", "/v2/echo/x"]
PUBLIC = "https://rooms.example"


@pytest_asyncio.fixture(loop_scope="package", scope="module")
async def public(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[VoiceScene]:
    """A server that asks for tokens, with few places and limits of rate."""
    settings = {
        "VOICE_ANONYMOUS": "no",
        "ALLOWED_ORIGINS": PUBLIC,
        "VOICE_CONNECTIONS": "4",
        "VOICE_PER_USER": "2",
        "VOICE_PER_ADDRESS": "3",
        "TRUSTED_PROXIES": "1",
        "RATE_LIMIT": "10",
    }
    async with voice_scene(tmp_path_factory.mktemp("public"), settings=settings) as scene:
        yield scene


@pytest_asyncio.fixture(loop_scope="package", scope="module")
async def local(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[VoiceScene]:
    """A server of this machine alone."""
    async with voice_scene(tmp_path_factory.mktemp("local")) as scene:
        yield scene


def complaint(path: str, message: dict[str, Any]) -> str:
    """The text of an error in the protocol's own form."""
    if path == "/session":
        assert set(message) == {"type", "message"}
        assert message["type"] == "error"
        return str(message["message"])
    if path == "/api/ws/voice":
        assert set(message) == {"event", "message"}
        assert message["event"] == "error"
        return str(message["message"])
    if path == "/ws/class":
        assert set(message) == {"type", "error"}
        return str(message["error"])
    assert message["type"] == "Error"
    assert message["code"].isupper()
    return str(message["description"])


async def refusal(path: str, client: VoiceSocket) -> str:
    return complaint(path, await client.until(lambda _: True))


async def turn(client: VoiceSocket) -> None:
    await client.send(loud(0.6))
    await client.say(type="end_turn")
    await client.kind("audio_end")


@pytest.mark.parametrize("name", ["localhost:8080", "127.0.0.1", "[::1]:8080", "server", "192.168.0.4"])
async def test_without_a_token_only_this_machine_by_its_own_name_is_let_in(
    local: VoiceScene, name: str
) -> None:
    headers = {"Host": name, "Origin": f"http://{name}"}
    for path in ("/v2/echo/x", "/v2/echo/y?token="):
        async with local.connect(path, headers=headers) as client:
            await client.say(hello=1)
            answer = str(await client.until(lambda _: True))
            assert ("token" in answer) == (name in {"server", "192.168.0.4"})


async def test_a_page_whose_name_leads_here_is_refused_with_a_token_too(local: VoiceScene) -> None:
    """The name of another site may lead to loopback; its page then has the right origin (DNS rebinding)."""
    token = await local.sign_in()
    headers = {"Host": "evil.example:8080", "Origin": "http://evil.example:8080"}
    for path in ("/v2/echo/x", f"/v2/echo/x?token={token}"):
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            async with local.connect(path, headers=headers):
                pass
        assert refused.value.status == 421


async def test_a_client_behind_a_proxy_is_not_of_this_machine(local: VoiceScene) -> None:
    async with local.connect("/v2/echo/x", headers={"X-Forwarded-For": "203.0.113.9"}) as client:
        await client.say(hello=1)
        assert "token" in str(await client.until(lambda _: True))
    token = await local.sign_in()
    async with local.connect(f"/v2/echo/x?token={token}", headers={"Host": "192.168.0.4"}) as client:
        await client.say(hello=1)
        assert "token" not in str(await client.until(lambda _: True))


@pytest.mark.parametrize("path", PATHS)
async def test_a_public_server_lets_nobody_in_without_a_token(public: VoiceScene, path: str) -> None:
    for first in ('{"type":"ping"}', '{"type":"auth","token":"forged"}', "{", '{"token":5}', "[]"):
        async with public.connect(path) as client:
            await client.socket.send_str(first)
            assert "token" in (await refusal(path, client)).lower()
            assert await client.closed() == 1008


async def test_a_token_comes_in_the_query_or_in_the_first_message(public: VoiceScene) -> None:
    token = await public.sign_in()
    async with public.connect(f"/session?session=a&token={token}") as client:
        await turn(client)
    async with public.connect("/session?session=b") as client:
        await client.say(type="auth", token=token)
        await turn(client)
    async with public.connect("/api/ws/voice") as client:
        await client.say(action="init", thread_id="t", token=token)
        await client.kind("initialized", "event")


async def test_another_user_does_not_find_a_session_by_its_id(public: VoiceScene) -> None:
    llm = ScriptedLlm()
    public.engines.become(VoiceEngines(llm=llm))
    told = []
    ann, ben = await public.sign_in(), await public.sign_in("Ben")
    for token in (ann, ann, ben):
        async with public.connect(f"/session?session=shared&token={token}") as client:
            await turn(client)
        told.append([message.text for message in llm.requests[-1].messages])
    assert [len(messages) for messages in told] == [1, 3, 1]


async def test_what_was_said_is_among_the_learners_conversations_and_progress(public: VoiceScene) -> None:
    token = await public.sign_in()
    async with public.connect(f"/session?session=kept&token={token}") as client:
        await client.say(type="set_topic", topic="Food")
        await turn(client)
    get = {"Authorization": f"Bearer {token}"}
    async with asyncio.timeout(10):
        while True:
            async with public.http.get(public.server.url + "/api/conversations", headers=get) as response:
                found = (await response.json())["items"]
            if found and found[0]["messageCount"] == 2:
                break
            await asyncio.sleep(0.1)
    assert (found[0]["topic"], found[0]["roomName"]) == ("Food", "Coach")


async def test_the_newest_connection_has_a_session(public: VoiceScene) -> None:
    token = await public.sign_in()
    path = f"/session?session=one&token={token}"
    async with public.connect(path) as before:
        await before.say(type="ping")
        await before.kind("pong")
        async with public.connect(path) as now:
            assert "another connection" in (await before.kind("error"))["message"]
            assert await before.closed() == 4001
            await turn(now)


def at(address: str) -> dict[str, str]:
    return {"X-Forwarded-For": address}


async def test_places_are_limited_by_user_and_address_and_in_all(public: VoiceScene) -> None:
    ann, ben = await public.sign_in(), await public.sign_in("Ben")
    here, there = at("192.0.2.7"), at("198.51.100.7")
    open_ones = [
        public.connect(f"/v2/echo/{number}?token={token}", headers=headers)
        for number, token, headers in ((1, ann, here), (2, ann, here), (3, ben, here), (4, ben, there))
    ]
    clients = [await one.__aenter__() for one in open_ones[:2]]
    for number, client in enumerate(clients):
        await client.say(number=number)
        await client.until(lambda _: True)
    async with public.connect(f"/v2/echo/5?token={ann}") as client:
        assert "You have 2 voice sessions open" in await refusal("/v2/echo/5", client)
        assert await client.closed() == 1013
    for one in open_ones[2:]:
        clients.append(await one.__aenter__())
        await clients[-1].say(hello=1)
        await clients[-1].until(lambda _: True)
        for path in PATHS if one is open_ones[2] else ():
            async with public.connect(path, headers=here) as client:
                assert "Your network already has 3" in await refusal(path, client)
                assert await client.closed() == 1013
    for path in PATHS:
        async with public.connect(path) as client:
            assert "Too many people" in await refusal(path, client)
            assert await client.closed() == 1013
    for one in open_ones:
        await one.__aexit__(None, None, None)


async def test_a_full_worker_is_named_in_each_protocols_form_and_places_come_back(
    public: VoiceScene, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = await public.sign_in()

    async def ask(path: str) -> VoiceSocket:
        async with public.connect(f"{path}?token={token}") as client:
            await client.say(action="init", thread_id="t")
            with suppress(AssertionError):
                await client.until(lambda _: True)
            if "busy" in str(client.texts):
                assert await client.closed() == 1013
            return client

    with monkeypatch.context() as patch:
        patch.setattr(places, "free_voices", lambda *_: 0.0)
        for path in PATHS:
            assert "All tutors are busy" in complaint(path, (await ask(path)).texts[0])
    async with asyncio.timeout(10):
        while "initialized" not in str((await ask("/api/ws/voice")).texts):  # noqa: ASYNC110 - asks again
            await asyncio.sleep(0.05)


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    ("origin", "is_let_in"),
    [
        ("https://evil.example", False),
        ("null", False),
        (PUBLIC, True),
        ("http://localhost:3000", True),
    ],
)
async def test_pages_of_other_origins_are_refused(
    public: VoiceScene, path: str, origin: str, is_let_in: bool
) -> None:
    async with public.connect(path, origin=origin) as client:
        await client.socket.send_str("{")
        text = await refusal(path, client)
        assert ("origin" in text) is not is_let_in
        assert await client.closed() == 1008


async def test_a_client_that_floods_is_closed(public: VoiceScene) -> None:
    token = await public.sign_in()
    async with public.connect(f"/v2/flux/flood?token={token}") as client:
        await client.kind("Connected")
        with suppress(ConnectionError):
            for _ in range(20_000):
                await client.socket.send_bytes(bytes(1_024))
        assert await client.closed() == 1008
        assert client.texts[-1]["code"] == "TOO_MANY_REQUESTS"


@pytest.mark.parametrize(("method", "path"), [("POST", "/api/auth/sign-out"), ("DELETE", "/api/account")])
async def test_who_signs_out_or_is_gone_has_no_voice_session_any_more(
    public: VoiceScene, method: str, path: str
) -> None:
    token, other = await public.sign_in(), await public.sign_in("Ben")
    async with (
        public.connect(f"/session?token={token}") as client,
        public.connect(f"/session?token={other}") as stays,
    ):
        await turn(client)
        headers = {"Authorization": f"Bearer {token}"}
        async with public.http.request(method, public.server.url + path, headers=headers) as response:
            assert response.status == 204
        assert await client.closed() == 1008
        assert "signed out" in client.texts[-1]["message"]
        await turn(stays)


@pytest.mark.parametrize("path", [path for path in PATHS if path != "/api/ws/voice"])
async def test_a_message_that_is_too_large_ends_its_session_alone(public: VoiceScene, path: str) -> None:
    token = await public.sign_in()
    async with public.connect(f"{path}?token={token}") as client:
        ready = "[]" if "echo" not in path else "ready"
        await client.socket.send_str(ready)  # the answer, if it is only an error, says that a worker is there
        await client.socket.receive()
        await client.socket.send_str("x" * 300_000)
        assert await client.closed() == 1009
        [told] = [message for message in client.texts if "256 KB" in str(message)]
        assert complaint(path, told) == "A message may have at most 256 KB."
    assert public.server.complaints() == []


async def test_a_bad_session_id_or_language_is_refused(public: VoiceScene) -> None:
    token = await public.sign_in()
    for query in (f"session={'x' * 200}", "session=a%00b", "language=English"):
        async with public.connect(f"/session?{query}&token={token}") as client:
            await refusal("/session", client)
            assert await client.closed() == 1008


async def test_without_a_worker_clients_are_told_to_try_again(tmp_path: Path) -> None:
    async with ServerProcess(tmp_path) as server, aiohttp.ClientSession() as http:
        scene = VoiceScene(server, VoiceEngines(), http)
        token = await scene.sign_in()
        for path in PATHS:
            async with scene.connect(f"{path}?token={token}") as client:
                if path == "/api/ws/voice":  # its session begins with this message
                    await client.say(action="init", thread_id="t")
                assert "No tutor is available" in await refusal(path, client)
                assert await client.closed() == 1013
        assert server.complaints() == []
