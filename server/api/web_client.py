"""The built web client: its files, and `index.html` for every other path that is no route."""

from __future__ import annotations

import gzip
import hashlib
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from aiohttp import hdrs, web
from aiohttp.typedefs import Handler, Middleware
from aiohttp.web_middlewares import middleware

from server.api.built_files import IDENTITY, BuiltFile, BuiltFiles, file_answer
from server.api.link_previews import LinkPreviews

_SERVER_PATHS = ("/api", "/socket.io", "/healthz", "/readyz", "/metrics", "/n", "/cluster")
_FILE = re.compile(r"\.\w+$")
"""A name with an extension. A full stop alone at the end belongs to the text around a link to a page."""
_NOT_BUILT = (
    "The web client has not been built.\n\n"
    "Run `make run` in the project's folder: it builds the page and starts the server.\n"
)
_PAGE_COST = 5
"""Of a page beside a file: its tags are written and it is compressed for each request."""
_TITLE = b"<title>Parlor</title>"
"""Replaced in each page by what `LinkPreviews` says about it."""


def single_page(
    folder: Path, previews: LinkPreviews, admit: Callable[[web.Request, float], None]
) -> Middleware:
    """Answers GET requests that match no route from `folder`. `admit` takes a request's cost and raises
    TooManyRequests."""
    files = BuiltFiles(folder)

    @middleware
    async def handle(request: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            return await handler(request)
        except web.HTTPNotFound:
            if request.method not in (hdrs.METH_GET, hdrs.METH_HEAD) or _is_server_path(request.path):
                raise
            return _serve(files, previews, request, admit)

    return handle


def _serve(
    files: BuiltFiles,
    previews: LinkPreviews,
    request: web.Request,
    admit: Callable[[web.Request, float], None],
) -> web.Response:
    path = request.path
    admit(request, 1)
    file = files.find(path)
    if file is None:
        if path.startswith("/assets/") or _FILE.search(path):
            raise web.HTTPNotFound  # a page in place of a missing script would hide the fault
        page = files.find("/index.html")
        if page is None:
            return web.Response(text=_NOT_BUILT, status=503, headers={"Cache-Control": "no-store"})
        admit(request, _PAGE_COST)
        response = file_answer(_with_head(page, previews.head(request)), request, "no-cache")
        response.headers[hdrs.VARY] = f"{hdrs.ACCEPT_ENCODING}, {hdrs.ACCEPT_LANGUAGE}"
        return response
    return file_answer(file, request, _caching(path))


def _caching(path: str) -> str:
    """Cache-Control of a file. Names under /assets/ hold a digest of the content."""
    if path.startswith("/assets/") and ".." not in path:
        return "public, max-age=31536000, immutable"
    return "public, max-age=86400" if path.endswith((".svg", ".png")) else "no-cache"


def _with_head(page: BuiltFile, head: str) -> BuiltFile:
    """The page with tags in place of its title. It is compressed here, for its few kilobytes at once."""
    content = page.forms[IDENTITY].replace(_TITLE, head.encode("utf-8", "replace"), 1)
    forms = {IDENTITY: content, "gzip": gzip.compress(content, mtime=0)}
    return replace(page, tag=hashlib.sha256(content).hexdigest()[:32], forms=forms)


def _is_server_path(path: str) -> bool:
    return any(path == own or path.startswith(own + "/") for own in _SERVER_PATHS)
