"""Knowledge bases and their search, on both databases."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest
from sqlalchemy import delete, func, select, text

from server.errors import (
    DocumentNotFound,
    KnowledgeBaseFull,
    KnowledgeBaseNotFound,
    TooManyKnowledgeBases,
    TooManyRequests,
    Unavailable,
    UserNotFound,
)
from server.knowledge import service
from server.knowledge.model import MAX_DOCUMENTS, Document, KnowledgeBase, NewPassage
from server.knowledge.service import KnowledgeBases
from server.rooms.model import Claim, User
from server.storage import (
    Database,
    SqlAccountStore,
    SqlKnowledgeStore,
    SqlUserStore,
    knowledge_search,
    tables,
)
from tests.contract.storage_urls import database, postgres_socket, url
from tests.fakes.one_user import session_of

__all__ = ["database", "postgres_socket", "url"]

WITH_DELETED_WORD = (
    "SELECT count(*) FROM passage_search_data WHERE instr(block, CAST('zanzibar' AS BLOB)) > 0"
)
ANN = Claim("ann")
HOURS = b"""# Library
The library opens at nine and closes at six. Borrowed books come back after two weeks.

# Parking
Cars are parked behind the gym. A permit costs five dollars.
"""
MEANINGS = {"car": 0, "vehicle": 0, "automobile": 0, "library": 1, "books": 1, "borrow": 1}


class MeaningEmbedder:
    """Vectors by which words of one meaning are alike. `fails`: it answers with an error; `hangs`: never."""

    fails = hangs = False
    asked = 0

    async def aclose(self) -> None:
        pass

    async def embed(self, texts: Sequence[str]) -> Sequence[Sequence[float]]:
        self.asked += 1
        if self.fails:
            raise Unavailable
        if self.hangs:
            await asyncio.Event().wait()
        return [[_score(one.lower(), meaning) for meaning in (0, 1)] for one in texts]


def _score(words: str, meaning: int) -> float:
    return float(sum(word in words for word, of in MEANINGS.items() if of == meaning))


class Owner:
    def __init__(self, database: Database) -> None:
        self.database = database
        self.store = SqlKnowledgeStore(database)
        self.embedder = MeaningEmbedder()
        self.bases = KnowledgeBases(self.store, None, lambda: 100.0)
        self.with_embeddings = KnowledgeBases(self.store, self.embedder, lambda: 100.0)


@pytest.fixture
async def owner(database: Database) -> Owner:
    people = SqlUserStore(database)
    for name in ("ann", "bob"):
        await people.add_user(User(name, name, "/api/avatars/g/a.svg", 1.0))
    return Owner(database)


async def a_base(owner: Owner, language: str = "en", data: bytes = HOURS) -> str:
    base = await owner.bases.create("ann", "School", language)
    await owner.bases.add_document(ANN, base.id, "hours.md", "text/markdown", data)
    return base.id


async def test_a_question_finds_the_passage_that_answers_it(owner: Owner) -> None:
    base = await a_base(owner)
    found = await owner.bases.search("ann", base, "When do I have to return a borrowed book?", 5)
    assert found.is_answered
    assert (found.passages[0].heading, found.passages[0].document) == ("Library", "hours.md")


async def test_a_question_that_no_document_answers_is_said_to_be_so(owner: Owner) -> None:
    base = await a_base(owner)
    assert not (await owner.bases.search("ann", base, "Who painted the Mona Lisa?", 5)).is_answered
    assert (await owner.bases.search("ann", base, '") OR * NEAR(', 5)).passages == []


async def test_vietnamese_words_differ_by_their_marks(owner: Owner) -> None:
    base = await a_base(owner, "vi", "Phở là món ăn.\n\nPhố này đẹp.".encode())
    found = await owner.bases.search("ann", base, "phở?", 1)
    assert found.is_answered
    assert not (await owner.bases.search("ann", base, "phô?", 1)).is_answered


async def test_nobody_else_reads_or_changes_a_base(owner: Owner) -> None:
    base = await a_base(owner)
    for act in (
        owner.bases.find("bob", base),
        owner.bases.documents("bob", base),
        owner.bases.search("bob", base, "library", 5),
        owner.bases.add_document(Claim("bob"), base, "x.txt", "text/plain", b"x"),
        owner.bases.delete_document("bob", base, "d"),
        owner.bases.delete("bob", base),
    ):
        with pytest.raises(KnowledgeBaseNotFound):
            await act
    assert (await owner.bases.find("ann", base)).documents == 1


async def test_a_document_beyond_a_limit_replaces_nothing(owner: Owner) -> None:
    base = await a_base(owner)
    asked: list[int] = []

    async def admit(characters: int) -> None:
        asked.append(characters)
        raise TooManyRequests

    with pytest.raises(TooManyRequests):
        await owner.bases.add_document(
            ANN, base, "hours.md", "text/markdown", b"# Pool\n" + b"Closed. " * 50, admit
        )
    assert asked == [len("Pool") + len("Closed. " * 50) - 1]
    assert (await owner.bases.search("ann", base, "When do I return a borrowed book?", 1)).is_answered


async def test_a_document_of_the_same_name_is_replaced(owner: Owner) -> None:
    base = await a_base(owner)
    await owner.bases.add_document(ANN, base, "hours.md", "text/markdown", b"# Pool\nThe pool is closed.")
    assert [document.passages for document in await owner.bases.documents("ann", base)] == [1]
    assert not (await owner.bases.search("ann", base, "library books", 5)).is_answered
    assert (await owner.bases.search("ann", base, "pool", 5)).is_answered


async def test_a_deleted_document_is_found_no_more(owner: Owner) -> None:
    base = await a_base(owner)
    [document] = await owner.bases.documents("ann", base)
    await owner.bases.delete_document("ann", base, document.id)
    assert (await owner.bases.search("ann", base, "library", 5)).passages == []
    with pytest.raises(DocumentNotFound):
        await owner.bases.delete_document("ann", base, document.id)


async def test_all_is_deleted_with_the_owners_profile(owner: Owner) -> None:
    await a_base(owner)
    async with owner.database.write() as connection:
        await connection.execute(delete(tables.users).where(tables.users.c.id == "ann"))
    async with owner.database.read() as connection:
        left = await connection.scalar(select(func.count()).select_from(tables.passages))
        indexed = await connection.scalar(text("SELECT count(*) FROM passage_search"))
        if owner.database.is_sqlite:  # FTS5 counts by its content; a search reads the index itself
            query = text("SELECT count(*) FROM passage_search WHERE passage_search MATCH 'library'")
            indexed = await connection.scalar(query)
    assert (left, indexed) == (0, 0)


async def test_no_word_of_a_deleted_document_stays_in_the_index(owner: Owner) -> None:
    kept, base = await a_base(owner), await a_base(owner, data=b"The zanzibarword is here.")
    await owner.bases.delete("ann", base)
    await owner.bases.purge.tick()
    if owner.database.is_sqlite:
        async with owner.database.read() as connection:
            assert await connection.scalar(text(WITH_DELETED_WORD)) == 0
    assert (await owner.bases.search("ann", kept, "library", 5)).passages


async def test_others_write_between_the_steps_of_a_purge(
    owner: Owner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(knowledge_search, "PAGES_AT_ONCE", 4)
    if not owner.database.is_sqlite:
        assert not await owner.store.purge_step(is_first=True), "its index keeps no words"
        return
    words = "\n\n".join(f"The word{number}word is here." for number in range(4_000)).encode()
    first, second = [await a_base(owner, data=words) for _ in range(2)]
    await owner.bases.delete("ann", first)
    steps = 1
    while await owner.store.purge_step(is_first=steps == 1):
        steps += 1
        await owner.database.probe()
    assert steps > 4, "a few steps had it all"
    assert (await owner.bases.search("ann", second, "word19word", 5)).passages
    assert not await owner.store.purge_step(is_first=True), "nothing is written again without a deletion"


async def test_one_persons_number_of_bases_is_limited(owner: Owner) -> None:
    await asyncio.gather(*(owner.bases.create("ann", f"b{n}", "en") for n in range(10)))
    with pytest.raises(TooManyKnowledgeBases):
        await owner.bases.create("ann", "one more", "en")
    with pytest.raises(UserNotFound):
        await owner.bases.create("nobody", "b", "en")


async def test_bases_that_are_made_at_the_same_time_are_never_too_many(owner: Owner) -> None:
    made = await asyncio.gather(
        *(owner.bases.create("ann", f"b{n}", "en") for n in range(14)), return_exceptions=True
    )
    assert sum(isinstance(one, TooManyKnowledgeBases) for one in made) == 4
    assert len(await owner.bases.list_for("ann")) == 10


async def test_a_merged_guests_bases_are_all_kept_and_count_against_the_limit(owner: Owner) -> None:
    for person, count in (("ann", 8), ("bob", 7)):
        for number in range(count):
            await owner.bases.create(person, f"{person}{number}", "en")
    await SqlAccountStore(owner.database).merge(session_of("bob"), session_of("ann"))
    assert len(await owner.bases.list_for("ann")) == 15
    for base in (await owner.bases.list_for("ann"))[:6]:
        with pytest.raises(TooManyKnowledgeBases):
            await owner.bases.create("ann", "one more", "en")
        await owner.bases.delete("ann", base.id)
    await owner.bases.create("ann", "one more", "en")


async def test_a_bases_documents_and_text_are_limited_together(owner: Owner) -> None:
    base = await owner.bases.create("ann", "School", "en")

    def document(number: int, length: int) -> Document:
        return Document(f"d{number}", base.id, f"{number}.txt", "text/plain", 1, 1.0, length)

    with pytest.raises(KnowledgeBaseFull):
        await owner.store.add_document(document(0, 5_001), [NewPassage("", "x")], [])
    for number in range(MAX_DOCUMENTS):
        await owner.store.add_document(document(number, 1), [NewPassage("", "x")], [])
    with pytest.raises(KnowledgeBaseFull):
        await owner.store.add_document(document(99, 1), [NewPassage("", "x")], [])


async def test_with_embeddings_a_question_in_other_words_is_found(owner: Owner) -> None:
    base = await owner.bases.create("ann", "School", "en")
    await owner.with_embeddings.add_document(ANN, base.id, "hours.md", "text/markdown", HOURS)
    asked = "Is there room for my automobile?"
    assert (await owner.bases.search("ann", base.id, asked, 1)).passages == []
    found = await owner.with_embeddings.search("ann", base.id, asked, 1)
    assert [passage.heading for passage in found.passages] == ["Parking"]


async def test_without_an_answer_of_the_embedder_search_goes_on_by_words(owner: Owner) -> None:
    base = await owner.bases.create("ann", "School", "en")
    await owner.with_embeddings.add_document(ANN, base.id, "hours.md", "text/markdown", HOURS)
    owner.embedder.fails = True
    found = await owner.with_embeddings.search("ann", base.id, "parking permit", 1)
    assert [passage.heading for passage in found.passages] == ["Parking"]


async def test_an_embedder_that_hangs_does_not_keep_a_tutor_from_its_documents(
    owner: Owner, monkeypatch: pytest.MonkeyPatch
) -> None:
    base = await owner.bases.create("ann", "School", "en")
    await owner.with_embeddings.add_document(ANN, base.id, "hours.md", "text/markdown", HOURS)
    owner.embedder.hangs = True
    owner.embedder.asked = 0
    monkeypatch.setattr(service, "NEAR_WITHIN_S", 0.01)
    async with asyncio.timeout(10):
        for _ in range(3):
            found = await owner.with_embeddings.search("ann", base.id, "parking permit", 1)
    assert owner.embedder.asked == 1  # a tutor has half a second, and waits once only
    assert (found.is_answered, [passage.heading for passage in found.passages]) == (True, ["Parking"])


async def test_in_a_small_base_likeness_is_no_answer(owner: Owner) -> None:
    """Each of its passages is among the five nearest, whatever is asked."""
    base = await owner.bases.create("ann", "School", "en")
    text = b"# Library rules\n" + b"".join(b"## Part %d\nLibrary rule %d.\n" % (n, n) for n in range(4))
    await owner.with_embeddings.add_document(ANN, base.id, "rules.md", "text/markdown", text)
    found = await owner.with_embeddings.search("ann", base.id, "Does the library doctor heal on Tuesdays?", 5)
    assert len(found.passages) == 4
    assert not found.is_answered


async def test_a_document_for_a_base_deleted_meanwhile_is_refused(owner: Owner) -> None:
    gone = Document("d", "nowhere", "x", "text/plain", 1, 1.0, 1)
    with pytest.raises(KnowledgeBaseNotFound):
        await owner.store.add_document(gone, [NewPassage("", "x")], [])
    assert await owner.bases.list_for("ann") == []
    assert KnowledgeBase("b", "ann", "n", "en", 1.0).documents == 0


async def test_others_passages_change_neither_what_is_found_nor_its_order(owner: Owner) -> None:
    texts = [f"library {'books ' * n}and {'chairs ' * (9 - n)}here" for n in range(1, 9)]
    base = await a_base(owner, data="\n\n".join(f"# Part {n}\n{t}" for n, t in enumerate(texts)).encode())
    alone = await owner.store.match(base, ["library", "books"], 40)
    other = await owner.bases.create("bob", "Bob's", "en")
    many = [NewPassage("Library", "library books " * 20) for _ in range(300)]
    await owner.store.add_document(
        Document("of-bob", other.id, "many.txt", "text/plain", 1, 1.0, 300), many, []
    )
    assert await owner.store.match(base, ["library", "books"], 40) == alone
    assert len(alone.ranked) == 8


async def test_a_word_that_is_in_the_id_of_a_base_finds_nothing_by_it(owner: Owner) -> None:
    base = await a_base(owner)
    found = await owner.store.match(base, [base, f"base={base}", "the"], 40)
    assert (found.by_term[base], found.by_term[f"base={base}"]) == (frozenset(), frozenset())
    if not owner.database.is_sqlite:  # a stop word of English
        assert found.by_term["the"] == frozenset()
