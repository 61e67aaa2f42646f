"""The tables. Times are seconds since the epoch. A change here needs a migration."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Double,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
    text,
)

from server.storage.columns import key, of_user, part_of

metadata = MetaData(
    # Migrations need names: SQLite leaves constraints unnamed, PostgreSQL invents its own.
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

users = Table(
    "users",
    metadata,
    key("id"),
    Column("name", Text, nullable=False),
    Column("avatar", Text, nullable=False),
    Column("native_language", String(16)),
    Column("level", String(2)),
    Column("country", String(2)),
    Column("created_at", Double, nullable=False),
    Column("keep_audio", Boolean, nullable=False),
    # IANA name; NULL until the client has sent it.
    Column("time_zone", String(64)),
    # The person chose the zone: that of a device does not take its place.
    Column("zone_is_chosen", Boolean, nullable=False, server_default=false()),
    Column("is_hidden", Boolean, nullable=False, server_default=false()),
    # NULL: the house rules are not accepted yet.
    Column("rules_accepted_at", Double),
    # The owner writes these for others. The lists hold BCP 47 tags.
    Column("about", Text, nullable=False, server_default=text("''")),
    Column("also_speaks", JSON, nullable=False, server_default="[]"),
    Column("practises", JSON, nullable=False, server_default="[]"),
    # A `Presence`: what friends see of where the owner is.
    Column("presence", String(16), nullable=False, server_default="nobody"),
    # `moderator`, or NULL. No part of the profile: only `python -m server.moderation` writes it.
    Column("role", String(16)),
    # Time of the last token that was issued.
    Column("seen_at", Double, nullable=False),
    Index(None, "seen_at"),
)

# Uploaded pictures, WebP. `name` has a digest of the picture: the last part of its URL, without the suffix.
avatars = Table(
    "avatars",
    metadata,
    key("name"),
    of_user("user_id"),
    Column("image", LargeBinary, nullable=False),
    Index(None, "user_id"),
)

# One for each device on which a user signed in. `digest`: SHA-256 of the session's id, hex.
sessions = Table(
    "sessions",
    metadata,
    key("digest"),
    of_user("user_id"),
    Column("created_at", Double, nullable=False),
    # "Chrome, Android"; empty or NULL if the browser did not name itself.
    Column("device", String(64)),
    # To the hour; 0 until the first use after the column was added.
    Column("seen_at", Double, nullable=False, server_default="0"),
    # Digest of the browser's device cookie, by which a ban holds for it; NULL where there was none.
    Column("device_digest", String(64)),
    Index(None, "user_id"),
    Index(None, "device_digest"),
)

# Public keys with which a user signs in (WebAuthn). `credential_id`: base64url.
passkeys = Table(
    "passkeys",
    metadata,
    key("id"),
    of_user("user_id"),
    Column("credential_id", String(1_400), nullable=False),
    Column("public_key", LargeBinary, nullable=False),
    Column("sign_count", BigInteger, nullable=False),
    Column("name", Text, nullable=False),
    Column("created_at", Double, nullable=False),
    Column("used_at", Double),
    UniqueConstraint("credential_id"),
    Index(None, "user_id"),
)

# E-mail addresses (issuer `email`) and profiles at OpenID Connect providers (issuer: its URL).
identities = Table(
    "identities",
    metadata,
    key("id"),
    of_user("user_id"),
    Column("issuer", String(255), nullable=False),
    Column("subject", String(255), nullable=False),
    Column("label", Text, nullable=False),
    Column("created_at", Double, nullable=False),
    UniqueConstraint("issuer", "subject"),
    Index(None, "user_id"),
)

recovery_codes = Table(
    "recovery_codes",
    metadata,
    key("digest"),
    of_user("user_id"),
    Index(None, "user_id"),
)

# Challenges, codes and links that are used once, by the SHA-256 digest of their secret.
one_time = Table(
    "one_time",
    metadata,
    key("digest"),
    Column("purpose", String(16), nullable=False),
    Column("user_id", String(64), ForeignKey("users.id", ondelete="CASCADE")),
    Column("value", JSON, nullable=False),
    Column("expires_at", Double, nullable=False),
    Index(None, "expires_at"),
    Index(None, "user_id", "purpose"),
)

# `user_id` has blocked `blocked_id`.
blocks = Table(
    "blocks",
    metadata,
    of_user("user_id", is_key=True),
    of_user("blocked_id", is_key=True),
    Column("at", Double, nullable=False),
    Index(None, "user_id", "at"),
    Index(None, "blocked_id"),
)

rooms = Table(
    "rooms",
    metadata,
    key("id"),
    Column("name", Text, nullable=False),
    Column("topic", Text, nullable=False),
    Column("level", String(2), nullable=False),
    Column("type", String(16), nullable=False),
    Column("language", String(16), nullable=False),
    Column("max_participants", Integer, nullable=False),
    Column("tags", JSON, nullable=False),
    Column("host_id", String(64), nullable=False),
    Column("created_at", Double, nullable=False),
    Column("invite", String(128), nullable=False),
    Column("is_locked", Boolean, nullable=False),
    Column("bans", JSON, nullable=False),
    Column("knock_to_enter", Boolean, nullable=False),
    Column("admitted", JSON, nullable=False),
    Column("unheard", JSON, nullable=False),
    # NULL: the room has no tutor.
    Column("tutor", JSON(none_as_null=True)),
    # NULL in rooms of earlier versions. What `options` does not have is as in `RoomOptions`.
    Column("cohosts", JSON(none_as_null=True)),
    Column("options", JSON(none_as_null=True)),
    # NULL: no event takes place in the room.
    Column("event", JSON(none_as_null=True)),
    # NULL: neither topics nor turns.
    Column("club", JSON(none_as_null=True)),
    # The server that the room belongs to, and how often it was claimed. The pair is a fencing token.
    Column("owner", String(64)),
    Column("epoch", BigInteger, nullable=False, server_default="0"),
)

# Lines that people wrote to each other in open rooms. A deleted line stays for reports until the room closes.
chat_lines = Table(
    "chat_lines",
    metadata,
    key("id"),
    part_of("rooms.id", "room_id"),
    of_user("user_id"),
    Column("participant_id", String(64), nullable=False),
    Column("name", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("at", Double, nullable=False),
    Column("is_deleted", Boolean, nullable=False),
    Index(None, "room_id"),
    Index(None, "user_id"),
)

# Servers that share a PostgreSQL database. `id` is new at each start, `name` stays. `seen_at`: by the
# database's clock. The addresses, for clients and for the other servers, are NULL for a server that shares no
# rooms.
nodes = Table(
    "nodes",
    metadata,
    key("id"),
    Column("name", String(64), nullable=False),
    Column("seen_at", Double, nullable=False),
    Column("url", Text),
    Column("internal_url", Text),
)

# No foreign key to users: the tutor has a seat but no profile.
seats = Table(
    "seats",
    metadata,
    key("id"),
    part_of("rooms.id", "room_id"),
    Column("user_id", String(64), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("number", Integer, nullable=False),
    Column("resume_digest", String(64), nullable=False),
    Column("is_muted", Boolean, nullable=False),
    Column("joined_at", Double, nullable=False),
    Column("hand_raised_at", Double),
    Column("browser_recognition", Boolean, nullable=False),
    Index(None, "room_id"),
)

# Values of the server itself that must survive a restart.
settings = Table(
    "settings",
    metadata,
    key("name"),
    Column("value", JSON, nullable=False),
)

# Conversations outlive their rooms.
conversations = Table(
    "conversations",
    metadata,
    key("id"),
    Column("room_id", String(64), nullable=False),
    Column("room_name", Text, nullable=False),
    Column("language", String(16), nullable=False),
    Column("level", String(2), nullable=False),
    Column("topic", Text, nullable=False),
    Column("started_at", Double, nullable=False),
    Column("ended_at", Double),
    # The server that has it open, or had it last; NULL if a version before this column did.
    Column("owner", String(64)),
    # A deleted base's id stays until the tutor has another one: no reference.
    Column("knowledge_base_id", String(64)),
)
CONVERSATION = tuple(column for column in conversations.c if column.name != "owner")

messages = Table(
    "messages",
    metadata,
    key("id"),
    part_of("conversations.id", "conversation_id"),
    Column("turn_id", String(64), nullable=False),
    Column("role", String(16), nullable=False),
    Column("user_id", String(64)),
    Column("participant_id", String(64)),
    Column("name", Text),
    Column("text", Text, nullable=False),
    Column("at", Double, nullable=False),
    Column("speech_s", Double, nullable=False),
    Column("has_audio", Boolean, nullable=False),
    Column("was_cut", Boolean, nullable=False),
    Column("confidence", String(8)),
    Index(None, "conversation_id", "at"),
)

# The passages of documents that a message draws on, best first (`rank`). They go with their document.
message_passages = Table(
    "message_passages",
    metadata,
    part_of("messages.id", "message_id", is_key=True),
    part_of("documents.id", "document_id", is_key=True),
    Column("number", Integer, primary_key=True),
    Column("rank", Integer, nullable=False),
    Index(None, "document_id"),
)

# The readers of each message. The privacy of conversations rests on this table alone.
message_readers = Table(
    "message_readers",
    metadata,
    part_of("messages.id", "message_id", is_key=True),
    of_user("user_id", is_key=True),
    Column("conversation_id", String(64), nullable=False),
    Index(None, "user_id", "conversation_id"),
)

corrections = Table(
    "corrections",
    metadata,
    key("id"),
    part_of("conversations.id", "conversation_id"),
    of_user("user_id"),
    Column("message_id", String(64)),
    Column("turn_id", String(64), nullable=False),
    Column("at", Double, nullable=False),
    Column("original", Text, nullable=False),
    Column("corrected", Text, nullable=False),
    Column("explanation", Text, nullable=False),
    Column("category", String(32), nullable=False),
    Index(None, "user_id", "conversation_id"),
)

progress = Table(
    "progress",
    metadata,
    of_user("user_id", is_key=True),
    Column("day", String(10), primary_key=True),
    # When the day began where the learner was; NULL in rows of earlier versions.
    Column("starts_at", Double),
    Column("practice_s", Double, nullable=False),
    Column("speaking_s", Double, nullable=False),
    # Own speech in rooms with others, which `speaking_s` does not have.
    Column("together_s", Double, nullable=False, server_default="0"),
    Column("turns", Integer, nullable=False),
    Column("corrections", Integer, nullable=False),
    # Corrected sentences that were said rightly later.
    Column("mended", Integer, nullable=False, server_default="0"),
    # Met for the first time in a month.
    Column("people", Integer, nullable=False, server_default="0"),
    Index(None, "day"),
)

progress_topics = Table(
    "progress_topics",
    metadata,
    of_user("user_id", is_key=True),
    Column("day", String(10), primary_key=True),
    Column("topic", String(140), primary_key=True),
)

# Sentences of classes that a person has heard to their ends. Indices are from 0, as in the courses' folder.
heard_sentences = Table(
    "heard_sentences",
    metadata,
    of_user("user_id", is_key=True),
    key("course_id"),
    Column("module_index", Integer, primary_key=True, autoincrement=False),
    Column("sub_topic_index", Integer, primary_key=True, autoincrement=False),
    Column("sentence", Integer, primary_key=True, autoincrement=False),
    Column("at", Double, nullable=False),
)

# One of a learner's patterns of mistakes, and its card for reviews (FSRS). `key`: digest of the pattern.
mistakes = Table(
    "mistakes",
    metadata,
    key("id"),
    of_user("user_id"),
    Column("key", String(64), nullable=False),
    Column("language", String(16), nullable=False),
    Column("category", String(32), nullable=False),
    Column("said", Text, nullable=False),
    Column("right", Text, nullable=False),
    Column("reviews", Integer, nullable=False),
    Column("right_reviews", Integer, nullable=False),
    Column("due_at", Double, nullable=False),
    Column("state", Integer, nullable=False),
    Column("step", Integer),
    Column("stability", Double),
    Column("difficulty", Double),
    Column("reviewed_at", Double),
    UniqueConstraint("user_id", "key"),
    Index(None, "user_id", "due_at"),
)

# Corrections that were filed. `mistake_id` is NULL once their mistake was deleted: they are not filed again.
mistake_sentences = Table(
    "mistake_sentences",
    metadata,
    part_of("corrections.id", "correction_id", is_key=True),
    Column("mistake_id", String(64), ForeignKey("mistakes.id", ondelete="SET NULL")),
    Index(None, "mistake_id"),
)

# A learner's choices for the learning loop; without a row the defaults of `LearnerSettings`. Talks that
# began before `forgotten_at` are not remembered.
learner_settings = Table(
    "learner_settings",
    metadata,
    of_user("user_id", is_key=True),
    Column("remembers", Boolean, nullable=False),
    Column("goals", JSON, nullable=False),
    Column("forgotten_at", Double, nullable=False),
    Column("week_goal", String(16)),
    Column("week_target", Integer),
)

# A learner's own line about a talk, in place of the one that is made of it. Empty: not remembered.
talk_notes = Table(
    "talk_notes",
    metadata,
    of_user("user_id", is_key=True),
    part_of("conversations.id", "conversation_id", is_key=True),
    Column("text", Text, nullable=False),
    Index(None, "conversation_id"),
)

# Words that a learner learns, and their cards for reviews. `key`: the word in the form that is compared.
# `conversation_id`: the talk of the sentence; NULL for a word that the learner added.
words = Table(
    "words",
    metadata,
    key("id"),
    of_user("user_id"),
    Column("language", String(16), nullable=False),
    Column("key", String(160), nullable=False),
    Column("word", Text, nullable=False),
    Column("meaning", Text, nullable=False),
    Column("sentence", Text, nullable=False),
    Column("conversation_id", String(64), ForeignKey("conversations.id", ondelete="CASCADE")),
    Column("at", Double, nullable=False),
    Column("reviews", Integer, nullable=False),
    Column("right_reviews", Integer, nullable=False),
    Column("due_at", Double, nullable=False),
    Column("state", Integer, nullable=False),
    Column("step", Integer),
    Column("stability", Double),
    Column("difficulty", Double),
    Column("reviewed_at", Double),
    UniqueConstraint("user_id", "language", "key"),
    Index(None, "user_id", "due_at"),
    Index(None, "conversation_id"),
)

# Documents that people add for the tutor, and the passages that are searched. The index of full text,
# `passage_search`, is of each database's own kind: `knowledge_search.py`.
knowledge_bases = Table(
    "knowledge_bases",
    metadata,
    key("id"),
    of_user("owner_id"),
    Column("name", Text, nullable=False),
    Column("language", String(16), nullable=False),
    Column("created_at", Double, nullable=False),
    Index(None, "owner_id"),
)

documents = Table(
    "documents",
    metadata,
    key("id"),
    part_of("knowledge_bases.id", "base_id"),
    Column("name", Text, nullable=False),
    Column("media_type", String(64), nullable=False),
    Column("size", Integer, nullable=False),
    Column("created_at", Double, nullable=False),
    Column("passages", Integer, nullable=False),
    Index(None, "base_id"),
)

# `vector`: numbers of 32 bits, little-endian; NULL without embeddings.
passages = Table(
    "passages",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    part_of("knowledge_bases.id", "base_id"),
    part_of("documents.id", "document_id"),
    Column("number", Integer, nullable=False),
    Column("heading", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("vector", LargeBinary),
    Index(None, "base_id"),
    Index(None, "document_id"),
)
