"""How tutors are shared by network, address and account."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from server.common.fair_shares import Shares, crowding, in_fair_order
from server.protocol.tutor import TutorStatus
from server.rooms.model import Claim
from server.tutor.jobs import MAKE_ROOM_AFTER_S, JobState, JobTable

EVE = [Claim(f"eve{n // 3}", "a1", "a") for n in range(9)]
ANN = Claim("ann", "b1", "b")
CLAIMS = st.builds(Claim, st.sampled_from("uvwxyz"), st.sampled_from(["", "p", "q"]), st.sampled_from("nm"))


def test_the_smallest_share_is_next_and_equal_shares_in_the_order_of_their_wait() -> None:
    waiting = {"eve": EVE[8], "ann": ANN, "ben": Claim("ben", "b1", "b"), "joe": Claim("joe", "c1", "c")}
    shares = Shares(EVE[:2])
    order = []
    for key in in_fair_order(waiting, shares):
        shares.add(waiting[key])
        order.append(key)
    assert order == ["ann", "joe", "ben", "eve"]


def test_a_newcomer_gets_the_tutor_of_an_address_that_has_all() -> None:
    at_work = {str(number): claim for number, claim in enumerate(EVE[:8])}
    assert {at_work[key].user_id for key in crowding(at_work, ANN)} == {"eve0", "eve1"}


def test_within_one_address_the_account_with_most_makes_room() -> None:
    at_work = {str(number): claim for number, claim in enumerate([*EVE[:3], Claim("pia", "a1", "a")])}
    assert set(crowding(at_work, Claim("ann", "a1", "a"))) == {"0", "1", "2"}


def test_a_class_behind_one_address_takes_no_tutor_from_each_other() -> None:
    pupils = {str(n): Claim(f"pupil{n}", "a1", "a") for n in range(8)}
    assert crowding(pupils, Claim("pupil8", "a1", "a")) == ()


def test_people_of_unknown_address_count_by_account() -> None:
    at_work = {str(n): Claim(f"ann{n}") for n in range(8)}
    assert crowding(at_work, Claim("ben")) == ()
    twice = {"x": Claim("ann"), "y": Claim("ann")}
    assert crowding({**at_work, **twice}, Claim("ben")) == twice


@given(st.lists(CLAIMS, max_size=12), CLAIMS)
def test_taking_turns_ends(claims: list[Claim], wanting: Claim) -> None:
    """A tutor that made room displaces no other when it comes back."""
    at_work = {str(number): claim for number, claim in enumerate(claims)}
    for _ in range(len(claims) + 1):
        leaving = next(iter(crowding(at_work, wanting)), None)
        if leaving is None:
            break
        gone = at_work.pop(leaving)
        at_work[f"new {len(at_work)}"] = wanting
        assert not set(crowding(at_work, gone)) & {key for key, claim in at_work.items() if claim == wanting}
        wanting = gone
    else:
        raise AssertionError("tutors go round for ever")


def crowded() -> JobTable:
    """One worker of eight places, all of which Eve's three accounts have; her ninth waits."""
    jobs = JobTable(silent_for_s=60.0)
    jobs.register("w1", 8, 0.0)
    for number, claim in enumerate(EVE):
        jobs.request(f"eve {number}", 0.0, "en", claim)
    jobs.due(0.0)
    return jobs


def at_work(jobs: JobTable) -> Counter[str]:
    return Counter(job.claim.network for job in jobs.all() if job.state is not JobState.WAITING)


def test_an_address_that_has_all_tutors_makes_room_after_a_moment_for_one_and_no_more() -> None:
    jobs = crowded()
    assert jobs.crowding(5.0) == ()
    jobs.request("ann", 5.0, "en", ANN)
    assert jobs.crowding(4.9 + MAKE_ROOM_AFTER_S) == ()
    leaving = min(jobs.crowding(5.0 + MAKE_ROOM_AFTER_S))
    assert len(jobs.make_room(leaving, 9.0)) == 1
    jobs.due(9.0)
    assert at_work(jobs) == {"a": 7, "b": 1}
    assert jobs.crowding(14.0) == ()
    waits = jobs.get(leaving)
    assert waits is not None
    assert jobs.status(waits, 9.1) is TutorStatus.UNAVAILABLE


def test_a_free_place_goes_to_the_smallest_share_not_to_who_waits_longest() -> None:
    jobs = crowded()
    jobs.request("ann", 1.0, "en", ANN)
    jobs.release("eve 0")
    jobs.due(2.0)
    assert at_work(jobs) == {"a": 7, "b": 1}


def test_a_tutor_of_another_language_makes_no_room() -> None:
    jobs = JobTable(silent_for_s=60.0)
    jobs.register("german", 2, 0.0, ["de"])
    jobs.register("english", 1, 0.0, ["en"])
    for number, language in enumerate(["de", "de", "en"]):
        jobs.request(f"eve {number}", 0.0, language, EVE[0])
    jobs.due(0.0)
    jobs.request("ann", 0.0, "en", ANN)
    assert set(jobs.crowding(10.0)) == set()
    jobs.request("ben", 0.0, "de", ANN)
    assert set(jobs.crowding(10.0)) <= {"eve 0", "eve 1"}
