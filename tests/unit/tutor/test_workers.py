"""A voice session goes to the least loaded worker, and none gets more than it can serve."""

from __future__ import annotations

import pytest

from server.protocol.agents import VOICE_COST, VOICES_PER_ROOM
from server.protocol.voice.base import VoiceProtocol
from server.tutor.workers import Worker, worker_for_voice

ECHO, FLUX = VOICE_COST[VoiceProtocol.ECHO], VOICE_COST[VoiceProtocol.FLUX]


def give(worker: Worker, count: int, cost: float = FLUX) -> None:
    for number in range(len(worker.voices), len(worker.voices) + count):
        worker.give_voice(f"v{number}", cost)


def chosen(*workers: Worker, language: str = "en", cost: float = FLUX) -> str | None:
    worker = worker_for_voice(workers, language, cost)
    return worker.id if worker else None


def test_the_least_loaded_worker_gets_a_session() -> None:
    assert chosen(Worker("busy", 8, 0.0, load=0.6), Worker("idle", 8, 0.0, load=0.1)) == "idle"


def test_sessions_given_since_the_last_report_count_as_load() -> None:
    one, two = Worker("one", 8, 0.0, load=0.1), Worker("two", 8, 0.0, load=0.2)
    got = []
    for number in range(10):
        worker = worker_for_voice([one, two], "en", FLUX)
        assert worker is not None
        worker.give_voice(str(number), FLUX)
        got.append(worker.id)
    assert got.count("one") > got.count("two") > 0


def test_a_hundred_clients_that_come_at_once_do_not_overload_a_worker_before_its_next_report() -> None:
    worker = Worker("w", 8, 0.0)
    worker.report(0.0, (), 8, (), 8 * VOICES_PER_ROOM)
    let_in = 0
    for _ in range(100):
        if chosen(worker) is not None:
            give(worker, 1)
            let_in += 1
    assert let_in == 8 * VOICES_PER_ROOM == 32
    assert worker.free == 0


@pytest.mark.parametrize(("rooms", "voices"), [(0, 32), (3, 20), (8, 0)])
def test_rooms_and_voice_sessions_share_the_places(rooms: int, voices: int) -> None:
    worker = Worker("w", 8, 0.0)
    for number in range(rooms):
        worker.give(f"r{number}")
    assert worker.free_voices == voices
    give(worker, voices)
    assert (worker.free, chosen(worker)) == (0, None)


def test_a_voice_session_takes_a_room_s_place_once_it_needs_some_of_it() -> None:
    worker = Worker("w", 8, 0.0)
    give(worker, 1)
    assert worker.free == 7
    give(worker, VOICES_PER_ROOM - 1)
    assert worker.free == 7
    give(worker, 1)
    assert worker.free == 6


def test_sessions_of_echo_take_a_tenth() -> None:
    worker = Worker("w", 1, 0.0)
    give(worker, 10 * VOICES_PER_ROOM, ECHO)
    assert chosen(worker, cost=ECHO) is None
    worker.voices.pop("v0")
    assert chosen(worker, cost=ECHO) == "w"
    assert chosen(worker) is None


def test_what_a_worker_reports_is_believed_and_what_it_does_not_know_yet_is_taken_off() -> None:
    worker = Worker("w", 8, 0.0)
    give(worker, 2)
    worker.report(0.5, (), 1, ["v0"], 2.0)  # other servers have most of it; v1 was on its way
    assert worker.free_voices == 1.0
    give(worker, 1)
    assert chosen(worker) is None
    worker.report(0.5, (), 0, ["v0", "v1", "v2"], 0.0)
    assert chosen(worker) is None


def test_a_worker_that_gave_a_session_back_gets_none_until_its_next_report() -> None:
    full, other = Worker("full", 8, 0.0), Worker("other", 8, 0.0, load=0.7)
    give(full, 1)
    full.voices.pop("v0")
    full.is_full_of_voices()
    assert chosen(full, other) == "other"
    full.report(0.1, (), None, (), None)
    assert chosen(full, other) == "full"


def test_one_that_speaks_the_language_is_preferred_and_if_those_are_full_no_other_gets_it() -> None:
    english, any_language = Worker("en", 1, 0.0, frozenset({"en"})), Worker("vi", 1, 0.0, frozenset({"vi"}))
    assert chosen(english, any_language, language="vi-VN") == "vi"
    give(any_language, VOICES_PER_ROOM)
    assert chosen(english, any_language, language="vi-VN") is None
    assert chosen(english, any_language, language="fr") == "en"  # which says that nobody teaches it
