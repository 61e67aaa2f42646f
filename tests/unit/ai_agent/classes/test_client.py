"""The text of a class comes from the session's server, or the reason why not."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from ai_agent.classes.client import CourseClient
from ai_agent.classes.course import Question, SubTopic
from ai_agent.errors import AgentError
from server.protocol.classes import ClassRef
from server.protocol.courses import ClassQuestion, ClassText

CLASS = ClassText(
    course_id="1",
    module_index=0,
    sub_topic_index=2,
    title="At the market",
    level="A2",
    language="en",
    sentences=["Here you can buy fruit.", "See you soon."],
    paragraphs=[2],
    questions=[ClassQuestion(text="What can you buy?", answers=["fruit"])],
)


@asynccontextmanager
async def server_with(answer: Callable[[], web.Response]) -> AsyncIterator[str]:
    """The address of a server with one class, and a path that does not count."""

    async def handle(_request: web.Request) -> web.Response:
        return answer()

    app = web.Application()
    app.router.add_get("/api/courses/1/modules/0/classes/2", handle)
    async with TestServer(app) as server:
        yield f"{server.make_url('/')}n/n1"


def ref(course: str = "1", sub_topic: int = 2) -> ClassRef:
    return ClassRef(course_id=course, module_index=0, sub_topic_index=sub_topic)


def class_text() -> AbstractAsyncContextManager[str]:
    body = CLASS.model_dump_json(by_alias=True)
    return server_with(lambda: web.Response(text=body, content_type="application/json"))


async def test_a_class_is_read_from_the_server_of_the_session() -> None:
    async with class_text() as url, CourseClient() as client:
        found = await client.find(url, ref())
    questions = (Question("What can you buy?", ("fruit",)),)
    assert found == SubTopic("At the market", ("Here you can buy fruit.", "See you soon."), questions, (2,))


async def test_a_class_that_does_not_exist_is_none() -> None:
    async with class_text() as url, CourseClient() as client:
        assert await client.find(url, ref(sub_topic=3)) is None
        assert await client.find(url, ref(course="../1")) is None


@pytest.mark.parametrize(
    "answer",
    [
        lambda: web.Response(status=503),
        lambda: web.Response(text="{}"),
        lambda: web.Response(text=" " * (2 << 20)),
    ],
    ids=["status", "form", "size"],
)
async def test_an_answer_that_is_no_class_is_an_error(answer: Callable[[], web.Response]) -> None:
    async with server_with(answer) as url, CourseClient() as client:
        with pytest.raises(AgentError):
            await client.find(url, ref())
