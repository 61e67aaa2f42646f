"""Bodies of the REST routes of accounts: ways to sign in, devices, and all of one's data."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints

from server.protocol.base import Id, Inbound, Outbound, PersonName, Secret, Timestamp, printable

WebAuthnJson = Annotated[str, StringConstraints(min_length=2, max_length=20_000)]
"""JSON of WebAuthn level 3 (RegistrationResponseJSON, AuthenticationResponseJSON), as text."""
MailAddress = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True,
        max_length=254,
        pattern=r"^[^\s@<>\"(),:;\\\[\]]{1,64}@[^\s@<>\"(),:;\\\[\]]+\.[^\s@.]{2,}$",
    ),
    AfterValidator(printable),
]
"""Not all that RFC 5321 allows: without quotes and comments, which hardly any provider accepts."""
TypedCode = Annotated[str, StringConstraints(strip_whitespace=True, min_length=8, max_length=64)]
"""A code as a person types it: case, spaces and dashes do not matter."""
MailLanguage = Literal["en", "vi"]


class SignInMethods(Outbound):
    """The ways to sign in that this server offers besides guests.

    `passkey_host`: the host of pages on which passkeys work; null if the server's address allows none.
    `provider`: the name of the OpenID Connect provider; null without one.
    """

    passkey_host: str | None
    email: bool
    provider: str | None


class PasskeyOptions(Outbound):
    """JSON of the options for `navigator.credentials`. They are valid for five minutes, once."""

    options: str


class NewPasskey(Inbound):
    credential: WebAuthnJson
    name: PersonName | None = None


class PasskeySignIn(Inbound):
    credential: WebAuthnJson


class CodeSignIn(Inbound):
    """A code of another device, or a recovery code."""

    code: TypedCode


class MailRequest(Inbound):
    address: MailAddress
    language: MailLanguage = "en"


class MailToken(Inbound):
    token: Secret


class ProviderStart(Inbound):
    """`binding`: a secret of this tab, which `finish` must show again."""

    binding: Secret


class ProviderAddress(Outbound):
    url: str


class ProviderAnswer(Inbound):
    code: Annotated[str, StringConstraints(min_length=1, max_length=4_000)]
    state: Secret
    binding: Secret


class Passkey(Outbound):
    id: Id
    name: str
    created_at: Timestamp
    used_at: Timestamp | None


class Identity(Outbound):
    """An e-mail address, or a profile at the OpenID Connect provider. `label` is for its owner."""

    id: Id
    kind: Literal["email", "provider"]
    label: str
    created_at: Timestamp


class DeviceSession(Outbound):
    """`device` is empty if the browser did not name itself. `seen_at` is right to an hour."""

    id: Id
    device: str
    created_at: Timestamp
    seen_at: Timestamp
    is_this: bool


class Account(Outbound):
    """A profile without passkeys and identities is a guest's, kept only as long as its devices are."""

    is_guest: bool
    passkeys: list[Passkey]
    identities: list[Identity]
    recovery_codes: Annotated[int, Field(description="unused ones")]
    sessions: list[DeviceSession]


class RecoveryCodes(Outbound):
    """They are shown once: the server keeps only their digests."""

    codes: list[str]


class DeviceCode(Outbound):
    """`expires_in` is in seconds."""

    code: str
    expires_in: int


class MergeGuest(Inbound):
    """`token`: that of the guest whose profile is merged into the caller's."""

    token: Annotated[str, StringConstraints(min_length=16, max_length=1_024)]


class ExportAddress(Outbound):
    """The path of a ZIP file with all data of the caller. It works once, for five minutes."""

    path: str


class ExportTicket(Inbound):
    ticket: Secret
