"""Describes a page to programs that show links: chats, social networks, search engines.

They run no script, so the server writes it into the head of the page: title, description, Open Graph, Twitter
card and canonical address. A page shows no more of a room than its link opens, and never who is in it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from html import escape

from aiohttp import web
from pydantic import ValidationError

from server.errors import ParlorError
from server.protocol.entities import ListedRoom, Room, RoomType
from server.protocol.rest import RoomAccess

IMAGE = ("/preview.png", 1200, 630)
ShowRoom = Callable[[str, RoomAccess, web.BaseRequest], Room | ListedRoom]
"""The room of a link for somebody who has not signed in. Raises ParlorError if the link opens none."""

_ROOM = re.compile(r"/rooms/(?!new$)([A-Za-z0-9_-]{1,64})[^/]*")
_PAGES = ("/", "/rooms", "/practice")
"""Pages that are the same for everybody: search engines may list them."""
_SITE = "Parlor"


@dataclass(frozen=True, slots=True)
class _Texts:
    title: str
    description: str
    image: str
    room: str
    room_without_language: str
    languages: dict[str, str]


_TEXTS = {
    "en": _Texts(
        "Parlor: voice rooms for language learners",
        "Small voice rooms for people who practise a language, by level from A1 to C2. No account needed.",
        "Armchairs around a lamp, one for each level from A1 to C2",
        "Practise {language} at level {level}.",
        "A voice room at level {level}.",
        {
            "en": "English", "vi": "Vietnamese", "zh": "Chinese", "ja": "Japanese", "ko": "Korean",
            "fr": "French", "de": "German", "es": "Spanish", "it": "Italian", "pt": "Portuguese",
            "ru": "Russian", "ar": "Arabic", "th": "Thai", "id": "Indonesian",
        },
    ),
    "vi": _Texts(
        "Parlor: phòng trò chuyện cho người học ngoại ngữ",
        "Phòng trò chuyện nhỏ để luyện nói ngoại ngữ, theo trình độ từ A1 đến C2. Không cần tài khoản.",
        "Những chiếc ghế bành quanh ngọn đèn, mỗi chiếc một trình độ từ A1 đến C2",
        "Luyện nói {language}, trình độ {level}.",
        "Phòng trò chuyện trình độ {level}.",
        {
            "en": "tiếng Anh", "vi": "tiếng Việt", "zh": "tiếng Trung", "ja": "tiếng Nhật",
            "ko": "tiếng Hàn", "fr": "tiếng Pháp", "de": "tiếng Đức", "es": "tiếng Tây Ban Nha",
            "it": "tiếng Ý", "pt": "tiếng Bồ Đào Nha", "ru": "tiếng Nga", "ar": "tiếng Ả Rập",
            "th": "tiếng Thái", "id": "tiếng Indonesia",
        },
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class LinkPreviews:
    """`public_url` is the server's own address, if it is set; otherwise that of the request is used."""

    show_room: ShowRoom
    public_url: str = ""

    def head(self, request: web.BaseRequest) -> str:
        """HTML for the head of the page at the request's address. Nothing is counted as a visit."""
        language = _language(request.headers.get("Accept-Language", ""))
        texts, path = _TEXTS[language], request.path
        site = self.public_url.rstrip("/") or f"{request.scheme}://{request.host}"
        title, description, canonical, is_listed = texts.title, texts.description, path, path in _PAGES
        if found := _ROOM.fullmatch(path):
            room = self._room(found[1], request)
            if room is not None:
                title, description = f"{room.name} · {_SITE}", _description(room, texts)
            # A shared canonical address of a private room would lack the invite.
            is_listed = room is not None and room.type is RoomType.PUBLIC
            canonical = f"/rooms/{found[1]}"
        return "\n".join(_tags(language, title, description, site, canonical if is_listed else None))

    def _room(self, room_id: str, request: web.BaseRequest) -> Room | ListedRoom | None:
        try:
            access = RoomAccess(invite=request.query.get("invite"))
            return self.show_room(room_id, access, request)
        except (ParlorError, ValidationError):
            return None


def _description(room: Room | ListedRoom, texts: _Texts) -> str:
    language = texts.languages.get(room.language.partition("-")[0])
    form = texts.room if language else texts.room_without_language
    about = form.format(language=language, level=room.level)
    return f"{about} {room.topic}" if room.topic else about


def _tags(language: str, title: str, description: str, site: str, canonical: str | None) -> list[str]:
    """`canonical` is a path; None keeps search engines away."""
    path, width, height = IMAGE
    texts = _TEXTS[language]
    tags = [
        f"<title>{escape(title)}</title>",
        _meta("name", "description", description),
        _meta("property", "og:site_name", _SITE),
        _meta("property", "og:type", "website"),
        _meta("property", "og:locale", {"en": "en_GB", "vi": "vi_VN"}[language]),
        _meta("property", "og:title", title),
        _meta("property", "og:description", description),
        _meta("property", "og:image", site + path),
        _meta("property", "og:image:width", str(width)),
        _meta("property", "og:image:height", str(height)),
        _meta("property", "og:image:alt", texts.image),
        _meta("name", "twitter:card", "summary_large_image"),
    ]
    if canonical is None:
        return [*tags, _meta("name", "robots", "noindex")]
    address = site + canonical
    return [*tags, _meta("property", "og:url", address), f'<link rel="canonical" href="{escape(address)}">']


def _meta(kind: str, name: str, content: str) -> str:
    return f'<meta {kind}="{name}" content="{escape(content)}">'


def _language(header: str) -> str:
    """The first language of Accept-Language that has texts. Browsers sort it; weights are not read."""
    for item in header.split(",")[:20]:
        tag = item.partition(";")[0].partition("-")[0].strip().lower()
        if tag in _TEXTS:
            return tag
    return "en"
