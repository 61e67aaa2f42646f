"""`/v1/chat/completions`, `/v1/embeddings`, `/v1/audio/speech` and `/v1/audio/transcriptions`, as OpenAI
documents them."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.fakes.vendors.server import Vendor, serving, stream

Delta = dict[str, Any]


def text(words: str) -> Delta:
    return {"content": words}


def tool_call(name: str, index: int = 0) -> Delta:
    return {
        "tool_calls": [
            {
                "index": index,
                "id": f"call_{index}",
                "type": "function",
                "function": {"name": name, "arguments": ""},
            }
        ]
    }


def tool_arguments(arguments: str, index: int = 0) -> Delta:
    return {"tool_calls": [{"index": index, "function": {"arguments": arguments}}]}


def events(deltas: Sequence[Delta], finish: str = "stop") -> list[bytes]:
    def chunk(choices: list[dict[str, Any]], **more: Any) -> bytes:
        body = {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": choices}
        return b"data: " + json.dumps(body | more).encode() + b"\n\n"

    messages = [
        chunk([{"index": 0, "delta": {"role": "assistant", **delta}, "finish_reason": None}])
        for delta in deltas
    ]
    messages.append(chunk([{"index": 0, "delta": {}, "finish_reason": finish}]))
    messages.append(chunk([], usage={"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2}))
    return [*messages, b"data: [DONE]\n\n"]


OVERLOADED = b'data: {"error": {"message": "Overloaded", "type": "server_error", "code": "overloaded"}}\n\n'


@dataclass(slots=True)
class OpenAi(Vendor):
    """`answers`: deltas of each chat answer, in order; the last one repeats."""

    answers: list[list[Delta]] = field(default_factory=lambda: [[text("Hel"), text("lo.")]])
    audio: bytes = bytes(range(256)) * 64
    transcript: str = "I went home."
    logprobs: list[float] = field(default_factory=list)
    forms: list[dict[str, str]] = field(default_factory=list)
    sounds: list[bytes] = field(default_factory=list)

    async def chat(self, request: web.Request) -> web.StreamResponse:
        fault = await self.next_fault(request)
        deltas = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        finish = "tool_calls" if any("tool_calls" in delta for delta in deltas) else "stop"
        return await stream(request, fault, events(deltas, finish), "text/event-stream")

    async def embeddings(self, request: web.Request) -> web.StreamResponse:
        """A vector of two numbers: the length of the text, and 1. The last one comes first."""
        asked = await request.json()
        fault = await self.next_fault(request)
        data = [
            {"object": "embedding", "index": index, "embedding": [len(one), 1]}
            for index, one in enumerate(asked["input"])
        ]
        answer = {"object": "list", "data": data[::-1], "model": asked["model"], "usage": {}}
        return await stream(request, fault, [json.dumps(answer).encode()], "application/json")

    async def speech(self, request: web.Request) -> web.StreamResponse:
        fault = await self.next_fault(request)
        pieces = [self.audio[i : i + 1_001] for i in range(0, len(self.audio), 1_001)]
        return await stream(request, fault, pieces, "audio/pcm")

    async def transcriptions(self, request: web.Request) -> web.StreamResponse:
        form = await request.post()
        fault = await self.next_fault(request)
        self.forms.append({name: value for name, value in form.items() if isinstance(value, str)})
        for value in form.values():
            if isinstance(value, web.FileField):
                self.sounds.append(value.file.read())
                value.file.close()  # not closed otherwise if the client disconnects
        answer: dict[str, Any] = {"text": self.transcript, "usage": {"type": "duration", "seconds": 1}}
        if "include[]" in form:
            answer["logprobs"] = [{"token": "t", "logprob": logprob} for logprob in self.logprobs]
        return await stream(request, fault, [json.dumps(answer).encode()], "application/json")


@asynccontextmanager
async def openai() -> AsyncIterator[OpenAi]:
    vendor = OpenAi()
    routes = [
        web.post("/v1/chat/completions", vendor.chat),
        web.post("/v1/embeddings", vendor.embeddings),
        web.post("/v1/audio/speech", vendor.speech),
        web.post("/v1/audio/transcriptions", vendor.transcriptions),
    ]
    async with serving(vendor, routes):
        vendor.url += "/v1"
        yield vendor
