from __future__ import annotations

from pathlib import Path
from typing import Self

import pytest
from pydantic import Field, SecretStr, ValidationError, model_validator
from pydantic_settings import SettingsConfigDict

from server.common.settings import BaseConfig, Names, SettingError, WebUrl, WebUrls, settings_table


class Example(BaseConfig):
    model_config = SettingsConfigDict(env_prefix="EXAMPLE_")
    foreign_prefixes = ("EXAMPLE_OTHER_",)

    port: int = Field(8080, ge=0, description="port of HTTP")
    is_on: bool = Field(True, description="whether it is on")
    names: Names = Field((), description="names")
    url: WebUrl = Field("", description="a URL")
    urls: WebUrls = Field((), description="URLs")
    key: SecretStr = Field(SecretStr(""), validation_alias="VENDOR_KEY", description="key of a vendor")

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.port == 1 and not self.is_on:
            raise ValueError("EXAMPLE_PORT needs EXAMPLE_IS_ON")
        return self


def load(monkeypatch: pytest.MonkeyPatch, **environ: str) -> Example:
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    return Example.load(None)


def test_values_are_read_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    config = load(monkeypatch, EXAMPLE_PORT="0", EXAMPLE_IS_ON="no", EXAMPLE_NAMES=" a, b,", VENDOR_KEY="k")
    assert (config.port, config.is_on, config.names) == (0, False, ("a", "b"))
    assert config.key.get_secret_value() == "k"


def test_the_environment_goes_before_the_file_and_an_override_before_both(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / ".env"
    file.write_text("EXAMPLE_PORT=1\nEXAMPLE_NAMES=file\nUNRELATED=1\n")
    assert Example.load(file).port == 1
    monkeypatch.setenv("EXAMPLE_PORT", "2")
    assert (Example.load(file).port, Example.load(file).names) == (2, ("file",))
    assert Example.load(file, port=3).port == 3


def test_an_empty_variable_counts_as_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    assert load(monkeypatch, EXAMPLE_PORT="").port == 8080


def test_settings_are_frozen() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        Example.load(None).port = 1  # type: ignore[misc]


@pytest.mark.parametrize(
    ("environ", "text"),
    [
        ({"EXAMPLE_PROT": "1", "EXAMPLE_OTHER_X": "1"}, "unknown setting EXAMPLE_PROT"),
        ({"EXAMPLE_PORT": "no"}, "EXAMPLE_PORT: input should be a valid integer"),
        ({"EXAMPLE_PORT": "-1"}, "EXAMPLE_PORT: input should be greater than or equal to 0"),
        ({"EXAMPLE_PORT": "1", "EXAMPLE_IS_ON": "0"}, "EXAMPLE_PORT needs EXAMPLE_IS_ON"),
    ],
)
def test_an_error_is_one_line_that_names_the_variable(
    monkeypatch: pytest.MonkeyPatch, environ: dict[str, str], text: str
) -> None:
    with pytest.raises(SettingError) as caught:
        load(monkeypatch, **environ)
    assert str(caught.value).startswith(text)
    assert "\n" not in str(caught.value)


def test_a_row_of_the_table_is_variable_default_and_description() -> None:
    assert settings_table(Example).splitlines()[2:] == [
        "| `EXAMPLE_PORT` | `8080` | port of HTTP |",
        "| `EXAMPLE_IS_ON` | `true` | whether it is on |",
        "| `EXAMPLE_NAMES` |  | names |",
        "| `EXAMPLE_URL` |  | a URL |",
        "| `EXAMPLE_URLS` |  | URLs |",
        "| `VENDOR_KEY` |  | key of a vendor |",
    ]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("https://sprach-café.example:8443/", "https://xn--sprach-caf-k7a.example:8443/"),
        ("http://Straße.example", "http://xn--strae-oqa.example"),
        ("https://例え.テスト/parlor", "https://xn--r8jz45g.xn--zckzah/parlor"),
        ("http://my_server:8080", "http://my_server:8080"),
        ("http://[::1]:8080", "http://[::1]:8080"),
        ("  https://rooms.example.org ", "https://rooms.example.org"),
    ],
)
def test_an_international_host_is_encoded_as_browsers_send_it(
    monkeypatch: pytest.MonkeyPatch, given: str, expected: str
) -> None:
    config = load(monkeypatch, EXAMPLE_URL=given, EXAMPLE_URLS=f"http://a.test,{given}")
    assert (config.url, config.urls[1]) == (expected, expected)


@pytest.mark.parametrize(
    "url", ["rooms.example.org", "localhost:8080", "//a.test", "ftp://a.test", "https://", "http://a b", "*"]
)
@pytest.mark.parametrize("name", ["EXAMPLE_URL", "EXAMPLE_URLS"])
def test_a_url_without_scheme_or_host_is_refused(
    monkeypatch: pytest.MonkeyPatch, name: str, url: str
) -> None:
    with pytest.raises(SettingError, match=rf"^{name}: (must start with http://|has no valid host)"):
        load(monkeypatch, **{name: url})


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "latin-1"])
def test_a_file_that_is_not_utf_8_is_refused(tmp_path: Path, encoding: str) -> None:
    file = tmp_path / ".env"
    file.write_bytes("EXAMPLE_NAMES=é".encode(encoding))
    with pytest.raises(SettingError, match=r"\.env: the file is not UTF-8 text"):
        Example.load(file)


def test_a_byte_order_mark_is_not_part_of_the_first_name(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_bytes("EXAMPLE_PORT=5".encode("utf-8-sig"))
    assert Example.load(file).port == 5


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("example_port=1", "example_port: names of settings are in capitals; write EXAMPLE_PORT"),
        ("vendor_key=k", "vendor_key: names of settings are in capitals; write VENDOR_KEY"),
        ("example_prot=1", "unknown setting example_prot"),
        ("EXAMPLE_PORT", "EXAMPLE_PORT: has no value; write EXAMPLE_PORT=VALUE"),
    ],
)
def test_a_line_of_the_file_that_sets_nothing_is_refused(tmp_path: Path, line: str, text: str) -> None:
    file = tmp_path / ".env"
    file.write_text(line)
    with pytest.raises(SettingError) as caught:
        Example.load(file)
    assert str(caught.value) == text
