from __future__ import annotations

import asyncio
import io
import zlib
from pathlib import Path

import pytest
from PIL import Image

from server.moderation.text_rules import TextRules
from server.storage import Database, SqlUserStore
from tests.fakes.api_server import Api, api_server

AVATAR = "/api/users/me/avatar"


def picture(kind: str = "PNG", size: tuple[int, int] = (300, 200), **options: object) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "red").save(out, kind, **options)
    return out.getvalue()


def opened(body: bytes) -> Image.Image:
    return Image.open(io.BytesIO(body))


async def test_only_the_given_fields_change_and_null_clears(api: Api) -> None:
    token = await api.sign_in("Ann", country="VN", learningLevel="B1")
    patched = await api.ask("PATCH", "/api/users/me", token, json={"name": "An", "country": None})
    assert patched.status == 200
    assert patched.json == (await api.ask("GET", "/api/users/me", token)).json
    assert (patched.json["name"], patched.json["country"], patched.json["learningLevel"]) == (
        "An",
        None,
        "B1",
    )


async def test_the_name_cannot_be_cleared(api: Api) -> None:
    token = await api.sign_in("Ann")
    answer = await api.ask("PATCH", "/api/users/me", token, json={"name": None})
    assert (answer.status, answer.wrong) == (422, ["name"])


async def test_rooms_are_notified_of_changes_only(api: Api) -> None:
    token = await api.sign_in("Ann")
    await api.ask("PATCH", "/api/users/me", token, json={"name": "An"})
    await api.ask("PATCH", "/api/users/me", token, json={"name": "An"})
    await api.ask("PATCH", "/api/users/me", token, json={})
    assert [user.name for user in api.changed] == ["An"]


async def test_concurrent_edits_do_not_undo_each_other(tmp_path: Path) -> None:
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'parlor.db'}")
    await database.start()
    try:
        async with api_server(tmp_path, store=SqlUserStore(database)) as api:
            token = await api.sign_in("Ann")
            await asyncio.gather(
                api.ask("PATCH", "/api/users/me", token, json={"name": "An"}),
                api.ask("PATCH", "/api/users/me", token, json={"country": "VN"}),
                api.ask("PATCH", "/api/users/me", token, json={"nativeLanguage": "vi"}),
                api.ask("PUT", AVATAR, token, data=picture()),
            )
            me = (await api.ask("GET", "/api/users/me", token)).json
            assert (me["name"], me["country"], me["nativeLanguage"]) == ("An", "VN", "vi")
            assert (await api.ask("GET", me["avatarUrl"])).status == 200
    finally:
        await database.aclose()


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF"])
async def test_an_upload_becomes_a_small_webp(api: Api, kind: str) -> None:
    token = await api.sign_in()
    user = (await api.ask("PUT", AVATAR, token, data=picture(kind))).json
    got = await api.ask("GET", user["avatarUrl"])
    assert (got.headers["Content-Type"], opened(got.body).format) == ("image/webp", "WEBP")
    assert opened(got.body).size == (256, 256)
    assert "immutable" in got.headers["Cache-Control"]
    assert got.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in got.headers["Content-Security-Policy"]


async def test_the_location_in_a_photo_is_removed(api: Api) -> None:
    exif = Image.Exif()
    exif[0x010E] = "at home, 10.8231 N"
    exif[0x0112] = 6  # turned by 90 degrees
    photo = Image.new("RGB", (400, 400), "blue")
    photo.paste("white", (0, 0, 400, 200))  # the upper half, once turned: the right one
    out = io.BytesIO()
    photo.save(out, "JPEG", exif=exif, comment=b"at home", quality=95)
    token = await api.sign_in()
    user = (await api.ask("PUT", AVATAR, token, data=out.getvalue())).json
    body = (await api.ask("GET", user["avatarUrl"])).body
    assert b"home" not in body
    image = opened(body)
    assert not image.getexif()
    row = image.convert("L").crop((0, 128, 256, 129)).tobytes()
    assert row[40] < 100 < row[216]


async def test_an_animation_becomes_its_first_frame(api: Api) -> None:
    out = io.BytesIO()
    frames = [Image.new("RGB", (64, 64), colour) for colour in ("red", "green")]
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:])
    token = await api.sign_in()
    user = (await api.ask("PUT", AVATAR, token, data=out.getvalue())).json
    image = opened((await api.ask("GET", user["avatarUrl"])).body)
    assert getattr(image, "n_frames", 1) == 1
    red, green, _ = image.convert("RGB").crop((128, 128, 129, 129)).tobytes()
    assert red > 200 > green


def png_bomb() -> bytes:
    """A header of 30,000 by 30,000 pixels over a few bytes."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")

    side = (30_000).to_bytes(4, "big")
    header = chunk(b"IHDR", side + side + b"\x08\x02\x00\x00\x00")
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(b"\0" * 5000)) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"hello",
        b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
        b"<?xml version='1.0'?><svg/>",
        b"%PDF-1.7 " + b"x" * 2000,
        picture("BMP"),
        picture("TIFF"),
        picture("PNG")[:60],
        picture("JPEG")[:-300],
        picture("WEBP")[:40],
        png_bomb(),
    ],
    ids=["none", "text", "svg", "xml", "pdf", "bmp", "tiff", "cut png", "cut jpeg", "cut webp", "bomb"],
)
async def test_an_unsupported_picture_is_refused(api: Api, body: bytes) -> None:
    token = await api.sign_in()
    before = (await api.ask("GET", "/api/users/me", token)).json
    answer = await api.ask("PUT", AVATAR, token, data=body)
    assert answer.status == 422
    assert answer.code == ("picture_too_large" if body == png_bomb() else "picture_unreadable")
    assert (await api.ask("GET", "/api/users/me", token)).json == before


async def test_html_hidden_in_a_picture_is_removed(api: Api) -> None:
    token = await api.sign_in()
    polyglot = picture("GIF") + b"<script>alert(1)</script>"
    user = (await api.ask("PUT", AVATAR, token, data=polyglot)).json
    assert b"script" not in (await api.ask("GET", user["avatarUrl"])).body


async def test_an_upload_beyond_five_megabytes_is_refused(api: Api) -> None:
    token = await api.sign_in()
    answer = await api.ask("PUT", AVATAR, token, data=io.BytesIO(bytes(5 * 1024 * 1024 + 1)))
    assert (answer.status, answer.code) == (413, "payload_too_large")


async def test_a_new_upload_or_a_deletion_removes_the_old_one(api: Api) -> None:
    token = await api.sign_in()
    first = (await api.ask("PUT", AVATAR, token, data=picture("PNG"))).json["avatarUrl"]
    second = (await api.ask("PUT", AVATAR, token, data=picture("PNG", (64, 64)))).json["avatarUrl"]
    generated = (await api.ask("DELETE", AVATAR, token)).json["avatarUrl"]
    assert generated.startswith("/api/avatars/g/")
    assert (await api.ask("GET", generated)).status == 200
    for gone in {first, second}:
        assert (await api.ask("GET", gone)).code == "not_found"
    assert not api.pictures.pictures


async def test_a_person_cannot_use_the_upload_of_another(api: Api) -> None:
    ann, bob = await api.sign_in("Ann"), await api.sign_in("Bob")
    uploaded = (await api.ask("PUT", AVATAR, ann, data=picture())).json["avatarUrl"]
    refused = await api.ask("PATCH", "/api/users/me", bob, json={"avatarUrl": uploaded})
    assert (refused.status, refused.wrong) == (422, ["avatarUrl"])
    kept = await api.ask("PATCH", "/api/users/me", ann, json={"avatarUrl": uploaded, "name": "An"})
    assert (kept.status, kept.json["avatarUrl"]) == (200, uploaded)


async def test_a_generated_avatar_is_the_same_each_time_and_differs_by_seed(api: Api) -> None:
    drawn = [(await api.ask("GET", f"/api/avatars/g/{seed}.svg")).body for seed in ("a", "a", "b")]
    assert drawn[0] == drawn[1] != drawn[2]
    answer = await api.ask("GET", "/api/avatars/g/a.svg")
    assert answer.headers["Content-Type"] == "image/svg+xml"
    assert "sandbox" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    "path",
    [
        "/api/avatars/g/a%22onload=x.svg",
        "/api/avatars/g/" + "a" * 65 + ".svg",
        "/api/avatars/u/..%2F..%2Fsecret.webp",
        "/api/avatars/u/x.webp",
        "/api/avatars/u/.webp",
    ],
)
async def test_no_path_leaves_the_avatars_folder(api: Api, path: str) -> None:
    assert (await api.ask("GET", path)).code == "not_found"


async def test_the_house_rules_are_accepted_once(api: Api) -> None:
    token = await api.sign_in("Ann")
    me = (await api.ask("GET", "/api/users/me", token)).json
    assert (me["acceptedRules"], me["isHidden"]) == (False, False)
    assert (await api.ask("POST", "/api/users/me/rules")).status == 401
    accepted = await api.ask("POST", "/api/users/me/rules", token)
    assert (accepted.status, accepted.json["acceptedRules"]) == (200, True)
    (user,) = api.users.users.values()
    api.clock[0] += 5
    await api.ask("POST", "/api/users/me/rules", token)
    assert api.users.users[user.id].rules_accepted_at == user.rules_accepted_at


async def test_a_profile_can_be_hidden(api: Api) -> None:
    token = await api.sign_in("Ann")
    hidden = await api.ask("PATCH", "/api/users/me", token, json={"isHidden": True})
    assert hidden.json["isHidden"] is True
    refused = await api.ask("PATCH", "/api/users/me", token, json={"isHidden": None})
    assert (refused.status, refused.wrong) == (422, ["isHidden"])


async def test_names_of_people_are_cleaned(tmp_path: Path) -> None:
    async with api_server(tmp_path, clean_text=TextRules("mask").clean) as api:
        token = await api.sign_in("Fuck")
        assert (await api.ask("GET", "/api/users/me", token)).json["name"] == "****"
        answer = await api.ask("PATCH", "/api/users/me", token, json={"name": "No shit"})
        assert answer.json["name"] == "No ****"
    async with api_server(tmp_path, clean_text=TextRules("refuse").clean) as api:
        refused = await api.ask("POST", "/api/auth/guest", json={"name": "Fuck"})
        assert (refused.status, refused.wrong) == (422, ["name"])
