"""The routes of rooms at a set time, with real stores and rooms."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import icalendar
import pytest

from server.moderation.model import Action, LogEntry, Sanction
from server.protocol.moderation import ReportReason, SanctionKind
from server.rooms.service import RoomsService
from server.storage import (
    Database,
    SqlAccountStore,
    SqlBlockStore,
    SqlNoticeStore,
    SqlSanctionStore,
    SqlScheduleStore,
    SqlUserStore,
)
from tests.fakes.api_server import Api, api_server

NOW = 1_800_000_000.0  # Friday 15 January 2027, 08:00 UTC: 15:00 in Hanoi, 03:00 in New York
TEA = {
    "name": "Tea club",
    "topic": "What we read",
    "level": "B1",
    "maxParticipants": 3,
    "localStart": "2027-01-19T19:00",
    "timeZone": "America/New_York",
    "durationMinutes": 60,
}
WEEKLY = {"frequency": "weekly", "count": 10}
START = datetime(2027, 1, 20, tzinfo=UTC).timestamp()
"""Of `TEA`."""


@dataclass
class Club:
    """Ann hosts; Ben, Cy and Di keep their profiles; Gus is a guest. Values are their tokens and ids."""

    api: Api
    tokens: dict[str, str]
    ids: dict[str, str]
    database: Database

    async def ask(self, who: str, method: str, path: str, **options: Any) -> Any:
        return await self.api.ask(method, path, self.tokens.get(who, ""), **options)

    async def planned(self, **wanted: Any) -> dict[str, Any]:
        answer = await self.ask("ann", "POST", "/api/events", json={**TEA, **wanted})
        assert answer.status == 201, answer.body
        assert answer.headers["Location"] == f"/api/events/{answer.json['id']}"
        return dict(answer.json)

    async def register(self, who: str, event: dict[str, Any], n: int = 0, **wanted: Any) -> Any:
        self.api.clock[0] += 0.001  # they wait in the order in which they came
        body = {"occurrenceId": event["occurrences"][n]["id"], **wanted}
        return await self.ask(who, "POST", f"/api/events/{event['id']}/registration", json=body)

    async def give_up(self, who: str, event: dict[str, Any], n: int = 0, *, following: bool = False) -> Any:
        query = f"occurrence={event['occurrences'][n]['id']}&following={str(following).lower()}"
        return await self.ask(who, "DELETE", f"/api/events/{event['id']}/registration?{query}")

    def go_to(self, now: float) -> None:
        """Tokens are renewed, as pages do it."""
        self.api.clock[0] = now
        sessions = self.api.sessions
        for who, token in self.tokens.items():
            self.tokens[who] = sessions.token(sessions.verify(token, accept_expired=True))

    async def seen(self, who: str, event: dict[str, Any]) -> dict[str, Any]:
        return dict((await self.ask(who, "GET", f"/api/events/{event['id']}")).json)

    async def told(self, who: str) -> list[dict[str, Any]]:
        """Bodies of the person's notices, oldest first."""
        items = (await self.ask(who, "GET", "/api/notices?limit=50")).json["items"]
        return [item["body"] for item in reversed(items)]

    async def enter(self, who: str, event: dict[str, Any], n: int = 0) -> Any:
        body = {"occurrenceId": event["occurrences"][n]["id"]}
        return await self.ask(who, "POST", f"/api/events/{event['id']}/enter", json=body)


class Events(SqlScheduleStore):
    """Finds rooms in memory, where the fake store of rooms has them."""

    rooms: RoomsService

    async def find_room(self, room_id: str) -> str | None:
        opened = self.rooms.directory._rooms.find(room_id)
        return None if opened is None else opened.room.info.invite


@pytest.fixture
async def club(tmp_path: Path) -> AsyncIterator[Club]:
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'parlor.db'}")
    await database.start()
    try:
        async with api_server(
            tmp_path,
            store=SqlUserStore(database),
            notices=SqlNoticeStore(database),
            events=(events := Events(database)),
            blocks=SqlBlockStore(database),
            public_url="https://parlor.example",
        ) as api:
            events.rooms = api.rooms
            tokens = {name: await api.sign_in(name.title()) for name in ("ann", "ben", "cy", "di", "gus")}
            ids = {name: await api.keep(tokens[name]) for name in tokens if name != "gus"}
            yield Club(api, tokens, ids, database)
    finally:
        await database.aclose()


async def test_an_event_is_planned_listed_and_shown_in_local_time_and_as_instants(club: Club) -> None:
    event = await club.planned(repeat={"frequency": "weekly", "count": 10})
    first, *_others, last = event["occurrences"]
    assert len(event["occurrences"]) == 10
    assert (first["localStart"], first["startsAt"]) == ("2027-01-19T19:00", "2027-01-20T00:00:00.000Z")
    # Summer time begins in New York on 14 March: the tenth is an hour earlier by UTC.
    assert (last["localStart"], last["startsAt"]) == ("2027-03-23T19:00", "2027-03-23T23:00:00.000Z")
    assert (first["places"], event["isMine"], event["host"]["name"]) == (2, True, "Ann")
    page = (await club.ask("", "GET", "/api/events?limit=4")).json
    assert [item["occurrence"]["id"] for item in page["items"]] == [o["id"] for o in event["occurrences"][:4]]
    assert not page["items"][0]["isMine"]
    more = (await club.ask("", "GET", f"/api/events?limit=50&cursor={page['nextCursor']}")).json
    assert (len(more["items"]), more["nextCursor"]) == (6, None)
    for query, count in (("level=C1", 0), ("level=C1&level=B1", 10), ("language=fr", 0), ("language=en", 10)):
        assert len((await club.ask("", "GET", f"/api/events?{query}")).json["items"]) == count
    assert (await club.ask("ben", "GET", "/api/events?mine=true")).json["items"] == []
    assert len((await club.ask("ann", "GET", "/api/events?mine=true&limit=50")).json["items"]) == 10


@pytest.mark.parametrize(
    ("rule", "shown"),
    [
        ({"frequency": "daily"}, {"days": [], "nth": None, "monthDay": None}),
        ({"frequency": "weekly"}, {"days": ["TU"], "nth": None, "monthDay": None}),
        (
            {"frequency": "weekly", "days": ["TU", "TH"]},
            {"days": ["TU", "TH"], "nth": None, "monthDay": None},
        ),
        ({"frequency": "monthly"}, {"days": [], "nth": None, "monthDay": 19}),
        ({"frequency": "monthly", "nth": 3}, {"days": ["TU"], "nth": 3, "monthDay": None}),
    ],
)
async def test_the_rule_is_shown_with_what_it_takes_from_the_start(
    club: Club, rule: dict[str, Any], shown: dict[str, Any]
) -> None:
    event = await club.planned(repeat={**rule, "count": 4})
    repeat = (await club.seen("ben", event))["repeat"]
    assert {name: repeat[name] for name in shown} == shown


async def test_places_a_waitlist_that_moves_up_and_says_so(club: Club) -> None:
    event = await club.planned()
    for who, place in (("ben", "going"), ("cy", "going"), ("di", "waiting")):
        seen = (await club.register(who, event)).json["occurrences"][0]
        assert seen["myPlace"] == place
    assert ((await club.seen("di", event))["occurrences"][0]["ahead"], seen["waiting"]) == (0, 1)
    people = (
        await club.ask(
            "ann", "GET", f"/api/events/{event['id']}/people?occurrence={event['occurrences'][0]['id']}"
        )
    ).json["items"]
    assert [(p["name"], p["place"]) for p in people] == [("Ben", "going"), ("Cy", "going"), ("Di", "waiting")]
    assert (await club.give_up("ben", event)).status == 204
    assert (await club.seen("di", event))["occurrences"][0]["myPlace"] == "going"
    [told] = await club.told("di")
    assert (told["kind"], told["name"], told["startsAt"]) == (
        "event_place",
        "Tea club",
        "2027-01-20T00:00:00.000Z",
    )
    assert [shown.unread for shown in club.api.pages.shown[club.ids["di"]]] == [1]
    # The host takes a place away.
    path = f"/api/events/{event['id']}/people/{club.ids['cy']}?occurrence={event['occurrences'][0]['id']}"
    assert (await club.ask("ann", "DELETE", path)).status == 204
    assert (await club.seen("cy", event))["occurrences"][0]["myPlace"] is None


async def test_a_place_at_all_later_ones_and_more_seats_later(club: Club) -> None:
    event = await club.planned(repeat=WEEKLY, maxParticipants=2)
    await club.register("ben", event, 2, following=True)
    await club.register("cy", event, 3)
    places = [o["myPlace"] for o in (await club.seen("ben", event))["occurrences"]]
    assert places == [None] * 2 + ["going"] * 8
    change = {"scope": "all", "occurrenceId": event["occurrences"][0]["id"], "maxParticipants": 3}
    changed = await club.ask("ann", "PATCH", f"/api/events/{event['id']}", json=change)
    assert changed.json["maxParticipants"] == 3
    assert (await club.seen("cy", event))["occurrences"][3]["myPlace"] == "going"
    await club.give_up("ben", event, 5, following=True)
    places = [o["myPlace"] for o in (await club.seen("ben", event))["occurrences"]]
    assert places == [None] * 2 + ["going"] * 3 + [None] * 5


async def test_one_time_moves_and_those_with_a_place_are_told(club: Club) -> None:
    event = await club.planned(repeat=WEEKLY)
    await club.register("ben", event, 1)
    change = {
        "scope": "this",
        "occurrenceId": event["occurrences"][1]["id"],
        "localStart": "2027-01-27T20:30",
        "name": "Late tea",
    }
    after = (await club.ask("ann", "PATCH", f"/api/events/{event['id']}", json=change)).json
    moved = after["occurrences"][1]
    assert (moved["name"], moved["startsAt"]) == ("Late tea", "2027-01-28T01:30:00.000Z")
    assert (moved["myPlace"], moved["going"], after["name"]) == (None, 1, "Tea club")
    [told] = await club.told("ben")
    assert (told["kind"], told["wasAt"], told["startsAt"], told["name"]) == (
        "event_moved",
        "2027-01-27T00:00:00.000Z",
        "2027-01-28T01:30:00.000Z",
        "Late tea",
    )


async def test_all_times_move_to_another_weekday_and_keep_their_places(club: Club) -> None:
    event = await club.planned(repeat=WEEKLY)
    await club.register("ben", event, 0, following=True)
    change = {
        "scope": "all",
        "occurrenceId": event["occurrences"][0]["id"],
        "localStart": "2027-01-20T18:00",
        "timeZone": "Europe/London",
    }
    assert (await club.ask("ann", "PATCH", f"/api/events/{event['id']}", json=change)).status == 200
    after = await club.seen("ben", event)
    assert [o["id"] for o in after["occurrences"]] == [o["id"] for o in event["occurrences"]]
    assert after["occurrences"][0]["startsAt"] == "2027-01-20T18:00:00.000Z"
    assert {o["myPlace"] for o in after["occurrences"]} == {"going"}
    assert len(await club.told("ben")) == 1  # one notice, about the first


async def test_later_ones_become_an_event_of_their_own(club: Club) -> None:
    event = await club.planned(repeat=WEEKLY)
    await club.register("ben", event, 6)
    change = {
        "scope": "following",
        "occurrenceId": event["occurrences"][5]["id"],
        "name": "Evening tea",
        "localStart": "2027-02-23T21:00",
    }
    later = (await club.ask("ann", "PATCH", f"/api/events/{event['id']}", json=change)).json
    before = await club.seen("ann", event)
    assert (later["id"] != event["id"], before["name"], later["name"]) == (True, "Tea club", "Evening tea")
    assert (len(before["occurrences"]), len(later["occurrences"])) == (5, 5)
    assert [o["localStart"][11:] for o in later["occurrences"]] == ["21:00"] * 5
    assert (await club.seen("ben", later))["occurrences"][1]["myPlace"] == "going"


async def test_cancelling_one_some_or_all_tells_those_with_a_place(club: Club) -> None:
    event = await club.planned(repeat=WEEKLY)
    times = [o["id"] for o in event["occurrences"]]
    await club.register("ben", event, 1)
    await club.register("cy", event, 5)
    path = f"/api/events/{event['id']}"
    assert (await club.ask("ann", "DELETE", f"{path}?scope=this&occurrence={times[1]}")).status == 204
    assert [o["isCancelled"] for o in (await club.seen("", event))["occurrences"]][:3] == [False, True, False]
    assert (await club.register("di", event, 1)).code == "event_over"
    assert (await club.ask("ann", "DELETE", f"{path}?scope=following&occurrence={times[4]}")).status == 204
    assert [o["isCancelled"] for o in (await club.seen("", event))["occurrences"]][3:] == [False] + [True] * 6
    assert [told["kind"] for told in await club.told("ben") + await club.told("cy")] == [
        "event_cancelled"
    ] * 2
    assert (await club.ask("ann", "DELETE", path)).status == 204
    assert (await club.seen("", event))["isCancelled"]
    assert (await club.ask("", "GET", "/api/events")).json["items"] == []
    assert (await club.ask("ann", "PATCH", path, json={"scope": "all", "occurrenceId": times[0]})).code == (
        "event_over"
    )


async def test_people_hear_of_events_and_places_that_end_with_an_account(club: Club) -> None:
    event = await club.planned(maxParticipants=2)
    other = (await club.ask("ben", "POST", "/api/events", json=TEA)).json
    await club.register("ben", event)
    await club.register("cy", event)
    await club.register("cy", other)
    deleted = await SqlAccountStore(club.database).delete_user(club.ids["ben"], club.api.clock[0])
    await club.api.schedule.schedule.person_left(club.ids["ben"], deleted.events)
    assert (await club.seen("cy", event))["occurrences"][0]["myPlace"] == "going"
    assert {told["kind"] for told in await club.told("cy")} == {"event_place", "event_cancelled"}


async def test_the_room_opens_ten_minutes_before_and_holds_seats(club: Club) -> None:
    event = await club.planned()
    await club.register("ben", event)
    club.go_to(START - 601)
    assert (await club.enter("ben", event)).code == "event_not_open"
    club.go_to(START - 599)
    entered = (await club.enter("ben", event)).json
    assert (await club.enter("gus", event)).json == entered
    room = (await club.ask("gus", "GET", f"/api/rooms/{entered['roomId']}")).json
    assert (room["event"]["eventId"], room["event"]["isOpen"], room["admission"]) == (
        event["id"],
        False,
        "knock",
    )
    assert (room["hostId"], room["name"], room["maxParticipants"]) == (club.ids["ann"], "Tea club", 3)
    assert (await club.ask("ann", "GET", f"/api/rooms/{entered['roomId']}")).json["admission"] == "open"
    club.go_to(START + 3_601)
    assert (await club.enter("gus", event)).status == 200  # its room is still there
    later = await club.planned(localStart="2027-01-21T19:00")
    club.go_to(START + 3 * 86_400)
    assert (await club.enter("gus", later)).code == "event_over"


async def test_the_host_says_once_that_it_starts(club: Club) -> None:
    event = await club.planned()
    await club.register("ben", event)
    body = {"occurrenceId": event["occurrences"][0]["id"]}
    path = f"/api/events/{event['id']}/call"
    assert (await club.ask("ann", "POST", path, json=body)).code == "event_not_open"
    club.go_to(START - 60)
    assert (await club.ask("ben", "POST", path, json=body)).code == "not_host"
    assert (await club.ask("ann", "POST", path, json=body)).status == 204
    assert (await club.ask("ann", "POST", path, json=body)).code == "conflict"
    assert [told["kind"] for told in await club.told("ben")] == ["event_starting"]
    assert (await club.seen("ben", event))["occurrences"][0]["hasBegun"]


async def test_reminders_are_shown_in_the_page_when_they_are_due(club: Club) -> None:
    event = await club.planned()
    await club.register("ben", event)
    sweeps = club.api.schedule.sweeps
    await sweeps.send_due()
    assert await club.told("ben") == []
    for at, minutes in ((START - 86_399, 1_440), (START - 599, 10)):
        club.go_to(at)
        await sweeps.send_due()
        await sweeps.send_due()
        assert (await club.told("ben"))[-1]["minutes"] == minutes
    assert len(await club.told("ben")) == len(await club.told("ann")) == 2


async def test_a_ban_of_the_host_is_told_as_a_pause_and_its_end_too(club: Club) -> None:
    event = await club.planned()
    await club.register("ben", event)
    bans, now = SqlSanctionStore(club.database), club.api.clock[0]
    ban = Sanction("s1", SanctionKind.BAN, club.ids["ann"], ReportReason.SPAM, "No.", now, now + 60)
    log = LogEntry(at=now, action=Action.SANCTION, moderator_id=None, target_id=club.ids["ann"])
    await bans.add(ban, log)
    for at in (now, now + 60):
        club.api.clock[0] = at
        for _ in range(2):
            await club.api.schedule.sweeps.send_pauses()
    assert [told["kind"] for told in await club.told("ben")] == ["event_paused", "event_resumed"]
    assert await club.told("ann") == []


@pytest.mark.parametrize("blocker", ["ann", "ben"])
async def test_a_block_takes_the_place_at_an_event_that_one_cannot_find_any_more(
    club: Club, blocker: str
) -> None:
    event = await club.planned(maxParticipants=2)
    for who in ("ben", "cy"):
        await club.register(who, event)
    blocked = "ben" if blocker == "ann" else "ann"
    path = f"/api/people/{club.ids[blocked]}/block"
    assert (await club.ask(blocker, "PUT", path)).status == 204
    assert (await club.seen("cy", event))["occurrences"][0]["myPlace"] == "going"
    assert [told["kind"] for told in await club.told("cy")] == ["event_place"]
    club.go_to(START - 599)
    await club.api.schedule.sweeps.send_due()
    assert await club.told("ben") == []


async def test_a_private_event_is_for_those_with_its_link(club: Club) -> None:
    event = await club.planned(type="private")
    invite, path = event["invite"], f"/api/events/{event['id']}"
    assert (await club.ask("", "GET", "/api/events")).json["items"] == []
    for who in ("", "ben", "gus"):
        assert (await club.ask(who, "GET", path)).code == "event_not_found"
        assert (await club.ask(who, "GET", f"{path}?invite=wrong")).code == "event_not_found"
    assert (await club.ask("ben", "GET", f"{path}.ics")).code == "event_not_found"
    assert (await club.register("ben", event)).code == "event_not_found"
    assert (await club.enter("ben", event)).code == "event_not_found"
    seen = (await club.ask("ben", "GET", f"{path}?invite={invite}")).json
    assert (seen["name"], seen["invite"]) == ("Tea club", None)
    assert (await club.register("ben", event, invite=invite)).status == 200
    assert (await club.ask("ben", "GET", path)).status == 200  # a place opens it from now on
    club.go_to(START)
    entered = (await club.enter("ben", event)).json
    assert entered["invite"]
    assert (await club.ask("ben", "GET", f"/api/rooms/{entered['roomId']}")).code == "invite_invalid"


async def test_calendars_as_a_file_and_as_a_feed_whose_address_can_be_revoked(club: Club) -> None:
    event = await club.planned(repeat=WEEKLY)
    file = await club.ask("", "GET", f"/api/events/{event['id']}.ics")
    assert file.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert f'filename="parlor-{event["id"]}.ics"' in file.headers["Content-Disposition"]
    assert len(icalendar.Calendar.from_ical(file.body).walk("VTIMEZONE")) == 1
    await club.register("ben", event, 3)
    assert (await club.ask("ben", "GET", "/api/calendar")).json == {"createdAt": None}
    path = (await club.ask("ben", "POST", "/api/calendar")).json["path"]
    assert (await club.ask("ben", "GET", "/api/calendar")).json["createdAt"]
    [component] = icalendar.Calendar.from_ical((await club.ask("", "GET", path)).body).walk("VEVENT")
    assert str(component["URL"]).startswith(f"https://parlor.example/schedule/{event['id']}?at=")
    again = (await club.ask("ben", "POST", "/api/calendar")).json["path"]
    assert (await club.ask("", "GET", path)).code == "event_not_found"
    assert (await club.ask("", "GET", again)).status == 200
    assert (await club.ask("ben", "DELETE", "/api/calendar")).status == 204
    assert (await club.ask("", "GET", again)).code == "event_not_found"


async def test_a_muted_host_moves_an_event_but_gives_it_no_new_words(club: Club) -> None:
    event = await club.planned(repeat=WEEKLY)
    now, until = club.api.clock[0], club.api.clock[0] + 60
    mute = Sanction("s1", SanctionKind.MUTE, club.ids["ann"], ReportReason.INSULTS, "Calm down.", now, until)
    club.api.sanctions.sanctions["s1"] = mute
    path = f"/api/events/{event['id']}"
    this = {"scope": "all", "occurrenceId": event["occurrences"][0]["id"]}
    for words in ({"name": "Look at me"}, {"topic": "Look"}, {"tags": ["look"]}):
        refused = await club.ask("ann", "PATCH", path, json={**this, **words})
        assert (refused.status, refused.code) == (403, "muted_by_moderator")
    same = {"name": TEA["name"], "topic": TEA["topic"], "durationMinutes": 45}
    assert (await club.ask("ann", "PATCH", path, json={**this, **same})).status == 200


async def test_who_may_not(club: Club) -> None:
    event = await club.planned()
    path, time = f"/api/events/{event['id']}", event["occurrences"][0]["id"]
    body = {"occurrenceId": time}
    for method, route, given in (
        ("POST", "/api/events", TEA),
        ("PATCH", path, {"scope": "all", **body}),
        ("DELETE", path, None),
        ("POST", f"{path}/registration", body),
        ("DELETE", f"{path}/registration?occurrence={time}", None),
        ("GET", f"{path}/people?occurrence={time}", None),
        ("DELETE", f"{path}/people/{club.ids['ben']}?occurrence={time}", None),
        ("POST", f"{path}/enter", body),
        ("POST", f"{path}/call", body),
        ("GET", "/api/calendar", None),
        ("POST", "/api/calendar", None),
        ("DELETE", "/api/calendar", None),
    ):
        assert (await club.ask("", method, route, json=given)).code == "unauthenticated", route
    for method, route, given in (
        ("PATCH", path, {"scope": "all", **body}),
        ("DELETE", path, None),
        ("GET", f"{path}/people?occurrence={time}", None),
        ("DELETE", f"{path}/people/{club.ids['ben']}?occurrence={time}", None),
        ("POST", f"{path}/call", body),
    ):
        assert (await club.ask("ben", method, route, json=given)).code == "not_host", route
    # A guest's profile may vanish, and with it the place.
    for route, given in (("/api/events", TEA), (f"{path}/registration", body), ("/api/calendar", None)):
        assert (await club.ask("gus", "POST", route, json=given)).code == "account_required", route
    other = await club.planned()
    elsewhere = {"occurrenceId": other["occurrences"][0]["id"]}
    assert (await club.ask("ben", "POST", f"{path}/registration", json=elsewhere)).code == "event_not_found"
    assert (await club.ask("ben", "GET", "/api/events/a%20b")).code == "event_not_found"


async def test_limits(club: Club) -> None:
    for _ in range(20):
        event = await club.planned()
    assert (await club.ask("ann", "POST", "/api/events", json=TEA)).code == "too_many_events"
    assert (await club.ask("ann", "DELETE", f"/api/events/{event['id']}")).status == 204
    daily = await club.planned(repeat={"frequency": "daily", "until": "2027-12-31"}, maxParticipants=12)
    assert len(daily["occurrences"]) == 60
    assert (await club.register("ben", daily, 0, following=True)).code == "too_many_places"
    assert (await club.register("ben", daily, 0)).status == 200


WRONG: list[dict[str, Any]] = [
    {"localStart": "2027-01-14T19:00"},
    {"localStart": "2028-06-01T19:00"},
    {"localStart": "2027-02-30T19:00"},
    {"localStart": "0001-01-01T00:00"},
    {"localStart": "9999-12-31T23:59"},
    {"timeZone": "Mars/Phobos"},
    {"timeZone": "../etc/passwd"},
    {"durationMinutes": 5},
    {"durationMinutes": 241},
    {"maxParticipants": 1},
    {"maxParticipants": 13},
    {"name": ""},
    {"type": "ai"},
    {"repeat": {"frequency": "weekly"}},
    {"repeat": {"frequency": "weekly", "count": 53}},
    {"repeat": {"frequency": "monthly", "count": 52}},
    {"repeat": {"frequency": "weekly", "until": "2027-01-18"}},
    {"repeat": {"frequency": "hourly", "count": 3}},
    {"repeat": {"frequency": "weekly", "count": 3, "interval": 0}},
]


async def test_plans_that_make_no_sense_are_refused(club: Club) -> None:
    for wrong in WRONG:
        answer = await club.ask("ann", "POST", "/api/events", json={**TEA, **wrong})
        assert answer.code == "invalid_request", wrong
