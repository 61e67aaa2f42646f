from __future__ import annotations

from ai_agent.config import Settings
from server.common.child_environment import child_environment
from server.config import Config
from server.tutor.supervisor import WORKER_VARIABLES


def variables(config: type[Config] | type[Settings]) -> dict[str, str]:
    prefix = str(config.model_config.get("env_prefix"))
    return {str(f.validation_alias or prefix + n.upper()): "x" for n, f in config.model_fields.items()}


def test_a_child_gets_no_setting_or_key_by_default() -> None:
    given = {"PATH": "/bin", "LC_ALL": "C", "AWS_SECRET_ACCESS_KEY": "x"}
    source = {**given, **variables(Config), **variables(Settings)}
    assert child_environment(source=source) == {"PATH": "/bin", "LC_ALL": "C"}


def test_a_worker_gets_its_settings_and_none_of_the_servers() -> None:
    source = {**variables(Config), **variables(Settings), "parlor_tutor_llm": "x", "https_proxy": "x"}
    got = child_environment(*WORKER_VARIABLES, source=source)
    assert got.keys() == variables(Settings).keys() | {"parlor_tutor_llm", "https_proxy"}
