"""A REST client for tests."""

from __future__ import annotations

from typing import Any

import aiohttp


class RestError(Exception):
    def __init__(self, status: int, problem: dict[str, Any]) -> None:
        super().__init__(f"{status} {problem}")
        self.status = status
        self.code = problem.get("code")
        self.problem = problem


def session_from(source: str) -> aiohttp.ClientSession:
    """A session whose connections come from a local address; from any if it is empty."""
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(local_addr=(source, 0) if source else None, limit=0)
    )


class RestClient:
    """`async with RestClient(url) as rest`. `source`: the local address of its connections."""

    def __init__(self, url: str, *, source: str = "") -> None:
        self.url = url.rstrip("/")
        self._source = source
        self._http: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> RestClient:
        self._http = session_from(self._source)
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._http is not None:
            await self._http.close()

    async def request(self, method: str, path: str, token: str | None = None, body: object = None) -> Any:
        """The JSON of a 2xx answer. Raises RestError."""
        assert self._http is not None
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        async with self._http.request(method, self.url + path, json=body, headers=headers) as response:
            is_json = "json" in response.content_type
            answer = await response.json() if is_json else {"detail": await response.text()}
            if response.status >= 400:
                raise RestError(response.status, answer)
            return answer

    async def guest(self, name: str, **profile: object) -> str:
        """The token of a new guest."""
        session = await self.request("POST", "/api/auth/guest", body={"name": name, **profile})
        return str(session["token"])

    async def create_room(self, token: str, name: str = "Test room", **options: object) -> dict[str, Any]:
        body = {"name": name, "topic": "", "level": "B1", "type": "public", **options}
        room: dict[str, Any] = await self.request("POST", "/api/rooms", token, body)
        return room
