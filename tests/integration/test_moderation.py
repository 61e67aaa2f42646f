"""Moderators' decisions on a real server: voices, sockets, sessions, what people learn of them, the log."""

from __future__ import annotations

import asyncio
import io
import json
import zipfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import pytest
from socketio.exceptions import ConnectionError as SocketRefused

from tests.fakes.moderators import Moderator, moderator, user_id
from tests.fakes.rtc import Pacer, RestClient, RtcClient, tone_clip
from tests.fakes.rtc.client import Refused
from tests.fakes.rtc.receiver import SlotLog
from tests.fakes.rtc.rest import RestError
from tests.fakes.server_process import ServerProcess


@dataclass
class Club:
    """Ann listens, Ben speaks; both are guests in one room. `rest` is the browser of all but Ben, whose is
    `browser`: each has a device cookie.
    `log`: what Ann receives of Ben."""

    rest: RestClient
    browser: RestClient
    mod: Moderator
    room: str
    tokens: dict[str, str]
    ids: dict[str, str]
    ann: RtcClient
    ben: RtcClient
    log: SlotLog


@asynccontextmanager
async def club(folder: Path, **settings: str) -> AsyncIterator[Club]:
    async with (
        ServerProcess(folder, settings) as server,
        RestClient(server.url) as rest,
        RestClient(server.url) as browser,
        Pacer() as pacer,
    ):
        mod = await moderator(rest, f"sqlite+aiosqlite:///{folder / 'parlor.db'}")
        tokens = {"ann": await rest.guest("ann"), "cem": await rest.guest("cem")}
        tokens["ben"] = await browser.guest("ben")
        ids = {name: await user_id(rest, token) for name, token in tokens.items()}
        room = str((await rest.create_room(tokens["ann"]))["id"])
        async with RtcClient(server.url, tokens["ann"]) as ann, RtcClient(server.url, tokens["ben"]) as ben:
            await ann.join(room)
            await ben.join(room, clip=tone_clip(440.0))
            assert ben.publisher is not None
            pacer.add(ben.publisher)
            await ben.set_muted(False)
            log = await ann.wait_slot(str(ben.joined["participantId"]))
            await eventually(lambda: log.packets > 10)
            yield Club(rest, browser, mod, room, tokens, ids, ann, ben, log)
        assert server.complaints() == []


async def eventually(condition: Callable[[], bool], within_s: float = 10.0) -> None:
    async with asyncio.timeout(within_s):
        while not condition():  # noqa: ASYNC110 - packets, and the state of another process
            await asyncio.sleep(0.02)


async def sent(here: Club, count: int) -> None:
    """Ben's microphone goes on for so many packets."""
    publisher = here.ben.publisher
    assert publisher is not None
    until = publisher.sent + count
    await eventually(lambda: publisher.sent >= until)


async def refused(answer: Awaitable[object]) -> str | None:
    """The code of the refusal."""
    try:
        await answer
    except (RestError, Refused) as error:
        return error.code
    pytest.fail("it was not refused")


@pytest.mark.parametrize("forwarding", ["c", "python"])
async def test_a_muted_persons_voice_is_not_forwarded_until_the_mute_is_undone(
    tmp_path: Path, forwarding: str
) -> None:
    async with club(tmp_path, FORWARDING=forwarding) as here:
        await here.mod.decide("mute", here.ids["ben"], hours=1, message="Calm down.")
        await here.ben.wait_event("participant_updated", lambda data: data["participant"]["isMuted"])
        await sent(here, 5)  # packets in flight
        at_most = here.log.packets
        await sent(here, 50)
        assert here.log.packets == at_most
        assert await refused(here.ben.set_muted(False)) == "muted_by_moderator"
        assert await refused(here.ben.call("send_chat", {"text": "Hello"})) == "muted_by_moderator"
        await here.ben.wait_event("standing_changed")
        standing = await here.rest.request("GET", "/api/users/me/standing", here.tokens["ben"])
        assert (standing["mutedUntil"] is not None, standing["muteMessage"]) == (True, "Calm down.")
        await sent(here, 25)
        assert here.log.packets == at_most

        await here.mod.undo()
        async with asyncio.timeout(10):
            while await _muted_until(here) is not None:  # noqa: ASYNC110 - the state of another process
                await asyncio.sleep(0.05)
        await sent(here, 10)
        assert here.log.packets == at_most, "only its owner opens a microphone"
        await here.ben.set_muted(False)
        await eventually(lambda: here.log.packets > at_most + 10)


async def _muted_until(here: Club) -> object:
    return (await here.rest.request("GET", "/api/users/me/standing", here.tokens["ben"]))["mutedUntil"]


async def test_a_ban_ends_all_at_once_and_undoing_it_restores_all(tmp_path: Path) -> None:
    async with club(tmp_path) as here:
        ben = here.tokens["ben"]
        for words in ("He shouts.", "Again."):
            report = {"targetId": here.ids["ben"], "reason": "insults", "words": words}
            await here.rest.request("POST", f"/api/rooms/{here.room}/reports", here.tokens["ann"], report)
        first, second = await here.mod.reports()
        await here.rest.request("POST", f"/api/moderation/reports/{second['id']}/dismiss", here.mod.token, {})
        fields = {"reportId": first["id"], "addressHours": 0, "message": "Goodbye.", "note": "seen"}
        other = {"kind": "ban", "targetId": here.ids["cem"], "reason": "insults", "reportId": first["id"]}
        assert (
            await refused(here.rest.request("POST", "/api/moderation/sanctions", here.mod.token, other))
            == "report_not_found"
        ), "a report on somebody else"
        await here.mod.decide("ban", here.ids["ben"], **fields)

        await asyncio.wait_for(here.ben.socket.wait(), 10)
        await here.ann.wait_event("participant_left")
        await sent(here, 5)
        at_most = here.log.packets
        await sent(here, 25)
        assert here.log.packets == at_most
        assert await refused(here.browser.request("GET", "/api/users/me", ben)) == "banned"
        with pytest.raises(SocketRefused):
            await RtcClient(here.rest.url, ben).connect()
        # The rest of the browser's life: another guest is refused by the cookie, one of another browser not.
        assert (
            await refused(here.browser.request("POST", "/api/auth/guest", body={"name": "Bob"})) == "banned"
        )
        async with RestClient(here.rest.url) as elsewhere:
            assert await elsewhere.guest("Dao")
        # Data and objection stay in reach.
        await here.rest.request("POST", "/api/users/me/objection", ben, {"words": "It was not me."})
        assert (
            await refused(
                here.rest.request("POST", "/api/users/me/objection", ben, {"words": "It was not me."})
            )
            == "conflict"
        )
        page = await here.rest.request("GET", "/api/moderation/sanctions?state=objected", here.mod.token)
        assert page["items"][0]["objection"] == "It was not me."

        await here.mod.undo()
        assert (await here.rest.request("GET", "/api/users/me", ben))["id"] == here.ids["ben"]
        assert await here.browser.guest("Bob")
        async with RtcClient(here.rest.url, ben) as again:
            await again.join(here.room)
        entries = [(e["action"], e["kind"], e["note"]) for e in await here.mod.log()]
        assert entries == [
            ("undo", "ban", ""),
            ("sanction", "ban", "seen"),
            ("dismiss", None, ""),
            ("grant", None, ""),
        ]
        named = [(e["moderator"], e["target"] and e["target"]["name"]) for e in await here.mod.log()]
        assert named == [("Mod", "ben"), ("Mod", "ben"), ("Mod", "ben"), (None, "Mod")]


async def test_the_reported_person_learns_nothing_and_others_see_nothing(tmp_path: Path) -> None:
    async with club(tmp_path) as here:
        ben = here.tokens["ben"]
        before = len(here.ben.events)
        report = {"targetId": here.ids["ben"], "reason": "threats", "words": "He said a bad word."}
        answer = await here.rest.request(
            "POST", f"/api/rooms/{here.room}/reports", here.tokens["ann"], report
        )
        assert answer == {"ok": True}
        (found,) = await here.mod.reports()
        assert (found["reporter"]["name"], found["target"]["name"], found["roomName"]) == (
            "ann",
            "ben",
            "Test room",
        )
        await here.mod.decide("warn", here.ids["ben"], reportId=found["id"], message="Be kind.")
        await here.ben.wait_event("standing_changed")
        names = {event.name for event in here.ben.events[before:]}
        assert "standing_changed" in names
        assert not any(event.name == "standing_changed" for event in here.ann.events)
        standing = await here.rest.request("GET", "/api/users/me/standing", ben)
        (warning,) = standing["warnings"]
        export = await _export(here, ben)
        for text in (json.dumps(standing), export):
            for trace in (here.ids["ann"], "ann", "bad word", here.ids["cem"], found["id"], '"Mod"'):
                assert trace not in text, trace
        assert "Be kind." in export
        # A seat that one has stays; other rooms wait until the warning was read.
        other = str((await here.rest.create_room(here.tokens["cem"]))["id"])
        await here.ben.leave()
        assert await refused(here.ben.call("join", {"roomId": other})) == "warning_not_read"
        acknowledge = f"/api/users/me/warnings/{warning['id']}/acknowledge"
        assert (
            await refused(here.rest.request("POST", acknowledge, here.tokens["cem"])) == "sanction_not_found"
        )
        await here.rest.request("POST", acknowledge, ben)
        await here.ben.call("join", {"roomId": other})
        assert (await here.rest.request("GET", "/api/users/me/standing", ben))["warnings"] == []
        page = await here.rest.request("GET", "/api/moderation/sanctions?state=all", here.mod.token)
        assert (page["items"][0]["state"], page["items"][0]["acknowledgedAt"] is not None) == ("ended", True)


async def _export(here: Club, token: str) -> str:
    """The text of all files."""
    link = await here.rest.request("POST", "/api/account/export", token)
    async with aiohttp.ClientSession() as http, http.get(here.rest.url + link["path"]) as response:
        assert response.status == 200
        archive = zipfile.ZipFile(io.BytesIO(await response.read()))
    return "\n".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())


async def test_reports_are_limited_by_person_and_need_a_seat_for_the_chat(tmp_path: Path) -> None:
    async with club(tmp_path, RATE_LIMIT="1") as here:
        report = {"targetId": here.ids["ben"], "reason": "spam"}
        in_room = here.rest.request("POST", f"/api/rooms/{here.room}/reports", here.tokens["cem"], report)
        assert await refused(in_room) == "not_joined"
        codes = []
        for _ in range(11):
            try:
                await here.rest.request("POST", "/api/reports", here.tokens["cem"], report)
                codes.append("taken")
            except RestError as error:
                codes.append(str(error.code))
        assert codes == [*["taken"] * 10, "too_many_reports"]
        await here.rest.request("POST", "/api/reports", here.tokens["ann"], report)
