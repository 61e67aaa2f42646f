"""Attacks by rooms at a set time, by somebody who makes as many lasting profiles as they are given."""

from __future__ import annotations

import time
from collections import Counter
from typing import Any

import aiohttp

from tests.attack.attacks.requests import guest_token
from tests.attack.target import Facts, Target
from tests.fakes.authenticator import Authenticator

_EVENTS = 3
"""Of one profile: more would reach its limit of requests."""
_SOON_S = 120


async def all_rooms_by_events(target: Target) -> Facts:
    """`options["accounts"]` profiles plan rooms that start soon, and enter each: who comes first opens it."""
    counts: Counter[str] = Counter()
    async with target.http() as http:
        for _ in range(int(target.options["accounts"])):
            token = await _profile_that_lasts(http, target.port)
            for number in range(_EVENTS):
                created = await _answer(http, "/api/events", token, _plan(f"Eve's {number}"))
                if "id" not in created:
                    counts[created["code"]] += 1
                    continue
                occurrence = created["occurrences"][0]["id"]
                path = f"/api/events/{created['id']}/enter"
                entered = await _answer(http, path, token, {"occurrenceId": occurrence})
                counts[entered.get("code", "ok")] += 1
    return dict(counts)


def _plan(name: str) -> dict[str, Any]:
    start = time.strftime("%Y-%m-%dT%H:%M", time.gmtime(time.time() + _SOON_S))
    return {"name": name, "level": "B1", "localStart": start, "timeZone": "UTC", "durationMinutes": 240}


async def _profile_that_lasts(http: aiohttp.ClientSession, port: int) -> str:
    """The token of a guest who has added a passkey."""
    token = await guest_token(http)
    page = f"http://localhost:{port}"
    options = (await _answer(http, "/api/account/passkeys/options", token))["options"]
    headers = {"Authorization": f"Bearer {token}", "Origin": page, "Host": f"localhost:{port}"}
    body = {"credential": Authenticator(page).create(options)}
    async with http.post("/api/account/passkeys", json=body, headers=headers) as answer:
        answer.raise_for_status()
    return token


async def _answer(http: aiohttp.ClientSession, path: str, token: str, body: object = None) -> dict[str, Any]:
    async with http.post(path, json=body, headers={"Authorization": f"Bearer {token}"}) as answer:
        found: dict[str, Any] = await answer.json()
        return found
