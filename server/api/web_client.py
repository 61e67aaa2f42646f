"""The built web client: its files, and `index.html` for every other path that is no route."""

from __future__ import annotations

import re
from pathlib import Path

from aiohttp import hdrs, web
from aiohttp.typedefs import Handler, Middleware
from aiohttp.web_middlewares import middleware

_SERVER_PATHS = ("/api", "/socket.io", "/healthz", "/readyz", "/metrics")
_FILE = re.compile(r"\.\w+$")
"""A name with an extension. A full stop alone at the end belongs to the text around a link to a page."""
_NOT_BUILT = (
    "The web client has not been built.\n\n"
    "Run `make run` in the project's folder: it builds the page and starts the server.\n"
)


def single_page(folder: Path) -> Middleware:
    """Answers GET requests that match no route from `folder`."""
    root = folder.resolve()

    @middleware
    async def handle(request: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            return await handler(request)
        except web.HTTPNotFound:
            if request.method not in (hdrs.METH_GET, hdrs.METH_HEAD) or _is_server_path(request.path):
                raise
            return _serve(root, request.path)

    return handle


def _serve(root: Path, path: str) -> web.StreamResponse:
    file = _file(root, path)
    if file is None:
        if path.startswith("/assets/") or _FILE.search(path):
            raise web.HTTPNotFound  # a page in place of a missing script would hide the fault
        file = _file(root, "/index.html")
    if file is None:
        return web.Response(text=_NOT_BUILT, status=503, headers={"Cache-Control": "no-store"})
    # File names under /assets/ hold a digest of the content.
    hashed = file.is_relative_to(root / "assets")
    caching = "public, max-age=31536000, immutable" if hashed else "no-cache"
    return web.FileResponse(file, headers={"Cache-Control": caching})


def _file(root: Path, path: str) -> Path | None:
    if "\0" in path:
        return None
    try:
        file = (root / path.lstrip("/")).resolve()
        return file if file.is_relative_to(root) and file.is_file() else None
    except OSError:  # a name longer than the file system allows
        return None


def _is_server_path(path: str) -> bool:
    return any(path == own or path.startswith(own + "/") for own in _SERVER_PATHS)
