"""A voice withheld from the tutor never reaches it: real media and signalling, and a killed server."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import socketio

from tests.fakes.rtc import Pacer, RestClient, RtcClient, tone_clip
from tests.fakes.rtc.client import ClientOptions
from tests.fakes.server_process import ServerProcess
from tests.fakes.signalling_server import Client, eventually
from tests.fakes.worker import FakeWorker

AGENT_TOKEN = "the-token-that-workers-show-to-the-server"
LISTENER = ClientOptions(microphone=False)


@asynccontextmanager
async def registered(url: str) -> AsyncIterator[FakeWorker]:
    """A worker that sends its reports in time."""
    async with aiohttp.ClientSession() as http:
        socket = socketio.AsyncClient(reconnection=False, http_session=http)
        client = Client(socket, "/agents")
        socket.on("*", client.note, namespace="/agents")
        auth = {"token": AGENT_TOKEN}
        await socket.connect(url, auth=auth, namespaces=["/agents"], transports=["websocket"])
        worker = FakeWorker(client)
        await worker.say("register", workerId="w1", capacity=4)
        ended = asyncio.Event()
        reports = asyncio.create_task(_report(worker, ended))
        try:
            yield worker
        finally:
            ended.set()
            await asyncio.wait([reports])
            await client.close()


async def _report(worker: FakeWorker, ended: asyncio.Event) -> None:
    with suppress(socketio.exceptions.SocketIOError):
        while not ended.is_set():
            jobs = [data["jobId"] for name, data in worker.link.events if name == "job"]
            await worker.say("report", load=0.0, jobs=jobs)
            with suppress(TimeoutError):
                async with asyncio.timeout(1):
                    await ended.wait()


async def heard_beside(tutor: RtcClient, loud: str, silent: str) -> None:
    """For half a second more, one participant is received and the other is not."""
    assert silent not in tutor.slots.values()
    log = await tutor.wait_slot(loud)
    counts = {mid: each.packets for mid, each in tutor.receiver.by_mid.items()}
    await eventually(lambda: log.packets > counts[log.mid] + 25, within_s=10)
    others = {m: each.packets - counts[m] for m, each in tutor.receiver.by_mid.items() if m != log.mid}
    assert set(others.values()) == {0}


async def speaker(client: RtcClient, room: str, pacer: Pacer, tone: float, **options: Any) -> str:
    await client.join(room, clip=tone_clip(tone), **options)
    await client.set_muted(False)
    assert client.publisher is not None
    pacer.add(client.publisher)
    return client.participant_id


@dataclass
class Club:
    """Ann, who hosts, and Bob, both speaking; `loud` and `silent` are their participants' ids."""

    rest: RestClient
    worker: FakeWorker
    ann: RtcClient
    bob: RtcClient
    loud: str
    silent: str


@asynccontextmanager
async def club(
    url: str, tokens: list[str], room: str, resume: tuple[str, str] | None = None
) -> AsyncIterator[Club]:
    async with (
        RestClient(url) as rest,
        Pacer() as pacer,
        registered(url) as worker,
        RtcClient(url, tokens[0]) as ann,
        RtcClient(url, tokens[1]) as bob,
    ):
        back = [{"resumeToken": token} for token in resume] if resume else [{}, {}]
        loud = await speaker(ann, room, pacer, 440.0, **back[0])
        silent = await speaker(bob, room, pacer, 660.0, **back[1])
        yield Club(rest, worker, ann, bob, loud, silent)


@pytest.mark.timeout(180)
async def test_a_withheld_voice_never_reaches_the_tutor_even_after_a_crash(tmp_path: Path) -> None:
    async with ServerProcess(tmp_path, {"AGENT_TOKEN": AGENT_TOKEN}) as server:
        async with RestClient(server.url) as rest:
            tokens = [await rest.guest("Ann"), await rest.guest("Bob")]
            room = str((await rest.create_room(tokens[0]))["id"])
        async with club(server.url, tokens, room) as here:
            await here.rest.request("POST", f"/api/rooms/{room}/tutor", tokens[0], {})
            job = await here.worker.begin()
            async with RtcClient(server.url, job["token"], LISTENER) as tutor:
                await tutor.join(room)
                log = await tutor.wait_slot(here.silent)
                await eventually(lambda: log.packets > 10)
                await here.bob.call("set_heard", {"heard": False})
                await tutor.wait_event("slots", lambda d: not _carries(d, here.silent))
                at_most = log.packets
                await heard_beside(tutor, here.loud, here.silent)
                assert log.packets <= at_most + 1  # packets in flight
            resume = (str(here.ann.joined["resumeToken"]), str(here.bob.joined["resumeToken"]))
        await server.restart(kill=True)
        async with club(server.url, tokens, room, resume) as here:
            again = await here.worker.begin(within_s=10)
            assert again["conversationId"] == job["conversationId"]
            heard = {p["participantId"]: p["heard"] for p in again["people"]}
            assert heard == {here.loud: True, here.silent: False}
            async with RtcClient(server.url, again["token"], LISTENER) as tutor:
                await tutor.join(room)
                await heard_beside(tutor, here.loud, here.silent)
        assert server.complaints() == []


def _carries(slots: dict[str, Any], participant_id: str) -> bool:
    return participant_id in [slot["participantId"] for slot in slots["slots"]]
