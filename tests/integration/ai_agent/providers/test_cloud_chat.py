"""The LLMs of OpenAI and Anthropic through their SDKs, also with faults."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from ai_agent.errors import (
    AuthRefused,
    EngineTimeout,
    EngineUnavailable,
    InvalidResponse,
    ProviderError,
    RateLimited,
    RequestRefused,
)
from ai_agent.providers.chain.fallback import EngineCandidate, FallbackChain
from ai_agent.providers.chain.generation import FallbackLlm, Timeouts
from ai_agent.providers.cloud.anthropic_chat import AnthropicChat
from ai_agent.providers.cloud.openai_chat import OpenAiChat
from ai_agent.providers.ports import ChatMessage, Llm, TextDelta, ToolCall
from tests.fakes.vendors import anthropic as anthropic_fake
from tests.fakes.vendors import openai as openai_fake
from tests.fakes.vendors.anthropic import Anthropic, anthropic
from tests.fakes.vendors.openai import OpenAi, openai
from tests.fakes.vendors.server import Fault
from tests.integration.ai_agent.providers.asking import LESSON, REQUEST, all_of, collect

CORRECTION = {"originalSentence": "I goed home.", "correctedSentence": "I went home."}


@pytest.fixture
async def openai_server() -> AsyncIterator[OpenAi]:
    async with openai() as vendor:
        yield vendor


@pytest.fixture
async def anthropic_server() -> AsyncIterator[Anthropic]:
    async with anthropic() as vendor:
        yield vendor


@pytest.fixture
async def openai_chat(openai_server: OpenAi) -> AsyncIterator[OpenAiChat]:
    chat = OpenAiChat("key", "m", openai_server.url)
    yield chat
    await chat.aclose()


@pytest.fixture
async def anthropic_chat(anthropic_server: Anthropic) -> AsyncIterator[AnthropicChat]:
    chat = AnthropicChat("key", "m", anthropic_server.url)
    yield chat
    await chat.aclose()


@pytest.fixture(params=["openai", "anthropic"])
def both(request: pytest.FixtureRequest) -> tuple[OpenAiChat | AnthropicChat, OpenAi | Anthropic]:
    """An engine and its server."""
    chat = request.getfixturevalue(f"{request.param}_chat")
    return chat, request.getfixturevalue(f"{request.param}_server")


Both = tuple[OpenAiChat | AnthropicChat, OpenAi | Anthropic]


async def test_an_answer_comes_in_deltas(both: Both) -> None:
    chat, _ = both
    assert await all_of(chat.stream(REQUEST)) == [TextDelta("Hel"), TextDelta("lo.")]


async def test_an_answer_received_byte_by_byte_is_the_same(both: Both) -> None:
    chat, vendor = both
    vendor.faults = [Fault(byte_by_byte=True)]
    assert await all_of(chat.stream(REQUEST)) == [TextDelta("Hel"), TextDelta("lo.")]


async def test_openai_gets_the_prompt_the_messages_and_the_tool(
    openai_chat: OpenAiChat, openai_server: OpenAi
) -> None:
    await all_of(openai_chat.stream(REQUEST))
    call = openai_server.calls[0]
    body = json.loads(call.body)
    assert call.headers["Authorization"] == "Bearer key"
    assert body["stream"] is True
    assert body["messages"] == [
        {"role": "system", "content": "You are a tutor."},
        {"role": "assistant", "content": "Hello."},
        {"role": "user", "content": "Anna: I goed home."},
    ]
    assert [tool["function"]["name"] for tool in body["tools"]] == ["give_feedback"]


async def test_anthropic_gets_a_conversation_that_begins_and_ends_with_the_learner(
    anthropic_chat: AnthropicChat, anthropic_server: Anthropic
) -> None:
    await all_of(anthropic_chat.stream(replace(REQUEST, messages=(ChatMessage("tutor", "Hello."),))))
    await all_of(anthropic_chat.stream(replace(REQUEST, messages=())))
    for call in anthropic_server.calls:
        assert call.headers["Authorization"] == "Bearer key"  # the SDK sends it for a key too
        body = json.loads(call.body)
        assert body["system"] == "You are a tutor."
        roles = [message["role"] for message in body["messages"]]
        assert (roles[0], roles[-1]) == ("user", "user")


async def test_openai_is_asked_once_more_for_text_after_a_tool_call_in_pieces(
    openai_chat: OpenAiChat, openai_server: OpenAi
) -> None:
    arguments = json.dumps(CORRECTION)
    first = [
        openai_fake.tool_call("give_feedback"),
        openai_fake.tool_arguments(arguments[:10]),
        openai_fake.tool_arguments(arguments[10:]),
    ]
    openai_server.answers = [first, [openai_fake.text("Well done.")]]
    parts = await all_of(openai_chat.stream(REQUEST))
    assert parts == [ToolCall("give_feedback", CORRECTION), TextDelta("Well done.")]
    roles = [message["role"] for message in json.loads(openai_server.calls[1].body)["messages"]]
    assert roles[-2:] == ["assistant", "tool"]


async def test_anthropic_is_asked_once_more_for_text_after_a_tool_call_in_pieces(
    anthropic_chat: AnthropicChat, anthropic_server: Anthropic
) -> None:
    arguments = json.dumps(CORRECTION)
    first = [anthropic_fake.tool("give_feedback", arguments[:10], arguments[10:])]
    anthropic_server.answers = [first, [anthropic_fake.text("Well done.")]]
    parts = await all_of(anthropic_chat.stream(REQUEST))
    assert parts == [ToolCall("give_feedback", CORRECTION), TextDelta("Well done.")]
    last = json.loads(anthropic_server.calls[1].body)["messages"][-1]
    assert last["content"][0]["type"] == "tool_result"


async def test_feedback_needs_no_text(openai_chat: OpenAiChat, openai_server: OpenAi) -> None:
    openai_server.answers = [
        [openai_fake.tool_call("give_feedback"), openai_fake.tool_arguments(json.dumps(CORRECTION))]
    ]
    request = replace(REQUEST, lesson=replace(LESSON, purpose="feedback"))
    assert await all_of(openai_chat.stream(request)) == [ToolCall("give_feedback", CORRECTION)]
    assert len(openai_server.calls) == 1


async def test_a_tool_call_that_is_not_json_is_dropped(
    openai_chat: OpenAiChat, openai_server: OpenAi
) -> None:
    openai_server.answers = [
        [
            openai_fake.text("Good."),
            openai_fake.tool_call("give_feedback"),
            openai_fake.tool_arguments('{"originalSentence": '),
        ]
    ]
    assert await all_of(openai_chat.stream(REQUEST)) == [TextDelta("Good.")]


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (401, AuthRefused),
        (403, AuthRefused),
        (429, RateLimited),
        (400, RequestRefused),
        (500, EngineUnavailable),
        (529, EngineUnavailable),
    ],
)
async def test_a_status_becomes_a_provider_error_without_the_vendor_s_text(
    both: Both, status: int, error: type[ProviderError]
) -> None:
    chat, vendor = both
    vendor.faults = [Fault(status=status, headers={"Retry-After": "7"}, body=b'{"error": "I goed home."}')]
    with pytest.raises(error) as raised:
        await all_of(chat.stream(REQUEST))
    assert "goed" not in str(raised.value)
    assert len(vendor.calls) == 1, "the SDK's own retries are off: the chain retries"
    if error is RateLimited:
        assert raised.value.retry_after_s == 7


@pytest.mark.parametrize("then", ["cut", "end"])
async def test_an_answer_cut_in_the_middle_is_an_error_after_its_first_part(both: Both, then: str) -> None:
    chat, vendor = both
    up_to_hel = 1 if isinstance(chat, OpenAiChat) else 4
    vendor.faults = [Fault(pieces=up_to_hel, then=then)]
    parts: list[TextDelta | ToolCall] = []
    with pytest.raises((EngineUnavailable, InvalidResponse)):
        await collect(chat.stream(REQUEST), parts)
    assert parts == [TextDelta("Hel")]


async def test_an_engine_without_output_times_out(both: Both) -> None:
    chat, vendor = both
    vendor.faults = [Fault(pieces=0, then="silence")]
    chain: FallbackChain[Llm] = FallbackChain([EngineCandidate(chat)], lambda: None)
    with pytest.raises(EngineTimeout):
        await all_of(FallbackLlm(chain, timeouts=Timeouts(0.05, 0.05, 5.0)).stream(REQUEST))


async def test_an_answer_slower_than_speech_times_out(both: Both) -> None:
    chat, vendor = both
    if isinstance(vendor, OpenAi):
        vendor.answers = [[openai_fake.text("a")] * 50]
    else:
        vendor.answers = [[anthropic_fake.text(*"a" * 50)]]
    vendor.faults = [Fault(pause_s=0.1)]
    chain: FallbackChain[Llm] = FallbackChain([EngineCandidate(chat)], lambda: None)
    parts: list[TextDelta | ToolCall] = []
    with pytest.raises(EngineTimeout):
        await collect(FallbackLlm(chain, timeouts=Timeouts(5.0, 5.0, 0.1)).stream(REQUEST), parts)
    assert parts


def inserted(both: Both, insert: bytes) -> OpenAiChat | AnthropicChat:
    """The engine, after `insert` was put before each message of the server."""
    chat, vendor = both
    vendor.faults = [Fault(insert=insert)]
    return chat


@pytest.mark.parametrize(
    "invalid",
    [
        b"data: {not json\n\n",
        b"data: [1, 2]\n\n",
        b'data: {"choices": 7}\n\n',
        b"\xff\xfe\x00\n\n",
        b"event: content_block_delta\ndata: {not json\n\n",
        b"event: content_block_delta\ndata: {}\n\n",
        b'event: content_block_start\ndata: {"type": "content_block_start"}\n\n',
    ],
)
async def test_an_invalid_message_is_a_provider_error_or_ignored(both: Both, invalid: bytes) -> None:
    try:
        parts = await all_of(inserted(both, invalid).stream(REQUEST))
    except ProviderError:
        return
    assert parts == [TextDelta("Hel"), TextDelta("lo.")]


@pytest.mark.parametrize(
    "unknown",
    [
        b": a comment\n\n",
        anthropic_fake.event("a_new_thing", value=1),
        b'data: {"id": "c", "object": "a_new_thing", "choices": []}\n\n',
    ],
)
async def test_unknown_events_are_ignored(both: Both, unknown: bytes) -> None:
    assert await all_of(inserted(both, unknown).stream(REQUEST)) == [TextDelta("Hel"), TextDelta("lo.")]


async def test_an_error_event_within_an_answer_is_unavailable(both: Both) -> None:
    fake = openai_fake if isinstance(both[1], OpenAi) else anthropic_fake
    with pytest.raises(EngineUnavailable):
        await all_of(inserted(both, fake.OVERLOADED).stream(REQUEST))


async def test_a_server_that_is_not_reachable_is_unavailable(both: Both) -> None:
    chat, _ = both
    gone = type(chat)("key", "m", "http://127.0.0.1:9")
    with pytest.raises(EngineUnavailable):
        await all_of(gone.stream(REQUEST))
    await gone.aclose()


async def test_closing_the_answer_closes_the_connection(
    openai_chat: OpenAiChat, openai_server: OpenAi
) -> None:
    openai_server.faults = [Fault(pieces=3, then="silence")]
    answer = openai_chat.stream(REQUEST)
    assert await anext(answer) == TextDelta("Hel")
    await answer.aclose()
    assert await all_of(openai_chat.stream(REQUEST)) == [TextDelta("Hel"), TextDelta("lo.")]
