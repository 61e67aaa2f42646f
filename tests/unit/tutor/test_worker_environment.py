"""A worker gets only a part of the server's environment."""

from __future__ import annotations

import pytest

from ai_agent.config import Settings
from server.common.child_environment import child_environment
from server.config import Config
from server.tutor.supervisor import WORKER_VARIABLES


def names_of(settings: type[Settings] | type[Config]) -> list[str]:
    prefix = str(settings.model_config["env_prefix"])
    return [str(f.validation_alias or prefix + name.upper()) for name, f in settings.model_fields.items()]


def given_to_worker(*names: str) -> set[str]:
    return set(child_environment(*WORKER_VARIABLES, source=dict.fromkeys(names, "x")))


def test_a_worker_gets_all_of_its_own_settings() -> None:
    names = names_of(Settings)
    assert "AZURE_SPEECH_KEY" in names
    assert given_to_worker(*names) == set(names)


def test_a_worker_gets_none_of_the_servers_settings() -> None:
    assert given_to_worker(*names_of(Config)) == set()


@pytest.mark.parametrize(
    "name",
    [
        *("OPENAI_ORG_ID", "OPENAI_PROJECT_ID", "ANTHROPIC_AUTH_TOKEN", "https_proxy", "SSL_CERT_FILE"),
        *("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_SERVICE_NAME", "PYTHONPATH"),
    ],
)
def test_a_worker_gets_what_its_packages_read(name: str) -> None:
    assert given_to_worker(name) == {name}


@pytest.mark.parametrize("name", ["AWS_SECRET_ACCESS_KEY", "DATABASE_URL", "AZURE_CLIENT_SECRET"])
def test_a_worker_gets_no_secret_that_nothing_in_it_reads(name: str) -> None:
    assert given_to_worker(name) == set()
