"""Security headers of every answer."""

from __future__ import annotations

from collections.abc import Iterable

from aiohttp import web

_CSP = {
    "default-src": "'self'",
    "base-uri": "'self'",
    # 'self' covers ws: and wss: of the same host and port too (CSP 3; Chromium 71, Safari 16, Firefox).
    "connect-src": "'self'",
    "font-src": "'self' data:",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "img-src": "'self' data: blob:",
    "media-src": "'self' blob: mediastream:",
    "object-src": "'none'",
    "style-src": "'self' 'unsafe-inline'",  # Mantine writes style attributes and elements
    "worker-src": "'self'",
}


def content_security_policy(script_hashes: Iterable[str] = ()) -> str:
    """The policy of a page. No inline script runs, except those whose sources are in `script_hashes`."""
    hashes = " ".join(script_hashes)
    policy = {**_CSP, "script-src": f"'self' {hashes}"} if hashes else _CSP
    return "; ".join(f"{name} {sources}" for name, sources in policy.items())


_SECURITY_HEADERS = {
    "Content-Security-Policy": content_security_policy(),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "microphone=(self), camera=(), geolocation=(), screen-wake-lock=(self)",
    # Addresses of pages may hold invites, which must not reach other sites.
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}

_FILE_HEADERS = {"Content-Security-Policy": "default-src 'none'", "X-Content-Type-Options": "nosniff"}
"""For immutable files, which are no pages: of a small file the others are a third or more."""


async def add_security_headers(request: web.Request, response: web.StreamResponse) -> None:
    """For `Application.on_response_prepare`. Headers that a handler has set stay."""
    is_file = request.path.startswith(("/assets/", "/api/avatars/")) and response.status in (200, 304)
    for name, value in (_FILE_HEADERS if is_file else _SECURITY_HEADERS).items():
        response.headers.setdefault(name, value)
