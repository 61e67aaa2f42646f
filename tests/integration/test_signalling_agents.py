"""Workers at `/agents` with people in `/rooms`: which jobs they get, and who receives the tutor's events."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from contextlib import suppress
from functools import partial
from typing import Any

import pytest
import socketio
from hypothesis import given
from hypothesis import strategies as st

from server.learning.model import ClassKey
from server.protocol.agents import AGENT_EVENTS, ExerciseResult
from server.protocol.classes import ChosenClass
from server.protocol.entities import RoomType
from server.protocol.memory import Memory
from server.protocol.tutor import InviteTutor
from server.rooms import tutor_silence
from server.rooms.model import TaughtClass
from server.tutor.model import Message
from tests.fakes.classes import FakeClassStore
from tests.fakes.conversations import FakeConversations
from tests.fakes.fuzzing import fuzz
from tests.fakes.memory import FakeMemory
from tests.fakes.signalling_server import Client, SignallingServer, eventually, signalling_server
from tests.fakes.stores import FakeRoomStore, FakeUserStore
from tests.fakes.worker import ENGINES, FakeWorker


async def seated(server: SignallingServer, user: str, room: str) -> Client:
    """Joined, with media."""
    client = await server.client(user)
    joined = await client.join(room)
    server.rooms.media_events.media_state(joined["participantId"], "connected")
    return client


async def learner(server: SignallingServer) -> tuple[Client, str, str]:
    """Ann in a room for practice: her connection, the room's id, her participant's."""
    room = await server.room("ann", type=RoomType.AI)
    ann = await seated(server, "ann", room)
    return ann, room, (await ann.call("sync"))["participantId"]


async def status(client: Client, wanted: str, within_s: float = 5) -> dict[str, Any]:
    def fits(payload: dict[str, Any]) -> bool:
        tutor = payload["room"]["tutor"]
        return tutor is not None and tutor["status"] == wanted

    return dict((await client.got_where("room_updated", fits, within_s=within_s))["room"]["tutor"])


@pytest.mark.parametrize(
    "auth", [None, {}, {"token": "token:ann"}, {"token": ""}, {"token": 5}, {"token": "é"}, [1], "x"]
)
async def test_only_the_service_token_opens_agents(auth: Any) -> None:
    async with signalling_server() as server:
        await server.client("ann")
        with pytest.raises(socketio.exceptions.ConnectionError):
            await server.connect(auth, "/agents")


async def test_the_service_token_opens_no_other_namespace() -> None:
    async with signalling_server() as server:
        worker = await server.worker()
        job_token = "x" * 32
        assert worker is not None
        for namespace in ("/rooms", "/lobby"):
            for token in ("the token that workers show to the server", job_token):
                with pytest.raises(socketio.exceptions.ConnectionError):
                    await server.connect({"token": token}, namespace)


async def test_a_job_holds_everything_a_worker_needs() -> None:
    async with signalling_server() as server:
        worker = await server.worker()
        _, room, participant = await learner(server)
        job = await worker.job()
        assert job["roomId"] == room
        assert job["name"] == "Emma"
        assert job["settings"] == {
            "language": "en", "level": "B1", "topic": "Food", "voice": None, "rate": 0.9,
            "oneToOne": True, "captions": False, "breaksSilence": False, "knowledge": None,
            "teaches": None,
        }  # fmt: skip
        (person,) = job["people"]
        assert (person["participantId"], person["userId"], person["isHost"]) == (participant, "ann", True)
        assert (person["heard"], person["keepAudio"], person["browserRecognition"]) == (True, False, False)
        assert job["history"] == []
        assert job["memory"] is None


def remembering(*user_ids: str) -> FakeMemory:
    memory = FakeMemory()
    for user_id in user_ids:
        memory.known[user_id] = Memory(
            language="en", goals=[f"{user_id}'s goal"], talks=[], words=[], mistakes=[]
        )
    return memory


async def test_a_learner_alone_with_the_tutor_is_remembered() -> None:
    async with signalling_server(memory=remembering("ann")) as server:
        worker = await server.worker()
        await learner(server)
        assert (await worker.job())["memory"]["goals"] == ["ann's goal"]


async def test_nobody_is_remembered_where_others_may_come_in() -> None:
    async with signalling_server(memory=remembering("ann", "bob")) as server:
        worker = await server.worker()
        room = await server.room("ann")
        await server.rooms.tutor.invite("ann", room, InviteTutor())
        await seated(server, "ann", room)
        assert (await worker.job())["memory"] is None


async def test_a_store_that_does_not_answer_costs_the_memory_and_not_the_tutor() -> None:
    memory = remembering("ann")
    memory.is_down = True
    async with signalling_server(memory=memory) as server:
        worker = await server.worker()
        await learner(server)
        assert (await worker.job())["memory"] is None


async def test_words_and_results_of_exercises_are_stored_for_their_learner() -> None:
    memory = FakeMemory()
    async with signalling_server(memory=memory) as server:
        worker = await server.worker()
        _, _, participant = await learner(server)
        job = await worker.begin()
        of_job = {"jobId": job["jobId"], "participantId": participant}
        word = {**of_job, "word": " queue ", "meaning": "a line", "sentence": "Join the queue."}
        assert await worker.say("keep_word", **word) == {"ok": True}
        result = {**of_job, "mistakeId": "x1", "result": "second_try"}
        assert await worker.say("practised_mistake", **result) == {"ok": True}
        await eventually(lambda: memory.results == [("ann", "x1", ExerciseResult.SECOND_TRY)])
        [(user_id, kept)] = memory.words
        assert (user_id, kept.word, kept.language, kept.sentence) == ("ann", "queue", "en", "Join the queue.")
        stranger = {**word, "participantId": "nobody"}
        assert (await worker.say("keep_word", **stranger))["error"]["code"] == "participant_not_found"


async def test_a_class_is_shown_to_everybody_and_heard_by_those_who_are_reached() -> None:
    heard = FakeClassStore()
    async with signalling_server(heard=heard) as server:
        worker = await server.worker()
        room = await server.room("ann")
        chosen = ChosenClass(course_id="1", module_index=0, sub_topic_index=2)
        taught = TaughtClass("class1", "1", 0, 2, "At the market", "en", sentences=4, questions=2)
        await server.rooms.tutor.invite("ann", room, InviteTutor(teaches=chosen), teaches=taught)
        ann, bob = await seated(server, "ann", room), await server.client("bob")
        job = await worker.begin()
        assert job["settings"]["teaches"]["id"] == "class1"
        assert job["classAt"]["sentence"] == 0
        await bob.join(room)  # without media
        await worker.link.got_where("job_changed", lambda job: len(job["people"]) == 2)
        at = {"classId": "class1", "courseId": "1", "moduleIndex": 0, "subTopicIndex": 2, "phase": "teaching"}
        moved = {**at, "jobId": job["jobId"], "sentence": 2, "heard": [0, 1]}
        assert await worker.say("show_class", **moved) == {"ok": True}
        for person in (ann, bob):
            event = await person.got("class_moved")
            assert (event["teaches"]["sentence"], event["teaches"]["title"]) == (2, "At the market")
            assert "heard" not in event["teaches"]
        await eventually(lambda: heard.heard["ann"] == {ClassKey("1", 0, 2): {0, 1}})
        assert "bob" not in heard.heard
        for wrong in ({"sentence": -1}, {"phase": "other"}, {"heard": [0] * 101}, {"courseId": ""}):
            assert (await worker.say("show_class", **moved | wrong))["error"]["code"] == "invalid_request"
        other = await worker.say("show_class", **moved | {"jobId": "another"})
        assert other["error"]["code"] == "job_not_found"


async def test_the_next_worker_goes_on_at_the_sentence() -> None:
    async with signalling_server() as server:
        first = await server.worker()
        room = await server.room("ann")
        chosen = ChosenClass(course_id="1", module_index=0, sub_topic_index=2)
        taught = TaughtClass("class1", "1", 0, 2, "At the market", "en", sentences=4, questions=2)
        await server.rooms.tutor.invite("ann", room, InviteTutor(teaches=chosen), teaches=taught)
        await seated(server, "ann", room)
        job = await first.begin()
        at = {"classId": "class1", "courseId": "1", "moduleIndex": 0, "subTopicIndex": 2, "phase": "teaching"}
        assert await first.say("show_class", jobId=job["jobId"], sentence=3, **at) == {"ok": True}
        first.link.kill()
        job = await (await server.worker()).job()
        assert (job["settings"]["teaches"]["id"], job["classAt"]["sentence"]) == ("class1", 3)


async def test_a_word_is_stored_without_its_sentence_where_others_may_come_in() -> None:
    memory = FakeMemory()
    async with signalling_server(memory=memory) as server:
        worker = await server.worker()
        room = await server.room("ann")
        await server.rooms.tutor.invite("ann", room, InviteTutor())
        ann = await seated(server, "ann", room)
        participant = (await ann.call("sync"))["participantId"]
        job = await worker.begin()
        word = {"jobId": job["jobId"], "participantId": participant, "word": "queue", "meaning": "a line"}
        assert await worker.say("keep_word", **word, sentence="Bob told me about a queue.") == {"ok": True}
        await eventually(lambda: bool(memory.words))
        [(user_id, kept)] = memory.words
        assert (user_id, kept.word, kept.meaning, kept.sentence) == ("ann", "queue", "a line", "")


async def test_a_jobs_token_opens_the_tutors_seat_in_its_room_only() -> None:
    async with signalling_server() as server:
        worker = await server.worker()
        ann, room, _ = await learner(server)
        other = await server.room("bob")
        job = await worker.job()
        tutor = await server.connect({"token": job["token"]})
        refused = await tutor.join(other)
        assert refused["error"]["code"] == "forbidden"
        joined = await tutor.join(room)
        assert joined["room"]["tutor"]["participantId"] == joined["participantId"]
        seat = next(p for p in joined["room"]["participants"] if p["id"] == joined["participantId"])
        assert (seat["kind"], seat["name"], seat["isMuted"]) == ("tutor", "Emma", False)
        assert joined["room"]["participantCount"] == 1
        await ann.got("participant_joined")
        assert (await tutor.call("say", {"text": "hello"}))["error"]["code"] == "forbidden"
        assert (await tutor.call("close_room"))["error"]["code"] == "not_host"


async def test_a_void_token_takes_no_seat_and_does_nothing() -> None:
    """Its socket was opened while the token was valid."""
    async with signalling_server() as server:
        worker = await server.worker()
        room = await server.room("ann")
        ann = await seated(server, "ann", room)
        await server.rooms.tutor.invite("ann", room, InviteTutor())
        job = await worker.begin()
        seated_once = await server.connect({"token": job["token"]})
        resume = (await seated_once.join(room))["resumeToken"]
        never_seated = await server.connect({"token": job["token"]})
        await server.rooms.tutor.dismiss("ann", room)
        await worker.link.got_where("cancel_job", lambda c: c["jobId"] == job["jobId"])
        await server.rooms.tutor.invite("ann", room, InviteTutor())
        again = await worker.begin(besides=job["jobId"])
        tutor = await server.connect({"token": again["token"]})
        seat = (await tutor.join(room))["participantId"]
        for old in (seated_once, never_seated):
            for event, payload in (
                ("join", {"roomId": room}),
                ("join", {"roomId": room, "resumeToken": resume}),
                ("knock", {"roomId": room}),
                ("sync", {}),
                ("set_muted", {"muted": False}),
                ("reconnect_media", {"mode": "full"}),
                ("say", {"text": "hello"}),
            ):
                refused = await old.call(event, payload)
                assert refused["error"]["code"] in {"unauthenticated", "forbidden"}, event
        with pytest.raises(socketio.exceptions.ConnectionError):
            await server.connect({"token": job["token"]})
        assert (await ann.call("sync"))["room"]["tutor"]["participantId"] == seat
        assert (await tutor.call("set_muted", {"muted": False})) == {"ok": True}
        assert "removed" not in tutor.names()


async def test_a_lost_workers_tutor_may_leave_but_do_nothing_else() -> None:
    async with signalling_server() as server:
        first = await server.worker()
        ann, room, _ = await learner(server)
        job = await first.begin()
        tutor = await server.connect({"token": job["token"]})
        await tutor.join(room)
        first.link.kill()
        await status(ann, "lost")
        assert (await tutor.call("set_muted", {"muted": False}))["error"]["code"] == "unauthenticated"
        assert (await tutor.call("leave")) == {"ok": True}
        await ann.got("participant_left")


async def test_a_token_that_becomes_void_during_a_join_takes_no_seat() -> None:
    async with signalling_server() as server:
        worker = await server.worker()
        ann, room, _ = await learner(server)
        job = await worker.begin()
        tutor = await server.connect({"token": job["token"]})
        server.media.opening = asyncio.Event()
        join = asyncio.create_task(tutor.join(room))
        await eventually(lambda: server.media.waiting == 1)
        worker.link.kill()
        await status(ann, "lost")
        server.media.opening.set()
        assert (await join)["error"]["code"] == "unauthenticated"
        assert (await ann.call("sync"))["room"]["tutor"]["participantId"] is None


async def test_a_room_shows_its_tutor_once_it_is_ready_and_which_engines_answer() -> None:
    async with signalling_server() as server:
        worker = await server.worker()
        ann, _, _ = await learner(server)
        await worker.begin()
        shown = await status(ann, "ready")
        assert shown["engines"]["stt"] == ENGINES["stt"]
        assert shown["voices"] == ENGINES["voices"]
        changed = {**ENGINES, "llm": {"name": "gpt", "vendor": "OpenAI", "isCloud": True}, "fallbacks": ["x"]}
        job = await worker.job()
        await worker.say("job_ready", jobId=job["jobId"], engines=changed)
        await ann.got_where("room_updated", lambda p: p["room"]["tutor"]["fallbacks"] == ["x"])


async def test_text_typed_before_the_tutor_joins_is_delivered_later() -> None:
    async with signalling_server() as server:
        ann, _, participant = await learner(server)
        await eventually(lambda: bool(server.tutor_service.dispatcher.jobs.all()))
        assert await ann.call("say", {"text": "Hello, Emma"}) == {"ok": True}
        worker = await server.worker()
        job = await worker.begin()
        said = await worker.link.got_where("input", lambda _: True)
        assert said == {
            "jobId": job["jobId"], "participantId": participant, "kind": "say", "text": "Hello, Emma",
            "flag": None, "turnId": said["turnId"],
        }  # fmt: skip
        assert said["turnId"]


def _says(text: str, given: dict[str, Any]) -> bool:
    return bool(given["text"] == text)


async def test_words_that_a_lost_worker_did_not_answer_go_to_the_next() -> None:
    """Whether it had stored them or not; what it had answered does not come again."""
    async with signalling_server() as server:
        first = await server.worker()
        ann, _, participant = await learner(server)
        job = await first.begin()
        turns: dict[str, str] = {}
        for text in ("answered", "stored", "read"):
            assert await ann.call("say", {"text": text}) == {"ok": True}
            turns[text] = (await first.link.got_where("input", partial(_says, text)))["turnId"]
        about = {"jobId": job["jobId"], "participantId": participant, "role": "learner"}
        for text in ("answered", "stored"):
            await first.say("keep_message", **about, id=turns[text], turnId=turns[text], text=text)
        part = {"jobId": job["jobId"], "turnId": turns["answered"], "text": ""}
        await first.say("show_text", **part, isFinal=False)
        await first.say("show_text", **part, isFinal=True)
        second = await server.worker()
        first.link.kill()
        again = await second.begin(within_s=5)
        assert [message["text"] for message in again["history"]] == ["answered"]
        await second.link.got_where("input", lambda i: i["text"] == "read")
        inputs = [data for name, data in second.link.events if name == "input"]
        assert [(i["text"], i["turnId"]) for i in inputs] == [(t, turns[t]) for t in ("stored", "read")]
        await second.say("job_ready", jobId=again["jobId"], engines=ENGINES)  # an engine changed
        await ann.call("say", {"text": "new"})
        await second.link.got_where("input", lambda i: i["text"] == "new")
        assert second.link.names().count("input") == 3


async def test_changes_in_the_room_reach_the_tutor() -> None:
    async with signalling_server() as server:
        worker = await server.worker()
        ann, _, _ = await learner(server)
        await worker.begin()
        await ann.call("set_topic", {"topic": "Travel"})
        await ann.call("set_level", {"level": "A2"})
        await ann.call("set_tutor_options", {"rate": 0.7, "voice": "en-us"})
        await ann.call("set_heard", {"heard": False})

        def fits(changed: dict[str, Any]) -> bool:
            return not changed["people"][0]["heard"]

        changed = await worker.link.got_where("job_changed", fits)
        settings = changed["settings"]
        shown = (settings["topic"], settings["level"], settings["rate"], settings["voice"])
        assert shown == ("Travel", "A2", 0.7, "en-us")


async def test_another_language_starts_another_job() -> None:
    async with signalling_server() as server:
        worker = await server.worker()
        _, room, _ = await learner(server)
        first = await worker.begin()
        await server.rooms.tutor.invite("ann", room, InviteTutor(language="vi"))
        await worker.link.got_where("cancel_job", lambda c: c["jobId"] == first["jobId"])
        second = await worker.job(besides=first["jobId"])
        assert second["settings"]["language"] == "vi"


async def test_a_lost_worker_is_replaced_within_seconds_with_the_history() -> None:
    async with signalling_server() as server:
        first = await server.worker()
        ann, room, participant = await learner(server)
        job = await first.begin()
        keep = {"jobId": job["jobId"], "turnId": "t1", "participantId": participant}
        await first.say("keep_message", **keep, id="m1", role="learner", text="I goed to Hue", speechS=2.0)
        await first.say("keep_message", **keep, id="m2", role="tutor", text="You went to Hue!", speechS=1.0)
        tutor = await server.connect({"token": job["token"]})
        seat = (await tutor.join(room))["participantId"]
        second = await server.worker()
        first.link.kill()
        again = await second.begin(within_s=5)
        assert [m["text"] for m in again["history"]] == ["I goed to Hue", "You went to Hue!"]
        assert [m["name"] for m in again["history"]] == ["Ann", None]
        assert again["conversationId"] == job["conversationId"]
        await status(ann, "lost")
        await status(ann, "ready")
        successor = await server.connect({"token": again["token"]})
        assert (await successor.join(room))["participantId"] == seat
        await tutor.got("removed", reason="joined_elsewhere")
        with pytest.raises(socketio.exceptions.ConnectionError):  # the lost one's token is void
            await server.connect({"token": job["token"]})


async def test_after_a_restart_the_conversation_continues() -> None:
    users, talks = FakeUserStore(), FakeConversations()
    store = FakeRoomStore(users)
    async with signalling_server(users=users, store=store, talks=talks) as server:
        worker = await server.worker()
        ann, room, participant = await learner(server)
        await ann.call("set_topic", {"topic": "Travel"})
        job = await worker.begin()
        keep = {"jobId": job["jobId"], "turnId": "t1", "participantId": participant, "role": "learner"}
        await worker.say("keep_message", **keep, id="m1", text="I want to see Hue")
    async with signalling_server(users=users, store=store, talks=talks) as server:
        worker = await server.worker()
        assert not worker.link.names()
        ann = await seated(server, "ann", room)
        again = await worker.begin()
        assert again["conversationId"] == job["conversationId"]
        assert again["settings"]["topic"] == "Travel"
        assert [m["text"] for m in again["history"]] == ["I want to see Hue"]
        await server.tutor_service._writes.flush()
        assert [c.ended_at for c in talks.conversations.values()] == [None]


class StuckConversations(FakeConversations):
    """While `is_stuck`, a write of a message does not return."""

    is_stuck = False

    async def add_message(self, message: Message, readers: Collection[str]) -> bool:
        while self.is_stuck:  # noqa: ASYNC110 - a test ends it by its time limit
            await asyncio.sleep(0.05)
        return await super().add_message(message, readers)


async def test_a_stuck_write_does_not_delay_a_new_worker_and_queued_messages_are_in_its_history() -> None:
    talks = StuckConversations()
    async with signalling_server(talks=talks) as server:
        first = await server.worker()
        _, _, participant = await learner(server)
        job = await first.begin()
        keep = {"jobId": job["jobId"], "participantId": participant, "role": "learner"}
        await first.say("keep_message", **keep, id="m1", turnId="t1", text="I goed to Hue")
        await server.tutor_service._writes.flush()
        talks.is_stuck = True
        await first.say("keep_message", **keep, id="m2", turnId="t2", text="It was nice")
        second = await server.worker()
        first.link.kill()
        again = await second.begin(within_s=5)
        assert [m["text"] for m in again["history"]] == ["I goed to Hue", "It was nice"]
        talks.is_stuck = False


async def test_a_silent_worker_is_disconnected_and_replaced() -> None:
    async with signalling_server() as server:
        silent = await server.worker()
        await learner(server)
        job = await silent.begin()
        spare = await server.worker()
        async with asyncio.timeout(6):
            while "job" not in spare.link.names():
                await spare.say("report", load=0.1, jobs=[])
                with suppress(TimeoutError):
                    await spare.job(within_s=0.5)
        assert (await spare.job())["roomId"] == job["roomId"]
        await eventually(lambda: not silent.link.is_connected)


async def test_a_failed_job_goes_to_another_worker() -> None:
    async with signalling_server() as server:
        first, second = await server.worker(), await server.worker()
        await learner(server)
        await eventually(lambda: any("job" in w.link.names() for w in (first, second)))
        gave, takes = (first, second) if "job" in first.link.names() else (second, first)
        job = await gave.job()
        await gave.say("job_ended", jobId=job["jobId"], reason="failed", detail="no voice")
        await takes.job()


async def test_the_job_ends_when_the_last_person_leaves() -> None:
    async with signalling_server() as server:
        worker = await server.worker()
        ann, _, _ = await learner(server)
        job = await worker.begin()
        await ann.call("leave")
        await worker.link.got_where("cancel_job", lambda c: c["jobId"] == job["jobId"])
        assert await worker.say("job_ended", jobId=job["jobId"], reason="done") == {"ok": True}
        late = await worker.say("show_text", jobId=job["jobId"], turnId="t", text="Hi", isFinal=False)
        assert late["error"]["code"] == "job_not_found"


async def test_the_answer_so_far_is_stored_when_the_learner_leaves_in_the_middle() -> None:
    """Also as the only message: a conversation without any is deleted at its end."""
    async with signalling_server() as server:
        worker = await server.worker()
        ann, _, participant = await learner(server)
        job = await worker.begin()
        await ann.call("leave")
        await worker.link.got_where("cancel_job", lambda c: c["jobId"] == job["jobId"])
        said = {"jobId": job["jobId"], "turnId": "t1"}
        kept = {"id": "m1", "role": "tutor", "participantId": participant, "text": "You went", "wasCut": True}
        assert await worker.say("keep_message", **said, **kept) == {"ok": True}
        assert await worker.say("show_text", **said, text="", isFinal=True) == {"ok": True}
        assert await worker.say("job_ended", jobId=job["jobId"], reason="done") == {"ok": True}
        await server.tutor_service._writes.flush()
        assert server.talks.messages["m1"].text == "You went"
        assert server.talks.readers["m1"] == {"ann"}
        assert server.talks.conversations[job["conversationId"]].ended_at is not None
        late = await worker.say("keep_message", **said, **(kept | {"id": "m2"}))
        assert late["error"]["code"] == "job_not_found"


async def test_last_words_are_not_shown_to_people_who_stayed() -> None:
    async with signalling_server() as server:
        worker = await server.worker()
        room = await server.room("ann")
        ann = await seated(server, "ann", room)
        await server.rooms.tutor.invite("ann", room, InviteTutor())
        job = await worker.begin()
        await server.rooms.tutor.dismiss("ann", room)
        await worker.link.got_where("cancel_job", lambda c: c["jobId"] == job["jobId"])
        await server.rooms.tutor.invite("ann", room, InviteTutor())
        again = await worker.begin(besides=job["jobId"])
        old = {"jobId": job["jobId"], "turnId": "t1", "isFinal": False}
        assert await worker.say("show_text", **old, text="old words") == {"ok": True}
        new = {"jobId": again["jobId"], "turnId": "t2", "isFinal": False}
        assert await worker.say("show_text", **new, text="new words") == {"ok": True}
        await ann.got("tutor_text", text="new words")
        assert not [data for name, data in ann.events if name == "tutor_text" and data["text"] == "old words"]


async def test_a_conversation_that_goes_on_at_once_does_not_end_with_the_last_words() -> None:
    async with signalling_server() as server:
        worker = await server.worker()
        ann, room, _ = await learner(server)
        job = await worker.begin()
        await ann.call("leave")
        await worker.link.got_where("cancel_job", lambda c: c["jobId"] == job["jobId"])
        await seated(server, "ann", room)
        again = await worker.begin(besides=job["jobId"])
        assert again["conversationId"] == job["conversationId"]
        await worker.say("job_ended", jobId=job["jobId"], reason="done")
        await server.tutor_service._writes.flush()
        assert server.talks.conversations[job["conversationId"]].ended_at is None


async def test_last_words_are_those_of_the_jobs_own_worker() -> None:
    async with signalling_server() as server:
        worker = await server.worker(capacity=1)
        ann, _, participant = await learner(server)
        job = await worker.begin()
        thief = await server.worker()
        await ann.call("leave")
        await worker.link.got_where("cancel_job", lambda c: c["jobId"] == job["jobId"])
        kept = {"id": "m1", "role": "tutor", "participantId": participant, "turnId": "t1", "text": "x"}
        refused = await thief.say("keep_message", jobId=job["jobId"], **kept)
        assert refused["error"]["code"] == "job_not_found"


async def test_transcripts_and_feedback_reach_one_learner_and_tutor_text_everyone() -> None:
    async with signalling_server() as server:
        worker = await server.worker()
        room = await server.room("ann")
        ann, bob = await seated(server, "ann", room), await seated(server, "bob", room)
        await server.rooms.tutor.invite("ann", room, InviteTutor())
        job = await worker.begin()
        theirs = {p["userId"]: p["participantId"] for p in job["people"]}
        about_bob = {"jobId": job["jobId"], "participantId": theirs["bob"], "turnId": "t1"}
        await worker.say("show_state", jobId=job["jobId"], state="thinking")
        await worker.say("show_transcript", **about_bob, text="I goed", isFinal=True, confidence="middle")
        await bob.got("transcript", text="I goed", confidence="middle")
        await worker.say(
            "show_feedback", **about_bob, id="c1", originalSentence="I goed", correctedSentence="I went",
            explanation="Past of go.", category="verb_form",
        )  # fmt: skip
        await worker.say(
            "show_feedback", **about_bob, id="c2", originalSentence="I eated", correctedSentence="I ate",
            explanation="Past of eat.", category="verb_form", later=True,
        )  # fmt: skip
        await worker.say("show_no_feedback", **about_bob, text="All right.")
        await worker.say("show_no_feedback", **about_bob, text="I cannot.", reason="cannot_check")
        await bob.got("feedback_none", text="All right.", reason="right")
        await bob.got("feedback_none", text="I cannot.", reason="cannot_check")
        await worker.say("show_text", jobId=job["jobId"], turnId="t1", text="You went!", isFinal=False)
        await ann.got("tutor_text", text="You went!")
        await bob.got("tutor_text", text="You went!")
        await ann.got("tutor_state", state="thinking")
        assert {"transcript", "feedback", "feedback_none"} <= set(bob.names())
        assert bob.names().count("feedback") == 1  # the later one is only stored
        assert not {"transcript", "feedback", "feedback_none"} & set(ann.names())
        await ann.call("set_tutor_options", {"captions": True})
        await worker.say("show_transcript", **about_bob, text="to Hue", isFinal=True)
        await ann.got("transcript", text="to Hue")


async def test_each_learner_keeps_their_own_messages_and_the_tutors_while_present() -> None:
    async with signalling_server() as server:
        worker = await server.worker()
        room = await server.room("ann")
        await seated(server, "ann", room)
        bob = await seated(server, "bob", room)
        await server.rooms.tutor.invite("ann", room, InviteTutor())
        job = await worker.begin()
        theirs = {p["userId"]: p["participantId"] for p in job["people"]}

        async def keep(id_: str, role: str, who: str | None, text: str) -> None:
            said = await worker.say(
                "keep_message", jobId=job["jobId"], turnId=id_, id=id_, role=role,
                participantId=theirs[who] if who else None, text=text, speechS=3.0,
            )  # fmt: skip
            assert said == {"ok": True}

        await keep("m1", "learner", "ann", "Ann's")
        await keep("m2", "tutor", "ann", "To Ann")
        await bob.call("leave")
        await worker.link.got_where("job_changed", lambda c: len(c["people"]) == 1)
        await keep("m3", "tutor", None, "Bob is gone")
        await keep("m4", "learner", "bob", "Bob's, understood late")

        async def read(user: str) -> list[str]:
            await server.tutor_service._writes.flush()
            found = await server.tutor_service.conversations.view(user, job["conversationId"])
            return [m.text for m in found.messages]

        assert await read("ann") == ["Ann's", "To Ann", "Bob is gone"]
        assert await read("bob") == ["To Ann", "Bob's, understood late"]
        (today,) = await server.tutor_service.conversations.progress("ann", 1)
        # The tutor's answer. The room measures how long people speak who are there with others.
        assert (today.practice_s, today.speaking_s, today.turns, today.topics) == (3.0, 0.0, 1, ("Food",))


async def test_a_message_of_a_participant_unknown_to_the_room_is_refused() -> None:
    async with signalling_server() as server:
        worker = await server.worker()
        await learner(server)
        job = await worker.begin()
        about = {"jobId": job["jobId"], "participantId": "stranger", "turnId": "t1"}
        for event, members in (
            ("show_transcript", {"text": "x", "isFinal": True}),
            ("keep_message", {"id": "m1", "role": "learner", "text": "x"}),
        ):
            assert (await worker.say(event, **about, **members))["error"]["code"] == "participant_not_found"


async def test_a_worker_may_send_only_about_its_own_jobs() -> None:
    async with signalling_server() as server:
        worker = await server.worker(capacity=1)
        await learner(server)
        job = await worker.begin()
        thief = await server.worker()
        for event, members in (
            ("show_text", {"turnId": "t", "text": "x", "isFinal": False}),
            ("job_ended", {"reason": "done"}),
            ("job_ready", {"engines": ENGINES}),
        ):
            assert (await thief.say(event, jobId=job["jobId"], **members))["error"]["code"] == "job_not_found"
        assert (await thief.say("report", load=0.0, jobs=[job["jobId"]])) == {"ok": True}
        await thief.link.got_where("cancel_job", lambda c: c["jobId"] == job["jobId"])


async def test_turn_timings_are_in_the_metrics() -> None:
    async with signalling_server() as server:
        worker = await server.worker()
        await learner(server)
        job = await worker.begin()
        await worker.say(
            "turn_timing", jobId=job["jobId"], turnId="t1", stt="pocketsphinx", sttFinalMs=120.0,
            voiceToVoiceMs=900.0, falseInterruptions=2,
        )  # fmt: skip
        for engine in ("Flux", "Flux", "nova-3"):
            await worker.say("fell_back", jobId=job["jobId"], kind="stt", engine=engine)
        registry = server.registry
        left = {"kind": "stt", "engine": "Flux"}
        assert registry.get_sample_value("parlor_tutor_fallbacks_total", left) == 2
        part = {"part": "stt_final", "engine": "pocketsphinx"}
        assert registry.get_sample_value("parlor_tutor_part_seconds_sum", part) == pytest.approx(0.12)
        assert registry.get_sample_value("parlor_tutor_events_total", {"kind": "false_interruptions"}) == 2
        assert registry.get_sample_value("parlor_tutor_workers") == 1
        assert registry.get_sample_value("parlor_tutor_jobs", {"state": "ready"}) == 1


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=12), inner, max_size=3),
    max_leaves=8,
)
MEMBERS = st.sampled_from(
    ["jobId", "participantId", "turnId", "text", "isFinal", "state", "id", "role", "engines", "load", "jobs"]
)
EVENTS = st.sampled_from(sorted(AGENT_EVENTS)) | st.text(max_size=10).filter(
    lambda name: name not in ("connect", "disconnect", "connect_error")
)


def test_events_of_a_worker_of_any_shape_are_answered() -> None:
    runner = asyncio.Runner()
    context = signalling_server()
    server = runner.run(context.__aenter__())
    worker: FakeWorker = runner.run(server.worker())
    runner.run(learner(server))
    job = runner.run(worker.begin())

    @fuzz(60)
    @given(EVENTS, JSON | st.dictionaries(MEMBERS, JSON | st.just(job["jobId"]), max_size=6))
    def attempt(event: str, payload: Any) -> None:
        answer = runner.run(worker.link.call(event, payload))
        assert answer.get("ok") or answer["error"]["code"] != "internal"

    try:
        attempt()
        assert runner.run(worker.say("report", load=0.0, jobs=[])) == {"ok": True}
    finally:
        runner.run(context.__aexit__(None, None, None))
        runner.close()


async def test_a_silent_tutor_gives_its_seat_to_a_room_that_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tutor_silence, "SHORT_SILENCE_S", 0.3)
    monkeypatch.setattr(tutor_silence, "FAREWELL_S", 0.3)
    async with signalling_server() as server:
        worker = await server.worker(capacity=1)
        ann, room, _ = await learner(server)
        job = await worker.begin()
        other = await server.room("bob", type=RoomType.AI)
        bob = await seated(server, "bob", other)
        await worker.link.got_where("say_goodbye", lambda g: g["jobId"] == job["jobId"])
        await worker.link.got_where("cancel_job", lambda c: c["jobId"] == job["jobId"])
        assert (await status(ann, "resting"))["participantId"] is None
        again = await worker.begin(besides=job["jobId"])
        assert again["roomId"] == other
        await status(bob, "ready")
        assert await ann.call("say", {"text": "Come back, Emma"}) == {"ok": True}
        await status(ann, "starting")
        third = await worker.link.got_where(
            "job", lambda j: j["jobId"] != job["jobId"] and j["roomId"] == room
        )
        await worker.say("job_ready", jobId=third["jobId"], engines=ENGINES)
        said = await worker.link.got_where("input", lambda i: i["jobId"] == third["jobId"])
        assert said["text"] == "Come back, Emma"
        assert third["conversationId"] == job["conversationId"]


async def test_what_is_given_before_the_tutor_is_ready_reaches_it() -> None:
    async with signalling_server() as server:
        worker = await server.worker(capacity=1)
        ann, _, participant = await learner(server)
        job = await worker.link.got_where("job", lambda j: True)
        assert await ann.call("recognized", {"text": "Are you", "isFinal": False}) == {"ok": True}
        assert await ann.call("recognized", {"text": "Are you there?", "isFinal": True}) == {"ok": True}
        assert await ann.call("ask_tutor") == {"ok": True}
        assert await ann.call("hold", {"speaking": True}) == {"ok": True}
        assert not any(name == "input" for name, _ in worker.link.events)
        await worker.say("job_ready", jobId=job["jobId"], engines=ENGINES)
        got = await worker.link.got_where("input", lambda i: i["kind"] == "hold")
        inputs = [payload for name, payload in worker.link.events if name == "input"]
        assert [one["kind"] for one in inputs] == ["recognized", "ask_tutor", "hold"]
        assert inputs[0]["text"] == "Are you there?"
        assert got["participantId"] == participant
        assert got["jobId"] == job["jobId"]
