"""Attacks by somebody who wants all there is: rooms, sockets, tutors, new accounts. They obey every rule of a
well-behaved client, and make as many accounts as they are given."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from contextlib import AsyncExitStack

import aiohttp

from tests.attack.target import Facts, Target

_WEBSOCKET = "/socket.io/?EIO=4&transport=websocket"


async def all_accounts(target: Target) -> Facts:
    """New profiles without a pause."""
    counts: Counter[str] = Counter()
    async with target.http() as http:

        async def sign_up() -> None:
            counts[await _outcome(http, "/api/auth/guest", {"name": "Eve"})] += 1

        await target.repeat(sign_up, 4)
    return dict(counts)


async def all_rooms(target: Target) -> Facts:
    """Accounts, each of which opens rooms until it is refused. Ends early once no account gets a room."""
    counts: Counter[str] = Counter()
    async with target.http() as http:
        tokens: list[str] = []

        async def one_account() -> None:
            token = await _guest(http)
            if token is None:
                counts["no account"] += 1
                token = tokens[counts["no account"] % len(tokens)]
            tokens.append(token)
            for number in range(6):
                body = {"name": f"Eve's {number}", "topic": "", "level": "B1", "type": "public"}
                counts[await _outcome(http, "/api/rooms", body, token)] += 1

        await target.repeat(one_account, 2)
    return dict(counts)


async def all_sockets(target: Target) -> Facts:
    """Ten accounts with as many sockets each as they get, kept for the time of the attack; then a neighbour
    of the same address opens the page."""
    counts: Counter[str] = Counter()
    async with AsyncExitStack() as stack, target.http() as http:
        tokens = [token for _ in range(10) if (token := await _guest(http))]
        for _ in range(int(target.options["sockets"]) // len(tokens)):
            for token in tokens:
                counts[await _open(stack, http, token)] += 1
        await asyncio.sleep(target.seconds)
        neighbour = await _guest(http)
        counts["neighbour " + await _open(stack, http, neighbour or "")] += 1
    return dict(counts)


async def two_of_each(target: Target) -> Facts:
    """`options["accounts"]` accounts of one address with two sockets each, which open them again when they
    are closed; then a class of `options["pupils"]` behind the same address, with the same two."""
    counts: Counter[str] = Counter()
    async with AsyncExitStack() as stack, target.http() as http:
        tokens = [await _guest(http) or "" for _ in range(int(target.options["accounts"]))]
        pupils = [await _guest(http) or "" for _ in range(int(target.options["pupils"]))]
        for token in tokens * 2:
            counts["crowd " + await _open(stack, http, token)] += 1
        for token in pupils:
            counts["class " + await _open(stack, http, token)] += 1
            counts["crowd again " + await _open(stack, http, tokens[counts["class open"] % len(tokens)])] += 1
    return dict(counts)


async def all_places(target: Target) -> Facts:
    """Eight addresses of four networks with ten accounts each, which open as many sockets as they get; then a
    class of twenty in a network of their own opens the page and a room each."""
    counts: Counter[str] = Counter()
    async with AsyncExitStack() as stack:

        async def crowd(address: str, accounts: int, sockets: int, name: str) -> None:
            http = await stack.enter_async_context(_session(target, address))
            for _ in range(accounts):
                token = await _guest(http) or ""
                for _ in range(sockets):
                    counts[f"{name} {await _open(stack, http, token)}"] += 1

        await asyncio.gather(
            *(crowd(f"{_net(target)}.{n // 2}.{n % 2 + 1}", 10, 6, "crowd") for n in range(8))
        )
        await crowd(f"{_net(target)}.9.1", 20, 2, "class")
        await asyncio.sleep(target.seconds)
    return dict(counts)


async def rooms_of_a_network(target: Target) -> Facts:
    """Six addresses of one network open rooms until they are refused, then somebody of another network."""
    counts: Counter[str] = Counter()
    for number in range(7):
        name = "crowd" if number < 6 else "newcomer"
        async with _session(target, f"{_net(target)}.{number // 6}.{number + 1}") as http:
            token = await _guest(http)
            for _ in range(5 if name == "crowd" else 1):
                body = {"name": "Taken", "topic": "", "level": "B1", "type": "public"}
                counts[f"{name} {await _outcome(http, '/api/rooms', body, token)}"] += 1
    return dict(counts)


def _net(target: Target) -> str:
    """Two numbers of loopback addresses that no other attack uses."""
    return f"127.{100 + int(target.source.rpartition('.')[2])}"


def _session(target: Target, address: str) -> aiohttp.ClientSession:
    connector = aiohttp.TCPConnector(local_addr=(address, 0), limit=0)
    return aiohttp.ClientSession(target.url, connector=connector)


async def _open(stack: AsyncExitStack, http: aiohttp.ClientSession, token: str) -> str:
    """`open`, or the code of the refusal."""
    try:
        socket = await stack.enter_async_context(http.ws_connect(_WEBSOCKET))
        await socket.receive_str(timeout=10)
        await socket.send_str("40/rooms," + json.dumps({"token": token}))
        answer = await socket.receive_str(timeout=10)
    except aiohttp.WSServerHandshakeError as error:
        return str(error.status)
    except (aiohttp.ClientError, TypeError):  # it was closed
        return "closed"
    if answer.startswith("44/rooms,"):
        return str(json.loads(answer.removeprefix("44/rooms,"))["data"]["code"])
    return "open"


async def _guest(http: aiohttp.ClientSession) -> str | None:
    """The token of a new account; None if it is refused."""
    async with http.post("/api/auth/guest", json={"name": "Eve"}) as response:
        return str((await response.json())["token"]) if response.status == 200 else None


async def _outcome(
    http: aiohttp.ClientSession, path: str, body: dict[str, str], token: str | None = None
) -> str:
    """`ok`, or the code of the refusal."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    async with http.post(path, json=body, headers=headers) as response:
        answer = await response.json()
        return "ok" if response.status < 300 else str(answer["code"])
