from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from server.protocol.entities import Connection
from server.rooms.seat_states import (
    RELOAD_GRACE_S,
    TRANSITIONS,
    WITH_DEADLINE,
    SeatEvent,
    SeatState,
    next_deadline,
    next_state,
    public_status,
)

EVENTS = st.lists(st.tuples(st.sampled_from(SeatEvent), st.floats(0, 20)), max_size=30)


def test_every_event_has_a_row_in_every_state() -> None:
    assert {s: set(row) for s, row in TRANSITIONS.items()} == {s: set(SeatEvent) for s in SeatState}


def test_only_joining_or_the_end_of_the_page_ends_a_hold() -> None:
    ends = {e for e in SeatEvent if next_state(SeatState.HELD, e) is not SeatState.HELD}
    assert ends == {SeatEvent.SEATED, SeatEvent.PAGE_CLOSED}


def test_only_joining_brings_a_closed_page_back() -> None:
    ends = {e for e in SeatEvent if next_state(SeatState.LEAVING, e) is not SeatState.LEAVING}
    assert ends == {SeatEvent.SEATED}


def test_a_lost_socket_holds_the_seat_unless_the_page_has_closed() -> None:
    others = set(SeatState) - {SeatState.LEAVING}
    assert {next_state(s, SeatEvent.SOCKET_LOST) for s in others} == {SeatState.HELD}


@given(st.lists(st.sampled_from(sorted(set(SeatEvent) - {SeatEvent.SEATED}, key=str)), max_size=20))
def test_nothing_but_joining_prolongs_the_time_of_a_closed_page(events: list[SeatEvent]) -> None:
    deadline = next_deadline(SeatState.CONNECTED, SeatEvent.PAGE_CLOSED, None, now=0.0, grace=30.0)
    for event in events:
        deadline = next_deadline(SeatState.LEAVING, event, deadline, now=3.0, grace=30.0)
    assert deadline == RELOAD_GRACE_S


def test_the_grace_period_bounds_the_time_of_a_closed_page() -> None:
    assert next_deadline(SeatState.HELD, SeatEvent.PAGE_CLOSED, 1.0, now=0.0, grace=2.0) == 2.0


def test_requesting_a_new_connection_while_the_old_one_works_changes_no_state() -> None:
    assert next_state(SeatState.CONNECTED, SeatEvent.MEDIA_ASKED) is SeatState.CONNECTED


@given(EVENTS)
def test_a_seat_has_a_deadline_exactly_in_the_states_that_end(events: list[tuple[SeatEvent, float]]) -> None:
    state, deadline, now = SeatState.CONNECTING, 30.0, 0.0
    current: float | None = deadline
    for event, wait in events:
        now += wait
        current = next_deadline(state, event, current, now, 30.0)
        state = next_state(state, event)
        assert (current is not None) == (state in WITH_DEADLINE)
        assert current is None or current <= now + 30.0


@given(st.lists(st.sampled_from([SeatEvent.MEDIA_FAILED, SeatEvent.MEDIA_SILENT]), max_size=20))
def test_a_client_that_never_answers_does_not_hold_its_seat_for_ever(events: list[SeatEvent]) -> None:
    deadline: float | None = 30.0
    for step, event in enumerate(events):
        deadline = next_deadline(SeatState.CONNECTING, event, deadline, now=step, grace=30.0)
    assert deadline == 30.0


def test_a_new_request_renews_the_deadline() -> None:
    assert next_deadline(SeatState.LOST, SeatEvent.MEDIA_ASKED, 12.0, now=10.0, grace=30.0) == 40.0


def test_losing_more_while_held_does_not_renew_the_deadline() -> None:
    assert next_deadline(SeatState.HELD, SeatEvent.MEDIA_LOST, 12.0, now=10.0, grace=30.0) == 12.0


def test_a_held_or_lost_seat_is_shown_disconnected() -> None:
    assert public_status(SeatState.HELD) is public_status(SeatState.LOST) is Connection.DISCONNECTED
