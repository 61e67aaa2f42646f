"""The error tree.

    ParlorError
    ├── InvalidRequest            the message does not have the declared shape
    │   ├── PictureUnreadable     damaged, or of a format that is not accepted
    │   ├── PictureTooLarge       too many pixels, or too much memory or time to decode
    │   ├── DocumentUnreadable    damaged, without text, or of a format that is not accepted
    │   └── DocumentTooLarge      too long, or too much memory or time to read
    ├── Unauthenticated           no token, or not a token of this server
    │   ├── TokenExpired
    │   ├── SessionEnded          signed out: none of the session's tokens is valid any more
    │   └── ProfileGone           the token's profile was deleted
    ├── Forbidden                 known, but not allowed
    │   ├── NotHost
    │   │   └── NotCohost         neither host nor co-host
    │   ├── InviteInvalid
    │   ├── OriginRefused
    │   ├── HostRefused           a name that does not belong to this server leads to it
    │   ├── RemovedFromRoom
    │   ├── Banned                from the server, by a moderator
    │   ├── MutedByModerator
    │   ├── AccountRequired       a guest would lose it: keep the profile first
    │   └── SignInRefused         the code, link, passkey or provider's answer is not valid (any more)
    ├── NotFound
    │   ├── RoomNotFound
    │   ├── ParticipantNotFound
    │   ├── ChatLineNotFound
    │   ├── ConversationNotFound
    │   ├── MistakeNotFound
    │   ├── WordNotFound
    │   ├── KnowledgeBaseNotFound
    │   ├── CourseNotFound        the course, or a class of it
    │   ├── DocumentNotFound
    │   ├── ReportNotFound
    │   ├── SanctionNotFound      or undone already
    │   ├── EventNotFound         the event, or one of its occurrences
    │   ├── JobNotFound           the worker's job has ended or is another worker's
    │   └── UserNotFound
    ├── MethodNotAllowed
    ├── Conflict                  allowed, but not in this state
    │   ├── RoomFull
    │   ├── RoomLocked
    │   ├── RoomClosed
    │   ├── RoomElsewhere         another server that shares the database has the room
    │   ├── KnockRequired         the host lets new people in one by one
    │   ├── KnockDeclined
    │   ├── KnockQueueFull
    │   ├── RulesNotAccepted      the house rules, before the first room with others
    │   ├── WarningNotRead        of a moderator, before the next room with others
    │   ├── ReportClosed          by another moderator
    │   ├── NotJoined
    │   ├── NotFriends            only friends can be invited
    │   ├── NotInvitable          this person, into this room
    │   ├── NoTutor
    │   ├── TutorNotAllowed       by the options of the room
    │   ├── ChatClosed            by the host
    │   ├── NoClass               the tutor teaches none
    │   ├── KnowledgeBaseFull     of documents, or of text
    │   ├── AlreadyJoined
    │   ├── SignInNotOffered      not set up on this server, or not possible at this address
    │   ├── PushNotOffered        not by this server, or not to the browser's push service
    │   ├── EventNotOpen          its doors are not open yet
    │   ├── EventOver             it has ended, or was cancelled
    │   ├── EventFull             its waitlist is full too
    │   ├── LinkOfOtherBrowser    the link of the e-mail adds an address to a profile of another browser
    │   ├── SignInTaken           it opens another profile already
    │   ├── LastSignIn            the last way to sign in cannot be removed
    │   └── NotAGuest             only guests can be merged
    ├── MediaError
    │   ├── SdpInvalid
    │   └── OfferUnknown
    ├── TooManyRequests           a limit on rate or number was reached
    │   ├── TooManyRooms          the server's rooms
    │   ├── TooManyHosted         the user's rooms
    │   ├── TooManyKnowledgeBases the user's
    │   ├── TooManyTutors         at one time, of the user
    │   ├── TooManyEvents         that are not over, of one host
    │   ├── TooManyPlaces         at events to come, of one person
    │   ├── TooManyMails          to one address, or of one caller
    │   ├── TooManyReports        of one person or network
    │   ├── TooManySignIns        ways to sign in of one profile
    │   ├── TooManyBlocked        people whom one person has blocked
    │   ├── TooManyFollowed       people whom one person follows
    │   ├── TooManyNotes          on people, of one person
    │   ├── TooManyFollows        of one person or network, in an hour
    │   ├── TooManyInvitations    of one person or network, in an hour
    │   └── TooManyFromNetwork    of one address, or one /64 of IPv6
    │       ├── TooManySignUps
    │       ├── TooManyConnectionsFromNetwork
    │       ├── TooManyRoomsFromNetwork
    │       └── TooManyTutorsFromNetwork
    ├── PayloadTooLarge
    ├── EncodingUnsupported       the body is compressed; only plain bodies are read
    └── Unavailable               the server cannot serve now; the same call may succeed later

Each class has a `code` that never changes once published, the HTTP status it maps to, and whether the same
call may succeed later. `detail` is written for people and is always safe to show: it holds nothing that the
client sent and nothing internal, unless the code that raises puts it there.
"""

from __future__ import annotations

from typing import Any, ClassVar


class ParlorError(Exception):
    """Base of all errors that reach clients. `extra` holds further members of the problem object."""

    code: ClassVar[str] = "internal"
    status: ClassVar[int] = 500
    retryable: ClassVar[bool] = False
    title: ClassVar[str] = "Something went wrong on our side."

    def __init__(self, detail: str | None = None, **extra: Any) -> None:
        super().__init__(detail or self.title)
        self.detail = detail or self.title
        self.extra = extra

    def problem(self) -> dict[str, Any]:
        """The RFC 9457 problem object, the same in HTTP bodies and Socket.IO acks."""
        return {
            "type": f"urn:parlor:error:{self.code}",
            "title": self.title,
            "status": self.status,
            "code": self.code,
            "detail": self.detail,
            "retryable": self.retryable,
            **self.extra,
        }


class InvalidRequest(ParlorError):
    """`errors` in `extra` lists `{path, message}` for each wrong member."""

    code = "invalid_request"
    status = 422
    title = "The request does not have the expected shape."


class PictureUnreadable(InvalidRequest):
    code = "picture_unreadable"
    title = "This picture could not be read. Use a PNG, JPEG, WebP or GIF."


class PictureTooLarge(InvalidRequest):
    code = "picture_too_large"
    title = "This picture needs too much memory or time to read. Use a smaller one."


class DocumentUnreadable(InvalidRequest):
    code = "document_unreadable"
    title = "This document could not be read. Add Markdown, plain text or PDF."


class DocumentTooLarge(InvalidRequest):
    code = "document_too_large"
    title = "This document needs too much memory or time to read. Add it in parts."


class Unauthenticated(ParlorError):
    code = "unauthenticated"
    status = 401
    title = "Sign in first."


class TokenExpired(Unauthenticated):
    code = "token_expired"
    title = "Your session has expired. Sign in again."


class SessionEnded(Unauthenticated):
    code = "session_ended"
    title = "You signed out. Sign in again."


class ProfileGone(Unauthenticated):
    code = "profile_gone"
    title = "This profile no longer exists. Sign in again."


class Forbidden(ParlorError):
    code = "forbidden"
    status = 403
    title = "You are not allowed to do that."


class NotHost(Forbidden):
    code = "not_host"
    title = "Only the host can do that."


class NotCohost(NotHost):
    code = "not_cohost"
    title = "Only the host and co-hosts can do that."


class InviteInvalid(Forbidden):
    code = "invite_invalid"
    title = "This room is private. Ask its host for an invite link that is still valid."


class OriginRefused(Forbidden):
    code = "origin_refused"
    title = "This site is not allowed to use this server."


class HostRefused(Forbidden):
    code = "host_refused"
    status = 421
    title = (
        "This server does not answer to this name. Open it by its address. Whoever runs it can set"
        " PARLOR_PUBLIC_URL, or add the name to PARLOR_ALLOWED_HOSTS."
    )


class RemovedFromRoom(Forbidden):
    code = "removed_from_room"
    title = "The host removed you from this room."


class Banned(Forbidden):
    """`ban` in `extra`: a BanNotice."""

    code = "banned"
    title = "A moderator has banned you from this server."


class MutedByModerator(Forbidden):
    """`until` in `extra`: a timestamp."""

    code = "muted_by_moderator"
    title = "A moderator has muted you for a while."


class AccountRequired(Forbidden):
    code = "account_required"
    title = "Keep your profile first: only a profile that lasts can do that."


class SignInRefused(Forbidden):
    """One error for all causes: the answer must not tell which codes or addresses exist."""

    code = "sign_in_refused"
    title = "This does not sign you in, or does not any more. Ask for a new one."


class NotFound(ParlorError):
    code = "not_found"
    status = 404
    title = "Nothing was found at this address."


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
    title = "This event does not exist."


class JobNotFound(NotFound):
    code = "job_not_found"
    title = "This job has ended or belongs to another worker."


class UserNotFound(NotFound):
    code = "user_not_found"
    title = "This profile no longer exists."


class MethodNotAllowed(ParlorError):
    code = "method_not_allowed"
    status = 405
    title = "This address does not support that method."


class Conflict(ParlorError):
    code = "conflict"
    status = 409
    title = "That is not possible right now."


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


class MediaError(ParlorError):
    code = "media_failed"
    status = 400
    retryable = True
    title = "The audio connection could not be set up."


class SdpInvalid(MediaError):
    code = "sdp_invalid"
    retryable = False
    title = "The session description is not an answer to our offer."


class OfferUnknown(MediaError):
    code = "offer_unknown"
    status = 409
    title = "That offer is no longer valid. Request a new one."


class TooManyRequests(ParlorError):
    """`retryAfter` in `extra` is in seconds."""

    code = "too_many_requests"
    status = 429
    retryable = True
    title = "Too many requests. Wait a moment and try again."


class TooManyRooms(TooManyRequests):
    code = "too_many_rooms"
    title = "This server has as many rooms as it takes. Join one, or try later."


class TooManyHosted(TooManyRequests):
    code = "too_many_hosted"
    title = "You already host as many rooms as one person may. Close one of them first."


class TooManyKnowledgeBases(TooManyRequests):
    code = "too_many_knowledge_bases"
    title = "You have as many knowledge bases as one person may. Delete one of them first."


class TooManyTutors(TooManyRequests):
    code = "too_many_tutors"
    title = "You have as many tutors at work as one person may. Let one of them go first."


class TooManyEvents(TooManyRequests):
    code = "too_many_events"
    title = "You have the most events that one person can plan."


class TooManyPlaces(TooManyRequests):
    code = "too_many_places"
    title = "You have places at as many events as one person may. Give some up first."


class TooManyMails(TooManyRequests):
    code = "too_many_mails"
    title = "Too many e-mails were asked for. Look for the last one, or try again later."


class TooManyReports(TooManyRequests):
    code = "too_many_reports"
    title = "You have sent many reports. Wait a little before the next one."


class TooManySignIns(TooManyRequests):
    code = "too_many_sign_ins"
    title = "You have as many ways to sign in as one person may. Remove one of them first."


class TooManyBlocked(TooManyRequests):
    code = "too_many_blocked"
    title = "You have blocked as many people as one person may. Unblock somebody first."


class TooManyFollowed(TooManyRequests):
    code = "too_many_followed"
    title = "You follow as many people as one person may. Unfollow somebody first."


class TooManyNotes(TooManyRequests):
    code = "too_many_notes"
    title = "You have written as many notes on people as one person may. Delete one first."


class TooManyFollows(TooManyRequests):
    code = "too_many_follows"
    title = "You have followed many people in a short time. Wait a little before the next one."


class TooManyInvitations(TooManyRequests):
    code = "too_many_invitations"
    title = "You have sent many invitations. Wait a little before the next one."


class TooManyFromNetwork(TooManyRequests):
    """People behind one address share these limits: accounts are free, addresses are not."""

    code = "too_many_from_network"
    title = "Your network uses this server more than one network may. Try again later."


class TooManySignUps(TooManyFromNetwork):
    code = "too_many_sign_ups"
    title = "Too many new profiles came from your network. Try again later."


class TooManyConnectionsFromNetwork(TooManyFromNetwork):
    code = "too_many_connections_from_network"
    title = "Your network has too many connections open. Close some pages, or try again later."


class TooManyRoomsFromNetwork(TooManyFromNetwork):
    code = "too_many_rooms_from_network"
    title = "Your network has opened too many rooms. Join one of them, or try again later."


class TooManyTutorsFromNetwork(TooManyFromNetwork):
    code = "too_many_tutors_from_network"
    title = "Your network has too many tutors at work. Try again when one of them has left."


class PayloadTooLarge(ParlorError):
    code = "payload_too_large"
    status = 413
    title = "The request is larger than the server accepts."


class EncodingUnsupported(ParlorError):
    code = "encoding_unsupported"
    status = 415
    title = "The server does not read compressed requests."


class Unavailable(ParlorError):
    code = "unavailable"
    status = 503
    retryable = True
    title = "The server is busy or restarting. Try again in a moment."


class StartupError(Exception):
    """The server cannot start; the text says why. Never sent to a client."""


def error_codes() -> dict[str, type[ParlorError]]:
    """Every published code with its class, `internal` included."""
    found: dict[str, type[ParlorError]] = {}
    pending: list[type[ParlorError]] = [ParlorError]
    while pending:
        cls = pending.pop()
        found[cls.code] = cls
        pending.extend(cls.__subclasses__())
    return found
