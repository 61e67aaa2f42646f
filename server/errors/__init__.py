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

from server.errors.access import *
from server.errors.base import *
from server.errors.base import ParlorError
from server.errors.conflicts import *
from server.errors.limits import *
from server.errors.not_found import *


def error_codes() -> dict[str, type[ParlorError]]:
    """Every published code with its class, `internal` included."""
    found: dict[str, type[ParlorError]] = {}
    pending: list[type[ParlorError]] = [ParlorError]
    while pending:
        cls = pending.pop()
        found[cls.code] = cls
        pending.extend(cls.__subclasses__())
    return found
