"""Limits on rates and numbers: of a person, a network and the whole server (429)."""

from __future__ import annotations

from server.errors.base import TooManyRequests


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
