"""Vectors from a server with OpenAI's interface on loopback."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator

import pytest

from server.errors import Unavailable
from server.knowledge.embeddings import EmbeddingsApi
from tests.fakes.vendors.openai import OpenAi, openai
from tests.fakes.vendors.server import Fault


@pytest.fixture
async def vendor() -> AsyncIterator[OpenAi]:
    async with openai() as vendor:
        yield vendor


@pytest.fixture
async def api(vendor: OpenAi) -> AsyncIterator[EmbeddingsApi]:
    api = EmbeddingsApi(f"{vendor.url}/", "key-1", "small")
    yield api
    await api.aclose()


async def test_each_text_has_its_vector_whatever_their_order(vendor: OpenAi, api: EmbeddingsApi) -> None:
    assert await api.embed(["a", "abc"]) == [[1, 1], [3, 1]]
    [call] = vendor.calls
    assert (call.path, call.headers["Authorization"]) == ("/v1/embeddings", "Bearer key-1")
    assert json.loads(call.body) == {"model": "small", "input": ["a", "abc"]}


async def test_many_texts_are_asked_for_in_parts(vendor: OpenAi, api: EmbeddingsApi) -> None:
    texts = ["x" * n for n in range(150)]
    assert [vector[0] for vector in await api.embed(texts)] == list(range(150))
    assert len(vendor.calls) == 3


@pytest.mark.parametrize(
    "fault",
    [
        Fault(status=500),
        Fault(status=401),
        Fault(pieces=0, then="cut"),
        Fault(insert=b"<html>"),
        Fault(insert=b'{"data": []}', pieces=0),
    ],
)
async def test_a_server_that_fails_is_unavailable(vendor: OpenAi, api: EmbeddingsApi, fault: Fault) -> None:
    vendor.faults.append(fault)
    with pytest.raises(Unavailable):
        await api.embed(["a"])


async def test_a_server_out_of_reach_is_unavailable() -> None:
    api = EmbeddingsApi("http://127.0.0.1:9/v1", "", "small")
    try:
        with pytest.raises(Unavailable):
            await api.embed(["a"])
    finally:
        await api.aclose()
