"""Passkeys (WebAuthn level 3): registration by somebody who is signed in, and sign-in without a name."""

from __future__ import annotations

import secrets
from collections.abc import Callable

import webauthn
from webauthn.helpers import (
    base64url_to_bytes,
    bytes_to_base64url,
    parse_authentication_credential_json,
    parse_client_data_json,
    parse_registration_credential_json,
)
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from server.accounts.model import MAX_SIGN_INS, Passkey, Purpose
from server.accounts.one_time import OneTimeSecrets
from server.accounts.ports import AccountStore
from server.accounts.relying_party import RelyingParty
from server.auth import TokenClaims
from server.errors import SignInNotOffered, SignInRefused
from server.rooms.model import User, digest

CHALLENGE_TTL_S = 300.0
_SITE = "Parlor"


class Passkeys:
    """`party` None: browsers allow no passkeys at this server's address, so that all is SignInNotOffered.

    `origin` is the Origin header of a request: that of the page.
    """

    def __init__(
        self,
        party: RelyingParty | None,
        store: AccountStore,
        once: OneTimeSecrets,
        clock: Callable[[], float],
    ) -> None:
        self._party = party
        self._store = store
        self._once = once
        self._clock = clock

    @property
    def host(self) -> str | None:
        return self._party.id if self._party else None

    async def registration_options(self, user: User, claims: TokenClaims) -> str:
        """JSON of the options for `navigator.credentials.create`. Raises SignInNotOffered, Unavailable."""
        party = self._offered()
        challenge = secrets.token_bytes(32)
        known = await self._store.passkeys_of(user.id)
        options = webauthn.generate_registration_options(
            rp_id=party.id,
            rp_name=_SITE,
            user_name=user.name,
            user_id=user.id.encode(),
            challenge=challenge,
            timeout=int(CHALLENGE_TTL_S * 1_000),
            authenticator_selection=AuthenticatorSelectionCriteria(
                # Nobody types a name to sign in: the authenticator must know whose the passkey is.
                resident_key=ResidentKeyRequirement.REQUIRED,
                user_verification=UserVerificationRequirement.PREFERRED,
            ),
            exclude_credentials=[
                PublicKeyCredentialDescriptor(id=base64url_to_bytes(passkey.credential_id))
                for passkey in known
            ],
        )
        value = {"session": digest(claims.session_id)}
        await self._once.keep(
            bytes_to_base64url(challenge), Purpose.REGISTER, CHALLENGE_TTL_S, value, user_id=user.id
        )
        return webauthn.options_to_json(options)

    async def register(self, claims: TokenClaims, credential: str, name: str, origin: str) -> None:
        """Store the passkey that the browser made. Raises SignInNotOffered, SignInRefused, SignInTaken,
        TooManySignIns, Unavailable."""
        party = self._offered(origin)
        challenge = _challenge_of(credential, is_new=True)
        asked = await self._once.take(Purpose.REGISTER, bytes_to_base64url(challenge))
        if asked is None or asked.user_id != claims.user_id:
            raise SignInRefused
        if asked.value.get("session") != digest(claims.session_id):
            raise SignInRefused
        try:
            made = webauthn.verify_registration_response(
                credential=credential,
                expected_challenge=challenge,
                expected_rp_id=party.id,
                expected_origin=origin,
            )
        except Exception as error:  # hostile input in a foreign parser: any error means "refused"
            raise SignInRefused from error
        passkey = Passkey(
            id=secrets.token_hex(12),
            user_id=claims.user_id,
            credential_id=bytes_to_base64url(made.credential_id),
            public_key=made.credential_public_key,
            sign_count=made.sign_count,
            name=name,
            created_at=self._clock(),
        )
        await self._store.add_passkey(passkey, MAX_SIGN_INS)

    async def sign_in_options(self) -> str:
        """JSON of the options for `navigator.credentials.get`: any passkey of this site, so that the answer
        tells nothing of who has one. Raises SignInNotOffered, Unavailable."""
        party = self._offered()
        challenge = secrets.token_bytes(32)
        options = webauthn.generate_authentication_options(
            rp_id=party.id,
            challenge=challenge,
            timeout=int(CHALLENGE_TTL_S * 1_000),
            user_verification=UserVerificationRequirement.PREFERRED,
        )
        await self._once.keep(bytes_to_base64url(challenge), Purpose.SIGN_IN, CHALLENGE_TTL_S, {})
        return webauthn.options_to_json(options)

    async def sign_in(self, credential: str, origin: str) -> str:
        """The id of the user whose passkey it is. Raises SignInNotOffered, SignInRefused, Unavailable."""
        party = self._offered(origin)
        challenge = _challenge_of(credential, is_new=False)
        if await self._once.take(Purpose.SIGN_IN, bytes_to_base64url(challenge)) is None:
            raise SignInRefused
        shown = parse_authentication_credential_json(credential)
        passkey = await self._store.find_passkey(bytes_to_base64url(shown.raw_id))
        if passkey is None or shown.response.user_handle not in {None, passkey.user_id.encode()}:
            raise SignInRefused
        try:
            used = webauthn.verify_authentication_response(
                credential=shown,
                expected_challenge=challenge,
                expected_rp_id=party.id,
                expected_origin=origin,
                credential_public_key=passkey.public_key,
                # A count that does not rise is refused: somebody may have copied the authenticator.
                credential_current_sign_count=passkey.sign_count,
            )
        except Exception as error:  # hostile input in a foreign parser: any error means "refused"
            raise SignInRefused from error
        if not await self._store.passkey_used(passkey, used.new_sign_count, self._clock()):
            raise SignInRefused
        return passkey.user_id

    def _offered(self, origin: str | None = None) -> RelyingParty:
        if self._party is None or (origin is not None and not self._party.accepts(origin)):
            raise SignInNotOffered("Passkeys work by https, or at localhost, under the server's own name.")
        return self._party


def _challenge_of(credential: str, *, is_new: bool) -> bytes:
    """The challenge that the browser says it has signed. Raises SignInRefused."""
    parse = parse_registration_credential_json if is_new else parse_authentication_credential_json
    try:
        return parse_client_data_json(parse(credential).response.client_data_json).challenge
    except Exception as error:  # as above
        raise SignInRefused from error
