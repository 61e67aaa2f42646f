"""Any request, valid or not by the published schemas, gets a valid answer or a declared 4xx."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Coroutine, Iterator
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis_jsonschema import from_schema
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from server.api.openapi import openapi
from server.api.routes import ROUTES
from server.api.routing import Route
from server.protocol.schema import definitions
from tests.fakes.api_server import Answer, Api, api_server
from tests.fakes.fuzzing import fuzz

T = TypeVar("T")

OPENAPI = openapi(ROUTES, "1")
SCHEMAS = definitions()
WITH_BODY = [route for route in ROUTES if route.body]
WITH_QUERY = [route for route in ROUTES if route.query]

FUZZ = fuzz(60)

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=50),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=20), inner, max_size=4),
    max_leaves=12,
)


class Harness:
    """One server for a whole test, on a loop that hypothesis' synchronous functions can run."""

    def __init__(self, folder: Path) -> None:
        self._runner = asyncio.Runner()
        self._server = api_server(folder, rooms_per_user=100_000)
        self.api: Api = self.run(self._server.__aenter__())
        self.token = self.run(self.api.sign_in())
        self.me = self.ask("GET", "/api/users/me").json

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return self._runner.run(work)

    def ask(self, method: str, path: str, **options: Any) -> Answer:
        return self.run(self.api.ask(method, path, self.token, **options))

    def close(self) -> None:
        self.run(self._server.__aexit__(None, None, None))
        self._runner.close()


@pytest.fixture
def harness(tmp_path: Path) -> Iterator[Harness]:
    harness = Harness(tmp_path)
    yield harness
    harness.close()


def schema_of(route: Route) -> dict[str, Any]:
    model = route.body or route.query
    assert model
    return {**SCHEMAS[model.__name__], "$defs": SCHEMAS}


def objects(schema: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Member by member: from_schema's own strategy for objects fails with hypothesis 6.170 and later."""
    members = {name: values(member) for name, member in schema["properties"].items()}
    required = {name: members.pop(name) for name in schema.get("required", [])}
    return st.fixed_dictionaries(required, optional=members)


def values(member: dict[str, Any]) -> st.SearchStrategy[Any]:
    if "anyOf" in member:
        return st.one_of([values(option) for option in member["anyOf"]])
    named = SCHEMAS.get(str(member.get("$ref", "")).rpartition("/")[2], {})
    if named.get("type") == "object":
        return objects(named)
    return from_schema({**member, "$defs": SCHEMAS})


def bodies(route: Route) -> st.SearchStrategy[bytes]:
    """Valid by the schema; valid except for one member; any JSON; any bytes."""
    schema = schema_of(route)
    names = st.sampled_from(sorted(schema["properties"])) | st.text(max_size=20)
    right = objects(schema)
    spoilt = st.builds(lambda body, name, value: {**body, name: value}, right, names, JSON)
    texts = st.one_of(right, spoilt, JSON).map(lambda value: json.dumps(value).encode())
    cut = st.builds(lambda body, at: body[: at % (len(body) + 1)], texts, st.integers(0, 1000))
    return st.one_of(texts, texts, cut, st.binary(max_size=200))


def check(route: Route, answer: Answer) -> None:
    """The status and the shape of the answer are declared in the document."""
    operation = OPENAPI["paths"][route.path][route.method.lower()]
    assert str(answer.status) in operation["responses"], (answer.status, answer.body)
    if answer.status == route.status == 204:
        assert (route.response, answer.body) == (None, b"")
    elif answer.status == route.status:
        assert route.response
        validate(route.response.__name__, answer.json)
    else:
        assert 400 <= answer.status < 500
        assert answer.code
        validate("Problem", answer.json)


def validate(model: str, value: object) -> None:
    schema = {**SCHEMAS[model], "$defs": SCHEMAS}
    if model == "Problem":  # members that do not apply are left out
        optional = {"errors", "retryAfter", "node", "until", "ban"}
        schema["required"] = [name for name in schema["required"] if name not in optional]
    Draft202012Validator(schema).validate(value)


@pytest.mark.fuzz
@pytest.mark.parametrize("route", WITH_BODY, ids=lambda route: f"{route.method} {route.path}")
def test_any_body_is_answered_as_declared_and_no_data_is_lost(harness: Harness, route: Route) -> None:
    @FUZZ
    @given(bodies(route))
    def run(body: bytes) -> None:
        before = harness.ask("GET", "/api/users/me").json
        answer = harness.ask(route.method, route.path, data=body)
        check(route, answer)
        after = harness.ask("GET", "/api/users/me")
        assert after.status == 200
        if answer.status != route.status or route.path != "/api/users/me":
            assert after.json == before

    run()


@pytest.mark.fuzz
@pytest.mark.parametrize("route", WITH_QUERY, ids=lambda route: f"{route.method} {route.path}")
def test_any_query_is_answered_as_declared(harness: Harness, route: Route) -> None:
    names = st.sampled_from(sorted(schema_of(route)["properties"])) | st.text(
        st.characters(codec="utf-8"), max_size=10
    )
    known = st.sampled_from(["B1", "newest", "public", "5", "en", "-1", "99999999999999999999"])
    text = st.text(st.characters(codec="utf-8"), max_size=60)
    names = st.sampled_from(sorted(schema_of(route)["properties"])) | text

    @FUZZ
    @given(st.lists(st.tuples(names, known | text), max_size=4), text)
    def run(query: list[tuple[str, str]], room_id: str) -> None:
        path = route.path.replace("{id}", "x" + quote(room_id, safe=""))
        check(route, harness.ask(route.method, path, params=query))

    run()


@pytest.mark.fuzz
def test_any_authorization_is_answered_with_401(harness: Harness) -> None:
    alphabet = st.characters(min_codepoint=33, max_codepoint=126)
    parts = st.text(alphabet, max_size=40)
    tokens = st.builds(lambda *p: ".".join(p), parts, parts, parts) | st.text(alphabet, max_size=200)

    @FUZZ
    @given(tokens)
    def run(token: str) -> None:
        answer = harness.run(
            harness.api.ask("GET", "/api/users/me", headers={"Authorization": f"Bearer {token}"})
        )
        assert (answer.status, answer.code) == (401, "unauthenticated")

    run()


@pytest.mark.fuzz
def test_any_upload_is_a_picture_or_refused(harness: Harness) -> None:
    headers = st.sampled_from(
        [b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0\x00\x10JFIF\x00", b"GIF89a", b"<svg", b""]
    )

    @FUZZ
    @given(headers, st.binary(max_size=300))
    def run(header: bytes, rest: bytes) -> None:
        answer = harness.ask("PUT", "/api/users/me/avatar", data=header + rest)
        refusals = ("picture_unreadable", "picture_too_large")
        assert answer.status == 200 or (answer.status == 422 and answer.code in refusals)

    run()
