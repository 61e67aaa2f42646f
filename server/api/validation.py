"""From bytes and query strings to the declared models."""

from __future__ import annotations

import asyncio
import json
from typing import Any, TypeVar, get_origin

from aiohttp import web
from multidict import MultiMapping
from pydantic import ValidationError

from server.errors import InvalidRequest, PayloadTooLarge
from server.protocol.base import Inbound

M = TypeVar("M", bound=Inbound)

MAX_JSON_BYTES = 64 * 1024
_BODY_TIMEOUT_S = 30.0
_MAX_ERRORS = 20
_MAX_PATH = 100


async def read_body(request: web.BaseRequest, limit: int = MAX_JSON_BYTES) -> bytes:
    """Raises PayloadTooLarge as soon as it is clear, and InvalidRequest for a body that does not come."""
    if (request.content_length or 0) > limit:
        raise PayloadTooLarge
    body = bytearray()
    try:
        async with asyncio.timeout(_BODY_TIMEOUT_S):
            async for chunk in request.content.iter_any():
                body += chunk
                if len(body) > limit:
                    raise PayloadTooLarge
    except TimeoutError:
        raise InvalidRequest("The request took too long to arrive.", status=408) from None
    return bytes(body)


def parse_json(model: type[M], body: bytes) -> M:
    """Raises InvalidRequest: status 400 where it is no JSON, 422 with `errors` where it has another shape."""
    try:
        return model.model_validate_json(body)
    except ValidationError as error:
        if any(e["type"] == "json_invalid" for e in error.errors(include_input=False, include_url=False)):
            raise InvalidRequest("The body is not valid JSON.", status=400) from None
        raise invalid(error) from None


def parse_query(model: type[M], query: MultiMapping[str]) -> M:
    """Members that are lists take a repeated parameter; the others must be given once."""
    lists = {f.alias or n for n, f in model.model_fields.items() if get_origin(f.annotation) is list}
    given: dict[str, Any] = {}
    for name in query:
        values = query.getall(name)
        given[name] = values if name in lists or len(values) > 1 else values[0]
    try:
        # By way of JSON: there strict models take an enum's value for the enum.
        return model.model_validate_json(json.dumps(given))
    except ValidationError as error:
        raise invalid(error) from None


def invalid(error: ValidationError) -> InvalidRequest:
    found = error.errors(include_url=False, include_input=False, include_context=False)
    return InvalidRequest(
        errors=[
            {"path": ".".join(str(part) for part in e["loc"])[:_MAX_PATH], "message": e["msg"]}
            for e in found[:_MAX_ERRORS]
        ]
    )
