"""Things that do not exist, or are not the caller's (404)."""

from __future__ import annotations

from server.errors.base import NotFound


class RoomNotFound(NotFound):
    code = "room_not_found"
    title = "This room does not exist or has closed."


class ParticipantNotFound(NotFound):
    code = "participant_not_found"
    title = "That person is not in the room."


class ChatLineNotFound(NotFound):
    code = "chat_line_not_found"
    title = "This message was deleted."


class ConversationNotFound(NotFound):
    code = "conversation_not_found"
    title = "This conversation does not exist or is not yours."


class MistakeNotFound(NotFound):
    code = "mistake_not_found"
    title = "This mistake was deleted or is not yours."


class WordNotFound(NotFound):
    code = "word_not_found"
    title = "This word was deleted or is not yours."


class KnowledgeBaseNotFound(NotFound):
    code = "knowledge_base_not_found"
    title = "This knowledge base was deleted or is not yours."


class CourseNotFound(NotFound):
    code = "course_not_found"
    title = "There is no such course."


class DocumentNotFound(NotFound):
    code = "document_not_found"
    title = "This document was deleted."


class ReportNotFound(NotFound):
    code = "report_not_found"
    title = "This report does not exist any more."


class SanctionNotFound(NotFound):
    code = "sanction_not_found"
    title = "This does not hold any more."


class EventNotFound(NotFound):
    code = "event_not_found"
    title = "This event cannot be found now."


class JobNotFound(NotFound):
    code = "job_not_found"
    title = "This job has ended or belongs to another worker."


class UserNotFound(NotFound):
    code = "user_not_found"
    title = "This profile no longer exists."
