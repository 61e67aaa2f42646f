"""Fetches the text of a class from the server."""

from __future__ import annotations

from urllib.parse import quote, urlsplit

import aiohttp
from pydantic import ValidationError

from ai_agent.classes.course import Question, SubTopic
from ai_agent.errors import AgentError
from server.common.http_body import BodyTooLarge, limited_body
from server.protocol.classes import ClassRef
from server.protocol.courses import ClassText

_MAX_ANSWER = 1 << 20
_WITHIN_S = 5.0


class CourseClient:
    """`async with` it."""

    def __init__(self) -> None:
        self._http: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> CourseClient:
        self._http = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=_WITHIN_S))
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._http is not None:
            await self._http.close()

    async def find(self, server_url: str, ref: ClassRef) -> SubTopic | None:
        """`server_url`: one of the servers' addresses; its path does not count. None if there is no such
        class. Raises AgentError."""
        server = urlsplit(server_url)
        course = quote(ref.course_id, safe="")
        path = f"/api/courses/{course}/modules/{ref.module_index}/classes/{ref.sub_topic_index}"
        if self._http is None:
            raise AgentError("the client is closed")
        try:
            async with self._http.get(f"{server.scheme}://{server.netloc}{path}") as response:
                if response.status == 404:
                    return None
                if response.status != 200:
                    raise AgentError(f"status {response.status}")
                answer = await limited_body(response.content.iter_any(), _MAX_ANSWER)
            text = ClassText.model_validate_json(answer)
        except (aiohttp.ClientError, TimeoutError, BodyTooLarge, ValidationError) as error:
            raise AgentError(type(error).__name__) from error
        return SubTopic(
            text.title,
            tuple(text.sentences),
            tuple(Question(question.text, tuple(question.answers)) for question in text.questions),
            tuple(text.paragraphs),
        )
