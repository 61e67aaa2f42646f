"""The server's settings and the rules over them. How settings are read: common/test_settings.py."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from ai_agent.config import Settings
from server.__main__ import main
from server.api.clients import OriginPolicy
from server.common.settings import SettingError
from server.config import Config


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [*os.environ]:
        if name.startswith("PARLOR_"):
            monkeypatch.delenv(name)


def test_defaults_start_a_server() -> None:
    config = Config.load(None)
    assert config.database == "sqlite+aiosqlite:///data/parlor.db"
    assert (config.host, config.port, config.on_loopback) == ("127.0.0.1", 8080, True)


@pytest.mark.parametrize(
    ("host", "expected"), [("localhost", True), ("::1", True), ("0.0.0.0", False), ("rooms.test", False)]
)
def test_loopback_is_distinguished_from_other_addresses(host: str, expected: bool) -> None:
    assert Config.load(None, host=host).on_loopback is expected


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({}, "local"),
        ({"host": "0.0.0.0"}, "nobody"),
        ({"trusted_proxies": 1}, "nobody"),
        ({"public_url": "https://rooms.example"}, "nobody"),
        ({"host": "0.0.0.0", "voice_anonymous": "yes"}, "everybody"),
        ({"voice_anonymous": "no"}, "nobody"),
    ],
)
def test_voice_clients_need_a_token_where_others_can_reach_the_server(
    settings: dict[str, Any], expected: str
) -> None:
    assert Config.load(None, **settings).anonymous_voice == expected


@pytest.mark.parametrize(
    ("environ", "text"),
    [
        ({"PARLOR_TLS_CERT": __file__}, "PARLOR_TLS_CERT and PARLOR_TLS_KEY must be set together"),
        ({"PARLOR_TURN_SECRET": "short"}, "PARLOR_TURN_SECRET: must have at least 32 characters"),
        ({"PARLOR_TURN_URLS": "turn:t"}, "PARLOR_TURN_URLS needs PARLOR_TURN_SECRET"),
        ({"PARLOR_SECRET": "short"}, "PARLOR_SECRET: must have at least 32 characters"),
        ({"PARLOR_AGENT_TOKEN": "short"}, "PARLOR_AGENT_TOKEN: must have at least 32 characters"),
        (
            {"PARLOR_GUEST_TTL_DAYS": "29"},
            "PARLOR_GUEST_TTL_DAYS must not be shorter than PARLOR_TOKEN_TTL_S",
        ),
        ({"PARLOR_FORWARDING": "go"}, "PARLOR_FORWARDING: input should be 'auto', 'c' or 'python'"),
        ({"PARLOR_MEDIA_THREADS": "65"}, "PARLOR_MEDIA_THREADS: input should be less than or equal to 64"),
        ({"PARLOR_AGENTS": "-1"}, "PARLOR_AGENTS: input should be greater than or equal to 0"),
        ({"PARLOR_ADVERTISED_IPS": "::1,here"}, "PARLOR_ADVERTISED_IPS: 'here' is not an IP address"),
        ({"PARLOR_LOG_LEVEL": "loud"}, "PARLOR_LOG_LEVEL: input should be 'debug', 'info', "),
        (
            {"PARLOR_PUBLIC_URL": "rooms.example.org"},
            "PARLOR_PUBLIC_URL: must start with http:// or https://",
        ),
        ({"PARLOR_ALLOWED_ORIGINS": "a.test"}, "PARLOR_ALLOWED_ORIGINS: must start with http:// or https://"),
        ({"PARLOR_PROT": "1"}, "unknown setting PARLOR_PROT"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(
    monkeypatch: pytest.MonkeyPatch, environ: dict[str, str], text: str
) -> None:
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SettingError) as caught:
        Config.load(None)
    assert str(caught.value).startswith(text)


@pytest.mark.parametrize(
    "url",
    [
        "postgresql+asyncpg://u@h/d?sslmode=require",
        "postgresql+asyncpg://u@/d?host=/run/postgresql",
        "postgresql+asyncpg://u@/d?host=one:5432&host=two:5432",
        "postgresql+asyncpg://u@h/d?prepared_statement_cache_size=0",
        "sqlite+aiosqlite:////data/x.db?timeout=2.5",
    ],
)
def test_options_of_the_database_that_drivers_know_are_taken(url: str) -> None:
    assert Config.load(None, database_url=url).database == url


def test_secrets_are_not_in_the_text_of_settings_or_errors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARLOR_SECRET", "s3cret")
    with pytest.raises(SettingError) as caught:
        Config.load(None)
    assert "s3cret" not in str(caught.value)
    monkeypatch.setenv("PARLOR_SECRET", "s3cret" * 6)
    assert "s3cret" not in repr(Config.load(None))


def test_the_page_of_an_international_public_url_may_use_the_server() -> None:
    config = Config.load(None, public_url="https://plauderstübchen.example")
    origins = OriginPolicy(config.public_url, config.allowed_origins)
    assert origins.allows("https://xn--plauderstbchen-osb.example", "internal:8080")


def test_a_wrong_setting_ends_the_command_with_one_line_and_code_2(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_bytes("PARLOR_PORT=1".encode("utf-16"))
    assert main([]) == 2
    assert capsys.readouterr().err == "parlor: .env: the file is not UTF-8 text; save it as UTF-8\n"


def test_an_unknown_setting_steers_no_terminal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PARLOR_\x1b[2JPORT", "1")
    assert main([]) == 2
    assert capsys.readouterr().err == "parlor: unknown setting PARLOR_\\u001b[2JPORT\n"


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("name", ["SECRET", "AGENT_TOKEN"])
def test_the_line_end_of_a_secret_from_a_file_does_not_count(
    monkeypatch: pytest.MonkeyPatch, name: str, end: str
) -> None:
    """`echo secret > file` writes one."""
    monkeypatch.setenv(f"PARLOR_{name}", "s" * 32 + end)
    given = getattr(Config.load(None), name.lower())
    assert given.get_secret_value() == "s" * 32


def test_guests_may_be_kept_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARLOR_GUEST_TTL_DAYS", "0")
    assert Config.load(None).guest_ttl_days == 0


def test_settings_of_workers_are_left_to_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARLOR_TUTOR_STT", "deepgram, sphinx")
    monkeypatch.setenv("DEEPGRAM_API_KEY", "k")
    Config.load(None)
    settings = Settings.load(None)
    assert settings.stt == ("deepgram", "sphinx")
    assert settings.deepgram_api_key.get_secret_value() == "k"
    monkeypatch.setenv("PARLOR_TUTOR_STTT", "x")
    with pytest.raises(SettingError, match="unknown setting PARLOR_TUTOR_STTT"):
        Settings.load(None)


def test_behind_a_proxy_connections_have_no_limit_by_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARLOR_HTTP_MAX_CONNECTIONS_PER_ADDRESS", "7")
    assert Config.load(dotenv=None).http_limits.per_address == 7
    monkeypatch.setenv("PARLOR_TRUSTED_PROXIES", "1")
    limits = Config.load(dotenv=None).http_limits
    assert (limits.per_address, limits.connect_rate) == (0, 0)


SHARED = {
    "PARLOR_REDIS_URL": "redis://:hunter2@redis:6379/0",
    "PARLOR_NODE_NAME": "n1",
    "PARLOR_SECRET": "s" * 32,
    "PARLOR_AGENT_TOKEN": "a" * 32,
    "PARLOR_DATABASE_URL": "postgresql+asyncpg://u@h/d",
}


@pytest.mark.parametrize(
    ("changed", "text"),
    [
        ({"PARLOR_NODE_NAME": ""}, "PARLOR_REDIS_URL needs PARLOR_NODE_NAME"),
        ({"PARLOR_SECRET": ""}, "PARLOR_REDIS_URL needs PARLOR_SECRET"),
        ({"PARLOR_AGENT_TOKEN": ""}, "PARLOR_REDIS_URL needs PARLOR_AGENT_TOKEN"),
        ({"PARLOR_DATABASE_URL": ""}, "PARLOR_REDIS_URL needs PostgreSQL"),
        ({"PARLOR_HOST": "0.0.0.0"}, "PARLOR_HOST of all addresses need PARLOR_INTERNAL_URL"),
        (
            {"PARLOR_TLS_CERT": __file__, "PARLOR_TLS_KEY": __file__},
            "PARLOR_TLS_CERT need PARLOR_INTERNAL_URL",
        ),
    ],
)
def test_servers_that_share_their_rooms_need_what_they_share(
    changed: dict[str, str], text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {**SHARED, **changed}.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SettingError, match=text) as error:
        Config.load(None)
    assert "hunter2" not in str(error.value)


@pytest.mark.parametrize(
    ("changed", "url"),
    [
        ({}, "/n/n1"),
        ({"PARLOR_NODE_URL": "https://n1.example.org/"}, "https://n1.example.org"),
        ({"PARLOR_REDIS_URL": ""}, None),
    ],
)
def test_clients_reach_one_of_several_servers_by_its_path_or_its_own_address(
    changed: dict[str, str], url: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {**SHARED, **changed}.items():
        monkeypatch.setenv(name, value)
    assert Config.load(None).url_for_clients == url
