"""A ban keeps people out, and only the account is told why."""

from __future__ import annotations

import pytest

from server.errors import Banned
from server.moderation.gate import Gate
from server.moderation.model import BanMark, FoundBan, Sanction
from server.protocol.moderation import BanScope, ReportReason, SanctionKind
from server.rooms.model import Origin
from tests.fakes.moderation import FakeSanctions

NOW = 1_800_000_000.0
HERE = Origin(device="d" * 64, address="a" * 64)


def found(scope: BanScope, *, address_until: float | None = None) -> FoundBan:
    ban = Sanction("s1", SanctionKind.BAN, "ben", ReportReason.HATE, "Be kind.", NOW, None, address_until)
    return FoundBan(scope, ban, None)


async def refusal(gate: Gate, *, is_new: bool = False) -> dict[str, object]:
    with pytest.raises(Banned) as refused:
        await (gate.require_new(HERE) if is_new else gate.require("ben", HERE))
    ban: dict[str, object] = refused.value.problem()["ban"]
    return ban


async def test_the_account_is_told_why_and_marks_the_browser_that_it_comes_back_with() -> None:
    store = FakeSanctions()
    store.ban = found(BanScope.ACCOUNT, address_until=NOW + 60)
    ban = await refusal(Gate(store, lambda: NOW, "help@example.org"))
    told = (ban["reason"], ban["message"], ban["contact"], ban["canObject"])
    assert told == ("hate", "Be kind.", "help@example.org", True)
    assert [mark for _ban, mark in store.marks] == [
        BanMark(BanScope.DEVICE, HERE.device, None),
        BanMark(BanScope.ADDRESS, HERE.address, NOW + 60),
    ]
    assert store.spared == [True], "somebody else may have been told to try the sign-in"


async def test_an_address_is_not_marked_anew_once_its_while_is_over() -> None:
    """Otherwise somebody who comes back daily would lock a whole school for good."""
    store = FakeSanctions()
    store.ban = found(BanScope.ACCOUNT, address_until=NOW)
    await refusal(Gate(store, lambda: NOW))
    assert [mark.scope for _ban, mark in store.marks] == [BanScope.DEVICE]


@pytest.mark.parametrize("scope", [BanScope.DEVICE, BanScope.ADDRESS])
async def test_others_of_the_same_browser_or_address_learn_nothing_of_the_person_and_leave_no_mark(
    scope: BanScope,
) -> None:
    store = FakeSanctions()
    store.ban = found(scope)
    ban = await refusal(Gate(store, lambda: NOW), is_new=True)
    assert (ban["scope"], ban["reason"], ban["message"], ban["canObject"]) == (scope, None, "", False)
    assert store.marks == []


async def test_an_address_keeps_out_new_profiles_alone() -> None:
    """People behind it who have a profile go on, a class for instance."""
    store = FakeSanctions()
    gate = Gate(store, lambda: NOW)
    await gate.require_new(HERE)
    await gate.require("cem", HERE, "e" * 64)
    assert store.asked == [
        ("", frozenset({HERE.device}), HERE.address),
        ("cem", frozenset({HERE.device, "e" * 64}), ""),
    ]
