"""Knowledge bases: their documents, passages, and the index of full text of each database's own kind."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_PASSAGE_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")
# FTS5 reads the texts from `passages`; triggers tell it what changes, with deletions by a reference too.
# Diacritics are kept: in Vietnamese they are other words.
_SQLITE = (
    "CREATE VIRTUAL TABLE passage_search USING fts5(heading, text, content='passages', content_rowid='id',"
    " tokenize='porter unicode61 remove_diacritics 0')",
    "CREATE TRIGGER passage_search_added AFTER INSERT ON passages BEGIN"
    " INSERT INTO passage_search(rowid, heading, text) VALUES (new.id, new.heading, new.text); END",
    "CREATE TRIGGER passage_search_deleted AFTER DELETE ON passages BEGIN"
    " INSERT INTO passage_search(passage_search, rowid, heading, text)"
    " VALUES ('delete', old.id, old.heading, old.text); END",
)
_POSTGRESQL = (
    "CREATE TABLE passage_search (passage_id BIGINT PRIMARY KEY REFERENCES passages(id) ON DELETE CASCADE,"
    " words TSVECTOR NOT NULL)",
    "CREATE INDEX passage_search_words ON passage_search USING gin (words)",
)


def upgrade() -> None:
    op.create_table(
        "knowledge_bases",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("owner_id", sa.String(64), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("language", sa.String(16), nullable=False),
        sa.Column("created_at", sa.Double, nullable=False),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["users.id"], name="fk_knowledge_bases_owner_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_knowledge_bases"),
    )
    op.create_index("ix_knowledge_bases_owner_id", "knowledge_bases", ["owner_id"])
    op.create_table(
        "documents",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("base_id", sa.String(64), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("media_type", sa.String(64), nullable=False),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("created_at", sa.Double, nullable=False),
        sa.Column("passages", sa.Integer, nullable=False),
        sa.ForeignKeyConstraint(
            ["base_id"], ["knowledge_bases.id"], name="fk_documents_base_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_documents"),
    )
    op.create_index("ix_documents_base_id", "documents", ["base_id"])
    op.create_table(
        "passages",
        sa.Column("id", _PASSAGE_ID, nullable=False, autoincrement=True),
        sa.Column("base_id", sa.String(64), nullable=False),
        sa.Column("document_id", sa.String(64), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("heading", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("vector", sa.LargeBinary),
        sa.ForeignKeyConstraint(
            ["base_id"], ["knowledge_bases.id"], name="fk_passages_base_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["document_id"], ["documents.id"], name="fk_passages_document_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_passages"),
    )
    op.create_index("ix_passages_base_id", "passages", ["base_id"])
    op.create_index("ix_passages_document_id", "passages", ["document_id"])
    for statement in _SQLITE if op.get_bind().dialect.name == "sqlite" else _POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP TABLE passage_search")
    for table in ("passages", "documents", "knowledge_bases"):
        op.drop_table(table)
