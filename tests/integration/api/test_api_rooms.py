from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

import pytest

from server.protocol.rooms import Join
from server.rooms.admission import set_locked
from server.rooms.membership import Joiner
from tests.fakes.api_server import Api
from tests.fakes.rooms_world import a_user


async def names(api: Api, token: str, query: str = "") -> list[str]:
    answer = await api.ask("GET", f"/api/rooms{query}", token)
    assert answer.status == 200, answer.body
    return [room["name"] for room in answer.json["items"]]


async def test_the_levels_are_listed_without_a_token_easiest_first(api: Api) -> None:
    levels = (await api.ask("GET", "/api/levels")).json["items"]
    assert [(level["id"], level["color"]) for level in levels] == [
        ("A1", "green"),
        ("A2", "lime"),
        ("B1", "yellow"),
        ("B2", "orange"),
        ("C1", "red"),
        ("C2", "grape"),
    ]
    assert levels[0]["name"] == "Beginner"
    assert levels[0]["description"]


async def test_the_number_online_needs_no_token(api: Api) -> None:
    assert (await api.ask("GET", "/api/online")).json == {"count": 0}
    api.rooms.online.arrived(a_user("ann"))
    api.rooms.online.arrived(a_user("ben"))
    assert (await api.ask("GET", "/api/online")).json == {"count": 2}


async def test_a_room_is_created_returned_and_listed(api: Api) -> None:
    token = await api.sign_in()
    wanted = {
        "name": "Cà phê",
        "topic": "Food",
        "level": "A2",
        "type": "public",
        "maxParticipants": 4,
        "tags": ["Street Food", "travel"],
        "language": "vi",
    }
    made = await api.ask("POST", "/api/rooms", token, json=wanted)
    assert made.status == 201
    assert made.headers["Location"] == f"/api/rooms/{made.json['id']}"
    room = dict(made.json)
    assert room.pop("invite") is None
    assert room["tags"] == ["street food", "travel"]
    assert {key: room[key] for key in wanted if key != "tags"} == {
        k: wanted[k] for k in wanted if k != "tags"
    }
    assert (room["participantCount"], room["participants"], room["isLocked"]) == (0, [], False)
    me = (await api.ask("GET", "/api/users/me", token)).json
    assert room["hostId"] == me["id"]
    shown = (await api.ask("GET", made.headers["Location"], token)).json
    assert shown == {**room, "admission": "open", "node": None}
    api.clock[0] += 1
    api.rooms.tick()
    rules = ("chatOpen", "linksAllowed", "tutorAllowed")
    of_room = ("hostId", "cohostIds", "tutor", "event", "invite", *rules)
    assert (await api.ask("GET", "/api/rooms", token)).json == {
        "items": [{k: v for k, v in room.items() if k not in of_room} | {"seatCount": 0}],
        "nextCursor": None,
        "searchWords": [],
    }


async def test_rooms_are_found_by_levels_text_and_language(api: Api) -> None:
    token, other = await api.sign_in(), await api.sign_in()
    await api.room(token, name="Cà phê", level="A1", tags=["food"])
    await api.room(token, name="Trains", level="B1", topic="Travel by rail", language="de")
    await api.room(other, name="Physics", level="C1", tags=["science"])
    assert await names(api, token, "?sort=newest") == ["Physics", "Trains", "Cà phê"]
    assert await names(api, token, "?level=A1&level=C1&sort=newest") == ["Physics", "Cà phê"]
    assert await names(api, token, "?search=ca%20phe") == ["Cà phê"]
    assert await names(api, token, "?search=RAIL") == ["Trains"]
    assert await names(api, token, "?search=science") == ["Physics"]
    assert await names(api, token, "?language=de") == ["Trains"]
    assert await names(api, token, "?type=private") == []


async def test_pages_of_rooms_have_no_gap_or_repeat(api: Api) -> None:
    for guest in range(3):
        token = await api.sign_in()
        for number in range(3):
            await api.room(token, name=f"{guest}{number}")
    seen: list[str] = []
    query = "?limit=4"
    while query:
        page = (await api.ask("GET", f"/api/rooms{query}", token)).json
        seen += [room["name"] for room in page["items"]]
        query = f"?limit=4&cursor={page['nextCursor']}" if page["nextCursor"] else ""
    assert len(seen) == 9
    assert len(set(seen)) == 9


@pytest.mark.parametrize(
    ("query", "wrong"),
    [
        ("?level=B7", "level.0"),
        ("?sort=oldest", "sort"),
        ("?limit=0", "limit"),
        ("?limit=many", "limit"),
        ("?limit=1&limit=2", "limit"),
        ("?type=secret", "type"),
        ("?cursor=nonsense", "cursor"),
        ("?search=" + "x" * 101, "search"),
        ("?colour=red", "colour"),
    ],
)
async def test_a_wrong_query_field_is_named(api: Api, query: str, wrong: str) -> None:
    token = await api.sign_in()
    answer = await api.ask("GET", f"/api/rooms{query}", token)
    assert (answer.status, answer.code) == (422, "invalid_request")
    assert wrong in answer.wrong


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "x" * 61),
        ("topic", "x" * 141),
        ("level", "B7"),
        ("level", None),
        ("type", "open"),
        ("maxParticipants", 13),
        ("maxParticipants", 1),
        ("maxParticipants", "12"),
        ("maxParticipants", 1e300),
        ("tags", ["a"] * 6),
        ("tags", "a"),
        ("language", "English"),
        ("hostId", "somebody"),
    ],
)
async def test_an_invalid_room_is_not_created(api: Api, field: str, value: object) -> None:
    token = await api.sign_in()
    answer = await api.ask("POST", "/api/rooms", token, json={"name": "Coffee", "level": "B1", field: value})
    assert (answer.status, answer.code) == (422, "invalid_request")
    assert answer.wrong[0].split(".")[0] == field
    assert api.rooms.room_count == 0


async def test_a_private_room_needs_its_invite_and_is_not_listed(api: Api) -> None:
    host, guest = await api.sign_in("Ann"), await api.sign_in("Bob")
    room = await api.room(host, type="private")
    path = f"/api/rooms/{room['id']}"
    assert len(room["invite"]) >= 22
    assert await names(api, host) == []
    assert (await api.ask("GET", path, host)).status == 200
    assert (await api.ask("GET", f"{path}?invite={room['invite']}", guest)).status == 200
    for refused in ("", "?invite=", "?invite=x", f"?invite={room['invite'][:-1]}", "?invite=" + "é" * 50):
        answer = await api.ask("GET", path + refused, guest)
        assert (answer.status, answer.code) == (403, "invite_invalid")
    assert "invite" not in (await api.ask("GET", path, host)).json


@pytest.mark.parametrize("room_id", ["unknown", "x" * 3000, "%00", "%F0%9F%8E%A7", "..%2F..", "a'b"])
async def test_an_unknown_room_is_not_found(api: Api, room_id: str) -> None:
    answer = await api.ask("GET", f"/api/rooms/{room_id}", await api.sign_in())
    assert (answer.status, answer.code) == (404, "room_not_found")


async def test_the_number_of_rooms_per_host_is_limited(api: Api) -> None:
    token = await api.sign_in()
    for _ in range(3):
        await api.room(token)
    answer = await api.ask("POST", "/api/rooms", token, json={"name": "One more", "level": "B1"})
    assert (answer.status, answer.code) == (429, "too_many_hosted")
    assert "host 3 rooms" in answer.json["detail"]


@pytest.mark.parametrize(
    "around",
    ["{}.", "{})", "{}>", "{} ", "{}\u200b", '"{}"', "‘{}’", "<{}>", "{}),", "\u2060{}", "x?invite={}."],
)
async def test_an_invite_is_accepted_with_the_punctuation_around_a_link(api: Api, around: str) -> None:
    host, guest = await api.sign_in("Ann"), await api.sign_in("Bob")
    wanted = {"name": "Secret", "level": "B1", "type": "private"}
    room = (await api.ask("POST", "/api/rooms", host, json=wanted)).json
    query = f"?invite={quote(around.format(room['invite']))}"
    assert (await api.ask("GET", f"/api/rooms/{room['id']}{query}", guest)).status == 200
    joining = Join.model_validate({"roomId": room["id"], "invite": around.format(room["invite"])})
    assert joining.invite == room["invite"]


async def test_rooms_are_listed_and_shown_before_signing_in(api: Api) -> None:
    host = await api.sign_in("Ann")
    room, secret = await api.room(host, name="Open"), await api.room(host, name="Secret", type="private")
    assert await names(api, "") == ["Open"]
    shown = await api.ask("GET", f"/api/rooms/{room['id']}")
    assert (shown.status, shown.json["name"], shown.json["admission"]) == (200, "Open", "open")
    path = f"/api/rooms/{secret['id']}"
    assert (await api.ask("GET", f"{path}?invite={secret['invite']}")).json["name"] == "Secret"
    for dead in ("", "?invite=x", f"?invite={secret['invite'][:-1]}"):
        assert (await api.ask("GET", path + dead)).code == "invite_invalid"
    assert (await api.ask("GET", "/api/rooms/gone")).code == "room_not_found"


async def test_a_token_that_is_not_needed_is_still_checked(api: Api) -> None:
    assert (await api.ask("GET", "/api/rooms", "forged")).code == "unauthenticated"


async def test_a_room_to_practise_alone_is_not_shown_before_signing_in(api: Api) -> None:
    room = await api.room(await api.sign_in(), type="ai", topic="My health")
    answer = await api.ask("GET", f"/api/rooms/{room['id']}")
    assert answer.code == "unauthenticated"
    assert b"health" not in answer.body


async def test_a_preview_says_whether_its_reader_could_join(api: Api) -> None:
    host, guest = await api.sign_in("Ann"), await api.sign_in("Bob")
    path = f"/api/rooms/{(await api.room(host))['id']}"
    set_locked(api.rooms.directory._rooms.get(path.rpartition("/")[2]).room, True)
    seen = [(await api.ask("GET", path, token)).json["admission"] for token in (host, guest, "")]
    assert seen == ["open", "locked", "locked"]


async def test_a_page_that_closes_says_so_with_its_resume_token_alone(api: Api) -> None:
    token = await api.sign_in()
    room = (await api.room(token))["id"]
    user_id = (await api.ask("GET", "/api/users/me", token)).json["id"]
    joined = await api.rooms.membership.join(Joiner("c1", user_id), Join(room_id=room))
    path = f"/api/rooms/{room}/page-closed"

    async def connection() -> str:
        (person,) = (await api.ask("GET", f"/api/rooms/{room}", token)).json["participants"]
        return str(person["connection"])

    # The media type of a beacon depends on the browser.
    beacon: dict[str, Any] = {"data": json.dumps({"resumeToken": joined.resume_token}).encode()}
    plain = {"Content-Type": "text/plain;charset=UTF-8"}
    elsewhere = await api.ask(
        "POST", path, **beacon, headers={**plain, "Origin": "https://elsewhere.example"}
    )
    assert elsewhere.code == "origin_refused"
    guessed = await api.ask("POST", path, json={"resumeToken": "guessed-guessed-guessed"})
    assert guessed.status == 204
    assert (await api.ask("POST", path, json={})).wrong == ["resumeToken"]
    assert (await api.ask("POST", "/api/rooms/nowhere/page-closed", **beacon)).code == "room_not_found"
    assert await connection() == "connecting"
    assert (await api.ask("POST", path, **beacon, headers=plain)).status == 204
    assert await connection() == "leaving"
