"""Refusals of what is allowed, but not in the present state (409)."""

from __future__ import annotations

from server.errors.base import Conflict


class RoomFull(Conflict):
    code = "room_full"
    retryable = True
    title = "This room is full. Try again when somebody leaves, or choose another room."


class RoomLocked(Conflict):
    code = "room_locked"
    retryable = True
    title = "The host has locked this room."


class KnockRequired(Conflict):
    code = "knock_required"
    title = "The host lets people in one by one. Knock first."


class KnockDeclined(Conflict):
    """`retryAfter` in `extra` is in seconds."""

    code = "knock_declined"
    title = "The host did not let you in. Wait a little before you knock again."


class KnockQueueFull(Conflict):
    code = "knock_queue_full"
    retryable = True
    title = "Too many people wait at the door of this room. Try again in a few minutes."


class RoomClosed(Conflict):
    code = "room_closed"
    title = "This room has closed."


class RoomElsewhere(Conflict):
    code = "room_elsewhere"
    retryable = True
    title = "Another server has this room. Try again in a moment."


class RulesNotAccepted(Conflict):
    code = "rules_not_accepted"
    title = "Accept the house rules first."


class WarningNotRead(Conflict):
    code = "warning_not_read"
    title = "Read the moderator's warning first."


class ReportClosed(Conflict):
    code = "report_closed"
    title = "Another moderator has closed this report."


class NotJoined(Conflict):
    code = "not_joined"
    title = "Join a room first."


class NotFriends(Conflict):
    code = "not_friends"
    title = "Only friends can be invited: people who follow each other."


class NotInvitable(Conflict):
    code = "not_invitable"
    title = (
        "This person cannot be invited: they are in the room already, or the host has removed them from it."
    )


class NoTutor(Conflict):
    code = "no_tutor"
    title = "There is no tutor in this room."


class TutorNotAllowed(Conflict):
    code = "tutor_not_allowed"
    title = "This room is without a tutor. Its host can change that in the room's settings."


class ChatClosed(Conflict):
    code = "chat_closed"
    title = "The host has turned the chat off."


class NoClass(Conflict):
    code = "no_class"
    title = "The tutor of this room teaches no class now."


class KnowledgeBaseFull(Conflict):
    code = "knowledge_base_full"
    title = "This knowledge base is full. Delete a document first."


class AlreadyJoined(Conflict):
    code = "already_joined"
    title = "You are in another room on this connection. Leave it first."


class SignInNotOffered(Conflict):
    code = "sign_in_not_offered"
    title = "This server does not offer this way to sign in."


class PushNotOffered(Conflict):
    code = "push_not_offered"
    title = "This server does not send messages to devices."


class EventNotOpen(Conflict):
    code = "event_not_open"
    title = "The doors open ten minutes before the start."


class EventOver(Conflict):
    code = "event_over"
    title = "This event is over or does not take place."


class EventFull(Conflict):
    code = "event_full"
    title = "This event and its waitlist are full."


class LinkOfOtherBrowser(Conflict):
    code = "link_of_other_browser"
    title = "Open this link in the browser in which you asked for it."


class SignInTaken(Conflict):
    code = "sign_in_taken"
    title = "This already opens another profile."


class LastSignIn(Conflict):
    code = "last_sign_in"
    title = "This is your last way to sign in. Add another one first."


class NotAGuest(Conflict):
    code = "not_a_guest"
    title = "Only a guest's profile can be brought along."
