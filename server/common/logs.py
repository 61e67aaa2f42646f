"""Log set-up of both processes: one event a line on stderr, as JSON or for a terminal.

Code logs with the standard `logging`; key/value pairs go in `extra`. `log_context` adds pairs (request_id,
room_id, job_id, ...) to every line that is logged inside its block and by the tasks that start there.
Control characters are escaped and long values shortened (`log_text.py`); a flood of one event is counted.
"""

from __future__ import annotations

import logging
import sys
import time
from collections.abc import Callable, Mapping, MutableMapping
from contextlib import AbstractContextManager
from typing import Any

import structlog
from structlog.typing import Processor

from server.common.log_text import bound_values, escape_line, escape_values, plain_trace
from server.common.repeats import Repeats

_SECRET_KEYS = frozenset(
    {
        "authorization",
        "candidate",
        "credential",
        "invite",
        "password",
        "resume_token",
        "resumeToken",
        "sdp",
        "secret",
        "token",
        "ufrag",
    }
)
_QUIET = (
    "aiohttp.access",
    "aiohttp.client",
    "aiortc",
    "aioice",
    "alembic",
    "asyncio",
    "engineio",
    "httpx",
    "httpx2",
    "PIL",
    "socketio",
    "sqlalchemy",
    "websockets",
)
"""At info these log payloads (tokens, SDP) or a line for each request that we log ourselves."""


def configure_logging(
    level: str = "info", log_format: str = "auto", *, always: Mapping[str, str] | None = None
) -> None:
    """`level`: debug, info, warning or error. `log_format`: json, console, or auto: console on a terminal.
    `always`: pairs that each line has, as the name of one of several servers.

    Raises ValueError for others.
    """
    threshold = logging.getLevelNamesMapping().get(level.upper())
    if threshold is None:
        raise ValueError(f"{level!r} is not a log level")
    if log_format not in ("json", "console", "auto"):
        raise ValueError(f"{log_format!r} is not a log format")
    as_json = log_format == "json" or (log_format == "auto" and not sys.stderr.isatty())
    handler = logging.StreamHandler()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[
                structlog.stdlib.ExtraAdder(),
                structlog.contextvars.merge_contextvars,
                structlog.stdlib.add_log_level,
                structlog.stdlib.add_logger_name,
                structlog.processors.TimeStamper(fmt="iso", utc=True),
                hide_secrets,
                _adder(always or {}),
            ],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *_renderers(as_json)],
        )
    )
    handler.addFilter(FloodFilter(handler))
    logging.basicConfig(level=threshold, handlers=[handler], force=True)
    logging.getLogger("aiohttp.server").addFilter(is_server_fault)
    for name in _QUIET:
        logging.getLogger(name).setLevel(max(threshold, logging.WARNING))


def log_context(**pairs: Any) -> AbstractContextManager[None]:
    """Adds `pairs` to every line logged inside the block."""
    return structlog.contextvars.bound_contextvars(**pairs)


class FloodFilter(logging.Filter):
    """Lets 2,000 lines of one event pass in 10 s, and writes the number of the others to `handler`."""

    def __init__(self, handler: logging.Handler, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._handler = handler
        self._clock = clock
        self._repeats = Repeats[tuple[str, str]](period_s=10.0, max_keys=1_000)

    def filter(self, record: logging.LogRecord) -> bool:
        for key, count in self._repeats.ended(self._clock()):
            logger, event = key or ("", "other events")
            summary = {"name": logger, "msg": "%d more: %s", "args": (count, event)}
            level = {"levelno": logging.WARNING, "levelname": "WARNING"}
            self._handler.handle(logging.makeLogRecord({**summary, **level}))
        return self._repeats.is_shown((record.name, str(record.msg)), 2_000)


def is_server_fault(record: logging.LogRecord) -> bool:
    """Filter: drops the traces that aiohttp logs for requests that are not HTTP. They were answered 400."""
    kind = record.exc_info[0] if record.exc_info else None
    return kind is None or not kind.__module__.startswith("aiohttp.http_exceptions")


def hide_secrets(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Replaces the values of keys that name secrets, for a caller that passed one by mistake."""
    for key in event.keys() & _SECRET_KEYS:
        event[key] = "[hidden]"
    return event


def _adder(always: Mapping[str, str]) -> Processor:
    def add(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        for key, value in always.items():
            event.setdefault(key, value)
        return event

    return add


def _renderers(as_json: bool) -> list[Processor]:
    if as_json:
        return [
            structlog.processors.format_exc_info,
            bound_values,
            structlog.processors.JSONRenderer(ensure_ascii=False),
            escape_line,  # type: ignore[list-item]  # behind the renderer an event is its text
        ]
    console = structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=plain_trace)
    return [bound_values, escape_values, console]
