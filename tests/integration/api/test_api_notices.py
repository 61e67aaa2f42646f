"""The routes of notices, with the real store."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from server.protocol.notices import EventPlace
from server.storage import Database, SqlNoticeStore, SqlPushStore, SqlSessionStore, SqlUserStore
from tests.fakes.api_server import Api, api_server
from tests.fakes.push_service import Device, unb64

PLACE = EventPlace(event_id="e1", occurrence_id="o1", name="Tea", starts_at=datetime(2027, 3, 14, tzinfo=UTC))
ROUTES = (
    ("GET", "/api/notices"),
    ("POST", "/api/notices/read"),
    ("DELETE", "/api/notices"),
    ("GET", "/api/notices/settings"),
    ("PATCH", "/api/notices/settings"),
    ("POST", "/api/push/subscription"),
    ("DELETE", "/api/push/subscription"),
)


@pytest.fixture
async def told(tmp_path: Path) -> AsyncIterator[Api]:
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'parlor.db'}")
    await database.start()
    try:
        async with api_server(
            tmp_path,
            store=SqlUserStore(database),
            sessions=SqlSessionStore(database),
            notices=SqlNoticeStore(database),
            push=SqlPushStore(database),
        ) as api:
            yield api
    finally:
        await database.aclose()


async def test_a_person_lists_reads_and_deletes_their_own_notices(told: Api) -> None:
    ann, eve = await told.sign_in("Ann"), await told.sign_in("Eve")
    me = (await told.ask("GET", "/api/users/me", ann)).json["id"]
    await told.notices.notify(me, PLACE)
    page = (await told.ask("GET", "/api/notices", ann)).json
    assert page["unread"] == 1
    [notice] = page["items"]
    assert (notice["body"]["kind"], notice["body"]["startsAt"]) == ("event_place", "2027-03-14T00:00:00.000Z")
    assert (await told.ask("GET", "/api/notices", eve)).json == {"items": [], "unread": 0, "nextCursor": None}
    assert (await told.ask("POST", "/api/notices/read", eve, json={"ids": [notice["id"]]})).status == 204
    assert (await told.ask("DELETE", "/api/notices", eve)).status == 204
    assert (await told.ask("GET", "/api/notices", ann)).json["unread"] == 1
    assert (await told.ask("POST", "/api/notices/read", ann, json={})).status == 204
    assert (await told.ask("GET", "/api/notices", ann)).json["unread"] == 0
    assert [shown.unread for shown in told.pages.shown[me]] == [1, 0]
    assert (await told.ask("DELETE", "/api/notices", ann)).status == 204
    assert (await told.ask("GET", "/api/notices", ann)).json["items"] == []


async def test_mails_are_turned_off_and_on(told: Api) -> None:
    ann = await told.sign_in("Ann")
    before = (await told.ask("GET", "/api/notices/settings", ann)).json
    assert (before["mail"], before["canMail"]) == (True, False)
    changed = await told.ask("PATCH", "/api/notices/settings", ann, json={"mail": False, "language": "vi"})
    assert changed.json == {**before, "mail": False}


async def test_quiet_hours_and_topics_are_set_one_by_one(told: Api) -> None:
    ann = await told.sign_in("Ann")

    async def change(**members: object) -> dict[str, object]:
        changed = (await told.ask("PATCH", "/api/notices/settings", ann, json=members)).json
        return {name: changed[name] for name in ("topics", "quiet")}

    night = {"start": "22:00", "end": "07:30"}
    assert await change() == {"topics": ["reminders", "changes", "invitations", "summary"], "quiet": None}
    assert await change(quiet=night) == {
        "topics": ["reminders", "changes", "invitations", "summary"],
        "quiet": night,
    }
    assert await change(topics=["changes"]) == {"topics": ["changes"], "quiet": night}
    assert await change(mail=False) == {"topics": ["changes"], "quiet": night}
    assert await change(quiet=None) == {"topics": ["changes"], "quiet": None}
    assert await change(topics=[]) == {"topics": [], "quiet": None}


async def test_a_device_is_added_and_removed_by_its_own_session(told: Api) -> None:
    ann, eve = await told.sign_in("Ann"), await told.sign_in("Eve")
    device = Device("https://updates.push.services.mozilla.com/wpush/v2/x")
    before = (await told.ask("GET", "/api/notices/settings", ann)).json
    assert (before["pushHere"], before["pushDevices"], len(unb64(before["pushKey"]))) == (False, 0, 65)
    added = await told.ask("POST", "/api/push/subscription", ann, json={**device.wire(), "language": "vi"})
    assert (added.status, added.json["pushHere"], added.json["pushDevices"]) == (200, True, 1)
    assert (await told.ask("DELETE", "/api/push/subscription", eve)).status == 204
    assert (await told.ask("GET", "/api/notices/settings", eve)).json["pushDevices"] == 0
    assert (await told.ask("GET", "/api/notices/settings", ann)).json["pushHere"]
    assert (await told.ask("DELETE", "/api/push/subscription", ann)).status == 204
    assert not (await told.ask("GET", "/api/notices/settings", ann)).json["pushHere"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"endpoint": "https://169.254.169.254/latest/meta-data"}, "push_not_offered"),
        ({"endpoint": "http://fcm.googleapis.com/fcm/send/x"}, "push_not_offered"),
        ({"endpoint": "https://push.example.org/x"}, "push_not_offered"),
        ({"endpoint": "https://fcm.googleapis.com/" + "x" * 1_000}, "invalid_request"),
        ({"publicKey": "BA" + "A" * 85}, "invalid_request"),
        ({"publicKey": "short"}, "invalid_request"),
        ({"auth": "A" * 21}, "invalid_request"),
        ({"auth": "A" * 21 + "+"}, "invalid_request"),
        ({"more": 1}, "invalid_request"),
    ],
)
async def test_what_is_no_subscription_of_a_known_service_is_refused(
    told: Api, change: dict[str, object], code: str
) -> None:
    ann = await told.sign_in("Ann")
    body = {**Device("https://fcm.googleapis.com/fcm/send/x").wire(), **change}
    assert (await told.ask("POST", "/api/push/subscription", ann, json=body)).code == code


@pytest.mark.parametrize(("method", "path"), ROUTES)
async def test_nobody_gets_notices_without_a_token(told: Api, method: str, path: str) -> None:
    assert (await told.ask(method, path, json={})).code == "unauthenticated"


async def test_what_is_malformed_is_refused(told: Api) -> None:
    ann = await told.sign_in("Ann")
    for path in ("/api/notices?limit=51", "/api/notices?cursor=%00", "/api/notices?cursor=abcd"):
        assert (await told.ask("GET", path, ann)).code == "invalid_request"
    for body in ({"ids": ["x"] * 51}, {"ids": ["a b"]}, {"all": True}):
        assert (await told.ask("POST", "/api/notices/read", ann, json=body)).code == "invalid_request"
    same = {"start": "22:00", "end": "22:00"}
    for change in ({"language": "fr"}, {"quiet": same}, {"quiet": {"start": "24:00", "end": "7:00"}}):
        answer = await told.ask("PATCH", "/api/notices/settings", ann, json=change)
        assert answer.code == "invalid_request"
