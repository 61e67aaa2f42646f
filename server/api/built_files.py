"""Files of the built web client in memory, with the compressed forms that the build wrote beside them."""

from __future__ import annotations

import hashlib
import mimetypes
import re
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from aiohttp import ETag, hdrs, web

from server.api.security import content_security_policy

_SUFFIXES = {"br": ".br", "gzip": ".gz"}
"""Content coding and the suffix of its files, in the order of preference: brotli is the smallest."""
IDENTITY = "identity"
_MAX_PATH = 200
"""Longer than any path in the folder. To look up thousands of nested names would stall the event loop."""
_TYPES = {
    ".js": "text/javascript",
    ".webmanifest": "application/manifest+json",
    ".woff2": "font/woff2",
    ".svg": "image/svg+xml",
}
_INLINE_SCRIPT = re.compile(rb"<script>(.*?)</script>", re.DOTALL)


_Version = tuple[tuple[int, int], ...]
"""Time and size of each form of a file, (0, 0) for one that does not exist."""


@dataclass(frozen=True, slots=True)
class BuiltFile:
    """`forms` maps a content coding to the bytes; `identity` is always one of them.

    `tag` is a digest of the content. `script_hashes` are the CSP sources of the inline scripts of a page.
    """

    content_type: str
    tag: str
    forms: Mapping[str, bytes]
    script_hashes: tuple[str, ...] = ()

    def etag(self, coding: str) -> str:
        """The ETag without quotes: one for each form, because their bytes differ (RFC 9110 section 8.8.3)."""
        return self.tag if coding == IDENTITY else f"{self.tag}-{coding}"


class BuiltFiles:
    """Reads a file when it is first asked for, and again after the build has replaced it.

    Memory is bounded by the size of the folder: only files that exist in it are held.
    """

    def __init__(self, folder: Path) -> None:
        self.root = folder.resolve()
        self._held: dict[Path, tuple[_Version, BuiltFile]] = {}

    def find(self, path: str) -> BuiltFile | None:
        """The file at the path of a URL. None if there is none, or if it is outside of the folder."""
        if "\0" in path or len(path) > _MAX_PATH:
            return None
        try:
            file = (self.root / path.lstrip("/")).resolve()
            if not file.is_relative_to(self.root) or not file.is_file():
                return None
            version = _version(file)
            held = self._held.get(file)
            if held is None or held[0] != version:
                held = self._held[file] = (version, _read(file))
            return held[1]
        except OSError:  # a name longer than the file system allows, or a build that is replacing the file
            return None


def acceptable(header: str | None, offered: Mapping[str, bytes]) -> str:
    """The best of the offered codings for an Accept-Encoding header (RFC 9110 section 12.5.3).

    The highest weight wins, then the order of preference. `identity` if the client accepts none: a file
    in a form that the client did not ask for is more use than an error.
    """
    weights = _weights(header or "")
    default = weights.get("*", 0.0)
    rated = [(weights.get(coding, default), coding) for coding in _SUFFIXES if coding in offered]
    # Without a word about it, identity is acceptable, but anything that is named is preferred.
    rated.append((weights.get(IDENTITY, 0.0), IDENTITY))
    return max((r for r in rated if r[0] > 0), key=lambda r: r[0], default=(0.0, IDENTITY))[1]


def file_answer(file: BuiltFile, request: web.Request, caching: str) -> web.Response:
    """The file in the best form for the client; 304 if the client has it. `caching`: Cache-Control."""
    coding = acceptable(request.headers.get(hdrs.ACCEPT_ENCODING), file.forms)
    headers: dict[str, str] = {hdrs.CACHE_CONTROL: caching}
    if len(file.forms) > 1:
        headers[hdrs.VARY] = hdrs.ACCEPT_ENCODING
    if file.script_hashes:
        headers["Content-Security-Policy"] = content_security_policy(file.script_hashes)
    etag = file.etag(coding)
    if _has(request.if_none_match, etag):
        response = web.Response(status=304, headers=headers)
    else:
        if coding != IDENTITY:
            headers[hdrs.CONTENT_ENCODING] = coding
        # The text files of the build and the drawn pictures are UTF-8.
        charset = "utf-8" if file.content_type.startswith("text/") else None
        response = web.Response(
            body=file.forms[coding], content_type=file.content_type, charset=charset, headers=headers
        )
    response.etag = etag
    return response


def _has(given: tuple[ETag, ...] | None, etag: str) -> bool:
    """Whether If-None-Match matches: the weak comparison (RFC 9110 section 13.1.2)."""
    return any(one.value in ("*", etag) for one in given or ())


def _weights(header: str) -> dict[str, float]:
    """Codings in lower case with their weights. A malformed weight counts as 0."""
    weights: dict[str, float] = {}
    for item in header.split(","):
        coding, *parameters = (part.strip().lower() for part in item.split(";"))
        weight = 1.0
        for parameter in parameters:
            name, _, value = parameter.partition("=")
            if name.strip() == "q":
                weight = _weight(value.strip())
        if coding:
            weights["gzip" if coding == "x-gzip" else coding] = weight
    return weights


def _weight(text: str) -> float:
    return min(1.0, float(text)) if re.fullmatch(r"\d(\.\d{0,3})?", text, re.ASCII) else 0.0


def _version(file: Path) -> _Version:
    """It changes also when a compressed form appears: the build writes those after the file."""
    return tuple(_stamp(file.with_name(file.name + suffix)) for suffix in ("", *_SUFFIXES.values()))


def _stamp(file: Path) -> tuple[int, int]:
    try:
        stat = file.stat()
    except FileNotFoundError:
        return (0, 0)
    return (stat.st_mtime_ns, stat.st_size)


def _read(file: Path) -> BuiltFile:
    content = file.read_bytes()
    forms = {IDENTITY: content}
    for coding, suffix in _SUFFIXES.items():
        packed = file.with_name(file.name + suffix)
        if packed.is_file():
            forms[coding] = packed.read_bytes()
    kind = _TYPES.get(file.suffix) or mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    hashes = tuple(map(_script_hash, _INLINE_SCRIPT.findall(content))) if kind == "text/html" else ()
    return BuiltFile(kind, hashlib.sha256(content).hexdigest()[:32], forms, hashes)


def _script_hash(script: bytes) -> str:
    """The source of an inline script in a Content-Security-Policy (CSP 3 section 2.3.1)."""
    return f"'sha256-{b64encode(hashlib.sha256(script).digest()).decode()}'"
