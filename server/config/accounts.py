"""Settings of sign-in, mail and messages to devices, and how long guests are kept."""

from __future__ import annotations

from typing import Self

from pydantic import Field, SecretStr, model_validator

from server.common.durations import DAY_S, YEAR_S
from server.common.setting_types import ApiKey, MailAddress, PushServices, SigningKey, SmtpUrl, Word
from server.common.settings import BaseConfig, WebUrl


class AccountConfig(BaseConfig):
    smtp_url: SmtpUrl = Field(
        "", description="server that sends e-mails, smtp://host:587 (STARTTLS) or smtps://host; empty: none"
    )
    smtp_user: Word = Field("", description="user at the SMTP server, if it asks for one")
    smtp_password: ApiKey = Field(SecretStr(""), description="password of SMTP_USER")
    mail_from: MailAddress = Field("", description="sender of e-mails, as parlor@example.org")
    push_services: PushServices = Field(
        ("known",),
        description="push services that messages to devices are sent to: known (the browsers'), origins as"
        " https://push.example.org, * (any public host); or none",
    )
    oidc_issuer: WebUrl = Field(
        "", description="OpenID Connect provider whose people may sign in; PUBLIC_URL/sign-in is the redirect"
    )
    oidc_client_id: Word = Field("", description="this server's client id at the provider")
    oidc_client_secret: ApiKey = Field(
        SecretStr(""), description="secret of OIDC_CLIENT_ID; empty: PKCE alone"
    )
    oidc_name: Word = Field("OpenID", description="the provider's name, for people")
    secret: SigningKey = Field(
        SecretStr(""),
        description="key that signs tokens, at least 32 characters; empty: generated into DATA_DIR",
    )
    token_ttl_s: int = Field(
        30 * DAY_S,
        ge=60,
        le=10 * YEAR_S,
        description="seconds a token is valid; it is renewed when it is used, also later",
    )
    guest_ttl_days: int = Field(
        180,
        ge=0,
        le=36_500,
        description="days after which a guest who does not come back is deleted; 0: never",
    )

    @model_validator(mode="after")
    def _check_guests(self) -> Self:
        if 0 < self.guest_ttl_days * DAY_S < self.token_ttl_s:
            raise ValueError("PARLOR_GUEST_TTL_DAYS must not be shorter than PARLOR_TOKEN_TTL_S")
        return self
