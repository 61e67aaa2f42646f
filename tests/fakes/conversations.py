"""Stores of conversations, in memory. The contract tests define what the real stores do."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, replace

from server.errors import ConversationNotFound, Unavailable
from server.protocol.agents import PassageRef
from server.tutor.model import (
    Conversation,
    ConversationSummary,
    ConversationView,
    Message,
    PracticeDay,
    StoredCorrection,
)


@dataclass
class FakeConversations:
    """A ConversationStore and a ProgressStore. `is_down`: methods raise Unavailable. `consents`: whether the
    user of that id consents to recordings. `elsewhere`: the other server that has each of some conversations.
    """

    conversations: dict[str, Conversation] = field(default_factory=dict)
    messages: dict[str, Message] = field(default_factory=dict)
    readers: dict[str, set[str]] = field(default_factory=dict)
    corrections: list[StoredCorrection] = field(default_factory=list)
    cited: dict[str, list[PassageRef]] = field(default_factory=dict)
    days: list[tuple[str, PracticeDay]] = field(default_factory=list)
    elsewhere: dict[str, str] = field(default_factory=dict)
    is_down: bool = False
    consents: Callable[[str], bool] = lambda _user_id: True

    async def save_conversation(self, conversation: Conversation) -> None:
        self._check()
        known = self.conversations.get(conversation.id)
        started_at = known.started_at if known else conversation.started_at
        self.conversations[conversation.id] = replace(conversation, started_at=started_at)

    async def find(self, conversation_id: str) -> Conversation | None:
        self._check()
        return self.conversations.get(conversation_id)

    async def end_conversation(self, conversation_id: str, at: float) -> None:
        self._check()
        if not any(m.conversation_id == conversation_id for m in self.messages.values()):
            self.conversations.pop(conversation_id, None)
        elif conversation_id in self.conversations:
            ended = replace(self.conversations[conversation_id], ended_at=at)
            self.conversations[conversation_id] = ended

    async def open_elsewhere(self, conversation_id: str) -> str | None:
        self._check()
        known = self.conversations.get(conversation_id)
        return self.elsewhere.get(conversation_id) if known and known.ended_at is None else None

    async def end_orphaned(self, exclude: Collection[str]) -> None:
        """Does not look at stored rooms: ends all that are not in `exclude`."""
        self._check()
        for conversation in list(self.conversations.values()):
            if conversation.ended_at is None and conversation.id not in exclude:
                at = [m.at for m in self.messages.values() if m.conversation_id == conversation.id]
                ended = replace(conversation, ended_at=max(at, default=conversation.started_at))
                self.conversations[conversation.id] = ended

    async def add_message(self, message: Message, readers: Collection[str]) -> bool:
        self._check()
        if message.conversation_id not in self.conversations:
            raise ConversationNotFound
        if message.id in self.messages:
            return False
        self.messages[message.id] = message
        self.readers[message.id] = set(readers)
        return True

    async def cite(self, conversation_id: str, message_id: str, passages: Sequence[PassageRef]) -> None:
        self._check()
        message = self.messages.get(message_id)
        if message is not None and (message.conversation_id, message.role) == (conversation_id, "tutor"):
            self.cited[message_id] = list(passages)

    async def amend_message(self, message: Message) -> None:
        self._check()
        known = self.messages.get(message.id)
        if known is None or (known.role, known.user_id) != ("learner", message.user_id):
            return
        self.messages[message.id] = replace(known, text=message.text, confidence=message.confidence)
        self.corrections = [
            given
            for given in self.corrections
            if given.message_id != message.id or given.item.original_sentence in message.text
        ]

    async def add_correction(self, correction: StoredCorrection) -> bool:
        self._check()
        self.corrections.append(correction)
        return True

    async def history(self, conversation_id: str, limit: int) -> Sequence[Message]:
        self._check()
        return [m for m in self.messages.values() if m.conversation_id == conversation_id][-limit:]

    async def find_message(self, message_id: str) -> Message | None:
        self._check()
        return self.messages.get(message_id)

    async def mark_audio(self, message_id: str) -> bool:
        if message_id not in self.messages or not self._may_have_audio(self.messages[message_id]):
            return False
        self.messages[message_id] = replace(self.messages[message_id], has_audio=True)
        return True

    async def with_audio(self, message_ids: Collection[str]) -> Collection[str]:
        return [i for i in message_ids if i in self.messages and self.messages[i].has_audio]

    async def unmark_audio_before(self, at: float) -> Sequence[str]:
        return self._unmark_audio(lambda m: m.at < at)

    async def unmark_audio_of(self, user_id: str) -> Sequence[str]:
        self._check()
        return self._unmark_audio(lambda m: (m.role, m.user_id) == ("learner", user_id))

    async def unmark_audio_without_consent(self) -> Sequence[str]:
        return self._unmark_audio(lambda m: not self._may_have_audio(m))

    async def list_for(
        self, user_id: str, limit: int, before: tuple[float, str] | None
    ) -> Sequence[ConversationSummary]:
        self._check()
        found = [s for c in self.conversations if (s := self._summary(user_id, c)) is not None]
        found.sort(key=lambda s: (s.conversation.started_at, s.conversation.id), reverse=True)
        if before is not None:
            found = [s for s in found if (s.conversation.started_at, s.conversation.id) < before]
        return found[:limit]

    async def view_for(self, user_id: str, conversation_id: str, limit: int) -> ConversationView:
        self._check()
        summary = self._summary(user_id, conversation_id)
        if summary is None:
            raise ConversationNotFound
        mine = [k for k in self.corrections if (k.user_id, k.conversation_id) == (user_id, conversation_id)]
        return ConversationView(summary, self._read(user_id, conversation_id)[-limit:], mine)

    async def own_talk(self, user_id: str, conversation_id: str) -> Conversation:
        """Does not look at stored rooms."""
        self._check()
        said = [i for i, m in self.messages.items() if m.conversation_id == conversation_id]
        if not said or any(self.readers[i] != {user_id} for i in said):
            raise ConversationNotFound
        return self.conversations[conversation_id]

    async def can_play(self, user_id: str, conversation_id: str, message_id: str) -> bool:
        self._check()
        return any(m.id == message_id and m.has_audio for m in self._read(user_id, conversation_id))

    async def delete_for(self, user_id: str, conversation_id: str) -> Sequence[str]:
        if self._summary(user_id, conversation_id) is None:
            raise ConversationNotFound
        for message in self._read(user_id, conversation_id):
            self.readers[message.id].discard(user_id)
        return await self.delete_unreadable()

    async def delete_unreadable(self) -> Sequence[str]:
        gone = [message_id for message_id, readers in self.readers.items() if not readers]
        for message_id in gone:
            del self.messages[message_id], self.readers[message_id]
        return gone

    async def add_progress(self, user_id: str, day: PracticeDay) -> None:
        self._check()
        self.days.append((user_id, day))

    async def progress(self, user_id: str, since: str) -> Sequence[PracticeDay]:
        self._check()
        days = {d.day for u, d in self.days if u == user_id and d.day >= since}
        return [self._sum(user_id, day) for day in sorted(days)]

    def _sum(self, user_id: str, day: str) -> PracticeDay:
        parts = [d for u, d in self.days if (u, d.day) == (user_id, day)]
        return PracticeDay(
            day,
            sum(d.practice_s for d in parts),
            sum(d.speaking_s for d in parts),
            sum(d.turns for d in parts),
            sum(d.corrections for d in parts),
            tuple(sorted({t for d in parts for t in d.topics})),
            sum(d.together_s for d in parts),
            sum(d.mended for d in parts),
            parts[0].starts_at,
            sum(d.people for d in parts),
        )

    def _unmark_audio(self, fits: Callable[[Message], bool]) -> Sequence[str]:
        found = [m for m in self.messages.values() if m.has_audio and fits(m)]
        for message in found:
            self.messages[message.id] = replace(message, has_audio=False)
        return [m.id for m in found]

    def _may_have_audio(self, message: Message) -> bool:
        return message.role == "tutor" or self.consents(message.user_id or "")

    def _read(self, user_id: str, conversation_id: str) -> list[Message]:
        own = (m for m in self.messages.values() if m.conversation_id == conversation_id)
        return [m for m in own if user_id in self.readers[m.id]]

    def _summary(self, user_id: str, conversation_id: str) -> ConversationSummary | None:
        read = self._read(user_id, conversation_id)
        if not read or conversation_id not in self.conversations:
            return None
        corrected = sum(
            (k.user_id, k.conversation_id) == (user_id, conversation_id) for k in self.corrections
        )
        return ConversationSummary(self.conversations[conversation_id], len(read), corrected)

    def _check(self) -> None:
        if self.is_down:
            raise Unavailable
