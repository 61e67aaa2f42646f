"""Base of both processes' settings: environment variables with a prefix, over a `.env` file, read once.

A subclass declares one field a setting, with its default and the line that documents it:

    class Config(BaseConfig):
        model_config = SettingsConfigDict(env_prefix="PARLOR_")
        port: int = Field(8080, description="port of HTTP")

    config = Config.load()
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal, Self

from dotenv import dotenv_values
from pydantic import BeforeValidator, SecretStr, ValidationError
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict


class SettingError(ValueError):
    """A setting cannot be used. The text is one line: it names the variable and says what is wrong."""


def _split(value: object) -> object:
    if isinstance(value, str):
        return tuple(part.strip() for part in value.split(",") if part.strip())
    return value


def _lower(value: object) -> object:
    return value.lower() if isinstance(value, str) else value


Names = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_split)]
"""A list, written with commas between its items."""
LogLevel = Annotated[Literal["debug", "info", "warning", "error"], BeforeValidator(_lower)]
LogFormat = Literal["json", "console", "auto"]


class BaseConfig(BaseSettings):
    """Frozen. `load` reads it; an empty variable counts as not set."""

    model_config = SettingsConfigDict(extra="ignore", frozen=True, env_ignore_empty=True)

    foreign_prefixes: ClassVar[tuple[str, ...]] = ()
    """Variables that have the prefix too but belong to another process, which checks them."""

    @classmethod
    def load(cls, dotenv: Path | None = Path(".env"), **overrides: Any) -> Self:
        """Read the environment over the file `dotenv`; `overrides` come first.

        Raises SettingError for a value that cannot be used, and for an unknown variable with the prefix:
        most often it is misspelt.
        """
        given = set(os.environ) | set(dotenv_values(dotenv) if dotenv else ())
        prefix = _prefix(cls)
        known = set(_variables(cls).values())
        unknown = sorted(
            name
            for name in given
            if name.startswith(prefix) and not name.startswith(cls.foreign_prefixes) and name not in known
        )
        if unknown:
            raise SettingError(f"unknown setting {', '.join(unknown)}")
        try:
            return cls(_env_file=dotenv, **overrides)
        except ValidationError as error:
            raise SettingError(_in_one_line(cls, error)) from None


def settings_table(config: type[BaseConfig]) -> str:
    """The README's table of settings, in Markdown."""
    variables = _variables(config)
    rows = ["| variable | default | what it sets |", "|---|---|---|"]
    for name, field in config.model_fields.items():
        rows.append(f"| `{variables[name]}` | {_shown_default(field)} | {field.description} |")
    return "\n".join(rows)


def _prefix(config: type[BaseConfig]) -> str:
    return config.model_config.get("env_prefix", "")


def _variables(config: type[BaseConfig]) -> dict[str, str]:
    """The name of each field's environment variable."""
    return {
        name: str(field.validation_alias or _prefix(config) + name.upper())
        for name, field in config.model_fields.items()
    }


def _shown_default(field: FieldInfo) -> str:
    default = field.default
    if isinstance(default, SecretStr):
        default = default.get_secret_value()
    if isinstance(default, tuple):
        default = ",".join(default)
    if isinstance(default, bool):
        default = str(default).lower()
    return "" if default in (None, "") else f"`{default}`"


def _in_one_line(config: type[BaseConfig], error: ValidationError) -> str:
    """The first of the errors. The value is not shown: it may be a secret."""
    first = error.errors(include_url=False, include_input=False)[0]
    text = str(first["msg"]).removeprefix("Value error, ")
    if not first["loc"]:
        return text  # a rule over several settings; its text names them
    place = str(first["loc"][0])
    variable = _variables(config).get(place, place)  # an alias stands for itself
    return f"{variable}: {text[:1].lower()}{text[1:]}"
