"""The OpenAPI 3.1 document of a table of routes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from server.api.routing import Route
from server.errors import (
    Banned,
    EncodingUnsupported,
    Forbidden,
    InvalidRequest,
    OriginRefused,
    ParlorError,
    PayloadTooLarge,
    TokenExpired,
    TooManyRequests,
    Unauthenticated,
)
from server.protocol.schema import definitions

try:
    VERSION = version("parlor")
except PackageNotFoundError:  # run from a checkout that was not installed
    VERSION = "0.0.0"
_SCHEMAS = "#/components/schemas/"
_PARAMETER = re.compile(r"{(\w+)}")


def openapi(routes: Sequence[Route], product_version: str = VERSION) -> dict[str, Any]:
    schemas = definitions(_SCHEMAS)
    paths: dict[str, dict[str, Any]] = {}
    for route in routes:
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route, schemas)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Parlor",
            "version": product_version,
            "description": "Errors are RFC 9457 problem objects.",
        },
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}},
        },
    }


def _operation(route: Route, schemas: dict[str, Any]) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": route.handler.__name__.strip("_"),
        "summary": route.summary,
        "security": _security(route),
        "responses": {str(route.status): _success(route), **_failures(route)},
    }
    if parameters := [*_path_parameters(route), *_query_parameters(route, schemas)]:
        operation["parameters"] = parameters
    if route.body:
        operation["requestBody"] = {"required": True, "content": _json(route.body.__name__)}
    if route.upload:
        content = {media: {"schema": {"type": "string", "format": "binary"}} for media in route.upload}
        operation["requestBody"] = {"required": True, "content": content}
    return operation


def _security(route: Route) -> list[dict[str, list[str]]]:
    """Alternatives: an empty object stands for a request without a token."""
    if route.auth == "optional":
        return [{}, {"bearer": []}]
    return [{"bearer": []}] if route.auth else []


def _path_parameters(route: Route) -> list[dict[str, Any]]:
    return [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in _PARAMETER.findall(route.path)
    ]


def _query_parameters(route: Route, schemas: dict[str, Any]) -> list[dict[str, Any]]:
    if not route.query:
        return []
    schema = schemas[route.query.__name__]
    required = schema.get("required", [])
    return [
        {"name": name, "in": "query", "required": name in required, "schema": member}
        for name, member in schema["properties"].items()
    ]


def _success(route: Route) -> dict[str, Any]:
    if route.status == 204:
        return {"description": "Success"}
    content = _json(route.response.__name__) if route.response else {route.media: {}}
    return {"description": "Success", "content": content}


def _failures(route: Route) -> dict[str, Any]:
    by_status: dict[int, list[str]] = {}
    for error in _errors(route):
        by_status.setdefault(error.status, []).append(error.code)
    if route.body:
        by_status.setdefault(400, []).append(InvalidRequest.code)
    problem = {"application/problem+json": {"schema": {"$ref": _SCHEMAS + "Problem"}}}
    return {
        str(status): {"description": ", ".join(dict.fromkeys(codes)), "content": problem}
        for status, codes in sorted(by_status.items())
    }


def _errors(route: Route) -> list[type[ParlorError]]:
    errors: list[type[ParlorError]] = [OriginRefused, *route.errors]
    if route.cost:
        errors.append(TooManyRequests)
    if route.auth:
        errors += [Unauthenticated, TokenExpired]
    if route.auth and not route.accepts_banned:
        errors.append(Banned)
    if route.for_moderators:
        errors.append(Forbidden)
    if route.body or route.query or route.upload:
        errors.append(InvalidRequest)
    if route.body:
        errors.append(PayloadTooLarge)
    if route.body or route.upload:
        errors.append(EncodingUnsupported)
    return errors


def _json(model: str) -> dict[str, Any]:
    return {"application/json": {"schema": {"$ref": _SCHEMAS + model}}}
