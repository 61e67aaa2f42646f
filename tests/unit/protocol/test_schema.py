from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from server.api.openapi import openapi
from server.api.routes import ROUTES
from server.errors import error_codes
from server.protocol.__main__ import main
from server.protocol.asyncapi import asyncapi
from server.protocol.base import Outbound
from server.protocol.lobby import LOBBY_EVENTS
from server.protocol.rooms import CLIENT_EVENTS, SERVER_EVENTS
from server.protocol.schema import definitions, document, wire_models

ROOT = Path(__file__).parents[3]


def references(node: object) -> set[str]:
    if isinstance(node, dict):
        own = {node["$ref"]} if isinstance(node.get("$ref"), str) else set()
        return own.union(*(references(value) for value in node.values()))
    return set().union(*(references(value) for value in node)) if isinstance(node, list) else set()


def resolves(document: dict[str, object], reference: str) -> bool:
    node: object = document
    for part in reference.removeprefix("#/").split("/"):
        if not isinstance(node, dict) or part not in node:
            return False
        node = node[part]
    return True


def test_two_messages_of_one_name_are_refused() -> None:
    first, second = ModuleType("first"), ModuleType("second")
    for module in (first, second):
        setattr(module, "Twin", type("Twin", (Outbound,), {"__module__": module.__name__}))  # noqa: B010 - mypy refuses the plain form
    with pytest.raises(TypeError, match="first and second: two Twin"):
        wire_models((first, second))
    again = ModuleType("again")
    again.__dict__["Twin"] = first.__dict__["Twin"]
    assert wire_models((first, again)) == [first.__dict__["Twin"]]


def test_the_schema_is_valid_and_names_every_event_and_error() -> None:
    whole = document()
    Draft202012Validator.check_schema(whole)
    assert whole["x-client-events"].keys() == CLIENT_EVENTS.keys()
    assert whole["x-server-events"].keys() == SERVER_EVENTS.keys()
    assert whole["x-lobby-events"].keys() == LOBBY_EVENTS.keys()
    assert whole["x-error-codes"].keys() == error_codes().keys()
    named = {part for event in whole["x-client-events"].values() for part in (event["payload"], event["ack"])}
    named |= {*whole["x-server-events"].values(), *whole["x-lobby-events"].values()}
    assert named <= whole["$defs"].keys()


FOR_DEVELOPERS = frozenset(
    {"invalid_request", "sdp_invalid", "offer_unknown", "job_not_found", "method_not_allowed"}
)
"""Codes that a browser gets only after a fault of the code; the page has no text of its own for them."""


def test_the_page_says_the_same_of_an_error_as_the_server() -> None:
    texts = json.loads((ROOT / "web/src/i18n/en.json").read_text(encoding="utf-8"))["errors"]
    for code, cls in error_codes().items():
        if code not in FOR_DEVELOPERS:
            first_sentence = cls.title.split(". ")[0].removesuffix(".")
            assert texts[code].startswith(first_sentence), code


@pytest.mark.parametrize(
    "published", [document(), asyncapi("1"), openapi(ROUTES, "1")], ids=["schema", "asyncapi", "openapi"]
)
def test_no_reference_in_a_published_document_dangles(published: dict[str, object]) -> None:
    found = references(published)
    assert found
    assert [r for r in found if not resolves(published, r)] == []


def test_inbound_schemas_are_closed_and_outbound_ones_open() -> None:
    schemas = definitions()
    assert schemas["Join"]["additionalProperties"] is False
    assert "additionalProperties" not in schemas["Joined"]
    assert "roomId" in schemas["Join"]["properties"]
    assert {"errors", "retryAfter"} <= set(schemas["Problem"]["properties"])


def test_the_command_writes_the_same_bytes_each_time(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["--out", str(tmp_path / "schema.json")])
    main(["--out", "-"])
    written = (tmp_path / "schema.json").read_text(encoding="utf-8")
    assert written == capsys.readouterr().out
    assert json.loads(written) == document()
    # Another process has other string hashes, so an order taken from a set would differ.
    other = subprocess.run(
        [sys.executable, "-m", "server.protocol"], capture_output=True, text=True, check=True, timeout=60
    )
    assert other.stdout == written


def test_every_route_is_published_with_its_answers() -> None:
    paths = openapi(ROUTES, "1")["paths"]
    assert sum(len(methods) for methods in paths.values()) == len(ROUTES)
    ids = [operation["operationId"] for methods in paths.values() for operation in methods.values()]
    assert len(set(ids)) == len(ids)
    made = paths["/api/rooms"]["post"]
    assert made["security"] == [{"bearer": []}]
    assert {"201", "400", "401", "403", "413", "422", "429", "503"} <= made["responses"].keys()
    assert "400" not in paths["/api/rooms"]["get"]["responses"]
    assert paths["/api/rooms"]["get"]["security"] == [{}, {"bearer": []}]


def test_all_but_a_few_routes_need_a_token() -> None:
    assert {route.path for route in ROUTES if not route.auth} == {
        "/api/agents/audio/{messageId}",  # takes the service token instead
        "/api/agents/knowledge",  # the same
        "/api/account/export.zip",  # a download has no headers: takes a ticket instead
        "/api/auth/guest",
        "/api/auth/methods",
        "/api/auth/passkey/options",
        "/api/auth/passkey",
        "/api/auth/code",
        "/api/auth/email",
        "/api/avatars/g/{seed}.svg",
        "/api/avatars/u/{name}.webp",
        "/api/levels",
        "/api/online",
        "/api/privacy",
        "/api/rooms/{id}/page-closed",  # a beacon has no headers: takes the resume token instead
        "/api/openapi.json",
        "/api/asyncapi.json",
        "/api/calendar/{secret}.ics",
        "/api/events/{id}.ics",
        "/healthz",
        "/readyz",
        "/metrics",
    }
    optional = {(route.method, route.path) for route in ROUTES if route.auth == "optional"}
    assert optional == {
        ("GET", "/api/rooms"),
        ("GET", "/api/rooms/{id}"),
        ("GET", "/api/events"),
        ("GET", "/api/events/{id}"),
        ("GET", "/api/courses"),  # the same for everybody
        ("GET", "/api/courses/{id}/modules/{module}/classes/{subTopic}"),
        ("POST", "/api/auth/email/finish"),
        ("POST", "/api/auth/provider/start"),
        ("POST", "/api/auth/provider/finish"),
    }
