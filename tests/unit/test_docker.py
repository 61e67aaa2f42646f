"""The image and the compose files give no service more rights than it needs. Docker itself does not run here:
the files are read."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from ai_agent.config import Settings as TutorSettings
from server.common.settings import settings_table

DOCKER = Path(__file__).parents[2] / "docker"
COMPOSE: dict[str, dict[str, Any]] = {
    file.name: yaml.safe_load(file.read_text(encoding="utf-8"))
    for file in sorted(DOCKER.glob("compose*.yaml"))
}
SERVICES: dict[str, dict[str, Any]] = {
    f"{file}-{name}": service
    for file, compose in COMPOSE.items()
    for name, service in compose["services"].items()
}
WORKERS = [name for name, service in SERVICES.items() if "ai_agent" in service.get("entrypoint", ())]
CAPABILITIES = {
    "proxy": ["NET_BIND_SERVICE"],
    "postgres": ["CHOWN", "DAC_OVERRIDE", "FOWNER", "SETGID", "SETUID"],
}


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_is_confined(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service.get("cap_add", []) == CAPABILITIES.get(name.rpartition("-")[2], [])
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert "/tmp" in service["tmpfs"]
    assert not service.get("privileged")


def test_what_the_server_keeps_is_in_a_volume() -> None:
    """Its root file system is read-only."""
    settings = dict(re.findall(r"(PARLOR_\w+)=(\S+)", (DOCKER / "Dockerfile").read_text(encoding="utf-8")))
    for compose in COMPOSE.values():
        for service in compose["services"].values():
            if "build" in service and "entrypoint" not in service:
                assert f"data:{settings['PARLOR_DATA_DIR']}" in service["volumes"]
            for volume in service.get("volumes", ()):
                source = volume.split(":")[0]
                assert (
                    (DOCKER / source).is_file() if source.startswith("./") else source in compose["volumes"]
                )


def stages() -> list[list[str]]:
    """The instructions of each stage of the image."""
    text = re.sub(r"\\\n", " ", (DOCKER / "Dockerfile").read_text(encoding="utf-8"))
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    starts = [n for n, line in enumerate(lines) if line.startswith("FROM ")]
    return [lines[a:b] for a, b in zip(starts, [*starts[1:], len(lines)], strict=True)]


@pytest.mark.parametrize("stage", stages(), ids=lambda stage: str(stage[0]))
def test_code_from_a_registry_runs_as_an_ordinary_user(stage: list[str]) -> None:
    users = [n for n, line in enumerate(stage) if line.startswith("USER ")]
    assert users
    assert stage[users[-1]] != "USER root"
    for line in stage[: users[0]]:
        assert not re.search(r"\b(pip|npm|python)\b", line) or line.startswith(("FROM ", "COPY "))


def test_the_image_installs_only_what_the_lock_lists() -> None:
    installs = [line for stage in stages() for line in stage if "pip install" in line]
    assert len(installs) == 2
    assert "--require-hashes --no-deps -r supply/run.lock" in installs[0]
    assert installs[1].endswith("--no-deps --no-build-isolation .")


def test_the_server_does_not_own_its_code() -> None:
    final = stages()[-1]
    copies = [line for line in final if line.startswith("COPY ")]
    assert copies
    assert all("--chown=root:root" in line for line in copies)


@pytest.mark.parametrize("name", WORKERS)
def test_a_worker_gets_its_own_settings_and_no_secret_of_the_server(name: str) -> None:
    worker = SERVICES[name]
    assert "env_file" not in worker
    own = re.findall(r"^\| `(\w+)`", settings_table(TutorSettings), re.MULTILINE)
    proxies = ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"]
    assert set(worker["environment"]) == {*own, *proxies}


def test_the_example_has_no_secret_that_would_be_accepted() -> None:
    """Whoever takes it over unchanged would have a secret that everybody knows."""
    example = (DOCKER / ".env.example").read_text(encoding="utf-8")
    secrets = re.findall(r"^#?(PARLOR_(?:\w*_)?(?:SECRET|TOKEN))=(.*)$", example, re.MULTILINE)
    assert {name for name, _ in secrets} == {"PARLOR_SECRET", "PARLOR_TURN_SECRET", "PARLOR_AGENT_TOKEN"}
    assert all(len(value) < 32 for _, value in secrets)
