from __future__ import annotations

import json
import logging
from collections.abc import Iterator

import pytest

from server.common.logs import FloodFilter, configure_logging, log_context


@pytest.fixture(autouse=True)
def restored() -> Iterator[None]:
    """Restores logging, which is global to the process."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def test_an_event_is_one_line_of_json_with_its_context(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("info", "json")
    with log_context(room_id="r1", participant_id="p1"):
        logging.getLogger("test").info("joined", extra={"person": "Linh\nĐặng"})
    logging.getLogger("test").info("after")
    first, second = lines(capsys)
    assert (first["event"], first["room_id"], first["participant_id"]) == ("joined", "r1", "p1")
    assert (first["person"], first["level"]) == ("Linh\nĐặng", "info")
    assert "room_id" not in second


def test_pairs_come_from_extra_and_from_the_context(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("info", "json")
    with log_context(room_id="r1"):
        logging.getLogger("elsewhere").warning("%s left", "p1", extra={"token": "t0p"})
    (line,) = lines(capsys)
    assert (line["event"], line["room_id"], line["logger"]) == ("p1 left", "r1", "elsewhere")
    assert line["token"] == "[hidden]"


def test_secrets_passed_by_mistake_are_not_written(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("debug", "json")
    secrets = {"token": "t0p", "invite": "t0p", "sdp": "t0p", "resume_token": "t0p"}
    logging.getLogger("test").info("x", extra={**secrets, "other": "ok"})
    printed = capsys.readouterr().err
    assert "t0p" not in printed
    assert "ok" in printed


def test_libraries_that_log_payloads_are_silenced(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("debug", "json")
    logging.getLogger("engineio.server").info("received packet with a token")
    logging.getLogger("socketio.server").debug("received event with SDP")
    assert lines(capsys) == []


def test_a_level_below_the_threshold_is_not_written(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("warning", "json")
    logging.getLogger("test").info("quiet")
    logging.getLogger("test").error("loud")
    assert [line["event"] for line in lines(capsys)] == ["loud"]


@pytest.mark.parametrize(("level", "log_format"), [("loud", "json"), ("info", "xml")])
def test_an_unknown_level_or_format_is_refused(level: str, log_format: str) -> None:
    with pytest.raises(ValueError, match="is not a log"):
        configure_logging(level, log_format)


FORGED = "/a\x1b[2J\x9b2J\r\n\u202e\u2028{}"


@pytest.mark.parametrize("log_format", ["json", "console"])
def test_a_value_neither_forges_a_line_nor_steers_a_terminal(
    capsys: pytest.CaptureFixture[str], log_format: str
) -> None:
    configure_logging("info", log_format)
    logging.getLogger("test").info("request %s", FORGED, extra={"path": FORGED, "parts": [FORGED]})
    printed = capsys.readouterr().err
    assert printed.endswith("\n")
    assert not set(printed[:-1]) & set("\x1b\x9b\r\n\u202e\u2028")
    if log_format == "json":
        assert json.loads(printed)["path"] == FORGED


@pytest.mark.parametrize("log_format", ["json", "console"])
def test_a_trace_is_escaped_and_bounded(capsys: pytest.CaptureFixture[str], log_format: str) -> None:
    configure_logging("info", log_format)
    try:
        dict[str, str]()["x" * 100_000 + " the end"]
        raise AssertionError
    except KeyError as error:
        error.add_note("\x1b[2J")
        logging.getLogger("test").exception("failed")
    printed = capsys.readouterr().err
    assert "\x1b" not in printed
    assert "the end" in printed
    assert len(printed) < 25_000


@pytest.mark.parametrize("log_format", ["json", "console"])
def test_a_line_has_a_limit(capsys: pytest.CaptureFixture[str], log_format: str) -> None:
    configure_logging("info", log_format)
    logging.getLogger("test").info("x" * 50_000, extra={"path": "y" * 50_000, "parts": ["z"] * 50_000})
    assert 6_000 < len(capsys.readouterr().err) < 7_000


def test_a_flood_of_one_event_is_counted(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("info", "json")
    now = [100.0]
    (handler,) = logging.getLogger().handlers
    handler.filters[:] = [FloodFilter(handler, lambda: now[0])]
    for n in range(2_500):
        logging.getLogger("test").info("event %d", n)
    logging.getLogger("test").info("another")
    assert len(lines(capsys)) == 2_001
    now[0] += 10
    logging.getLogger("test").info("event %d", 0)
    assert [line["event"] for line in lines(capsys)] == ["500 more: event %d", "event 0"]


def test_pairs_for_each_line_do_not_replace_those_of_one(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("info", "json", always={"node": "n1-a"})
    logging.getLogger("test").info("one")
    logging.getLogger("test").info("two", extra={"node": "n2-b"})
    assert [line["node"] for line in lines(capsys)] == ["n1-a", "n2-b"]
