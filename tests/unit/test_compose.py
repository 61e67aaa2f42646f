"""Each compose file gives servers and workers settings that they accept, and its parts find each other.

`docker compose config` checks neither; it is not needed here.
"""

from __future__ import annotations

import asyncio
import os
import re
import shlex
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml
from dotenv import dotenv_values

from ai_agent.config import Settings as TutorSettings
from server.cluster.nodes import NodeInfo
from server.cluster.redis_link import RedisLink
from server.common.settings import SettingError
from server.config import Config
from server.errors import Unavailable

DOCKER = Path(__file__).parents[2] / "docker"
FILES = sorted(DOCKER.glob("compose*.yaml"))
_ENV_LINES = re.findall(r"^ENV (.*)$", (DOCKER / "Dockerfile").read_text(encoding="utf-8"), re.MULTILINE)
IMAGE_ENV = dict(re.findall(r"(\w+)=(\S+)", "\n".join(_ENV_LINES)))
FILLED_IN = {
    "DOMAIN": "rooms.example.org",
    "PARLOR_ADVERTISED_IPS": "203.0.113.7",
    "POSTGRES_PASSWORD": "p" * 20,
    "REDIS_PASSWORD": "r" * 20,
    "PARLOR_SECRET": "s" * 32,
    "PARLOR_TURN_SECRET": "t" * 32,
    "PARLOR_AGENT_TOKEN": "a" * 32,
}
""".env.example asks the operator to set these."""
_VARIABLE = re.compile(r"\$\{(\w+)(?:(:?[-?])([^}]*))?\}")
Service = Mapping[str, Any]


class MissingError(Exception):
    """A variable that the file requires is not set."""


def filled(text: str, variables: Mapping[str, str]) -> str:
    """As Compose replaces variables in values. Raises MissingError."""

    def value(match: re.Match[str]) -> str:
        name, rule, rest = match.groups()
        if variables.get(name):
            return variables[name]
        if rule in ("?", ":?"):
            raise MissingError(name)
        return rest or ""

    return _VARIABLE.sub(value, text)


def services(file: Path, variables: Mapping[str, str] = FILLED_IN) -> dict[str, Service]:
    found: dict[str, Service] = yaml.safe_load(filled(file.read_text(encoding="utf-8"), variables))[
        "services"
    ]
    return found


def is_worker(service: Service) -> bool:
    return "ai_agent" in service.get("entrypoint", ())


def servers(file: Path) -> dict[str, Service]:
    return {n: s for n, s in services(file).items() if "build" in s and not is_worker(s)}


def environment(service: Service, variables: Mapping[str, str] = FILLED_IN) -> dict[str, str]:
    """Of the service's container, without what its env_file adds. A name without a value has that of .env."""
    given = {n: variables.get(n) if v is None else str(v) for n, v in service.get("environment", {}).items()}
    return {name: value for name, value in {**IMAGE_ENV, **given}.items() if value is not None}


def names_for_all(found: Mapping[str, Service]) -> set[str]:
    """Names that lead to any server: of the only one, or an alias that all have."""
    aliases = [set(s.get("networks", {}).get("default", {}).get("aliases", ())) for s in found.values()]
    return set.intersection(*({name} | more for name, more in zip(found, aliases, strict=True)))


@pytest.fixture(autouse=True)
def _only_what_a_test_sets(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("PARLOR_")]:
        monkeypatch.delenv(name)


def load(service: Service, monkeypatch: pytest.MonkeyPatch) -> Config:
    for name, value in environment(service).items():
        monkeypatch.setenv(name, value)
    return Config.load(dotenv=None)


@pytest.mark.parametrize("file", FILES, ids=lambda f: f.name)
def test_servers_accept_their_settings(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert servers(file)
    for name, service in servers(file).items():
        config = load(service, monkeypatch)
        published = {str(port) for port in service["ports"]}
        assert published == {f"{config.udp_port}:{config.udp_port}/{kind}" for kind in ("udp", "tcp")}, name
        assert config.media_tcp_port in (None, config.udp_port)
        assert config.trusted_proxies == 1
        assert config.public_url == f"https://{FILLED_IN['DOMAIN']}"


def test_a_setting_that_does_not_exist_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Else the test above would show nothing."""
    server = servers(DOCKER / "compose.cluster.yaml")["n1"]
    wrong = {**server, "environment": {**server["environment"], "PARLOR_NODE_NAMES": "n1"}}
    with pytest.raises(SettingError, match="unknown setting PARLOR_NODE_NAMES"):
        load(wrong, monkeypatch)


@pytest.mark.parametrize("file", FILES, ids=lambda f: f.name)
def test_workers_accept_their_settings_and_find_a_server(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    workers = {n: s for n, s in services(file).items() if is_worker(s)}
    assert workers
    for service in workers.values():
        with monkeypatch.context() as patch:
            for name, value in environment(service).items():
                if name not in IMAGE_ENV:
                    patch.setenv(name, value)
            settings = TutorSettings.load(dotenv=None)
        assert settings.token.get_secret_value() == FILLED_IN["PARLOR_AGENT_TOKEN"]
        assert urlsplit(settings.server_url).hostname in names_for_all(servers(file))
        assert urlsplit(settings.server_url).port == int(IMAGE_ENV["PARLOR_PORT"])


@pytest.mark.parametrize("file", FILES, ids=lambda f: f.name)
def test_services_that_are_named_exist(file: Path) -> None:
    there = services(file)
    for service in there.values():
        needed = service.get("depends_on", [])
        assert set(needed) <= set(there)
        for other in needed if isinstance(needed, dict) else ():
            assert needed[other] == {"condition": "service_healthy"}
            assert there[other]["healthcheck"]["test"]
        for name in ("PARLOR_REDIS_URL", "PARLOR_DATABASE_URL"):
            url = environment(service).get(name)
            assert url is None or urlsplit(url).hostname in there


def test_servers_of_a_cluster_differ_where_they_must(monkeypatch: pytest.MonkeyPatch) -> None:
    found = servers(DOCKER / "compose.cluster.yaml")
    configs = {name: load(service, monkeypatch) for name, service in found.items()}
    assert [config.node_name for config in configs.values()] == list(configs)
    assert len({config.udp_port for config in configs.values()}) == len(configs)
    for name, config in configs.items():
        assert config.internal_url == f"http://{name}:{config.port}"
        assert found[name]["stop_grace_period"] == "120s"


def test_a_cluster_is_not_started_without_its_secrets() -> None:
    for name in ("POSTGRES_PASSWORD", "REDIS_PASSWORD", "PARLOR_SECRET", "PARLOR_AGENT_TOKEN"):
        with pytest.raises(MissingError, match=name):
            services(DOCKER / "compose.cluster.yaml", {**FILLED_IN, name: ""})


def test_redis_drops_nothing_and_writes_no_files() -> None:
    words = shlex.split(services(DOCKER / "compose.cluster.yaml")["redis"]["command"][-1])
    words = words[words.index("--save") :]
    options = dict(zip(words[::2], words[1::2], strict=True))
    assert options["--maxmemory-policy"] == "noeviction"
    assert (options["--save"], options["--appendonly"]) == ("", "no")


async def test_redis_of_a_cluster_starts_with_its_password_and_refuses_others(tmp_path: Path) -> None:
    service = services(DOCKER / "compose.cluster.yaml")["redis"]
    shell, flag, script = service["command"]
    script = script.replace("$$", "$").replace("/tmp/", f"{tmp_path}/")
    socket, env = tmp_path / "redis.sock", {**os.environ, **service["environment"]}
    server = subprocess.Popen(  # noqa: ASYNC220 - it returns at once
        [shell, flag, f"{script} --port 0 --unixsocket {socket} --dir {tmp_path}"],
        env=env,
        stdout=subprocess.DEVNULL,
    )
    try:
        kind, check = service["healthcheck"]["test"]
        assert kind == "CMD-SHELL"
        check = check.replace("redis-cli", f"redis-cli -s {socket}")
        async with asyncio.timeout(10.0):
            while (await asyncio.to_thread(_run, check, env)) != 0:  # noqa: ASYNC110 - another process
                await asyncio.sleep(0.05)
        assert await asyncio.to_thread(_run, check, {**env, "REDISCLI_AUTH": "wrong"}) != 0
        password = urlsplit(
            environment(servers(DOCKER / "compose.cluster.yaml")["n1"])["PARLOR_REDIS_URL"]
        ).password
        info = NodeInfo("n1-a", "/n/n1", "http://n1:8080", "f")
        link, *strangers = (
            RedisLink(f"unix://{who}{socket}", "s" * 32) for who in (f":{password}@", "", ":wrong@")
        )
        assert len(await link.beat(info)) == 1
        await link.aclose()
        for stranger in strangers:
            with pytest.raises(Unavailable):
                await stranger.beat(info)
            assert stranger.failure.startswith("it asks for a password")
            await stranger.aclose()
        assert (tmp_path / "redis.conf").stat().st_mode & 0o077 == 0
    finally:
        server.kill()
        server.wait()


def _run(command: str, env: Mapping[str, str]) -> int:
    return subprocess.run(["sh", "-c", command], check=False, env=env, capture_output=True).returncode


def test_the_proxy_of_a_cluster_routes_to_each_server_by_its_name() -> None:
    text = (DOCKER / "Caddyfile.cluster").read_text(encoding="utf-8")
    upstreams = re.findall(r"handle /n/(\w+)/\* \{\s+reverse_proxy \{\$(\w+):([\w:]+)\}", text)
    assert [
        (name, name.upper(), f"{name}:8080") for name in servers(DOCKER / "compose.cluster.yaml")
    ] == upstreams
    assert "reverse_proxy " + " ".join(f"{{${n.upper()}:{n}:8080}}" for n, _, _ in upstreams) in text


def test_the_example_names_what_the_files_ask_for() -> None:
    text = (DOCKER / ".env.example").read_text(encoding="utf-8")
    named = dict(re.findall(r"^#?(\w+)=(.*)$", text, re.MULTILINE))
    asked = {n for file in FILES for n, _, _ in _VARIABLE.findall(file.read_text(encoding="utf-8"))}
    assert asked <= set(named)
    assert {n for n in named if n.startswith("PARLOR_")} <= {
        f"PARLOR_{n.upper()}" for n in Config.model_fields
    }
    assert dotenv_values(DOCKER / ".env.example")


@pytest.mark.parametrize("name", ["Caddyfile", "Caddyfile.cluster"])
def test_caddy_accepts_its_files(name: str, tmp_path: Path) -> None:
    env = {**os.environ, "HOME": str(tmp_path), "STREAMS": ""}  # Debian's Caddy does not know the option
    command = ["caddy", "validate", "--adapter", "caddyfile", "--config", str(DOCKER / name)]
    done = subprocess.run(command, check=False, capture_output=True, text=True, env=env, timeout=30)
    assert done.returncode == 0, done.stderr
