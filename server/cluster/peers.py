"""HTTP requests between servers.

They carry a token that derives from the secret, and the address of the client where they pass on its request.
"""

from __future__ import annotations

from secrets import compare_digest

import aiohttp
from aiohttp import hdrs, web
from aiohttp.typedefs import Handler, Middleware
from aiohttp.web_middlewares import middleware

from server.cluster.nodes import name_of
from server.cluster.verdicts import Probe
from server.errors import InvalidRequest, Unauthenticated, Unavailable
from server.http.hops import IS_HOP
from server.rooms.handoff import Handoff

TOKEN_HEADER = "X-Parlor-Cluster"  # noqa: S105 - the name of a header
REMOTE_HEADER = "X-Parlor-Remote"
PROBE_PATH, ADOPT_PATH = "/cluster/probe", "/cluster/adopt"
PROBE_WITHIN_S = 0.3
ADOPT_WITHIN_S = 1.5
FORWARD_WITHIN_S = 5.0
_NOT_PASSED_ON = frozenset(
    h.lower() for h in (hdrs.CONTENT_LENGTH, hdrs.TRANSFER_ENCODING, hdrs.CONNECTION, hdrs.ACCEPT_ENCODING)
)
_OF_CONNECTION = ("sec-websocket", "upgrade")
_ANSWERED_WITH = (hdrs.CACHE_CONTROL, hdrs.RETRY_AFTER, hdrs.WWW_AUTHENTICATE, hdrs.LOCATION, hdrs.ALLOW)


class Peers:
    """Requests to other servers. Close it after use."""

    def __init__(self, token: str) -> None:
        self._token = token
        self._http: aiohttp.ClientSession | None = None

    @property
    def http(self) -> aiohttp.ClientSession:
        """Made at the first use, since it needs a running loop."""
        if self._http is None:
            # `ws_connect` has no option for it. A redirect's target would get the token.
            redirects = aiohttp.TraceConfig()
            redirects.on_request_redirect.append(_refuse_redirect)
            connector = aiohttp.TCPConnector(limit=0)
            self._http = aiohttp.ClientSession(connector=connector, trace_configs=[redirects])
        return self._http

    async def probe(self, internal_url: str, node_id: str) -> Probe:
        """Whether the server of that id answers there."""
        timeout = aiohttp.ClientTimeout(total=PROBE_WITHIN_S)
        try:
            async with self.http.get(
                internal_url + PROBE_PATH, headers=self._headers(), timeout=timeout, allow_redirects=False
            ) as response:
                if response.status != 200:
                    return Probe.SILENT
                answer = await response.text()
        except ConnectionRefusedError:
            return Probe.REFUSED
        except aiohttp.ClientConnectorError as error:
            return Probe.REFUSED if isinstance(error.os_error, ConnectionRefusedError) else Probe.SILENT
        except (aiohttp.ClientError, OSError, UnicodeDecodeError):
            return Probe.SILENT
        if answer == node_id:
            return Probe.ANSWERED
        # Any other text may come from a proxy's default page, or from another server behind a shared address.
        return Probe.OTHER if name_of(answer) == name_of(node_id) else Probe.SILENT

    async def adopt(self, internal_url: str, room_id: str, epoch: int, handoff: Handoff | None = None) -> str:
        """Ask the server to take a room that has no owner or, with `handoff`, this one. Returns the id of the
        server that has it afterwards. Raises Unavailable."""
        timeout = aiohttp.ClientTimeout(total=ADOPT_WITHIN_S)
        body: dict[str, object] = {"room": room_id, "epoch": epoch}
        if handoff is not None:
            body["handoff"] = handoff.model_dump()
        try:
            async with self.http.post(
                internal_url + ADOPT_PATH,
                json=body,
                headers=self._headers(),
                timeout=timeout,
                allow_redirects=False,
            ) as response:
                if response.status != 200:
                    raise Unavailable
                return await response.text()
        except (aiohttp.ClientError, OSError, UnicodeDecodeError) as error:
            raise Unavailable from error

    async def forward(
        self,
        request: web.Request,
        internal_url: str,
        within_s: float = FORWARD_WITHIN_S,
        body: bytes | None = None,
    ) -> web.Response:
        """Pass a client's request on, and return the answer. `body`: in place of the request's own. Raises
        Unavailable, InvalidRequest."""
        if body is None and request.body_exists:
            body = await request.read()  # whole: Engine.IO wants its length
        try:
            async with self.http.request(
                request.method,
                _target(internal_url, request),
                data=body,
                headers=self._passed_on(request),
                timeout=aiohttp.ClientTimeout(total=within_s),
                allow_redirects=False,
            ) as response:
                return _copy_of(response, await response.read())
        except (aiohttp.ClientError, OSError) as error:
            raise Unavailable from error

    async def websocket(
        self, request: web.Request, internal_url: str, max_message: int
    ) -> aiohttp.ClientWebSocketResponse:
        """Open the WebSocket that the client asks for. Raises ClientError, OSError, InvalidRequest."""
        passed_on = self._passed_on(request).items()
        headers = {k: v for k, v in passed_on if not k.lower().startswith(_OF_CONNECTION)}
        return await self.http.ws_connect(
            _target(internal_url, request), headers=headers, max_msg_size=max_message, compress=0
        )

    async def aclose(self) -> None:
        if self._http is not None:
            await self._http.close()

    def _headers(self) -> dict[str, str]:
        return {TOKEN_HEADER: self._token}

    def _passed_on(self, request: web.Request) -> dict[str, str]:
        """The client's headers, with its address, for a request that another server answers."""
        kept = {k: v for k, v in request.headers.items() if k.lower() not in _NOT_PASSED_ON}
        # Headers of this name that the client sent itself are replaced.
        own = {**self._headers(), REMOTE_HEADER: request.remote or "", hdrs.ACCEPT_ENCODING: "identity"}
        names = {name.lower() for name in own}
        return {k: v for k, v in kept.items() if k.lower() not in names} | own


def from_peers(token: str) -> Middleware:
    """Marks requests that another server passed on, and gives them the address of the client. A request with
    these headers and another token is refused."""

    @middleware
    async def handle(request: web.Request, handler: Handler) -> web.StreamResponse:
        if REMOTE_HEADER not in request.headers:
            return await handler(request)
        require_token(request, token)
        passed_on = request.clone(remote=request.headers[REMOTE_HEADER])
        passed_on[IS_HOP] = True
        return await handler(passed_on)

    return handle


def require_token(request: web.BaseRequest, token: str) -> None:
    """Raises Unauthenticated."""
    given = request.headers.get(TOKEN_HEADER, "").encode("utf-8", "surrogateescape")
    if not compare_digest(given, token.encode()):
        raise Unauthenticated("This request needs the token of the servers.")


def _target(internal_url: str, request: web.Request) -> str:
    """The address of the client's request at the other server. Raises InvalidRequest for a target that is not
    a path: appended to an address without one, it could name another host, which would get the token."""
    if not request.raw_path.startswith("/"):
        raise InvalidRequest("The target of the request must be a path.", status=400)
    return internal_url + request.raw_path


async def _refuse_redirect(
    _session: aiohttp.ClientSession, _context: object, found: aiohttp.TraceRequestRedirectParams
) -> None:
    raise aiohttp.ClientConnectionError(f"the server answers with a redirect ({found.response.status})")


def _copy_of(response: aiohttp.ClientResponse, body: bytes) -> web.Response:
    kept = {name: response.headers[name] for name in _ANSWERED_WITH if name in response.headers}
    content_type = response.headers.get(hdrs.CONTENT_TYPE)
    if content_type is not None:
        kept[hdrs.CONTENT_TYPE] = content_type
    return web.Response(body=body, status=response.status, headers=kept)
