"""Ids in the address of a voice session, which its client may make up."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from aiohttp.test_utils import make_mocked_request

from server.knowledge.model import KnowledgeBase
from server.protocol.voice.base import VoiceProtocol
from server.tutor.model import Conversation
from server.voice.admission import Refused
from server.voice.documents import base_of
from server.voice.page import wish_in

IMPOSSIBLE = ["%00", "a%00b", "a b", "%D0%B0", "a" * 65]


class NeverAsked:
    async def find(self, owner_id: str, base_id: str) -> KnowledgeBase:
        raise AssertionError(base_id)

    async def list_for(self, owner_id: str) -> Sequence[KnowledgeBase]:
        raise AssertionError(owner_id)


class NeverAskedThreads:
    async def find(self, conversation_id: str) -> Conversation | None:
        raise AssertionError(conversation_id)


@pytest.mark.parametrize("given", IMPOSSIBLE)
async def test_an_id_that_cannot_exist_is_refused_before_the_store_is_asked(given: str) -> None:
    request = make_mocked_request("GET", f"/v2/flux/s1?conversation={given}&kb_id={given}")
    with pytest.raises(Refused) as refused:
        wish_in(request, VoiceProtocol.FLUX)
    assert refused.value.code == "conversation_not_found"
    with pytest.raises(Refused) as refused:
        await base_of(NeverAsked(), NeverAskedThreads(), "ann", request.query["kb_id"], "c1")
    assert refused.value.code == "knowledge_base_not_found"


def test_a_talk_goes_on_by_its_id() -> None:
    request = make_mocked_request("GET", "/v2/flux/s1?conversation=a-Talk_1")
    assert wish_in(request, VoiceProtocol.FLUX).conversation == "a-Talk_1"
    assert wish_in(make_mocked_request("GET", "/v2/flux/s1"), VoiceProtocol.FLUX).conversation == ""
