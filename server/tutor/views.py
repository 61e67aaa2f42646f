"""Stored conversations as messages of the REST API."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from server.protocol import conversations as wire
from server.protocol.levels import Level
from server.protocol.tutor import FeedbackItem
from server.rooms.views import timestamp
from server.tutor.model import ConversationSummary, ConversationView, Message, PracticeDay


def conversation_view(summary: ConversationSummary) -> wire.Conversation:
    return wire.Conversation(**_conversation_fields(summary))


def detail_view(view: ConversationView) -> wire.ConversationDetail:
    """Each correction is with the message it names, or else with the message of its turn."""
    by_message: defaultdict[str, list[FeedbackItem]] = defaultdict(list)
    own = [m for m in view.messages if m.role == "learner"]
    shown = {m.id for m in own}
    by_turn = {m.turn_id: m.id for m in own}
    for correction in view.corrections:
        turn_id = correction.item.turn_id
        message_id = correction.message_id if correction.message_id in shown else by_turn.get(turn_id)
        if message_id is not None:
            by_message[message_id].append(correction.item)
    cited: defaultdict[str, list[wire.Citation]] = defaultdict(list)
    for one in view.citations:
        cited[one.message_id].append(wire.Citation(document=one.document, heading=one.heading, text=one.text))
    return wire.ConversationDetail(
        **_conversation_fields(view.summary),
        messages=[_message(message, by_message[message.id], cited[message.id]) for message in view.messages],
    )


def day_view(day: PracticeDay) -> wire.ProgressDay:
    return wire.ProgressDay(
        day=day.day,
        minutes=round((day.practice_s + day.together_s) / 60, 2),
        speaking_minutes=round(day.talked_s / 60, 2),
        turns=day.turns,
        corrections=day.corrections,
        topics=list(day.topics),
    )


def _conversation_fields(summary: ConversationSummary) -> dict[str, Any]:
    conversation = summary.conversation
    return {
        "id": conversation.id,
        "room_id": conversation.room_id,
        "room_name": conversation.room_name,
        "language": conversation.language,
        "level": Level(conversation.level),
        "topic": conversation.topic,
        "started_at": timestamp(conversation.started_at),
        "ended_at": timestamp(conversation.ended_at) if conversation.ended_at is not None else None,
        "message_count": summary.messages,
        "correction_count": summary.corrections,
    }


def _message(
    message: Message, corrections: list[FeedbackItem], citations: list[wire.Citation]
) -> wire.Message:
    audio = f"/api/conversations/{message.conversation_id}/messages/{message.id}/audio"
    return wire.Message(
        id=message.id,
        turn_id=message.turn_id,
        role=message.role,
        text=message.text,
        at=timestamp(message.at),
        was_cut=message.was_cut,
        speech_s=message.speech_s,
        confidence=message.confidence,
        audio_url=audio if message.has_audio else None,
        corrections=corrections,
        citations=citations,
    )
