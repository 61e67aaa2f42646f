"""Ways to sign in to a profile that exists. A guest's sign-in is in `users.py`."""

from __future__ import annotations

from typing import Any, TypeVar

from aiohttp import hdrs, web

from server.accounts.device_names import device_name
from server.api.routing import ApiCall, Route
from server.api.services import Services
from server.common.addresses import limit_key
from server.errors import (
    Banned,
    LinkOfOtherBrowser,
    SignInNotOffered,
    SignInRefused,
    SignInTaken,
    TooManyMails,
    TooManySignIns,
    Unavailable,
)
from server.protocol import accounts as wire
from server.protocol.rest import Session
from server.rooms.views import user_view

Way = TypeVar("Way")


async def get_methods(services: Services, _call: ApiCall[None]) -> wire.SignInMethods:
    accounts = services.accounts
    return wire.SignInMethods(
        passkey_host=accounts.passkeys.host,
        email=accounts.mail is not None,
        provider=accounts.provider.name if accounts.provider else None,
    )


async def passkey_options(services: Services, _call: ApiCall[None]) -> wire.PasskeyOptions:
    return wire.PasskeyOptions(options=await services.accounts.passkeys.sign_in_options())


async def sign_in_by_passkey(services: Services, call: ApiCall[wire.PasskeySignIn]) -> Session:
    user_id = await services.accounts.passkeys.sign_in(call.input.credential, origin_of(call))
    return await signed_in(services, call, user_id)


async def sign_in_by_code(services: Services, call: ApiCall[wire.CodeSignIn]) -> Session:
    return await signed_in(services, call, await services.accounts.codes.sign_in(call.input.code))


async def ask_mail(services: Services, call: ApiCall[wire.MailRequest]) -> web.Response:
    """The same answer for addresses that open a profile and for others."""
    mail, asked = offered(services.accounts.mail), call.input
    await mail.ask(asked.address, asked.language, caller_of(services, call))
    return web.Response(status=204)


async def sign_in_by_mail(services: Services, call: ApiCall[wire.MailToken]) -> Session:
    user_id = await offered(services.accounts.mail).finish(call.input.token, call.claims)
    return await signed_in(services, call, user_id)


async def start_provider(services: Services, call: ApiCall[wire.ProviderStart]) -> wire.ProviderAddress:
    provider = offered(services.accounts.provider)
    return wire.ProviderAddress(url=await provider.start(call.input.binding, call.user_id or None))


async def sign_in_by_provider(services: Services, call: ApiCall[wire.ProviderAnswer]) -> Session:
    given = call.input
    provider = offered(services.accounts.provider)
    user_id = await provider.finish(given.code, given.state, given.binding, call.claims)
    return await signed_in(services, call, user_id)


async def signed_in(services: Services, call: ApiCall[Any], user_id: str) -> Session:
    """A session of the user on the device of the request: that of the request, or a new one. Raises
    SignInRefused if the user is gone, Banned."""
    user = await services.users.get_user(user_id)
    if user is None:
        raise SignInRefused
    await services.users.seen(user_id, services.clock())
    if call.claims is not None and call.claims.user_id == user_id:
        token = services.sessions.token(call.claims)
    else:
        origin = services.devices.origin_of(call.request)
        token = await services.sessions.open(user_id, device_of(call), origin)
    return Session(token=token, expires_in=services.sessions.token_ttl_s, user=user_view(user))


def offered(way: Way | None) -> Way:
    """Raises SignInNotOffered."""
    if way is None:
        raise SignInNotOffered
    return way


def caller_of(services: Services, call: ApiCall[Any]) -> str:
    """The network address of the request, as limits count it."""
    return limit_key(services.address_of(call.request))


def device_of(call: ApiCall[Any]) -> str:
    return device_name(call.request.headers.get(hdrs.USER_AGENT, ""))


def origin_of(call: ApiCall[Any]) -> str:
    """The origin of the page; empty if the browser did not say it."""
    return call.request.headers.get(hdrs.ORIGIN, "")


ROUTES: tuple[Route, ...] = (
    Route(
        method="GET",
        path="/api/auth/methods",
        handler=get_methods,
        summary="Get the ways to sign in that this server offers besides guests.",
        response=wire.SignInMethods,
        auth=False,
    ),
    Route(
        method="POST",
        path="/api/auth/passkey/options",
        handler=passkey_options,
        summary="Get options for `navigator.credentials.get`.",
        response=wire.PasskeyOptions,
        auth=False,
        is_sign_in=True,
        errors=(SignInNotOffered,),
    ),
    Route(
        method="POST",
        path="/api/auth/passkey",
        handler=sign_in_by_passkey,
        summary="Sign in with a passkey.",
        body=wire.PasskeySignIn,
        response=Session,
        auth=False,
        is_sign_in=True,
        errors=(SignInNotOffered, SignInRefused, Banned),
    ),
    Route(
        method="POST",
        path="/api/auth/code",
        handler=sign_in_by_code,
        summary="Sign in with a code of another device, or with a recovery code.",
        body=wire.CodeSignIn,
        response=Session,
        auth=False,
        is_sign_in=True,
        errors=(SignInRefused, Banned),
    ),
    Route(
        method="POST",
        path="/api/auth/email",
        handler=ask_mail,
        summary="Get a link by e-mail that signs in, if the address opens a profile.",
        body=wire.MailRequest,
        status=204,
        auth=False,
        is_sign_in=True,
        errors=(SignInNotOffered, TooManyMails, Unavailable),
    ),
    Route(
        method="POST",
        path="/api/auth/email/finish",
        handler=sign_in_by_mail,
        summary="Sign in with an e-mail's link. It may add the address to the caller's profile.",
        body=wire.MailToken,
        response=Session,
        auth="optional",
        is_sign_in=True,
        cost=5,
        errors=(
            SignInNotOffered,
            SignInRefused,
            LinkOfOtherBrowser,
            SignInTaken,
            TooManySignIns,
            Banned,
        ),
    ),
    Route(
        method="POST",
        path="/api/auth/provider/start",
        handler=start_provider,
        summary="Get the address of the OpenID Connect provider. With a token: to add it to your profile.",
        body=wire.ProviderStart,
        response=wire.ProviderAddress,
        auth="optional",
        is_sign_in=True,
        cost=5,
        errors=(SignInNotOffered, Unavailable),
    ),
    Route(
        method="POST",
        path="/api/auth/provider/finish",
        handler=sign_in_by_provider,
        summary="Sign in with the provider's answer.",
        body=wire.ProviderAnswer,
        response=Session,
        auth="optional",
        is_sign_in=True,
        cost=5,
        errors=(
            SignInNotOffered,
            SignInRefused,
            SignInTaken,
            TooManySignIns,
            Banned,
            Unavailable,
        ),
    ),
)
