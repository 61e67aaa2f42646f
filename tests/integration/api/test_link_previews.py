"""Programs that run no script learn from a page what it is."""

from __future__ import annotations

from collections.abc import AsyncIterator
from html.parser import HTMLParser
from pathlib import Path

import pytest

from server.rooms.lobby import ROOMS_TOPIC
from server.rooms.service import RoomsService
from tests.fakes.api_server import Api, api_server


class _Head(HTMLParser):
    """`meta` maps names and properties to contents, `canonical` is the address of the link."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.meta: dict[str, str] = {}
        self.canonical: str | None = None
        self.title = ""
        self.others: list[str] = []
        self._in_title = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self._in_title = tag == "title"
        if tag == "meta":
            self.meta[given.get("name") or given.get("property") or ""] = given["content"] or ""
        elif tag == "link" and given.get("rel") == "canonical":
            self.canonical = given["href"]
        elif tag not in ("title", "body"):
            self.others.append(tag)

    def handle_data(self, data: str) -> None:
        if self._in_title:
            self.title += data

    def handle_endtag(self, tag: str) -> None:
        self._in_title = False


@pytest.fixture
async def api(tmp_path: Path) -> AsyncIterator[Api]:
    (tmp_path / "web").mkdir()
    (tmp_path / "web" / "index.html").write_text("<title>Parlor</title><body></body>")
    async with api_server(tmp_path, public_url="https://talk.example") as api:
        yield api


async def head(api: Api, path: str, **headers: str) -> _Head:
    answer = await api.ask("GET", path, headers=headers)
    assert answer.status == 200
    return _Head(answer.body.decode())


async def test_a_public_room_is_described_by_name_level_language_and_topic(api: Api) -> None:
    room = await api.room(await api.sign_in("Ann"), name="Cà phê", topic="Food", language="vi")
    page = await head(api, f"/rooms/{room['id']}?level=B1")
    assert page.title == page.meta["og:title"] == "Cà phê · Parlor"
    assert page.meta["description"] == page.meta["og:description"]
    assert page.meta["description"] == "Practise Vietnamese at level B1. Food"
    assert page.canonical == page.meta["og:url"] == f"https://talk.example/rooms/{room['id']}"
    assert page.meta["og:image"] == "https://talk.example/preview.png"
    assert page.meta["twitter:card"] == "summary_large_image"
    assert "robots" not in page.meta


async def test_a_public_room_of_another_server_is_described(api: Api) -> None:
    await api.room(await api.sign_in("Ann"), name="Cà phê")
    [room] = (await api.ask("GET", "/api/rooms")).json["items"]
    api.rooms_bus.publish(ROOMS_TOPIC, {"node": "other", "epoch": 1, "room": {**room, "id": "elsewhere"}})
    page = await head(api, "/rooms/elsewhere")
    assert page.title == "Cà phê · Parlor"
    assert page.canonical == "https://talk.example/rooms/elsewhere"


async def test_the_reader_s_language_is_used(api: Api) -> None:
    room = await api.room(await api.sign_in("Ann"), topic="")
    page = await head(api, f"/rooms/{room['id']}", **{"Accept-Language": "fr, vi-VN;q=0.9, en"})
    assert page.meta["description"] == "Luyện nói tiếng Anh, trình độ B1."
    assert page.meta["og:locale"] == "vi_VN"


async def test_a_private_room_is_described_to_holders_of_its_invite_alone(api: Api) -> None:
    room = await api.room(await api.sign_in("Ann"), name="Secret club", type="private")
    path = f"/rooms/{room['id']}"
    invited = await head(api, f"{path}?invite={room['invite']}")
    assert invited.title == "Secret club · Parlor"
    for wrong in (
        path,
        f"{path}?invite=x",
        f"{path}?invite={room['invite'][:-1]}",
        f"{path}?invite={'é' * 300}",
    ):
        assert (await head(api, wrong)).title == "Parlor: voice rooms for language learners"
    for page in (invited, await head(api, path)):
        assert (page.canonical, page.meta["robots"]) == (None, "noindex")


async def test_a_room_to_practise_alone_and_a_dead_link_tell_nothing(api: Api) -> None:
    room = await api.room(await api.sign_in("Ann"), name="My health", type="ai")
    for path in (f"/rooms/{room['id']}", "/rooms/gone", "/rooms/%22%3E%3Cscript%3E", "/rooms/%00"):
        page = await head(api, path)
        assert page.title == "Parlor: voice rooms for language learners"
        assert page.meta["robots"] == "noindex"


async def test_texts_of_a_room_are_escaped(api: Api) -> None:
    evil = "</title><script>x</script>"
    room = await api.room(await api.sign_in("Ann"), name=evil, topic=f'"><img src=x>{evil}')
    page = await head(api, f"/rooms/{room['id']}")
    assert page.title == f"{evil} · Parlor"
    assert page.others == []


async def test_a_preview_counts_nobody_and_names_nobody(api: Api) -> None:
    room = await api.room(await api.sign_in("Ann Visible"))
    answer = await api.ask("GET", f"/rooms/{room['id']}", headers={"User-Agent": "facebookexternalhit/1.1"})
    assert b"Ann Visible" not in answer.body
    rooms: RoomsService = api.rooms
    assert rooms.online.count() == 0
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize(
    ("path", "canonical"),
    [
        ("/", "https://talk.example/"),
        ("/rooms?level=B1&search=x", "https://talk.example/rooms"),
        ("/practice", "https://talk.example/practice"),
        ("/profile", None),
        ("/rooms/new", None),
        ("/nowhere", None),
    ],
)
async def test_only_pages_that_are_the_same_for_everybody_have_an_address_for_search_engines(
    api: Api, path: str, canonical: str | None
) -> None:
    page = await head(api, path)
    assert page.canonical == canonical
    assert ("robots" in page.meta) == (canonical is None)


async def test_without_a_public_address_that_of_the_request_is_used(tmp_path: Path) -> None:
    (tmp_path / "web").mkdir()
    (tmp_path / "web" / "index.html").write_text("<title>Parlor</title>")
    async with api_server(tmp_path) as api:
        page = await head(api, "/rooms", Host='evil.example"><script>')
        assert page.others == []
        assert (await head(api, "/rooms", Host="here.example")).canonical == "http://here.example/rooms"
