"""People over REST, on a server with its own database: who sees whom, and who may not."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer

from server.api import RateLimits
from server.config import Config
from server.errors import TooManyFollows, TooManyInvitations
from server.protocol.entities import RoomType
from server.protocol.rooms import Join
from server.rooms.membership import Joiner
from server.wiring import assemble
from server.wiring.assemble import Components
from tests.fakes.rooms_world import a_draft


class Town:
    def __init__(self, parts: Components, client: TestClient[Any, Any]) -> None:
        self.parts, self.client = parts, client
        self.ids: dict[str, str] = {}
        self.tokens: dict[str, str] = {}

    async def come(self, name: str) -> str:
        answer = await self.client.post("/api/auth/guest", json={"name": name})
        session = await answer.json()
        self.ids[name], self.tokens[name] = session["user"]["id"], session["token"]
        await self.ask("POST", "/api/users/me/rules", name)
        return self.ids[name]

    async def ask(self, method: str, path: str, name: str = "", body: object = None) -> tuple[int, Any]:
        headers = {"Authorization": f"Bearer {self.tokens[name]}"} if name else {}
        async with self.client.request(method, path, headers=headers, json=body) as answer:
            body = await answer.read()
            return answer.status, await answer.json() if body else None

    async def names(self, which: str, name: str) -> list[str]:
        _, page = await self.ask("GET", f"/api/people/{which}", name)
        return [person["name"] for person in page["items"]]

    async def befriend(self, one: str, other: str) -> None:
        for follower, followed in ((one, other), (other, one)):
            answer = await self.ask("PUT", f"/api/people/{self.ids[followed]}/follow", follower)
            assert answer == (204, None)

    async def told(self, name: str) -> list[dict[str, Any]]:
        _, page = await self.ask("GET", "/api/notices", name)
        return [notice["body"] for notice in page["items"]]

    async def seat(self, name: str, room_id: str) -> None:
        joiner = Joiner(f"c-{name}", self.ids[name])
        await self.parts.rooms.membership.join(joiner, Join(room_id=room_id))


@pytest.fixture
async def town(tmp_path: Path) -> AsyncIterator[Town]:
    parts = assemble(Config.load(None, data_dir=tmp_path, udp_port=0, agents=0, house_rules=False))
    async with AsyncExitStack() as stack:
        for part in (parts.database, parts.avatars, parts.people):
            stack.push_async_callback(part.aclose)
        await parts.database.start()
        await parts.sfu.start(parts.rooms.media_events)
        stack.push_async_callback(parts.sfu.aclose)
        stack.push_async_callback(parts.rooms.aclose)
        client = await stack.enter_async_context(TestClient(TestServer(parts.application)))
        town = Town(parts, client)
        for name in ("Ann", "Ben", "Cem"):
            await town.come(name)
        yield town


async def test_a_block_hides_both_in_lists_and_previews_and_keeps_the_counts(town: Town) -> None:
    room = await town.parts.rooms.directory.create_room(town.ids["Cem"], a_draft())
    await town.seat("Ann", room.id)
    assert await town.ask("PUT", f"/api/people/{town.ids['Ben']}/block", "Ann") == (204, None)
    seen = {}
    for name in ("Ben", "Cem", ""):
        _, page = await town.ask("GET", "/api/rooms", name)
        (listed,) = page["items"]
        seen[name] = [p["name"] for p in listed["participants"]]
        assert (listed["participantCount"], listed["seatCount"]) == (1, 1)
    assert seen == {"Ben": [], "Cem": ["Ann"], "": ["Ann"]}
    _, preview = await town.ask("GET", f"/api/rooms/{room.id}", "Ben")
    (ann,) = preview["participants"]
    assert (ann["isBlocked"], ann["isMuted"]) == (False, True), "Ben must not find out"


async def test_only_the_blocker_reads_and_ends_a_block(town: Town) -> None:
    await town.ask("PUT", f"/api/people/{town.ids['Ben']}/block", "Ann")
    assert (await town.ask("GET", "/api/people/blocked", "Ben"))[1] == {"items": [], "nextCursor": None}
    await town.ask("DELETE", f"/api/people/{town.ids['Ann']}/block", "Ben")
    _, page = await town.ask("GET", "/api/people/blocked", "Ann")
    assert [(p["id"], p["name"]) for p in page["items"]] == [(town.ids["Ben"], "Ben")]
    assert (await town.ask("DELETE", f"/api/people/{town.ids['Ben']}/block", "Ann"))[0] == 204
    assert (await town.ask("GET", "/api/people/blocked", "Ann"))[1]["items"] == []


async def test_who_may_not_block_and_what_cannot_be_blocked(town: Town) -> None:
    ben = f"/api/people/{town.ids['Ben']}/block"
    for method, path in (("PUT", ben), ("DELETE", ben), ("GET", "/api/people/blocked")):
        assert (await town.ask(method, path))[0] == 401
    for path, code in (
        (f"/api/people/{town.ids['Ann']}/block", "conflict"),
        ("/api/people/nobody/block", "user_not_found"),
        ("/api/people/a%00b/block", "user_not_found"),
    ):
        _, problem = await town.ask("PUT", path, "Ann")
        assert problem["code"] == code
    status, problem = await town.ask("GET", "/api/people/blocked?cursor=x", "Ann")
    assert (status, problem["code"]) == (422, "invalid_request")


async def test_a_follow_is_told_once_and_two_of_them_make_friends(town: Town) -> None:
    ann, ben = town.ids["Ann"], town.ids["Ben"]
    assert await town.ask("PUT", f"/api/people/{ben}/follow", "Ann") == (204, None)
    assert await town.ask("DELETE", f"/api/people/{ben}/follow", "Ann") == (204, None)
    assert await town.ask("PUT", f"/api/people/{ben}/follow", "Ann") == (204, None)
    told = {"kind": "new_follower", "userId": ann, "name": "Ann", "areFriends": False}
    assert await town.told("Ben") == [told]
    assert (await town.names("followers", "Ben"), await town.names("friends", "Ben")) == (["Ann"], [])
    await town.befriend("Ben", "Ann")
    assert await town.told("Ann") == [
        {"kind": "new_follower", "userId": ben, "name": "Ben", "areFriends": True}
    ]
    _, card = await town.ask("GET", f"/api/people/{ben}", "Ann")
    assert (card["youFollow"], card["followsYou"], card["isOnline"]) == (True, True, False)
    await town.ask("DELETE", f"/api/people/{ann}/follower", "Ben")
    assert [await town.names("friends", name) for name in ("Ann", "Ben")] == [[], []]
    assert await town.names("following", "Ben") == ["Ann"]


async def test_a_card_has_what_its_owner_wrote(town: Town) -> None:
    ben = town.ids["Ben"]
    profile = {
        "about": "  I bake bread.\u202e ",
        "alsoSpeaks": ["fr", "fr"],
        "practises": ["vi", "ja"],
        "nativeLanguage": "en",
        "country": "NZ",
        "learningLevel": "B1",
        "presence": "online",
    }
    status, saved = await town.ask("PATCH", "/api/users/me", "Ben", profile)
    assert (status, saved["about"], saved["presence"]) == (200, "I bake bread.", "online")
    _, card = await town.ask("GET", f"/api/people/{ben}", "Ann")
    seen = [card[name] for name in ("about", "alsoSpeaks", "practises", "nativeLanguage", "learningLevel")]
    assert seen == ["I bake bread.", ["fr"], ["vi", "ja"], "en", "B1"]
    assert "presence" not in card, "nobody learns what others choose"
    for wrong in ({"about": "x" * 301}, {"about": None}, {"presence": "all"}, {"alsoSpeaks": ["en"] * 9}):
        assert (await town.ask("PATCH", "/api/users/me", "Ben", wrong))[0] == 422


async def test_where_a_friend_is_shows_by_their_choice_alone(town: Town) -> None:
    await town.befriend("Ann", "Ben")
    await town.ask("PUT", f"/api/people/{town.ids['Ben']}/follow", "Cem")
    public = await town.parts.rooms.directory.create_room(town.ids["Ben"], a_draft(name="Coffee"))
    await town.seat("Ben", public.id)
    seen = {}
    for choice in ("nobody", "online", "room"):
        await town.ask("PATCH", "/api/users/me", "Ben", {"presence": choice})
        town.parts.people.presence.tick()
        _, page = await town.ask("GET", "/api/people/online", "Ann")
        seen[choice] = [(p["name"], p["room"] and p["room"]["name"]) for p in page["items"]]
        assert await town.names("online", "Cem") == [], "who follows is no friend"
        assert (await town.ask("GET", f"/api/people/{town.ids['Ben']}", "Cem"))[1]["isOnline"] is False
    assert seen == {"nobody": [], "online": [("Ben", None)], "room": [("Ben", "Coffee")]}
    await town.ask("PATCH", "/api/users/me", "Ben", {"presence": "nobody"})
    assert await town.names("online", "Ann") == [], "at once, although servers still know it"


async def test_a_private_room_is_not_shown_to_friends(town: Town) -> None:
    await town.befriend("Ann", "Ben")
    await town.ask("PATCH", "/api/users/me", "Ben", {"presence": "room"})
    private = await town.parts.rooms.directory.create_room(
        town.ids["Ben"], a_draft(name="Secret", type=RoomType.PRIVATE)
    )
    await town.seat("Ben", private.id)
    town.parts.people.presence.tick()
    _, page = await town.ask("GET", "/api/people/online", "Ann")
    assert [(p["isOnline"], p["room"]) for p in page["items"]] == [(True, None)]


async def test_a_friend_is_invited_into_the_room_of_the_inviter(town: Town) -> None:
    room = await town.parts.rooms.directory.create_room(town.ids["Ann"], a_draft(name="Coffee"))
    await town.seat("Ann", room.id)
    path, ben = f"/api/rooms/{room.id}/invitations", {"userId": town.ids["Ben"]}
    assert (await town.ask("POST", path, "Ann", ben))[1]["code"] == "not_friends"
    await town.befriend("Ann", "Ben")
    for _ in range(2):
        assert await town.ask("POST", path, "Ann", ben) == (204, None)
    assert (await town.ask("POST", path, "Ben", {"userId": town.ids["Ann"]}))[1]["code"] == "not_joined"
    invitations = [body for body in await town.told("Ben") if body["kind"] == "room_invitation"]
    wanted = {"userId": town.ids["Ann"], "name": "Ann", "roomId": room.id, "roomName": "Coffee"}
    assert invitations == [{"kind": "room_invitation", **wanted, "invite": None}], "told once"
    assert (await town.ask("POST", "/api/rooms/none/invitations", "Ann", ben))[1]["code"] == "room_not_found"
    await town.ask("PUT", f"/api/people/{town.ids['Ben']}/block", "Ann")
    assert [body["kind"] for body in await town.told("Ben")] == []
    assert (await town.ask("POST", path, "Ann", ben))[1]["code"] == "not_friends"


async def test_people_who_were_in_a_room_meet_and_forget_each_other(town: Town) -> None:
    room = await town.parts.rooms.directory.create_room(town.ids["Ann"], a_draft(name="Coffee"))
    for name in ("Ann", "Ben"):
        await town.seat(name, room.id)
    met = town.parts.people.meetings
    start = time.monotonic()
    met._clock = lambda: start
    await met.tick()
    assert await town.names("met", "Ann") == []
    met._clock = lambda: start + 60
    await met.tick()
    _, page = await town.ask("GET", "/api/people/met", "Ann")
    assert [(p["name"], p["roomName"]) for p in page["items"]] == [("Ben", "Coffee")]
    await town.ask("DELETE", f"/api/people/met/{town.ids['Ben']}", "Ann")
    assert (await town.names("met", "Ann"), await town.names("met", "Ben")) == ([], ["Ann"])
    await town.ask("DELETE", "/api/people/met", "Ben")
    assert await town.names("met", "Ben") == []


async def test_a_note_is_read_by_its_writer_alone(town: Town) -> None:
    ben = town.ids["Ben"]
    assert await town.ask("PUT", f"/api/people/{ben}/note", "Ann", {"text": "Tea, not coffee"}) == (204, None)
    for name, note in (("Ann", "Tea, not coffee"), ("Cem", ""), ("Ben", "")):
        assert (await town.ask("GET", f"/api/people/{ben}", name))[1]["note"] == note
    assert (await town.ask("PUT", f"/api/people/{ben}/note", "Ann", {"text": "x" * 1_001}))[0] == 422


async def test_nothing_of_people_is_open_to_strangers_or_of_nobody(town: Town) -> None:
    ben = f"/api/people/{town.ids['Ben']}"
    asked = [
        *(
            ("GET", f"/api/people/{which}")
            for which in ("friends", "online", "following", "followers", "met")
        ),
        *(("DELETE", f"/api/people/met{end}") for end in ("", f"/{town.ids['Ben']}")),
        ("GET", ben),
        ("PUT", f"{ben}/follow"),
        ("DELETE", f"{ben}/follow"),
        ("DELETE", f"{ben}/follower"),
        ("PUT", f"{ben}/note"),
        ("POST", "/api/rooms/r1/invitations"),
    ]
    for method, path in asked:
        assert (await town.ask(method, path))[0] == 401, path
    for method, path in (("GET", "nobody"), ("PUT", "nobody/follow"), ("PUT", "a%00b/follow")):
        assert (await town.ask(method, f"/api/people/{path}", "Ann"))[1]["code"] == "user_not_found"
    assert (await town.ask("PUT", f"/api/people/{town.ids['Ann']}/follow", "Ann"))[1]["code"] == "conflict"


async def test_follows_and_invitations_are_limited() -> None:
    limits = RateLimits()
    for _ in range(30):
        await limits.check_follow("ann", "192.0.2.1")
        await limits.check_invitation("ann", "192.0.2.1")
    with pytest.raises(TooManyFollows):
        await limits.check_follow("ann", "192.0.2.1")
    with pytest.raises(TooManyInvitations):
        await limits.check_invitation("ann", "192.0.2.1")
    await limits.check_follow("ben", "192.0.2.1")
    for number in range(300 - 31):
        await limits.check_follow(f"u{number}", "192.0.2.1")
    with pytest.raises(TooManyFollows):
        await limits.check_follow("eva", "192.0.2.1")
