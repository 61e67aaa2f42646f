from __future__ import annotations

import json
import logging
from collections.abc import Iterator

import pytest

from server.common.logs import configure_logging, log_context


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
