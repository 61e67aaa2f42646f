"""`/v1/messages` with `stream`, as Anthropic documents it."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.fakes.vendors.server import Vendor, serving, stream

Block = dict[str, Any]


def text(*deltas: str) -> Block:
    return {
        "start": {"type": "text", "text": ""},
        "deltas": [{"type": "text_delta", "text": d} for d in deltas],
    }


def tool(name: str, *parts: str) -> Block:
    start = {"type": "tool_use", "id": "toolu_1", "name": name, "input": {}}
    return {"start": start, "deltas": [{"type": "input_json_delta", "partial_json": part} for part in parts]}


def event(kind: str, **body: Any) -> bytes:
    return f"event: {kind}\ndata: {json.dumps({'type': kind, **body})}\n\n".encode()


OVERLOADED = event("error", error={"type": "overloaded_error", "message": "Overloaded"})


def events(blocks: Sequence[Block]) -> list[bytes]:
    message: dict[str, Any] = {
        "id": "msg_1", "type": "message", "role": "assistant", "model": "m", "content": [],
        "stop_reason": None, "stop_sequence": None, "usage": {"input_tokens": 1, "output_tokens": 1},
    }  # fmt: skip
    messages = [event("message_start", message=message)]
    for index, block in enumerate(blocks):
        messages += [event("content_block_start", index=index, content_block=block["start"]), event("ping")]
        messages += [event("content_block_delta", index=index, delta=delta) for delta in block["deltas"]]
        messages.append(event("content_block_stop", index=index))
    reason = "tool_use" if blocks[-1]["start"]["type"] == "tool_use" else "end_turn"
    messages.append(
        event(
            "message_delta", delta={"stop_reason": reason, "stop_sequence": None}, usage={"output_tokens": 2}
        )
    )
    return [*messages, event("message_stop")]


@dataclass(slots=True)
class Anthropic(Vendor):
    """`answers`: content blocks of each answer, in order; the last one repeats."""

    answers: list[list[Block]] = field(default_factory=lambda: [[text("Hel", "lo.")]])

    async def messages(self, request: web.Request) -> web.StreamResponse:
        fault = await self.next_fault(request)
        blocks = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return await stream(request, fault, events(blocks), "text/event-stream")


@asynccontextmanager
async def anthropic() -> AsyncIterator[Anthropic]:
    vendor = Anthropic()
    async with serving(vendor, [web.post("/v1/messages", vendor.messages)]):
        yield vendor
