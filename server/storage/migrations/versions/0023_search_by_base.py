"""The index of full text knows the base of each passage, so that a search reads its own base's entries."""

from __future__ import annotations

from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

_FTS5 = "tokenize='porter unicode61 remove_diacritics 0'"
_SQLITE_DROP = (
    "DROP TRIGGER passage_search_added",
    "DROP TRIGGER passage_search_deleted",
    "DROP TABLE passage_search",
)
_SQLITE = (
    "CREATE VIRTUAL TABLE passage_search USING fts5(base_id, heading, text, content='passages',"
    f" content_rowid='id', {_FTS5})",
    "CREATE TRIGGER passage_search_added AFTER INSERT ON passages BEGIN"
    " INSERT INTO passage_search(rowid, base_id, heading, text)"
    " VALUES (new.id, new.base_id, new.heading, new.text); END",
    "CREATE TRIGGER passage_search_deleted AFTER DELETE ON passages BEGIN"
    " INSERT INTO passage_search(passage_search, rowid, base_id, heading, text)"
    " VALUES ('delete', old.id, old.base_id, old.heading, old.text); END",
    "INSERT INTO passage_search(passage_search) VALUES ('rebuild')",
)
_SQLITE_BEFORE = (
    "CREATE VIRTUAL TABLE passage_search USING fts5(heading, text, content='passages', content_rowid='id',"
    f" {_FTS5})",
    "CREATE TRIGGER passage_search_added AFTER INSERT ON passages BEGIN"
    " INSERT INTO passage_search(rowid, heading, text) VALUES (new.id, new.heading, new.text); END",
    "CREATE TRIGGER passage_search_deleted AFTER DELETE ON passages BEGIN"
    " INSERT INTO passage_search(passage_search, rowid, heading, text)"
    " VALUES ('delete', old.id, old.heading, old.text); END",
    "INSERT INTO passage_search(passage_search) VALUES ('rebuild')",
)
# A word of the index that no text can have. A trigger adds it, also to what the version before writes.
_POSTGRESQL = (
    "CREATE FUNCTION passage_search_base() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
    " NEW.words := NEW.words || array_to_tsvector(ARRAY["
    "'base=' || (SELECT base_id FROM passages WHERE id = NEW.passage_id)]); RETURN NEW; END $$",
    "CREATE TRIGGER passage_search_base BEFORE INSERT ON passage_search"
    " FOR EACH ROW EXECUTE FUNCTION passage_search_base()",
    "UPDATE passage_search SET words = words || array_to_tsvector(ARRAY['base=' || base_id])"
    " FROM passages WHERE passages.id = passage_search.passage_id",
)
_POSTGRESQL_BEFORE = (
    "DROP TRIGGER passage_search_base ON passage_search",
    "DROP FUNCTION passage_search_base()",
    "UPDATE passage_search SET words = ts_delete(words, 'base=' || base_id)"
    " FROM passages WHERE passages.id = passage_search.passage_id",
)


def upgrade() -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for statement in (*_SQLITE_DROP, *_SQLITE) if is_sqlite else _POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for statement in (*_SQLITE_DROP, *_SQLITE_BEFORE) if is_sqlite else _POSTGRESQL_BEFORE:
        op.execute(statement)
