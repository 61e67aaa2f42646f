"""One's own account: ways to sign in again, devices, and the guest whose profile is brought along."""

from __future__ import annotations

from aiohttp import web

from server.accounts.model import EMAIL, Identity, Passkey, SessionOf, StoredSession
from server.accounts.typed_codes import DEVICE_CODE_TTL_S
from server.api.handlers.sign_in import caller_of, device_of, offered, origin_of
from server.api.handlers.users import claims_of, require_user
from server.api.routing import ApiCall, Route, path_id
from server.api.services import Services
from server.errors import (
    LastSignIn,
    NotAGuest,
    NotFound,
    SignInNotOffered,
    SignInRefused,
    SignInTaken,
    TooManyMails,
    TooManySignIns,
    Unavailable,
)
from server.protocol import accounts as wire
from server.rooms.model import digest
from server.rooms.views import timestamp


async def get_account(services: Services, call: ApiCall[None]) -> wire.Account:
    store, this = services.accounts.store, digest(claims_of(call).session_id)
    passkeys = await store.passkeys_of(call.user_id)
    identities = await store.identities_of(call.user_id)
    return wire.Account(
        is_guest=not passkeys and not identities,
        passkeys=[_passkey(passkey) for passkey in passkeys],
        identities=[_identity(identity) for identity in identities],
        recovery_codes=await store.count_recovery_codes(call.user_id),
        sessions=[_session(session, this) for session in await store.sessions_of(call.user_id)],
    )


async def new_passkey_options(services: Services, call: ApiCall[None]) -> wire.PasskeyOptions:
    user = await require_user(services, call.user_id)
    options = await services.accounts.passkeys.registration_options(user, claims_of(call))
    return wire.PasskeyOptions(options=options)


async def add_passkey(services: Services, call: ApiCall[wire.NewPasskey]) -> web.Response:
    name = call.input.name or device_of(call)
    await services.accounts.passkeys.register(claims_of(call), call.input.credential, name, origin_of(call))
    return web.Response(status=204)


async def add_mail(services: Services, call: ApiCall[wire.MailRequest]) -> web.Response:
    await require_user(services, call.user_id)
    asked, mail = call.input, offered(services.accounts.mail)
    await mail.ask(asked.address, asked.language, caller_of(services, call), call.user_id)
    return web.Response(status=204)


async def remove_sign_in(services: Services, call: ApiCall[None]) -> web.Response:
    await services.accounts.store.remove_sign_in(call.user_id, path_id(call, NotFound))
    return web.Response(status=204)


async def make_recovery_codes(services: Services, call: ApiCall[None]) -> wire.RecoveryCodes:
    return wire.RecoveryCodes(codes=await services.accounts.codes.for_recovery(call.user_id))


async def make_device_code(services: Services, call: ApiCall[None]) -> wire.DeviceCode:
    await require_user(services, call.user_id)
    code = await services.accounts.codes.for_device(call.user_id)
    return wire.DeviceCode(code=code, expires_in=int(DEVICE_CODE_TTL_S))


async def end_session(services: Services, call: ApiCall[None]) -> web.Response:
    if not await services.sessions.end_one(call.user_id, path_id(call, NotFound)):
        raise NotFound
    return web.Response(status=204)


async def end_other_sessions(services: Services, call: ApiCall[None]) -> web.Response:
    await services.sessions.end_all(call.user_id, keep=claims_of(call))
    return web.Response(status=204)


async def merge_guest(services: Services, call: ApiCall[wire.MergeGuest]) -> web.Response:
    """The guest's connections end after the transaction: one that fails changes nothing, and the guest stays
    signed in."""
    guest = services.sessions.verify(call.input.token, accept_expired=True)
    await services.sessions.require(guest)
    if guest.user_id == call.user_id or not await services.accounts.store.is_guest(guest.user_id):
        raise NotAGuest
    own = SessionOf(call.user_id, digest(claims_of(call).session_id))
    ended = await services.accounts.store.merge(SessionOf(guest.user_id, digest(guest.session_id)), own)
    services.sessions.ended(guest.user_id, ended)
    services.people.blocks.changed_in_store(call.user_id)
    user = await require_user(services, call.user_id)
    if not user.keep_audio:  # the guest may have consented, and this user's word counts
        await services.conversations.delete_recordings(call.user_id)
    return web.Response(status=204)


def _passkey(passkey: Passkey) -> wire.Passkey:
    used_at = timestamp(passkey.used_at) if passkey.used_at is not None else None
    return wire.Passkey(
        id=passkey.id, name=passkey.name, created_at=timestamp(passkey.created_at), used_at=used_at
    )


def _identity(identity: Identity) -> wire.Identity:
    return wire.Identity(
        id=identity.id,
        kind="email" if identity.issuer == EMAIL else "provider",
        label=identity.label,
        created_at=timestamp(identity.created_at),
    )


def _session(session: StoredSession, this: str) -> wire.DeviceSession:
    return wire.DeviceSession(
        id=session.digest,
        device=session.device,
        created_at=timestamp(session.created_at),
        seen_at=timestamp(session.seen_at),
        is_this=session.digest == this,
    )


ROUTES: tuple[Route, ...] = (
    Route(
        method="GET",
        path="/api/account",
        handler=get_account,
        summary="Get your ways to sign in, and the devices on which you are signed in.",
        response=wire.Account,
        cost=2,
    ),
    Route(
        method="POST",
        path="/api/account/passkeys/options",
        handler=new_passkey_options,
        summary="Get options for `navigator.credentials.create`.",
        response=wire.PasskeyOptions,
        cost=2,
        errors=(SignInNotOffered,),
    ),
    Route(
        method="POST",
        path="/api/account/passkeys",
        handler=add_passkey,
        summary="Add the passkey that the browser made. A guest's profile is kept from then on.",
        body=wire.NewPasskey,
        status=204,
        cost=5,
        errors=(SignInNotOffered, SignInRefused, SignInTaken, TooManySignIns),
    ),
    Route(
        method="POST",
        path="/api/account/email",
        handler=add_mail,
        summary="Get a link by e-mail that adds the address to your profile.",
        body=wire.MailRequest,
        status=204,
        cost=5,
        errors=(SignInNotOffered, TooManyMails, Unavailable),
    ),
    Route(
        method="DELETE",
        path="/api/account/sign-ins/{id}",
        handler=remove_sign_in,
        summary="Remove a passkey or an identity. The last one stays.",
        status=204,
        cost=2,
        errors=(NotFound, LastSignIn),
    ),
    Route(
        method="POST",
        path="/api/account/recovery-codes",
        handler=make_recovery_codes,
        summary="Make ten recovery codes, each for one sign-in. Earlier ones become void.",
        response=wire.RecoveryCodes,
        cost=5,
        errors=(SignInNotOffered,),
    ),
    Route(
        method="POST",
        path="/api/account/device-code",
        handler=make_device_code,
        summary="Make a code that signs in another device, once, within ten minutes.",
        response=wire.DeviceCode,
        cost=2,
    ),
    Route(
        method="DELETE",
        path="/api/account/sessions/{id}",
        handler=end_session,
        summary="Sign out on one device: its tokens become void, its connections and seats end.",
        status=204,
        errors=(NotFound,),
    ),
    Route(
        method="DELETE",
        path="/api/account/sessions",
        handler=end_other_sessions,
        summary="Sign out on all devices but this one.",
        status=204,
        cost=2,
    ),
    Route(
        method="POST",
        path="/api/account/merge",
        handler=merge_guest,
        summary="Bring along the conversations, mistakes, words and practice of a guest, who ends.",
        body=wire.MergeGuest,
        status=204,
        cost=20,
        errors=(NotAGuest,),
    ),
)
