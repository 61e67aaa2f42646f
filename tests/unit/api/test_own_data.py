"""In which order the parts of a deleted profile end."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest

from server.accounts.model import Deleted
from server.api.handlers.own_data import delete_account
from server.api.routing import ApiCall
from server.api.services import Services


async def test_recordings_and_documents_go_even_if_nobody_can_be_told_of_the_events() -> None:
    done: list[str] = []

    async def delete_user(user_id: str, now: float) -> Deleted:
        return Deleted(["m1"], ["digest"], [])

    async def remove_recordings(messages: list[str]) -> None:
        done.extend(messages)

    async def person_left(*_: Any) -> None:
        raise RuntimeError("the test's")

    services = SimpleNamespace(
        accounts=SimpleNamespace(store=SimpleNamespace(delete_user=delete_user)),
        clock=lambda: 1.0,
        sessions=SimpleNamespace(ended=lambda *_: done.append("sessions")),
        user_deleted=lambda _: done.append("seats"),
        schedule=SimpleNamespace(person_left=person_left),
        conversations=SimpleNamespace(remove_recordings=remove_recordings),
        knowledge=SimpleNamespace(purge=SimpleNamespace(ask=lambda: done.append("documents"))),
    )
    call = cast("ApiCall[None]", SimpleNamespace(user_id="ann"))
    with pytest.raises(RuntimeError, match="the test's"):
        await delete_account(cast("Services", services), call)
    assert sorted(done) == ["documents", "m1", "seats", "sessions"]
