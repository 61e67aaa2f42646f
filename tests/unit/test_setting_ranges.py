"""Every setting of both processes, with values that it must refuse. A setting that has no row here fails."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ai_agent import command
from ai_agent.config import HIBARI_VOICES, Settings
from ai_agent.providers.local.hibari import EXTRA_VOICES
from server.__main__ import main
from server.common.settings import BaseConfig, SettingError, _variables
from server.config import Config
from tests.fakes.vendors.keys import VENDOR_KEYS

_PORTS = ["-1", "65536", "99999", "80.5", "http"]
_FLAGS = ["2", "maybe"]
_FACTORS = ["-1", "0.001", "1001", "nan", "inf", "much"]
_SECONDS = ["-1", "nan", "inf", "soon"]
_NUMBERS = ["-1", "1.5", "many", "9" * 5_000]
_URLS = ["rooms.example.org", "ftp://rooms.example.org", "https://", "http://a b", "http://a:99999"]
_LEVELS = ["loud"]
_SECRETS = ["short", " " * 40, "s" * 40 + "\n\n", "s" * 20 + "\r\n" + "s" * 20]
_KEYS = ["key with spaces", "key\u00e9", "key\n2"]
_WORDS = ["two words", "tab\there", "x" * 201]
_FOLDERS = ["/dev/null"]
_FILES = ["/nowhere/cert.pem", "/tmp"]

SERVER = {
    "PARLOR_HOST": ["not a host", "-a", "a..b", "x" * 254, "[::1]", "999.1.1.1", "1.2.3", "0x7f.1"],
    "PARLOR_PORT": _PORTS,
    "PARLOR_TLS_CERT": _FILES,
    "PARLOR_TLS_KEY": _FILES,
    "PARLOR_PUBLIC_URL": _URLS,
    "PARLOR_SMTP_URL": [
        "mail.example.org",
        "http://mail",
        "smtp://",
        "smtp://u:hunter2@h",
        "smtp://h:0",
        "smtp://h/x",
    ],
    "PARLOR_SMTP_USER": _WORDS,
    "PARLOR_SMTP_PASSWORD": _KEYS,
    "PARLOR_MAIL_FROM": ["parlor", "a@b@c", "Parlor <p@example.org>", "a b@example.org"],
    "PARLOR_PUSH_SERVICES": [
        "all",
        "none,known",
        "https://push.example.org/path",
        "https://u@push.example.org",
    ],
    "PARLOR_OIDC_ISSUER": _URLS,
    "PARLOR_OIDC_CLIENT_ID": _WORDS,
    "PARLOR_OIDC_CLIENT_SECRET": _KEYS,
    "PARLOR_OIDC_NAME": _WORDS,
    "PARLOR_ALLOWED_ORIGINS": [*_URLS, "https://a.example,b.example"],
    "PARLOR_ALLOWED_HOSTS": ["https://a.example", "a.example:8080", "a b", "a.example,*"],
    "PARLOR_TRUSTED_PROXIES": [*_NUMBERS, "11"],
    "PARLOR_HTTP_MAX_CONNECTIONS": [*_NUMBERS, "9", "1000001"],
    "PARLOR_HTTP_MAX_CONNECTIONS_PER_ADDRESS": [*_NUMBERS, "1000001"],
    "PARLOR_HTTP_HEAD_TIMEOUT_S": [*_SECONDS, "1e9"],
    "PARLOR_HTTP_IDLE_TIMEOUT_S": [*_SECONDS, "1e9"],
    "PARLOR_HTTP_STALL_TIMEOUT_S": [*_SECONDS, "1e9"],
    "PARLOR_UDP_PORT": _PORTS,
    "PARLOR_SILENT_TUTOR_MINUTES": ["-1", "1441", "1.5", "soon"],
    "PARLOR_TCP_PORT": _PORTS,
    "PARLOR_UDP_HOST": ["rooms.example.org", "1.2.3", "[::1]"],
    "PARLOR_ADVERTISED_IPS": ["here", "192.0.2.1,here", "192.0.2.300"],
    "PARLOR_TURN_URLS": [
        "rooms.example.org:3478",
        "https://a",
        "turn:",
        "turn:a:0",
        "turn:a:70000",
        "turn:a?x=1",
    ],
    "PARLOR_TURN_SECRET": _SECRETS,
    "PARLOR_TURN_TTL_S": [*_NUMBERS, "0", "59", "999999999"],
    "PARLOR_DATA_DIR": _FOLDERS,
    "PARLOR_DATABASE_URL": [
        "parlor.db",
        "postgresql://u:hunter2@h/d",
        "mysql+aiomysql://u:hunter2@h/d",
        "postgresql+asyncpg//x",
        "postgresql+asyncpg://u:hunter2@h:port/d",
        "sqlite:///parlor.db",
        "sqlite+aiosqlite:///file:x?uri=true",
        "sqlite+aiosqlite:///x?timeout=abc",
        "sqlite+aiosqlite:///x?mode=ro",
        "postgresql+asyncpg://u:hunter2@h/d?connect_timeout=5",
        "postgresql+asyncpg://u:hunter2@h/d?command_timeout=abc",
        "postgresql+asyncpg://u:hunter2@h/d?port=abc",
        "postgresql+asyncpg://u:hunter2@h/d?ssl=require&ssl=disable",
    ],
    "PARLOR_REDIS_URL": [
        "h:6379",
        "http://h",
        "redis://",
        "redis://:hunter2@h:port",
        "redis://a b",
        "unix://",
    ],
    "PARLOR_NODE_NAME": ["N1", "n_1", "-n", "n-", "n/1", "n" * 41],
    "PARLOR_NODE_URL": _URLS,
    "PARLOR_INTERNAL_URL": _URLS,
    "PARLOR_FILES_URL": [
        "/var/files",
        "https://bucket.example",
        "s3://",
        "s3://Bucket!",
        "s3://bucket?endpoint=host",
        "s3://bucket?endpoint=http://u:hunter2@host",
        "s3://bucket?key=hunter2",
        "s3://bucket#part",
    ],
    "PARLOR_FILES_KEY_ID": _KEYS,
    "PARLOR_FILES_SECRET": _KEYS,
    "PARLOR_EMBEDDINGS_URL": _URLS,
    "PARLOR_EMBEDDINGS_KEY": _KEYS,
    "PARLOR_EMBEDDINGS_MODEL": ["m" * 201],
    "PARLOR_SECRET": _SECRETS,
    "PARLOR_TOKEN_TTL_S": [*_NUMBERS, "0", "59", "999999999"],
    "PARLOR_GUEST_TTL_DAYS": [*_NUMBERS, "36501"],
    "PARLOR_SEAT_GRACE_S": [*_SECONDS, "0", "3601"],
    "PARLOR_EMPTY_ROOM_TTL_S": [*_SECONDS, "0", "1e9"],
    "PARLOR_MAX_ROOMS": [*_NUMBERS, "0", "100001"],
    "PARLOR_MAX_ROOMS_PER_USER": [*_NUMBERS, "0", "100001"],
    "PARLOR_MAX_ROOMS_PER_ADDRESS": [*_NUMBERS, "100001"],
    "PARLOR_NEW_ROOMS_PER_ADDRESS": [*_NUMBERS, "100001"],
    "PARLOR_SIGN_UPS_PER_ADDRESS": [*_NUMBERS, "1000001"],
    "PARLOR_MAX_SOCKETS_PER_ADDRESS": [*_NUMBERS, "100001"],
    "PARLOR_MAX_TUTORS_PER_USER": [*_NUMBERS, "1001"],
    "PARLOR_MAX_TUTORS_PER_ADDRESS": [*_NUMBERS, "10001"],
    "PARLOR_FORWARD_LOUDEST": [*_NUMBERS, "256"],
    "PARLOR_FORWARDING": ["go"],
    "PARLOR_MEDIA_THREADS": [*_NUMBERS, "0", "65"],
    "PARLOR_CONTACT": ["x" * 201],
    "PARLOR_BAD_WORDS": ["hide"],
    "PARLOR_HOUSE_RULES": _FLAGS,
    "PARLOR_RED": _FLAGS,
    "PARLOR_FEC": _FLAGS,
    "PARLOR_NACK": _FLAGS,
    "PARLOR_RATE_LIMIT": _FACTORS,
    "PARLOR_AGENTS": [*_NUMBERS, "65"],
    "PARLOR_AGENT_TOKEN": [*_SECRETS, *(key.center(40, "x") for key in _KEYS)],
    "PARLOR_VOICE_CONNECTIONS": [*_NUMBERS, "10001"],
    "PARLOR_VOICE_PER_ADDRESS": [*_NUMBERS, "10001"],
    "PARLOR_VOICE_PER_USER": [*_NUMBERS, "10001"],
    "PARLOR_VOICE_ANONYMOUS": ["maybe", "1"],
    "PARLOR_VOICE_ORIGINS": [*_URLS, "https://a.example,b.example"],
    "PARLOR_VOICE_LANGUAGE": ["English", "e", "en_GB"],
    "PARLOR_COACH_LANGUAGE": ["Vietnamese", "v", "vi_VN"],
    "PARLOR_AUDIO_TTL_DAYS": [*_NUMBERS, "36501"],
    "PARLOR_METRICS_TOKEN": _KEYS,
    "PARLOR_INSPECTABLE": _FLAGS,
    "PARLOR_LOG_LEVEL": _LEVELS,
    "PARLOR_LOG_FORMAT": ["xml"],
    "PARLOR_COURSES_DIR": _FOLDERS,
    "PARLOR_WEB_DIR": _FOLDERS,
}
WORKER = {
    "PARLOR_TUTOR_SERVER_URL": _URLS,
    "PARLOR_TUTOR_TOKEN": _KEYS,
    "PARLOR_TUTOR_CAPACITY": [*_NUMBERS, "0", "1001"],
    "PARLOR_TUTOR_VOICE_IDLE_MINUTES": [*_NUMBERS, "0", "1441"],
    "PARLOR_TUTOR_INSPECTABLE": _FLAGS,
    "PARLOR_TUTOR_LOG_LEVEL": _LEVELS,
    "PARLOR_TUTOR_LOG_FORMAT": ["xml"],
    "PARLOR_TUTOR_STT": ["an ear"],
    "PARLOR_TUTOR_LLM": ["a mind"],
    "PARLOR_TUTOR_TTS": ["a mouth"],
    "PARLOR_TUTOR_VAD": ["ear"],
    "DEEPGRAM_API_KEY": _KEYS,
    "PARLOR_TUTOR_DEEPGRAM_URL": _URLS,
    "PARLOR_TUTOR_DEEPGRAM_MODEL": _WORDS,
    "OPENAI_API_KEY": _KEYS,
    "PARLOR_TUTOR_OPENAI_BASE_URL": _URLS,
    "PARLOR_TUTOR_OPENAI_MODEL": _WORDS,
    "PARLOR_TUTOR_OPENAI_STT_BASE_URL": _URLS,
    "PARLOR_TUTOR_OPENAI_STT_MODEL": _WORDS,
    "PARLOR_TUTOR_OPENAI_TTS_BASE_URL": _URLS,
    "PARLOR_TUTOR_OPENAI_TTS_MODEL": _WORDS,
    "PARLOR_TUTOR_OPENAI_TTS_VOICE": _WORDS,
    "ANTHROPIC_API_KEY": _KEYS,
    "PARLOR_TUTOR_ANTHROPIC_BASE_URL": _URLS,
    "PARLOR_TUTOR_ANTHROPIC_MODEL": _WORDS,
    "AZURE_SPEECH_KEY": _KEYS,
    "AZURE_SPEECH_REGION": ["west europe", "evil.example/", "West"],
    "PARLOR_TUTOR_AZURE_URL": _URLS,
    "ELEVENLABS_API_KEY": _KEYS,
    "PARLOR_TUTOR_ELEVENLABS_URL": _URLS,
    "PARLOR_TUTOR_ELEVENLABS_MODEL": _WORDS,
    "PARLOR_TUTOR_HIBARI_VOICES": ["nobody"],
}
AT_ITS_START = {"PARLOR_TUTOR_STT", "PARLOR_TUTOR_LLM", "PARLOR_TUTOR_TTS"}
"""Names that the worker looks up in its catalog."""


def rows(table: dict[str, list[str]]) -> list[tuple[str, str]]:
    return [(name, value) for name, values in table.items() for value in values]


def shown(pair: tuple[str, str]) -> str:
    return f"{pair[0]}={pair[1][:20]!a}"


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in [*os.environ]:
        if name.startswith("PARLOR_") or name in VENDOR_KEYS:
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize(("config", "table"), [(Config, SERVER), (Settings, WORKER)])
def test_every_setting_has_values_that_it_refuses(
    config: type[BaseConfig], table: dict[str, list[str]]
) -> None:
    assert sorted(table) == sorted(_variables(config).values())
    assert all(table.values())


def test_the_voices_that_the_setting_takes_are_those_of_the_engine() -> None:
    assert set(HIBARI_VOICES) == set(EXTRA_VOICES)


@pytest.mark.parametrize("pair", rows(SERVER), ids=shown)
def test_the_server_refuses_it_in_one_line_that_names_the_variable(
    pair: tuple[str, str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    name, value = pair
    monkeypatch.setenv(name, value)
    assert main([]) == 2
    check(name, capsys.readouterr().err, "parlor: ")


@pytest.mark.parametrize("pair", rows(WORKER), ids=shown)
def test_the_worker_refuses_it_in_one_line_that_names_the_variable(
    pair: tuple[str, str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    name, value = pair
    monkeypatch.setenv("PARLOR_TUTOR_TOKEN", "t" * 32)
    monkeypatch.setenv(name, value)
    assert command.run() == 2
    lines = capsys.readouterr().err
    check(name, lines, "tutor worker cannot start: ")


def check(name: str, err: str, start: str) -> None:
    assert err.startswith(f"{start}{name}"), err
    assert err.endswith("\n")
    assert err.count("\n") == 1, err
    assert "hunter2" not in err
    assert len(err) < 400


@pytest.mark.parametrize(
    ("given", "text"),
    [
        ({"TLS_CERT": __file__}, "PARLOR_TLS_CERT and PARLOR_TLS_KEY must be set together"),
        ({"TURN_URLS": "turn:t"}, "PARLOR_TURN_URLS needs PARLOR_TURN_SECRET"),
        ({"GUEST_TTL_DAYS": "1"}, "PARLOR_GUEST_TTL_DAYS must not be shorter than PARLOR_TOKEN_TTL_S"),
        (
            {"UDP_PORT": "65530", "MEDIA_THREADS": "7"},
            "PARLOR_MEDIA_THREADS ports do not fit above PARLOR_UDP_PORT and PARLOR_TCP_PORT",
        ),
        (
            {"TCP_PORT": "65535", "MEDIA_THREADS": "2"},
            "PARLOR_MEDIA_THREADS ports do not fit above PARLOR_UDP_PORT and PARLOR_TCP_PORT",
        ),
    ],
)
def test_settings_that_contradict_each_other_are_both_named(
    given: dict[str, str], text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in given.items():
        monkeypatch.setenv(f"PARLOR_{name}", value)
    with pytest.raises(SettingError) as caught:
        Config.load(None)
    assert str(caught.value) == text


def test_values_at_the_ends_of_their_ranges_are_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "HOST": "::1",
        "PORT": "65535",
        "UDP_PORT": "65534",
        "MEDIA_THREADS": "2",
        "UDP_HOST": "2001:db8::1",
        "TURN_URLS": "turn:a.example:3478?transport=udp,turns:[2001:db8::1]:443,turn:192.0.2.1",
        "TURN_SECRET": "a secret of 32 characters, spaces",
        "TURN_TTL_S": "60",
        "RATE_LIMIT": "0",
        "SEAT_GRACE_S": "1",
        "DATABASE_URL": "postgresql+asyncpg://u:p@/d?host=%2Frun%2Fpostgresql",
    }.items():
        monkeypatch.setenv(f"PARLOR_{name}", value)
    assert Config.load(None).port == 65535
