"""Base of both processes' settings: environment variables with a prefix, over a `.env` file, read once.

A subclass declares one field a setting, with its default and the line that documents it:

    class Config(BaseConfig):
        model_config = SettingsConfigDict(env_prefix="PARLOR_")
        port: int = Field(8080, description="port of HTTP")

    config = Config.load()
"""

from __future__ import annotations

import os
from io import StringIO
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal, Self
from urllib.parse import urlsplit

import idna
from dotenv import dotenv_values
from pydantic import AfterValidator, BeforeValidator, SecretStr, ValidationError
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

DOTENV = Path(".env")
"""In the working directory."""


class SettingError(ValueError):
    """A setting cannot be used. The text is one line: it names the variable and says what is wrong."""


def _split(value: object) -> object:
    if isinstance(value, str):
        return tuple(part.strip() for part in value.split(",") if part.strip())
    return value


def _lower(value: object) -> object:
    return value.lower() if isinstance(value, str) else value


def _web_url(url: str) -> str:
    """The URL with its host as browsers send it: international names encoded (UTS 46), in lower case."""
    url = url.strip()
    if not url:
        return ""
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname or "", parts.port
    except ValueError:
        raise ValueError("is not a URL") from None
    if parts.scheme not in ("http", "https"):
        raise ValueError("must start with http:// or https://, as in https://rooms.example.org")
    if not host or any(c.isspace() for c in url):
        raise ValueError("has no valid host; it must look like https://rooms.example.org")
    if host.isascii():
        return url
    try:
        ascii_host = idna.encode(host, uts46=True).decode()
    except idna.IDNAError:
        raise ValueError("has no valid host; it must look like https://rooms.example.org") from None
    user, at, host_and_port = parts.netloc.rpartition("@")
    _, colon, port = host_and_port.partition(":")
    return parts._replace(netloc=f"{user}{at}{ascii_host}{colon}{port}").geturl()


def _web_urls(urls: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(_web_url(url) for url in urls)


Names = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_split)]
"""A list, written with commas between its items."""
WebUrl = Annotated[str, AfterValidator(_web_url)]
"""An http or https URL, or empty."""
WebUrls = Annotated[Names, AfterValidator(_web_urls)]
LogLevel = Annotated[Literal["debug", "info", "warning", "error"], BeforeValidator(_lower)]
LogFormat = Literal["json", "console", "auto"]


class BaseConfig(BaseSettings):
    """Frozen. `load` reads it; an empty variable counts as not set."""

    model_config = SettingsConfigDict(extra="ignore", frozen=True, env_ignore_empty=True)

    foreign_prefixes: ClassVar[tuple[str, ...]] = ()
    """Variables that have the prefix too but belong to another process, which checks them."""

    @classmethod
    def load(cls, dotenv: Path | None = DOTENV, **overrides: Any) -> Self:
        """Read the environment over the file `dotenv`; `overrides` come first.

        Raises SettingError for a value that cannot be used, for a name that is not in capitals, for a file
        that cannot be read, and for an unknown variable with the prefix: most often it is misspelt.
        """
        _check_names(cls, {**(read_dotenv(dotenv) if dotenv else {}), **os.environ})
        try:
            return cls(_env_file=dotenv, **overrides)
        except ValidationError as error:
            raise SettingError(_in_one_line(cls, error)) from None


def read_dotenv(file: Path) -> dict[str, str | None]:
    """The file's variables, none if there is no file; None for a name without `=`. Raises SettingError."""
    try:
        text = file.read_bytes().decode("utf-8-sig") if file.is_file() else ""
    except UnicodeDecodeError:
        raise SettingError(f"{file}: the file is not UTF-8 text; save it as UTF-8") from None
    except OSError as error:
        raise SettingError(f"{file}: cannot be read: {error.strerror}") from None
    if "\0" in text:  # UTF-16 without a byte order mark is valid UTF-8
        raise SettingError(f"{file}: the file is not UTF-8 text; save it as UTF-8")
    return dotenv_values(stream=StringIO(text))


def _check_names(config: type[BaseConfig], given: dict[str, str | None]) -> None:
    """Compares without case: on a misspelt name in lower case the sources of pydantic-settings are silent."""
    prefix = _prefix(config)
    known = set(_variables(config).values())
    unknown: list[str] = []
    for name, value in given.items():
        capitals = name.upper()
        if capitals in known:
            if name != capitals:
                raise SettingError(f"{name}: names of settings are in capitals; write {capitals}")
            if value is None:
                raise SettingError(f"{name}: has no value; write {name}=VALUE")
        elif capitals.startswith(prefix) and not capitals.startswith(config.foreign_prefixes):
            unknown.append(name)
    if unknown:
        raise SettingError(f"unknown setting {', '.join(sorted(unknown))}")


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
    variable = _variables(config).get(place, place)  # an alias is already the variable's name
    return f"{variable}: {text[:1].lower()}{text[1:]}"
