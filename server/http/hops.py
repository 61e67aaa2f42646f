"""Requests that another server passed on: it has the client's connection, and has checked shared limits."""

from __future__ import annotations

from aiohttp import web

IS_HOP = web.RequestKey("is_hop", bool)
"""Whether another server passed the request on; then it is not passed on again."""
