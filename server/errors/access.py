"""Refusals of a caller who is not known (401) or not allowed (403)."""

from __future__ import annotations

from server.errors.base import Forbidden, Unauthenticated


class TokenExpired(Unauthenticated):
    code = "token_expired"
    title = "Your session has expired. Sign in again."


class SessionEnded(Unauthenticated):
    code = "session_ended"
    title = "You signed out. Sign in again."


class ProfileGone(Unauthenticated):
    code = "profile_gone"
    title = "This profile no longer exists. Sign in again."


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
