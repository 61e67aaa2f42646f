"""How `make test-image` reads docker/Dockerfile, and what of this folder the image is built from."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.image.dockerfile import UnknownInstructionError, parse

ROOT = Path(__file__).parents[2]
DOCKERFILE = (ROOT / "docker" / "Dockerfile").read_text(encoding="utf-8")


def test_the_dockerfile_is_read_stage_by_stage() -> None:
    web, python, last = parse(DOCKERFILE)
    assert (web.name, python.name) == ("web", "python")
    assert [step.words for step in web.steps if step.name == "USER"] == [("node",)]
    assert last.steps[2].flags == {"from": "python", "chown": "root:root"}
    assert next(step.words for step in last.steps if step.name == "ENTRYPOINT")[1:] == ("-m", "server")
    check = next(step for step in last.steps if step.name == "HEALTHCHECK")
    assert check.words[0] == ".venv/bin/python"
    assert check.flags["timeout"] == "3s"


@pytest.mark.parametrize(
    "line",
    [
        "ADD a b",
        "ONBUILD RUN x",
        "COPY --link a b",
        "COPY --chmod=755 a b",
        "RUN --mount=type=cache,target=/x y",
        "ENTRYPOINT python -m server",
        "FROM --platform=linux/amd64 x",
    ],
)
def test_what_it_does_not_know_is_an_error(line: str) -> None:
    with pytest.raises(UnknownInstructionError):
        parse(f"FROM x\n{line}\n")


def test_only_what_the_steps_copy_is_in_the_context_and_nothing_that_git_ignores() -> None:
    lines = (ROOT / "docker" / "Dockerfile.dockerignore").read_text(encoding="utf-8").splitlines()
    shown = {line[1:] for line in lines if line.startswith("!")}
    copied = {
        word.rstrip("/")
        for stage in parse(DOCKERFILE)
        for step in stage.steps
        if step.name == "COPY" and "from" not in step.flags
        for word in step.words[:-1]
    }
    assert lines[1] == "**"
    assert {word for word in copied if not word.startswith("web/")} == shown
    ignored = [line for line in (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines() if line]
    made_below = [p for p in ignored if re.match(r"web/|\*\.so|__pycache__|node_modules", p)]
    hidden = " ".join(lines)
    assert [p for p in made_below if p.strip("/") not in hidden] == []
