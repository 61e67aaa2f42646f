"""Headers that every answer carries, whoever wrote it."""

from __future__ import annotations

from aiohttp import web

_CSP = (
    "default-src 'self'",
    "base-uri 'self'",
    "connect-src 'self' ws: wss:",
    "font-src 'self' data:",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "img-src 'self' data: blob:",
    "media-src 'self' blob: mediastream:",
    "object-src 'none'",
    "style-src 'self' 'unsafe-inline'",  # Mantine writes style attributes and elements
    "worker-src 'self'",
)
_HEADERS = {
    "Content-Security-Policy": "; ".join(_CSP),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "microphone=(self), camera=(), geolocation=(), screen-wake-lock=(self)",
    # Invites stand in addresses, and must not travel on to another site.
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


async def secure(_request: web.Request, response: web.StreamResponse) -> None:
    """For `Application.on_response_prepare`; what a handler set itself stays."""
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
