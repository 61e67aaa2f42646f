"""The passages of documents that messages of conversations draw on."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import and_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from server.protocol.agents import PassageRef
from server.storage.tables import documents, knowledge_bases, message_passages, messages, passages
from server.storage.upsert import insert_new
from server.tutor.model import Citation

_IS_CITED = and_(
    passages.c.document_id == message_passages.c.document_id, passages.c.number == message_passages.c.number
)


async def add_citations(
    connection: AsyncConnection, conversation_id: str, message_id: str, cited: Sequence[PassageRef]
) -> None:
    """Add those whose document is stored, if the message is one of the tutor's in that conversation. Neither
    can be deleted meanwhile."""
    known = select(messages.c.id).where(
        messages.c.id == message_id,
        messages.c.conversation_id == conversation_id,
        messages.c.role == "tutor",
    )
    if (await connection.execute(known.with_for_update(read=True, key_share=True))).first() is None:
        return
    named = select(documents.c.id).where(documents.c.id.in_([one.document_id for one in cited]))
    named = named.order_by(documents.c.id).with_for_update(read=True, key_share=True)
    stored = set((await connection.execute(named)).scalars())
    for rank, one in enumerate(cited):
        if one.document_id in stored:
            row = {"message_id": message_id, "document_id": one.document_id, "number": one.number}
            await insert_new(connection, message_passages, row | {"rank": rank})


async def citations_of(
    connection: AsyncConnection, message_ids: Sequence[str], reader_id: str
) -> list[Citation]:
    """Best first for each message. Only the owner of a base gets the words of its passages, and the headings
    above them."""
    query = (
        select(
            message_passages.c.message_id,
            documents.c.name,
            passages.c.heading,
            passages.c.text,
            knowledge_bases.c.owner_id,
        )
        .join(passages, _IS_CITED)
        .join(documents, documents.c.id == passages.c.document_id)
        .join(knowledge_bases, knowledge_bases.c.id == passages.c.base_id)
        .where(message_passages.c.message_id.in_(message_ids))
        .order_by(message_passages.c.rank)
    )
    return [
        Citation(row.message_id, row.name, row.heading, row.text)
        if row.owner_id == reader_id
        else Citation(row.message_id, row.name, "", None)
        for row in await connection.execute(query)
    ]
