"""The base of all errors, the heads of the families, and those without a family file of their own."""

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


class Forbidden(ParlorError):
    code = "forbidden"
    status = 403
    title = "You are not allowed to do that."


class NotFound(ParlorError):
    code = "not_found"
    status = 404
    title = "Nothing was found at this address."


class MethodNotAllowed(ParlorError):
    code = "method_not_allowed"
    status = 405
    title = "This address does not support that method."


class Conflict(ParlorError):
    code = "conflict"
    status = 409
    title = "That is not possible right now."


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
