"""The tutor's routes: who may invite it, and who may read conversations."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from server.protocol.agents import Register
from server.protocol.tutor import Confidence, FeedbackCategory, FeedbackItem
from server.tutor.model import Conversation, Message, PracticeDay, StoredCorrection
from tests.fakes.api_server import AGENT_TOKEN, Api, api_server

TALK = Conversation("k1", "r1", "Coffee", "en", "A2", "Food", 1_800_000_000.0)
OGG = b"OggS" + bytes(60)


async def user_id(api: Api, token: str) -> str:
    return str((await api.ask("GET", "/api/users/me", token)).json["id"])


async def a_talk(api: Api, token: str, talk: Conversation = TALK) -> None:
    """Two messages and a correction of this person."""
    me = await user_id(api, token)
    await api.talks.save_conversation(talk)
    at = talk.started_at + 1
    said = Message(
        f"{talk.id}-m1", talk.id, "t1", "learner", me, "p1", "Ann", "I goed", at, 2.0,
        confidence=Confidence.LOW,
    )  # fmt: skip
    answer = Message(
        f"{talk.id}-m2", talk.id, "t1", "tutor", me, None, None, "You", at + 1, 1.0, was_cut=True
    )
    await api.talks.add_message(said, [me])
    await api.talks.add_message(answer, [me])
    correction = FeedbackItem(
        id=f"{talk.id}-c1",
        turn_id="t1",
        original_sentence="I goed",
        corrected_sentence="I went",
        explanation="Past of go.",
        category=FeedbackCategory.VERB_FORM,
    )
    await api.talks.add_correction(StoredCorrection(talk.id, me, None, at, correction))


async def test_the_host_invites_and_removes_the_tutor(tmp_path: Path) -> None:
    async with api_server(tmp_path) as api:
        host, guest = await api.sign_in(), await api.sign_in("Bob")
        room = await api.room(host)
        assert room["tutor"] is None
        path = f"/api/rooms/{room['id']}/tutor"
        assert (await api.ask("POST", path, guest, json={})).code == "not_host"
        assert (await api.ask("DELETE", path, guest)).code == "not_host"
        invited = await api.ask("POST", path, host, json={"language": "vi", "voice": "vi-VN-An"})
        assert invited.status == 200
        tutor = invited.json["tutor"]
        assert (tutor["name"], tutor["language"], tutor["voice"]) == ("Emma", "vi", "vi-VN-An")
        assert (tutor["status"], tutor["participantId"], tutor["engines"]) == ("starting", None, None)
        again = await api.ask("POST", path, host, json={})
        assert again.json["tutor"]["conversationId"] == tutor["conversationId"]
        gone = await api.ask("DELETE", path, host)
        assert gone.json["tutor"] is None
        assert (await api.ask("POST", "/api/rooms/none/tutor", host, json={})).code == "room_not_found"
        assert (await api.ask("POST", path, json={})).code == "unauthenticated"


async def test_the_languages_of_the_tutor_are_public(tmp_path: Path) -> None:
    async with api_server(tmp_path) as api:
        ann = await api.sign_in()
        assert (await api.ask("GET", "/api/tutor", ann)).json == {"languages": None}
        local = Register(worker_id="w1", capacity=2, languages=["vi", "en"])
        api.tutor_service.dispatcher.register("w1", local)
        assert (await api.ask("GET", "/api/tutor", ann)).json == {"languages": ["en", "vi"]}
        api.tutor_service.dispatcher.register("w2", Register(worker_id="w2", capacity=2))
        assert (await api.ask("GET", "/api/tutor", ann)).json == {"languages": None}


async def test_a_practice_room_has_its_tutor_from_the_start(tmp_path: Path) -> None:
    async with api_server(tmp_path) as api:
        host = await api.sign_in()
        room = await api.room(host, type="ai", topic="Travel", level="A2")
        assert (room["tutor"]["topic"], room["tutor"]["level"]) == ("Travel", "A2")


async def test_people_see_only_their_own_conversations(tmp_path: Path) -> None:
    async with api_server(tmp_path) as api:
        ann, bob = await api.sign_in(), await api.sign_in("Bob")
        await a_talk(api, ann)
        (item,) = (await api.ask("GET", "/api/conversations", ann)).json["items"]
        assert (item["id"], item["messageCount"], item["correctionCount"]) == ("k1", 2, 1)
        assert item["endedAt"] is None
        whole = (await api.ask("GET", "/api/conversations/k1", ann)).json
        said, answer = whole["messages"]
        assert (said["role"], said["text"], said["audioUrl"]) == ("learner", "I goed", None)
        assert [c["correctedSentence"] for c in said["corrections"]] == ["I went"]
        assert (answer["role"], answer["corrections"]) == ("tutor", [])
        assert [m["wasCut"] for m in (said, answer)] == [False, True]
        assert [m["confidence"] for m in (said, answer)] == ["low", None]
        assert (await api.ask("GET", "/api/conversations", bob)).json["items"] == []
        for method, path in (
            ("GET", "/api/conversations/k1"),
            ("DELETE", "/api/conversations/k1"),
            ("GET", "/api/conversations/never"),
            ("GET", "/api/conversations/%00"),
        ):
            assert (await api.ask(method, path, bob)).code == "conversation_not_found"
            assert (await api.ask(method, path)).code == "unauthenticated"


async def test_conversations_come_in_pages_newest_first(tmp_path: Path) -> None:
    async with api_server(tmp_path) as api:
        ann = await api.sign_in()
        for number in range(5):
            await a_talk(
                api, ann, Conversation(f"k{number}", "r1", "Coffee", "en", "A2", "", 1_000.0 + number)
            )
        seen: list[str] = []
        cursor: dict[str, Any] = {}
        while True:
            page = (await api.ask("GET", "/api/conversations", ann, params={"limit": 2, **cursor})).json
            seen += [c["id"] for c in page["items"]]
            if page["nextCursor"] is None:
                break
            cursor = {"cursor": page["nextCursor"]}
        assert seen == ["k4", "k3", "k2", "k1", "k0"]


@pytest.mark.parametrize(
    "cursor", ["x", "W10", "WzEsIFwiYVwiXQ", "bnVsbA", "Ww" * 90, "é", "WzFlOTk5LCAiYSJd"]
)
async def test_a_cursor_of_another_list_is_refused(tmp_path: Path, cursor: str) -> None:
    async with api_server(tmp_path) as api:
        ann = await api.sign_in()
        answer = await api.ask("GET", "/api/conversations", ann, params={"cursor": cursor})
        assert answer.code == "invalid_request"
        assert answer.wrong == ["cursor"]


async def test_workers_store_audio_and_readers_of_the_message_get_it(tmp_path: Path) -> None:
    async with api_server(tmp_path) as api:
        ann, bob = await api.sign_in(), await api.sign_in("Bob")
        await a_talk(api, ann)
        put = "/api/agents/audio/k1-m2"
        for token in ("", ann, "wrong"):
            assert (await api.ask("PUT", put, token, data=OGG)).code == "unauthenticated"
        assert (await api.ask("PUT", put, AGENT_TOKEN, data=b"RIFF")).code == "invalid_request"
        assert (
            await api.ask("PUT", put, AGENT_TOKEN, data=BytesIO(bytes(3 << 20)))
        ).code == "payload_too_large"
        assert (await api.ask("PUT", put, AGENT_TOKEN, data=OGG)).status == 204
        shown = (await api.ask("GET", "/api/conversations/k1", ann)).json["messages"][1]["audioUrl"]
        played = await api.ask("GET", shown, ann)
        assert (played.status, played.headers["Content-Type"], played.body) == (200, "audio/ogg", OGG)
        assert (await api.ask("GET", shown, bob)).code == "not_found"
        assert (await api.ask("GET", shown)).code == "unauthenticated"
        for nothing in ("never", "%00", "..%2F..%2Fsecret", "x" * 65):
            answer = await api.ask("PUT", f"/api/agents/audio/{nothing}", AGENT_TOKEN, data=OGG)
            assert answer.status == 404


@pytest.mark.parametrize(
    ("asked", "status", "part"),
    [
        ("bytes=0-3", 206, slice(0, 4)),
        ("bytes=4-", 206, slice(4, None)),
        ("bytes=-2", 206, slice(-2, None)),
        ("bytes=2-999999", 206, slice(2, None)),
        ("bytes=999999-", 416, slice(0, 0)),
        ("bytes=3-1", 200, slice(None)),
        ("bytes=0-1,3-4", 200, slice(None)),
        ("lines=1", 200, slice(None)),
    ],
)
async def test_a_player_gets_the_part_of_a_recording_that_it_asks_for(
    asked: str, status: int, part: slice, tmp_path: Path
) -> None:
    async with api_server(tmp_path) as api:
        ann = await api.sign_in()
        await a_talk(api, ann)
        assert (await api.ask("PUT", "/api/agents/audio/k1-m2", AGENT_TOKEN, data=OGG)).status == 204
        path = "/api/conversations/k1/messages/k1-m2/audio"
        answer = await api.ask("GET", path, ann, headers={"Range": asked})
        assert (answer.status, answer.body) == (status, OGG[part])
        if status == 206:
            first = range(len(OGG))[part][0]
            expected = f"bytes {first}-{first + len(answer.body) - 1}/{len(OGG)}"
            assert answer.headers["Content-Range"] == expected
        head = await api.ask("HEAD", path, ann)
        assert head.body == b""


async def test_a_learners_voice_is_kept_only_with_their_consent(tmp_path: Path) -> None:
    async with api_server(tmp_path) as api:
        ann = await api.sign_in()
        await a_talk(api, ann)
        put = "/api/agents/audio/k1-m1"
        assert (await api.ask("PUT", put, AGENT_TOKEN, data=OGG)).code == "forbidden"
        agreed = await api.ask("PATCH", "/api/users/me", ann, json={"keepMyAudio": True})
        assert agreed.json["keepMyAudio"] is True
        assert (await api.ask("PUT", put, AGENT_TOKEN, data=OGG)).status == 204
        assert (await api.ask("PATCH", "/api/users/me", ann, json={"keepMyAudio": None})).wrong == [
            "keepMyAudio"
        ]


def recordings(folder: Path) -> list[str]:
    return sorted(file.stem for file in (folder / "audio").rglob("*.ogg"))


async def recorded(api: Api) -> str:
    """Somebody who consented, with a recording of theirs and one of the tutor's; their token."""
    ann = await api.sign_in()
    await a_talk(api, ann)
    await api.ask("PATCH", "/api/users/me", ann, json={"keepMyAudio": True})
    for message_id in ("k1-m1", "k1-m2"):
        assert (await api.ask("PUT", f"/api/agents/audio/{message_id}", AGENT_TOKEN, data=OGG)).status == 204
    return ann


async def audio_urls(api: Api, token: str) -> list[str | None]:
    messages = (await api.ask("GET", "/api/conversations/k1", token)).json["messages"]
    return [message["audioUrl"] for message in messages]


async def test_withdrawn_consent_deletes_earlier_recordings_of_that_voice(tmp_path: Path) -> None:
    async with api_server(tmp_path) as api:
        ann = await recorded(api)
        assert recordings(tmp_path) == ["k1-m1", "k1-m2"]
        withdrawn = await api.ask("PATCH", "/api/users/me", ann, json={"keepMyAudio": False})
        assert withdrawn.json["keepMyAudio"] is False
        assert recordings(tmp_path) == ["k1-m2"], "the tutor's recording is kept"
        assert (await audio_urls(api, ann))[0] is None


async def test_a_withdrawal_that_failed_is_finished_when_repeated(tmp_path: Path) -> None:
    async with api_server(tmp_path) as api:
        ann = await recorded(api)
        api.talks.is_down = True
        assert (
            await api.ask("PATCH", "/api/users/me", ann, json={"keepMyAudio": False})
        ).code == "unavailable"
        api.talks.is_down = False
        assert (await api.ask("PATCH", "/api/users/me", ann, json={"keepMyAudio": False})).status == 200
        assert recordings(tmp_path) == ["k1-m2"]


async def test_the_sweep_finishes_a_withdrawal_that_a_crash_cut_short(tmp_path: Path) -> None:
    async with api_server(tmp_path) as api:
        ann = await recorded(api)
        me = api.users.users[await user_id(api, ann)]
        api.users.users[me.id] = replace(me, keep_audio=False)  # stored, and then the process stopped
        await api.tutor_service.conversations.sweep(0)
        assert recordings(tmp_path) == ["k1-m2"]
        assert (await audio_urls(api, ann))[0] is None


async def test_deleting_a_conversation_deletes_its_audio(tmp_path: Path) -> None:
    async with api_server(tmp_path) as api:
        ann = await api.sign_in()
        await a_talk(api, ann)
        await api.ask("PUT", "/api/agents/audio/k1-m2", AGENT_TOKEN, data=OGG)
        assert len(list((tmp_path / "audio").rglob("*.ogg"))) == 1
        assert (await api.ask("DELETE", "/api/conversations/k1", ann)).status == 204
        assert list((tmp_path / "audio").rglob("*.ogg")) == []
        assert (await api.ask("GET", "/api/conversations/k1", ann)).code == "conversation_not_found"


async def test_the_sweep_deletes_old_audio_and_messages_without_readers(tmp_path: Path) -> None:
    async with api_server(tmp_path) as api:
        ann = await api.sign_in()
        await a_talk(api, ann)
        await a_talk(api, ann, replace(TALK, id="k2", started_at=TALK.started_at + 100))
        for message_id in ("k1-m2", "k2-m2"):
            await api.ask("PUT", f"/api/agents/audio/{message_id}", AGENT_TOKEN, data=OGG)
        api.clock[0] = TALK.started_at + 150
        await api.tutor_service.conversations.sweep(100.0)
        assert [f.stem for f in (tmp_path / "audio").rglob("*.ogg")] == ["k2-m2"]
        assert (await api.ask("GET", "/api/conversations/k1", ann)).json["messages"][1]["audioUrl"] is None
        api.talks.readers["k2-m2"].clear()
        await api.tutor_service.conversations.sweep(0)
        assert list((tmp_path / "audio").rglob("*.ogg")) == []


async def test_progress_has_a_row_for_each_day(tmp_path: Path) -> None:
    async with api_server(tmp_path) as api:
        ann = await api.sign_in()
        me = await user_id(api, ann)
        await api.talks.add_progress(me, PracticeDay("2027-01-14", 90.0, 60.0, 4, 2, ("Food",)))
        await api.talks.add_progress("another", PracticeDay("2027-01-15", 900.0, 600.0, 40, 20))
        api.clock[0] = 1_800_000_000.0  # 2027-01-15 UTC
        days = (await api.ask("GET", "/api/progress", ann, params={"days": 3})).json["days"]
        assert [d["day"] for d in days] == ["2027-01-13", "2027-01-14", "2027-01-15"]
        assert days[1] == {
            "day": "2027-01-14", "minutes": 1.5, "speakingMinutes": 1.0, "turns": 4, "corrections": 2,
            "topics": ["Food"],
        }  # fmt: skip
        assert days[2]["turns"] == 0
        assert (await api.ask("GET", "/api/progress", ann, params={"days": 0})).wrong == ["days"]


async def test_today_is_the_learners(tmp_path: Path) -> None:
    async with api_server(tmp_path) as api:
        ann = await api.sign_in()
        api.clock[0] = 1_796_858_999.0  # 2026-12-09 23:29:59 UTC, 06:29:59 on the 10th in Vietnam
        zone = {"timeZone": "Asia/Ho_Chi_Minh"}
        assert (await api.ask("PATCH", "/api/users/me", ann, json=zone)).json["timeZone"] == zone["timeZone"]
        api.clock[0] -= 60
        days = (await api.ask("GET", "/api/progress", ann, params={"days": 2})).json["days"]
        assert [d["day"] for d in days] == ["2026-12-09", "2026-12-10"]


@pytest.mark.parametrize(
    "zone", ["Mars/Olympus", "../../etc/passwd", "/etc/localtime", "posix/UTC", "Europe", "x" * 999, "", 7]
)
async def test_an_unknown_time_zone_is_refused(tmp_path: Path, zone: object) -> None:
    async with api_server(tmp_path) as api:
        ann = await api.sign_in()
        assert (await api.ask("PATCH", "/api/users/me", ann, json={"timeZone": zone})).wrong == ["timeZone"]
        assert (await api.ask("GET", "/api/users/me", ann)).json["timeZone"] is None


async def test_an_unreachable_database_is_reported_as_unavailable(tmp_path: Path) -> None:
    async with api_server(tmp_path) as api:
        ann = await api.sign_in()
        api.talks.is_down = True
        assert (await api.ask("GET", "/api/conversations", ann)).code == "unavailable"
        assert (await api.ask("GET", "/api/progress", ann)).code == "unavailable"
