"""Constructs what keeps profiles: ways to sign in, and one-time secrets."""

from __future__ import annotations

from collections.abc import Callable

from server.accounts.export import ExportStore
from server.accounts.mail import MailSignIn
from server.accounts.one_time import OneTimeSecrets
from server.accounts.passkeys import Passkeys
from server.accounts.ports import AccountStore, OneTimeStore
from server.accounts.provider import ProviderSettings, ProviderSignIn
from server.accounts.relying_party import relying_party
from server.accounts.service import Accounts
from server.accounts.typed_codes import TypedCodes
from server.common.shared_limiter import SharedBuckets
from server.config import Config
from server.wiring.notices import smtp_server


def accounts_of(
    public_url: str,
    store: AccountStore,
    secrets: OneTimeStore,
    exports: ExportStore,
    clock: Callable[[], float],
    *,
    config: Config | None = None,
    buckets: SharedBuckets | None = None,
) -> Accounts:
    """Without `config` there is neither e-mail nor a provider. `buckets`: limits of all servers."""
    once = OneTimeSecrets(secrets, clock)
    return Accounts(
        store=store,
        once=once,
        passkeys=Passkeys(relying_party(public_url), store, once, clock),
        codes=TypedCodes(store, once),
        exports=exports,
        mail=_mail(config, store, once, clock, buckets) if config else None,
        provider=_provider(config, store, once, clock) if config else None,
    )


def _mail(
    config: Config,
    store: AccountStore,
    once: OneTimeSecrets,
    clock: Callable[[], float],
    buckets: SharedBuckets | None,
) -> MailSignIn | None:
    if not config.smtp_url:
        return None
    page = config.public_url.rstrip("/")
    is_limited = config.rate_limit > 0
    return MailSignIn(
        store, once, smtp_server(config).send, page, clock, is_limited=is_limited, buckets=buckets
    )


def _provider(
    config: Config, store: AccountStore, once: OneTimeSecrets, clock: Callable[[], float]
) -> ProviderSignIn | None:
    if not config.oidc_issuer:
        return None
    settings = ProviderSettings(
        issuer=config.oidc_issuer,
        client_id=config.oidc_client_id,
        name=config.oidc_name,
        page=config.public_url.rstrip("/"),
        client_secret=config.oidc_client_secret.get_secret_value(),
    )
    return ProviderSignIn(settings, store, once, clock)
