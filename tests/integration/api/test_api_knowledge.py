"""The routes of knowledge bases, with a real store."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from server.knowledge.model import MAX_UPLOAD_BYTES
from server.storage import Database, SqlKnowledgeStore, SqlUserStore
from tests.fakes.api_server import Answer, Api, api_server
from tests.fakes.documents import pdf

BASES = "/api/knowledge-bases"


@pytest.fixture
async def school(tmp_path: Path) -> AsyncIterator[Api]:
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'parlor.db'}")
    await database.start()
    try:
        store = SqlKnowledgeStore(database)
        async with api_server(tmp_path, store=SqlUserStore(database), knowledge=store) as api:
            yield api
    finally:
        await database.aclose()


async def a_base(api: Api, token: str) -> str:
    answer = await api.ask("POST", BASES, token, json={"name": "School"})
    assert answer.status == 201
    return f"{BASES}/{answer.json['id']}"


async def add(api: Api, token: str, base: str, name: str, data: bytes, media_type: str = "") -> Answer:
    headers = {"Content-Type": media_type or "application/octet-stream"}
    query = {"name": name}
    return await api.ask(
        "POST", f"{base}/documents", token, params=query, data=io.BytesIO(data), headers=headers
    )


async def test_a_document_is_added_searched_and_deleted(school: Api) -> None:
    ann = await school.sign_in("Ann")
    base = await a_base(school, ann)
    added = await add(
        school, ann, base, "guide.pdf", pdf([["The library opens at nine."], ["Bring a card."]])
    )
    assert added.status == 201
    assert (added.json["mediaType"], added.json["passages"]) == ("application/pdf", 2)
    found = await school.ask("GET", f"{base}/search", ann, params={"question": "When does the library open?"})
    assert found.json["isAnswered"] is True
    assert found.json["passages"][0] == {
        "documentId": added.json["id"],
        "number": 0,
        "document": "guide.pdf",
        "heading": "Page 1",
        "text": "The library opens at nine.",
    }
    [listed] = (await school.ask("GET", BASES, ann)).json["items"]
    assert (listed["documents"], listed["passages"]) == (1, 2)
    assert (await school.ask("DELETE", f"{base}/documents/{added.json['id']}", ann)).status == 204
    assert (await school.ask("GET", f"{base}/documents", ann)).json["items"] == []
    assert (await school.ask("DELETE", base, ann)).status == 204
    assert (await school.ask("GET", base, ann)).code == "knowledge_base_not_found"


@pytest.mark.parametrize(
    ("name", "data", "media_type", "status", "code"),
    [
        ("a.exe", b"MZ", "application/x-msdownload", 422, "document_unreadable"),
        ("a.docx", b"PK", "", 422, "document_unreadable"),
        ("a.pdf", b"not a pdf", "application/pdf", 422, "document_unreadable"),
        ("a.txt", b"\xff\xd8", "text/plain", 422, "document_unreadable"),
        ("a.txt", b"", "text/plain", 422, "document_unreadable"),
        ("a.txt", b"x" * (MAX_UPLOAD_BYTES + 1), "text/plain", 413, "payload_too_large"),
        ("", b"x", "text/plain", 422, "invalid_request"),
        ("a\n.txt", b"x", "text/plain", 422, "invalid_request"),
    ],
)
async def test_what_is_no_document_is_refused_with_a_clear_error(
    school: Api, name: str, data: bytes, media_type: str, status: int, code: str
) -> None:
    ann = await school.sign_in("Ann")
    base = await a_base(school, ann)
    answer = await add(school, ann, base, name, data, media_type)
    assert (answer.status, answer.code) == (status, code)
    assert (await school.ask("GET", f"{base}/documents", ann)).json["items"] == []


async def test_a_document_that_is_too_large_is_refused_with_the_limit(school: Api) -> None:
    ann = await school.sign_in("Ann")
    base = await a_base(school, ann)
    answer = await add(school, ann, base, "a.txt", b"x" * (MAX_UPLOAD_BYTES + 1))
    assert answer.json["detail"] == "The request has more than 10 MB, the maximum."


async def test_a_text_is_known_by_its_type_or_its_ending(school: Api) -> None:
    ann = await school.sign_in("Ann")
    base = await a_base(school, ann)
    assert (await add(school, ann, base, "notes", b"Tea at four.", "text/plain")).status == 201
    assert (await add(school, ann, base, "NOTES.MD", b"# Tea\nAt four.")).json["mediaType"] == "text/markdown"


async def test_somebody_elses_base_does_not_exist(school: Api) -> None:
    ann, bob = await school.sign_in("Ann"), await school.sign_in("Bob")
    base = await a_base(school, ann)
    for method, path in (("GET", base), ("DELETE", base), ("GET", f"{base}/documents")):
        assert (await school.ask(method, path, bob)).code == "knowledge_base_not_found"
    assert (await add(school, bob, base, "a.txt", b"x")).code == "knowledge_base_not_found"
    assert (await school.ask("GET", base)).code == "unauthenticated"
